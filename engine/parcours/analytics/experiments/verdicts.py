"""What the figures show, in words: who is better, that nobody is, or that it is not decided yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from parcours.analytics.experiments.sample_ratio import ALARM
from parcours.analytics.experiments.sequential import (
    Interval,
    Sample,
    at_every_look,
    difference,
    lift,
    mean_sample,
    pair_size,
    rate_sample,
)

FEWEST_CONTACTS = 100
"""Of each arm; with fewer nothing is decided."""

FEWEST_REACHED = 20
"""Of two arms together, so many have reached the goal, and so many have not, before their difference is judged."""

Relation = Literal["better", "worse", "alike", "open"]


@dataclass(frozen=True, slots=True)
class Figures:
    """An arm: its `contacts` whose time is over, how many of these reached the goal, and what they were worth."""

    arm: str
    contacts: int
    reached: int
    total: float | None = None
    squares: float | None = None

    @property
    def rate(self) -> float | None:
        return self.reached / self.contacts if self.contacts else None

    @property
    def worth_each(self) -> float | None:
        return None if self.total is None or not self.contacts else self.total / self.contacts

    def rates(self) -> Sample:
        return rate_sample(self.contacts, self.reached)

    def worths(self) -> Sample | None:
        if self.total is None or self.squares is None:
            return None
        return mean_sample(self.contacts, self.total, self.squares)


@dataclass(frozen=True, slots=True)
class Comparison:
    """An arm held against another. Differences of rates are shares, of worth the project's money for each contact; the
    intervals hold at every look. None: there is too little to say anything."""

    arm: str
    against: str
    relation: Relation
    rate: Interval | None
    lift: Interval | None
    worth: Interval | None
    worth_lift: Interval | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`winner`: the arm that is better than all others, None when there is none. `decided`: looking longer changes nothing."""

    text: str
    winner: str | None
    decided: bool


def compare(arm: Figures, against: Figures, risk: float, margin: float) -> Comparison:
    """`risk`: how likely the interval may ever be wrong. `margin`: the lift below which a difference does not matter."""
    if min(arm.contacts, against.contacts) < FEWEST_CONTACTS:
        return Comparison(arm.arm, against.arm, "open", None, None, None, None)
    errors = at_every_look(pair_size(arm.rates(), against.rates()), risk)
    rate = difference(arm.rates(), against.rates(), errors)
    rate_lift = lift(arm.rates(), against.rates(), errors)
    worth = worth_lift = None
    own, other = arm.worths(), against.worths()
    reached = arm.reached + against.reached
    if own is not None and other is not None and reached >= FEWEST_REACHED:
        worth, worth_lift = difference(own, other, errors), lift(own, other, errors)
    relation: Relation = "open"
    if min(reached, arm.contacts + against.contacts - reached) >= FEWEST_REACHED:
        if rate.excludes_zero:
            relation = "better" if rate.estimate > 0 else "worse"
        elif rate_lift is not None and rate_lift.lies_within(margin):
            relation = "alike"
    return Comparison(arm.arm, against.arm, relation, rate, rate_lift, worth, worth_lift)


def compare_all(arms: Sequence[Figures], control: str, risk: float, margin: float) -> tuple[Comparison, ...]:
    """Every pair once, those with the control first, the arm before what it is held against. The risk is shared among
    the pairs, so that all intervals hold together."""
    ordered = sorted(arms, key=lambda arm: arm.arm == control)
    pairs = sorted(combinations(ordered, 2), key=lambda pair: pair[1].arm != control)
    return tuple(compare(arm, against, risk / len(pairs), margin) for arm, against in pairs)


def verdict(
    arms: Sequence[Figures], comparisons: Sequence[Comparison], sample_ratio: float, margin: float
) -> Verdict:
    """The verdict on the rates; what the worth says against it is told beside it."""
    if sample_ratio < ALARM:
        return Verdict(
            "not to be trusted: the arms do not have the shares that were written, so somebody is missing in one of them",
            None,
            decided=False,
        )
    small = [arm for arm in arms if arm.contacts < FEWEST_CONTACTS]
    if small:
        least = min(small, key=lambda arm: arm.contacts)
        return Verdict(
            f"not decided yet: `{least.arm}` has {least.contacts:,} contact{'s' * (least.contacts != 1)} whose time is over, "
            f"and less than {FEWEST_CONTACTS} say nothing",
            None,
            decided=False,
        )
    beaten = {loser for comparison in comparisons for loser in _beaten(comparison)}
    names = [arm.arm for arm in arms]
    leaders = [name for name in names if name not in beaten]
    if len(leaders) == 1 and _beats_all(leaders[0], comparisons):
        return Verdict(
            f"`{leaders[0]}` is better{_by_worth(leaders[0], comparisons)}", leaders[0], decided=True
        )
    between = [c for c in comparisons if c.arm in leaders and c.against in leaders]
    alike = bool(between) and all(c.relation == "alike" for c in between)
    rest = f"no difference larger than {margin:.0%}" if alike else "not decided yet"
    if not beaten:
        return Verdict(rest, None, decided=alike)
    losers = _listed([name for name in names if name in beaten])
    better = f"{_listed(leaders)} {'is' if len(leaders) == 1 else 'are'} better than {losers}"
    if len(leaders) == 1:  # better than some, and against others it is open
        return Verdict(f"{better}, but against the others it is not decided yet", None, decided=False)
    return Verdict(f"{better}; between them: {rest}", None, decided=alike)


def _beaten(comparison: Comparison) -> list[str]:
    if comparison.relation == "better":
        return [comparison.against]
    return [comparison.arm] if comparison.relation == "worse" else []


def _beats_all(arm: str, comparisons: Sequence[Comparison]) -> bool:
    own = [c for c in comparisons if arm in (c.arm, c.against)]
    return all(c.relation == ("better" if c.arm == arm else "worse") for c in own)


def _by_worth(winner: str, comparisons: Sequence[Comparison]) -> str:
    """A warning when what the winner brings in is certainly less than what another arm does."""
    poorer = [
        c.against if c.arm == winner else c.arm
        for c in comparisons
        if winner in (c.arm, c.against)
        and c.worth is not None
        and (c.worth.high < 0 if c.arm == winner else c.worth.low > 0)
    ]
    return f", but each of its contacts brings in less than those of {_listed(poorer)}" if poorer else ""


def _listed(names: Sequence[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
