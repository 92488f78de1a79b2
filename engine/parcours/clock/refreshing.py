"""When something that is refreshed so often is due again."""

from datetime import date, datetime, timedelta

from parcours.clock.span import Span


def is_refresh_due(
    every: Span, last: datetime | None, now: datetime, local_day: int, last_local_day: int
) -> bool:
    """T10: whether a tick is the first in its hour, or in its stretch of `every`.

    Days and longer stretches begin at midnight of the project's zone; `local_day` counts days there."""
    if last is None:
        return True
    if every.is_clock:
        length = every.exact
        return (now - _EPOCH) // length > (last - _EPOCH) // length
    if every.is_calendar:
        return _month(local_day) // every.months > _month(last_local_day) // every.months
    days = every.exact // timedelta(days=1)
    # day 1 was a monday: weeks begin as those of caps do (P4)
    return (local_day - 1) // days > (last_local_day - 1) // days


_EPOCH = datetime(1970, 1, 1)


def _month(local_day: int) -> int:
    day = date.fromordinal(local_day)
    return day.year * 12 + day.month - 1
