"""Lengths of time: exact ones (minutes to weeks) and calendar ones (months, years)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

SpanUnit = Literal["minute", "hour", "day", "week", "month", "year"]

_EXACT = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
}


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """So many units. Months and years have no exact length; all others do (a day is 24 hours: E2)."""

    count: int
    unit: SpanUnit

    @property
    def is_calendar(self) -> bool:
        return self.unit in ("month", "year")

    @property
    def is_clock(self) -> bool:
        """Minutes and hours, which are exact even where days keep the wall clock (T12)."""
        return self.unit in ("minute", "hour")

    @property
    def months(self) -> int:
        """The number of months; only for calendar spans."""
        return self.count * (12 if self.unit == "year" else 1)

    @property
    def exact(self) -> timedelta:
        """The exact length; only for spans that have one."""
        return self.count * _EXACT[self.unit]

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


def add_months(moment: datetime, months: int) -> datetime:
    """A calendar step: the same day of the month and time, clipped to the month's end (T12)."""
    month = moment.month - 1 + months
    year, month = moment.year + month // 12, month % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))
