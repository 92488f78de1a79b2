"""Lengths of time, moments and windows (E2, T12–T14)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from parcours.clock import to_local, to_utc
from parcours.clock.span import Span, add_months

_DAY = timedelta(days=1)


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def moved(local: datetime, span: Span, sign: int) -> datetime:
    """What a clock on the wall shows so much later (1) or earlier (-1)."""
    if span.is_calendar:
        return add_months(local, sign * span.months)
    return local + sign * span.exact


def shifted(at: datetime, span: Span, sign: int, zone: str) -> datetime:
    """E2: exact; months and years are steps in the project's `zone`."""
    return on_wall(at, span, sign, zone) if span.is_calendar else at + sign * span.exact


def on_wall(at: datetime, span: Span, sign: int, zone: str) -> datetime:
    """T12: minutes and hours are exact, all else keeps the contact's wall clock."""
    if span.is_clock:
        return at + sign * span.exact
    return to_utc(zone, moved(to_local(zone, at), span, sign))


def first_lift(at: datetime, span: Span, zone: str) -> datetime:
    """P7: the first T at which `at` is out of the window T - D < at. Months are cut to the end of shorter ones, so
    that T - D may get there on a later day than at + D."""
    lift = shifted(at, span, 1, zone)
    while shifted(lift, span, -1, zone) < at:
        lift = to_utc(zone, midnight(to_local(zone, lift)) + _DAY)
    return lift


def next_time(minutes: int, days: Sequence[int], at: datetime, zone: str) -> datetime:
    """T13: the first instant at or after `at` with this local time, on one of the days."""
    day = midnight(to_local(zone, at)) - _DAY  # a time that does not exist may move over midnight
    while True:
        found = to_utc(zone, day + timedelta(minutes=minutes))
        if found >= at and day.isoweekday() in days:
            return found
        day += _DAY


def inside(start: int, end: int, days: Sequence[int], at: datetime, zone: str) -> datetime | None:
    """T13: when the window that is open at `at` closes; None when none is. It belongs to the day on which it opens."""
    now = to_local(zone, at)
    for day in (midnight(now) - _DAY, midnight(now)):
        closes = day + timedelta(minutes=end) + (_DAY if end <= start else timedelta())
        if day.isoweekday() in days and day + timedelta(minutes=start) <= now < closes:
            # where the clock shows the end twice, the first of the two may have passed
            return to_utc(zone, closes) if to_utc(zone, closes) > at else at + (closes - now)
    return None
