"""Moments and calendars as written in waits, schedules, quiet hours and windows."""

from typing import Annotated, Literal

from pydantic import Field

from parcours.model.node import Node
from parcours.model.values import DateLiteral, Duration, TimeOfDay, Value

Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEK: tuple[Day, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Days(Node):
    """Days of the week in the order of the week; `weekdays` is monday to friday, `weekends` the rest."""

    days: tuple[Day, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """ISO numbers, monday = 1."""
        return tuple(WEEK.index(day) + 1 for day in self.days)


class TimeMoment(Node):
    """`10:00`, `10:00 on weekdays`, `thursday at 05:00`."""

    kind: Literal["time"] = "time"
    time: TimeOfDay
    days: Days | None = None


class WindowMoment(Node):
    """`between 22:00 and 06:00 on weekdays`: half-open, may run over midnight (T13)."""

    kind: Literal["window"] = "window"
    start: TimeOfDay
    end: TimeOfDay
    days: Days | None = None


class DateMoment(Node):
    """`2026-12-01 at 09:00`; midnight when no time is given."""

    kind: Literal["date"] = "date"
    date: DateLiteral
    time: TimeOfDay | None = None


class OffsetMoment(Node):
    """`2 days before entry.at + 60 days`, `3 days after event.at`."""

    kind: Literal["offset"] = "offset"
    duration: Duration
    direction: Literal["before", "after"]
    value: Value


Moment = Annotated[TimeMoment | WindowMoment | DateMoment | OffsetMoment, Field(discriminator="kind")]


class Schedule(Node):
    """`every day at 08:00`, `every tuesday at 09:00`, `every month on 31 at 09:00`.

    Exactly one of `unit` and `days` is set. `day_of_month` only goes with `month`."""

    unit: Literal["hour", "day", "week", "month", "year"] | None = None
    days: Days | None = None
    day_of_month: int | None = None
    time: TimeOfDay | None = None


class Period(Node):
    """The length that a cap counts over: rolling `7 days`, or `calendar week`."""

    kind: Literal["rolling", "calendar"]
    duration: Duration
