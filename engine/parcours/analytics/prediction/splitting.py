"""The dates of the snapshots that a score is learned on, and what each is for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from parcours.clock.span import Span, add_months
from parcours.clock.zones import to_local, to_utc
from parcours.compiler.bindings import ago

LEARN_ON = Span(12, "month")
"""What holds where the declaration does not say it."""

_CHECKED = 4  # one part in so many of the dates is for the check
_CALIBRATED = 3  # one part in so many of those that are learned from is for the calibration


@dataclass(frozen=True, slots=True)
class Date:
    """A snapshot is taken `at` an instant, and what is foretold is known at the `end`."""

    at: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Split:
    """Numbers of dates, in order of time. At the first date of `check` all outcomes of `fit` and `calibrate` are known, so
    that the check is what a user would have seen. With few dates `calibrate` is empty: then it is a share of the contacts."""

    fit: tuple[int, ...]
    calibrate: tuple[int, ...]
    check: tuple[int, ...]


def snapshot_dates(zone: str, as_of: datetime, within: Span, learn_on: Span) -> tuple[Date, ...]:
    """Every month, counted back from the last instant whose outcome is known at `as_of`, over the time that is learned on;
    the earliest first. `zone` is the project's."""
    first, last = ago(zone, learn_on, as_of), ago(zone, within, as_of)
    found = []
    for months in range(learn_on_months(learn_on) + 1):
        at = ago(zone, Span(months, "month"), last)
        end = after(zone, within, at)
        if at < first:
            break
        if end <= as_of:
            found.append(Date(at, end))
    return tuple(reversed(found))


def learn_on_months(span: Span) -> int:
    """No fewer months than the span can have."""
    return span.months if span.is_calendar else span.exact.days // 28 + 1


def after(zone: str, span: Span, at: datetime) -> datetime:
    """at + span. E2: months and years are calendar steps in the project's zone."""
    if not span.is_calendar:
        return at + span.exact
    return to_utc(zone, add_months(to_local(zone, at), span.months))


def split(dates: Sequence[Date]) -> Split | None:
    """The last quarter of the dates is for the check; if the outcomes of no date are known by then, fewer of them. None
    when there are too few dates to learn on some and check on others."""
    for checked in range(max(1, len(dates) // _CHECKED), 0, -1):
        check = tuple(range(len(dates) - checked, len(dates)))
        known = tuple(number for number in range(check[0]) if dates[number].end <= dates[check[0]].at)
        if known:
            later = len(known) // _CALIBRATED
            return Split(known[: len(known) - later], known[len(known) - later :], check)
    return None
