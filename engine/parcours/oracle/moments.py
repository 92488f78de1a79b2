"""When a moment comes, and when a window closes (T13, T14)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from parcours.checking.checked import AtLocal, AtTime, InWindow, Moment, Offset
from parcours.clock import to_local, to_utc
from parcours.oracle.terms import DAY, Scene, midnight, moved, on_wall, value


def comes(moment: Moment, scene: Scene) -> datetime | None:
    """T14: not later than T, when it has passed; None, when it never comes."""
    at, zone = scene.at, scene.zone
    match moment:
        case AtTime(minutes, days):
            return next_time(minutes, days, at, zone)
        case InWindow(start, end, days):
            return at if closes(start, end, days, at, zone) else next_time(start, days, at, zone)
        case AtLocal(local):
            return to_utc(zone, local)
        case Offset(span, sign, term):
            item = value(term, scene)
            if item is None or isinstance(item, datetime):
                return item and on_wall(item, span, sign, zone)
            day = midnight(item)
            return (
                to_utc(zone, day) + sign * span.exact
                if span.is_clock
                else to_utc(zone, moved(day, span, sign))
            )


def next_time(minutes: int, days: Sequence[int], at: datetime, zone: str) -> datetime:
    """T13: the first instant at or after `at` with this local time, on one of the days."""
    day = midnight(to_local(zone, at)) - DAY  # a local time that does not exist may move over midnight
    while (found := to_utc(zone, day + timedelta(minutes=minutes))) < at or day.isoweekday() not in days:
        day += DAY
    return found


def closes(start: int, end: int, days: Sequence[int], at: datetime, zone: str) -> datetime | None:
    """T13: the end of the window that is open at `at`, if one is; it belongs to the day on which it opens."""
    now = to_local(zone, at)
    for day in (midnight(now) - DAY, midnight(now)):
        last = day + timedelta(minutes=end) + (DAY if end <= start else timedelta())
        if day.isoweekday() in days and day + timedelta(minutes=start) <= now < last:
            # where the clock shows the end twice, the first of the two may have passed
            return to_utc(zone, last) if to_utc(zone, last) > at else at + (last - now)
    return None
