"""What can have a value in a term, which values it can have at all, and what its being known says of others."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from parcours.checking.reasoning.ranges import ANY, Interval, Ranges, Value
from parcours.checking.terms import (
    Aggregate,
    Arithmetic,
    Constant,
    Count,
    DaysSince,
    Holds,
    InLast,
    InSeason,
    Known,
    Nth,
    PartOf,
    Shift,
    Term,
)

_EPOCH = datetime(1970, 1, 1)
_PARTS = {"month": (1, 12), "weekday": (1, 7), "hour": (0, 23)}
_LEAP_YEAR = 2000


@dataclass(frozen=True, slots=True)
class Order:
    """How two terms stand to each other: -1 less, 0 equal, 1 greater."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Today:
    """The day of the year on the contact's wall clock, as in a leap year."""


Quantity = Term | Order | Today
"""A term stands for its own value; an `InLast` for whether it holds, 1 or 0."""

AT_LEAST_ONE: Ranges = (Interval(low=1),)
NONE: Ranges = (Interval(0, 0),)


def domain(quantity: Quantity) -> Ranges:
    """The values that it can have when it is known."""
    match quantity:
        case Count() | DaysSince():
            return (Interval(low=0),)
        case Aggregate(function="distinct"):
            return AT_LEAST_ONE
        case PartOf() if quantity.part in _PARTS:
            return (Interval(*_PARTS[quantity.part]),)
        case Today():
            return (Interval(1, 366),)
        case Order():
            return NONE if quantity.left == quantity.right else (Interval(-1, 1),)
    if quantity.kind == "yes_no":
        return (Interval(0, 1),)
    return ANY


def is_whole(quantity: Quantity) -> bool:
    """Whether its values are whole numbers, as `value_of` gives them."""
    match quantity:
        case Order() | Today() | Count() | DaysSince() | PartOf() | Aggregate(function="distinct"):
            return True
    return quantity.kind in ("date", "instant", "yes_no")


def value_of(constant: Constant) -> Value:
    """A constant as a value of a quantity: days and microseconds are counted."""
    match constant.value:
        case bool():
            return int(constant.value)
        case datetime():
            return (constant.value - _EPOCH) // timedelta(microseconds=1)
        case date():
            return constant.value.toordinal()
        case Decimal() | str():
            return constant.value


def days_of(season: InSeason) -> Ranges:
    """The values of `Today` in a season, which may run over the new year."""
    first, last = (date(_LEAP_YEAR, *end).timetuple().tm_yday for end in (season.start, season.end))
    if season.start <= season.end:
        return (Interval(first, last),)
    return (Interval(1, last), Interval(first, 366))


def is_always_known(term: Term) -> bool:
    return isinstance(term, Constant | Count | InSeason | Known | Holds)


def needs_known(term: Term) -> tuple[Term, ...]:
    """What is known wherever the term is: its parts."""
    match term:
        case PartOf() | Shift() | InLast():
            return (term.item,)
        case Arithmetic():
            return (term.left, term.right)
    return ()


def counted(term: Term) -> Count | None:
    """The count that is at least one where the term is known: of the events that it is computed from."""
    return Count(term.events) if isinstance(term, Aggregate | Nth | DaysSince) else None


def is_known_with_events(term: Term) -> bool:
    """Whether one event is enough for the term to be known: every event has a time."""
    match term:
        case DaysSince():
            return True
        case Nth() | Aggregate():
            return term.field.name == "at"
    return False


def recent_events(term: InLast) -> Count | None:
    """The count that is at least one where the term is yes: `last order.at in last 30 days` says `has order in
    last 30 days`."""
    item = term.item
    if isinstance(item, Nth | Aggregate) and item.field.name == "at" and item.events.window.kind == "ever":
        window = replace(item.events.window, kind="in_last", span=term.span)
        return Count(replace(item.events, window=window))
    return None
