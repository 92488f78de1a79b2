"""How long a wait is at the least and at the most, in minutes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from parcours.clock.span import Span, add_months

HOUR = 60
DAY = 24 * HOUR
WEEK = 7 * DAY

_MINUTE = timedelta(minutes=1)
# both turns of the rule of leap years, and the year 2100 that has none
_YEARS = (*range(2000, 2005), *range(2095, 2105))
_DAYS = (1, 28, 29, 30, 31)


@dataclass(frozen=True, slots=True)
class Length:
    """So many minutes at the least and at the most (None: no limit), without a message being held, which may add
    `held`. `is_local`: counted on the contact's wall clock (T12). `months`: how many of them it is, else 0."""

    shortest: int
    longest: int | None
    is_local: bool = False
    months: int = 0
    held: int = 0


NOTHING = Length(0, 0)


def length(span: Span) -> Length:
    """What `wait SPAN` takes. A day is 24 hours here: what a change of summer time does is another matter."""
    if span.is_calendar:
        return Length(*_months(span.months), is_local=True, months=span.months)
    return Length(minutes(span), minutes(span), is_local=not span.is_clock)


def minutes(span: Span) -> int:
    """The shortest that a span can be: a month may be 28 days."""
    return _months(span.months)[0] if span.is_calendar else span.exact // _MINUTE


def most_minutes(span: Span) -> int:
    """The longest that a span can be: a month may be 31 days."""
    return _months(span.months)[1] if span.is_calendar else span.exact // _MINUTE


@lru_cache(maxsize=256)
def _months(count: int) -> tuple[int, int]:
    starts = [
        datetime(year, month, 1) + timedelta(days=day - 1)
        for year in _YEARS
        for month in range(1, 13)
        for day in _DAYS
        if day <= 28 or (datetime(year, month, 1) + timedelta(days=day - 1)).month == month
    ]
    taken = [(add_months(start, count) - start) // _MINUTE for start in starts]
    return min(taken), max(taken)
