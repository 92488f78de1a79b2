"""Scores of an rfm: from `low` for the worst to `high` for the best, so that everybody with the same figure has the same.

**By quantile.** Contacts stand in a row from worst to best: recency from the longest ago, frequency and money from the
least. With N contacts and n scores, whoever stands at place i has the score ceil(i n / N), and those who tie take the
lowest of theirs together. So the k-th limit is the figure at place floor(k N / n), and the score is the lowest k whose
limit the contact does not surpass. A figure that fewer contacts have than there are scores is not scored.

**By thresholds.** The limits are those by which the first run of the declaration scored, for as long as the declaration
stays as it is: nobody's score changes because of what others do."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Final

from sqlglot import exp

from parcours.analytics.learner import Run
from parcours.analytics.moment import Moment
from parcours.checking.checked import Rfm, Scored
from parcours.compiler.expressions import call, case, number, own, table

FIGURES: Final = {
    "recency": "recency_days",
    "frequency": "frequency_count",
    "monetary": "monetary_sum",
}
"""The dimensions that are scored, and the raw figure of each."""


@dataclass(frozen=True, slots=True)
class Limits:
    """For each dimension that is scored: what a contact with this score has at most (days: at least), from the lowest
    score to the last but one."""

    of: dict[str, tuple[Decimal, ...]]

    def as_data(self) -> dict[str, list[str]]:
        return {dimension: [str(limit) for limit in limits] for dimension, limits in self.of.items()}


def frozen(rfm: Rfm, earlier: Sequence[Run]) -> Limits | None:
    """The limits of the first run, when it is by them that the rfm is scored."""
    if rfm.scored is None or rfm.scored.by != "thresholds" or not earlier:
        return None
    kept = earlier[0].report["limits"]
    return Limits({name: tuple(Decimal(limit) for limit in limits) for name, limits in kept.items()})


def limits(rfm: Rfm, of: str, moment: Moment) -> Limits:
    """The limits by quantile of the figures in a table made by `rfm.raw`."""
    assert rfm.scored is not None
    found = {}
    for dimension, figure in FIGURES.items():
        known = exp.select(exp.Count(this=own(figure))).from_(table(of))
        ((size,),) = moment.engine.run_tree(known)
        if size > rfm.scored.high - rfm.scored.low:
            places = _places(rfm.scored, size, dimension)
            # sums are as many as contacts, days and counts are few
            find = _by_quantile if dimension == "monetary" else _by_counts
            found[dimension] = find(moment, of, figure, places, size)
    return Limits(found)


def scored(rfm: Rfm, of: str, by: Limits) -> exp.Select:
    """What is stored of a scored rfm, from a table made by `rfm.raw`."""
    assert rfm.scored is not None
    made = [exp.alias_(_score(rfm.scored, name, by), name) for name in FIGURES]
    return exp.select(own("contact"), *made, own("trend"), *figures()).from_(table(of), copy=False)


def figures() -> tuple[exp.Expr, ...]:
    """The raw figures as they are stored."""
    days = exp.alias_(exp.cast(own("recency_days"), "DOUBLE"), "recency_days")
    return days, own("frequency_count"), own("monetary_sum")


def spread(rfm: Rfm, of: str, moment: Moment) -> dict[str, dict[str, int]]:
    """How many contacts have each score, for each dimension that is scored."""
    assert rfm.scored is not None
    # one look for all dimensions: few scores make few combinations
    dimensions = [own(name) for name in FIGURES]
    counted = exp.select(exp.Count(this=exp.Star()), *dimensions).from_(table(of)).group_by(*dimensions)
    found = {name: dict.fromkeys(range(rfm.scored.low, rfm.scored.high + 1), 0) for name in FIGURES}
    for contacts, *scores in moment.engine.run_tree(counted):
        for name, score in zip(FIGURES, scores, strict=True):
            if score is not None:
                found[name][int(score)] += contacts
    return {
        name: {str(score): count for score, count in counts.items()}
        for name, counts in found.items()
        if any(counts.values())
    }


def _places(by: Scored, size: int, dimension: str) -> list[int]:
    """The places of the limits in a row of so many, counted from 1 from the smallest figure."""
    steps = by.high - by.low + 1
    places: list[int] = [step * size // steps for step in range(1, steps)]
    return [size + 1 - place for place in places] if dimension == "recency" else places


def _by_quantile(
    moment: Moment, of: str, figure: str, places: Sequence[int], size: int
) -> tuple[Decimal, ...]:
    """The figures at places. `quantile_disc` finds them without sorting; asked for the middle of a place, no rounding
    leads to another."""
    shares = [(Decimal(2 * place - 1) / Decimal(2 * size)).quantize(Decimal("1e-15")) for place in places]
    listed = exp.Array(expressions=[number(share) for share in shares])
    query = exp.select(call("quantile_disc", own(figure), listed)).from_(table(of))
    ((values,),) = moment.engine.run_tree(query)
    return tuple(Decimal(value) for value in values)


def _by_counts(moment: Moment, of: str, figure: str, places: Sequence[int], size: int) -> tuple[Decimal, ...]:
    """The same of a figure that has few values: by how many contacts have each."""
    counted = exp.select(own(figure), exp.Count(this=exp.Star())).from_(table(of)).group_by(figure)
    rows = moment.engine.run_tree(counted.order_by(figure))
    ends = list(accumulate(count for _, count in rows))
    assert ends[-1] == size, "days and counts are known of everybody"
    return tuple(Decimal(rows[bisect_left(ends, place)][0]) for place in places)


def _score(by: Scored, dimension: str, of: Limits) -> exp.Expr:
    if dimension not in of.of:
        return exp.cast(exp.null(), "DOUBLE")
    figure = own(FIGURES[dimension])
    compare: type[exp.Binary] = exp.GTE if dimension == "recency" else exp.LTE
    pairs: list[tuple[exp.Expr, exp.Expr]] = [(figure.is_(exp.null()), exp.null())]
    for step, limit in enumerate(of.of[dimension], by.low):
        pairs.append((compare(this=figure.copy(), expression=number(limit)), number(step)))
    return exp.cast(case(pairs, number(by.high)), "DOUBLE")
