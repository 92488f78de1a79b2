"""Figures in words: what the text and the page write in their tables."""

from collections.abc import Sequence
from decimal import Decimal
from math import isinf

from parcours.analytics.experiments.sequential import Interval
from parcours.reporting.goals import HoldOut
from parcours.reporting.rates import Figures, Rate
from parcours.reporting.report import Report

NOTHING = "–"
"""What is not known, or has no whole."""

COUNT_TITLES = ("granted", "sent", "delivered", "opened", "clicked")
RATE_TITLES = ("bounce", "open", "click", "reactivity", "opt-out", "complaint")
HELD_OUT_TITLES = ("taken", "reached", "held out", "reached", "more, in points", "lift", "each brings more")


def whole(count: int | None) -> str:
    return NOTHING if count is None else f"{count:,}"


def percent(rate: Rate | None) -> str:
    """With as many digits as small rates need."""
    return NOTHING if rate is None else share_of(rate.value)


def share_of(value: float | None) -> str:
    if value is None:
        return NOTHING
    return f"{value:.2%}" if 0 < value < 0.01 else f"{value:.1%}"


def between(rate: Rate | None) -> str:
    """`12.1% to 13.4%`."""
    if rate is None or rate.low is None or rate.high is None:
        return NOTHING
    return f"{share_of(rate.low)} to {share_of(rate.high)}"


def money(amount: Decimal | None, currency: str) -> str:
    return NOTHING if amount is None else f"{amount:,.2f} {currency}"


def counts(figures: Figures) -> list[str]:
    """Under `COUNT_TITLES`."""
    return [whole(getattr(figures, name)) for name in COUNT_TITLES]


def rates(figures: Figures) -> list[str]:
    """Under `RATE_TITLES`."""
    return [percent(rate) for rate in figures.rates().values()]


def held_out_row(one: HoldOut) -> list[str]:
    """A hold-out under `HELD_OUT_TITLES`."""
    arms = {arm.figures.arm: arm.figures for arm in one.analysis.arms}
    row = []
    for name in ("treated", "held_out"):
        arm = arms.get(name)
        row += [NOTHING, NOTHING] if arm is None else [whole(arm.contacts), share_of(arm.rate)]
    comparison = one.comparison
    if comparison is None:
        return [*row, NOTHING, NOTHING, NOTHING]
    lift, worth = interval(comparison.lift, 100, 0, "%"), interval(comparison.worth, 1, 2)
    return [*row, interval(comparison.rate, 100, 2), lift, worth]


def interval(found: Interval | None, times: int, digits: int, unit: str = "") -> str:
    """An estimate with its ends, so many times as large: `+2.10 (+0.40 to +3.80)`."""
    if found is None:
        return NOTHING
    estimate, low, high = (
        "?" if isinf(value) else f"{times * value:+,.{digits}f}{unit}"
        for value in (found.estimate, found.low, found.high)
    )
    return f"{estimate} ({low} to {high})"


def notes(report: Report) -> list[str]:
    """What must be known to read the figures: the report's own notes, and the verdicts on the hold-outs."""
    return [*report.notes, *map(verdict, report.hold_outs)]


def verdict(one: HoldOut) -> str:
    """What a hold-out shows: the arms are those whom the journey took (`treated`) and those held out."""
    said = one.analysis.verdict.text.replace("`treated`", "taking contacts in").replace(
        "`held_out`", "holding out"
    )
    return f"{one.journey}, {one.goal}: {said}"


def days(report: Report) -> str:
    """`2026-03-01 to 2026-03-31`."""
    span = report.span
    return f"{span.first_day}" if span.first_day == span.last_day else f"{span.first_day} to {span.last_day}"


def stretch_titles(report: Report) -> Sequence[str]:
    """What the pieces of time are called."""
    return [f"{one.day:%Y-%m}" if report.unit == "month" else f"{one.day}" for one in report.over_time]
