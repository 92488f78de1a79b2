"""Learns a score: rows of features with what came of them ─► a scorecard, and how good it is on a later time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from parcours.analytics.extra import one_thread
from parcours.analytics.features import Feature
from parcours.analytics.prediction.scorecard import Bins, Card, Scorecard
from parcours.compiler.expressions import number, own, table
from parcours.diagnostics import Place, Problem, problem
from parcours.engines.duckdb.engine import DuckDBEngine

if TYPE_CHECKING:
    import numpy as np

    from parcours.analytics.prediction.fitting import Fit
    from parcours.analytics.prediction.judging import Ranking

FIT, CALIBRATE, CHECK = range(3)
"""What a row is for: points, calibration, or to see how good both are."""

_FEWEST = 20  # rows in which it happened, and in which not, for there to be something to learn


@dataclass(frozen=True, slots=True)
class Learned:
    """A scorecard that is better than chance, and its report."""

    scorecard: Scorecard
    report: Mapping[str, Any]
    outcomes: "np.ndarray" = field(repr=False)
    probabilities: "np.ndarray" = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Rows:
    """`codes`: by feature the numbers of the bins that the rows are in. `contacts`: a number for each contact."""

    codes: "Sequence[np.ndarray]"
    outcomes: "np.ndarray"
    contacts: "np.ndarray"


def learn_scorecard(
    engine: DuckDBEngine, source: str, features: Sequence[Feature], name: str, place: Place
) -> Learned:
    """Learns of the table `source(contact, date, part, outcome, f0, …)`: `date` numbers the snapshots in order of time,
    `part` is FIT, CALIBRATE or CHECK, `outcome` says whether it happened. Raises `Problem` when there is too little to
    learn from, and when what was learned is no better than chance."""
    rows = _counted(engine, source, name, place)
    with one_thread():
        bins, dropped = _bins(engine, source, features, rows[FIT][0])
        if not bins:
            message = f"{'; '.join(dropped)}: nothing tells contacts apart"
            raise _cannot(name, message, place, "name values in `from` that differ between contacts")
        parts = [_read(engine, source, bins, part) for part in (FIT, CALIBRATE, CHECK)]
        return _judged(name, place, bins, parts, dropped)


def _counted(engine: DuckDBEngine, source: str, name: str, place: Place) -> dict[int, tuple[int, int]]:
    """Rows of each part, and those in which it happened."""
    part, one = own("part"), exp.Count(this=exp.Star())
    happened = exp.CountIf(this=own("outcome"))
    query = exp.select(part, one, happened).from_(table(source)).group_by(part.copy())
    found = {which: (rows, yes) for which, rows, yes in engine.run_tree(query)}
    words = {FIT: "to learn from", CALIBRATE: "to calibrate on", CHECK: "to check it on"}
    for which in (FIT, CALIBRATE, CHECK):
        rows, yes = found.get(which, (0, 0))
        if not rows:
            raise _cannot(
                name, f"there is no contact {words[which]}", place, "widen `for`, or learn on a longer time"
            )
        if min(yes, rows - yes) < _FEWEST:
            message = f"what it predicts happened {_often(yes, rows)} in {rows:,} snapshots {words[which]}"
            raise _cannot(
                name, message, place, f"it takes {_FEWEST} of both: widen `for`, or learn on a longer time"
            )
    return found


def _often(yes: int, rows: int) -> str:
    if yes <= rows - yes:
        return {0: "never", 1: "only once"}.get(yes, f"only {yes} times")
    return {0: "always", 1: "all but once"}.get(rows - yes, f"all but {rows - yes} times")


def _bins(
    engine: DuckDBEngine, source: str, features: Sequence[Feature], rows: int
) -> tuple[tuple[Bins, ...], list[str]]:
    """The bins of the features that differ between contacts, and what is to be said of the others."""
    from parcours.analytics.prediction.binning import find_bins, numbered

    fit = exp.select(exp.Star()).from_(table(source)).where(exp.EQ(this=own("part"), expression=number(FIT)))
    found = find_bins(engine, fit, features, rows)
    counts = [exp.Count(this=exp.Distinct(expressions=[numbered(bins)])) for bins in found]
    (differing,) = engine.run_tree(exp.select(*counts).from_(fit.subquery("fit")))
    kept = tuple(bins for bins, count in zip(found, differing, strict=True) if count > 1)
    same = [
        f"`{bins.name}` is the same for everybody"
        for bins, count in zip(found, differing, strict=True)
        if count < 2
    ]
    return kept, same


def _read(engine: DuckDBEngine, source: str, bins: Sequence[Bins], part: int) -> _Rows:
    import numpy as np

    from parcours.analytics.prediction.binning import numbered

    contacts = exp.Window(
        this=exp.Anonymous(this="dense_rank"), order=exp.Order(expressions=[own("contact")])
    )
    columns = [exp.alias_(numbered(one), f"b{place}") for place, one in enumerate(bins)]
    found = engine.arrays(
        exp.select(*columns, own("outcome"), exp.alias_(contacts, "who"))
        .from_(table(source))
        .where(exp.EQ(this=own("part"), expression=number(part)))
        .order_by(own("date"), own("contact"))
    )
    codes = [np.asarray(found[f"b{place}"]) for place in range(len(bins))]
    return _Rows(codes, np.asarray(found["outcome"], dtype=bool), np.asarray(found["who"]))


def _judged(
    name: str, place: Place, bins: Sequence[Bins], parts: Sequence[_Rows], dropped: Sequence[str]
) -> Learned:
    from scipy.special import expit

    from parcours.analytics.prediction.fitting import calibrate, fit, log_loss
    from parcours.analytics.prediction.judging import ranking

    early, later, check = parts
    fitted = fit(early.codes, bins, early.outcomes, later.codes, later.outcomes)
    shift, slope = calibrate(fitted.log_odds(later.codes), later.outcomes)
    found = ranking(check.outcomes, slope * fitted.log_odds(check.codes), check.contacts)
    if found.low <= 0.5:
        message = (
            f"it is no better than chance: on {len(check.outcomes):,} snapshots of a later time its AUC is {found.auc:.2f}, "
            f"somewhere from {found.low:.2f} to {found.high:.2f}, and 0.50 is chance"
        )
        raise _cannot(
            name, message, place, "name other values in `from`, or learn on more contacts or a longer time"
        )
    log_odds = shift + slope * fitted.log_odds(check.codes)
    probabilities = expit(log_odds)
    report = {
        **_report(bins, fitted, parts, found, probabilities, dropped),
        "log_loss": log_loss(log_odds, check.outcomes),
    }
    return Learned(_scorecard(bins, fitted, shift, slope), report, check.outcomes, probabilities)


def _report(
    bins: Sequence[Bins],
    fitted: "Fit",
    parts: Sequence[_Rows],
    found: "Ranking",
    probabilities: "np.ndarray",
    dropped: Sequence[str],
) -> dict[str, Any]:
    """How good it is, on the rows of the check."""
    from parcours.analytics.prediction.importance import importance, rates_of
    from parcours.analytics.prediction.judging import calibration, lift_table

    early, later, check = parts
    gap, table_of_calibration = calibration(check.outcomes, probabilities)
    alone = [rates_of(code, early.outcomes, len(one)) for code, one in zip(early.codes, bins, strict=True)]
    features = importance(bins, fitted, check.codes, check.outcomes, alone)
    rate = float(check.outcomes.mean())
    return {
        "summary": f"AUC {found.auc:.3f} ({found.low:.3f} to {found.high:.3f}), calibration error {gap:.3f}",
        "rows": {"fit": len(early.outcomes), "calibrate": len(later.outcomes), "check": len(check.outcomes)},
        "rate": {"fit": float(early.outcomes.mean()), "check": rate},
        "auc": found.auc,
        "auc_low": found.low,
        "auc_high": found.high,
        "calibration_error": gap,
        "calibration": table_of_calibration,
        "lift": lift_table(check.outcomes, probabilities),
        "importance": features,
        "doubts": _doubts(found.auc, gap, rate, features),
        "notes": [f"{one}: it was left out" for one in dropped],
    }


def _scorecard(bins: Sequence[Bins], fitted: "Fit", shift: float, slope: float) -> Scorecard:
    cards = tuple(
        Card(one, tuple(float(p) for p in points)) for one, points in zip(bins, fitted.points, strict=True)
    )
    return Scorecard(fitted.intercept, cards, shift, slope)


def _doubts(auc: float, gap: float, rate: float, features: Sequence[Mapping[str, Any]]) -> list[str]:
    """Why one should not believe it as it stands; `parcours learn` says so at once."""
    from parcours.analytics.prediction.importance import TOO_GOOD

    found = [
        f"`{row['feature']}` alone foretells it nearly always (AUC {row['alone']:.2f}): is it written down because of what "
        "it foretells, or changed afterwards?"
        for row in features
        if row["alone"] > TOO_GOOD
    ]
    if auc > TOO_GOOD and not found:
        found.append(
            f"an AUC of {auc:.2f} is too good to be true: look for values that are changed afterwards"
        )
    if gap > max(0.05, rate / 2):
        found.append(
            f"the probabilities are off by {gap:.0%} on average: the later time is unlike the one learned on"
        )
    return found


def _cannot(name: str, message: str, place: Place, advice: str) -> Problem:
    return problem("cannot-learn", f"the score `{name}` cannot be learned: {message}", place, help=advice)
