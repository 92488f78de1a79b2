"""Occurrences of schedules: which instants `every tuesday at 09:00` means in a zone."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from parcours.clock.zones import to_local, to_utc

Unit = Literal["hour", "day", "week", "month", "year"]

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_MOST_DATES = 400  # more than a year, so that each anniversary in a long gap is met at least once


@dataclass(frozen=True, slots=True)
class Recurrence:
    """`every day at 09:00`: exactly one of `unit` and `weekdays` (ISO numbers, monday = 1).

    `every week` is monday, `every month` the 1st or `day_of_month`, `every year` 1 January, `every hour` each
    full hour of UTC whatever the zone. `minutes` counts from local midnight."""

    unit: Unit | None = None
    weekdays: tuple[int, ...] = ()
    day_of_month: int | None = None
    minutes: int = 0

    def __post_init__(self) -> None:
        if (self.unit is None) != bool(self.weekdays):
            raise ValueError("exactly one of unit and weekdays")
        if self.day_of_month is not None and (self.unit != "month" or not 1 <= self.day_of_month <= 31):
            raise ValueError("a day of the month from 1 to 31 goes with month")
        if not 0 <= self.minutes < 24 * 60 or (self.unit == "hour" and self.minutes):
            raise ValueError("minutes since midnight, and none with hour")
        if not all(1 <= day <= 7 for day in self.weekdays):
            raise ValueError("weekdays are ISO numbers")

    def next_after(self, zone: str, instant: datetime) -> datetime:
        """The first occurrence strictly after `instant` (UTC), as an instant."""
        if self.unit == "hour":
            return _full_hour(instant) + _HOUR
        # A day early: a local time that does not exist may move over midnight.
        for day in self._days(to_local(zone, instant).date() - _DAY, forward=True):
            found = _instant(zone, day, self.minutes)
            if found > instant:
                return found
        raise AssertionError("the days of a recurrence do not end")

    def latest_in(self, zone: str, after: datetime, until: datetime) -> datetime | None:
        """The last occurrence in (after, until]. T11: however many there are, a schedule fires once."""
        if self.unit == "hour":
            full = _full_hour(until)
            return full if full > after else None
        for day in self._days(to_local(zone, until).date() + _DAY, forward=False):
            found = _instant(zone, day, self.minutes)
            if found <= until:
                return found if found > after else None
        raise AssertionError("the days of a recurrence do not end")

    def _days(self, start: date, *, forward: bool) -> Iterator[date]:
        """The local dates of the recurrence from `start` on, or from `start` back."""
        step = 1 if forward else -1
        if self.unit in ("month", "year"):
            months = start.year * 12 + start.month - 1
            while True:
                year, month = divmod(months, 12)
                if self.unit == "month" or month == 0:
                    day = date(year, month + 1, _clipped(self.day_of_month or 1, year, month + 1))
                    if day >= start if forward else day <= start:
                        yield day
                months += step
        weekdays = {"day": tuple(range(1, 8)), "week": (1,)}.get(self.unit or "", self.weekdays)
        day = start
        while True:
            if day.isoweekday() in weekdays:
                yield day
            day += step * _DAY


def period_start(zone: str, unit: str, instant: datetime) -> datetime:
    """The instant at which the calendar day, week (from Monday), month or year of a zone began."""
    day = to_local(zone, instant).date()
    match unit:
        case "week":
            day -= (day.isoweekday() - 1) * _DAY
        case "month":
            day = day.replace(day=1)
        case "year":
            day = day.replace(month=1, day=1)
    return _instant(zone, day, 0)


def period_end(zone: str, unit: str, instant: datetime) -> datetime:
    """The instant at which the next calendar day, week, month or year of a zone begins."""
    day = to_local(zone, period_start(zone, unit, instant)).date()
    match unit:
        case "week":
            day += 7 * _DAY
        case "month":
            day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        case "year":
            day = day.replace(year=day.year + 1)
        case _:
            day += _DAY
    return _instant(zone, day, 0)


def dates_in(zone: str, minutes: int, after: datetime, until: datetime) -> list[tuple[date, datetime]]:
    """Each local date whose local time `minutes` (since midnight) falls in (after, until], with that instant,
    in order. After a gap of more than 400 days only the last 400 dates."""
    last = to_local(zone, until).date() + _DAY
    first = max(to_local(zone, after).date() - _DAY, last - (_MOST_DATES + 2) * _DAY)
    days = [first + n * _DAY for n in range((last - first).days + 1)]
    found = [(day, _instant(zone, day, minutes)) for day in days]
    return [(day, instant) for day, instant in found if after < instant <= until][-_MOST_DATES:]


def _clipped(day: int, year: int, month: int) -> int:
    return min(day, monthrange(year, month)[1])  # T11: on the 31st means the last day


def _full_hour(instant: datetime) -> datetime:
    return instant.replace(minute=0, second=0, microsecond=0)


def _instant(zone: str, day: date, minutes: int) -> datetime:
    return to_utc(zone, datetime.combine(day, time(minutes // 60, minutes % 60)))
