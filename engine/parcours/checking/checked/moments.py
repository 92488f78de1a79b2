"""Checked moments, periods and lengths (T13, T14, P4)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from parcours.checking.terms import Term
from parcours.clock.span import Span


@dataclass(frozen=True, slots=True)
class AtTime:
    """The first instant at or after now with this local time, on one of the days (ISO numbers)."""

    minutes: int
    days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class InWindow:
    """Half-open; `end <= start` runs over midnight and belongs to the day on which it opens."""

    start: int
    end: int
    days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AtLocal:
    """A date and time on the contact's wall clock."""

    local: datetime


@dataclass(frozen=True, slots=True)
class Offset:
    """So long before (-1) or after (+1) an instant; days and longer keep the contact's wall clock."""

    span: Span
    sign: Literal[1, -1]
    item: Term


Moment = AtTime | InWindow | AtLocal | Offset


@dataclass(frozen=True, slots=True)
class Period:
    """What a limit counts over: any stretch of `span` (rolling), or the contact's calendar day, week, month or
    year (calendar; then `span` is one of that unit)."""

    kind: Literal["rolling", "calendar"]
    span: Span
