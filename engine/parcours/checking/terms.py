"""Checked terms: what a predicate or value means, every name resolved and typed.

The compiler turns them into SQL; nothing in them needs the declarations any more. They are plain frozen
dataclasses without places, so that equal meaning is equal and the hash of a version does not move when a
file is only re-indented. Three-valued as E1 says, except where a docstring says "never unknown".
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from parcours.clock.span import Span

Kind = Literal["text", "number", "yes_no", "date", "instant"]
Comparison = Literal["=", "!=", "<", "<=", ">", ">="]
AggregateFunction = Literal["sum", "average", "smallest", "largest", "distinct"]


@dataclass(frozen=True, slots=True)
class Constant:
    """A value; instants are naive UTC."""

    value: str | Decimal | bool | date | datetime
    kind: Kind


@dataclass(frozen=True, slots=True)
class Attribute:
    """A column of the contact."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the event in whose brackets the term stands."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Captured:
    """`entry.x` or `event.x`: a field kept from the event that started the run, or that woke it last."""

    origin: Literal["entry", "event"]
    name: str
    kind: Kind
    sql_type: str


@dataclass(frozen=True, slots=True)
class ProductField:
    """A column of the product that is offered."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned of the contact, the newest that is dated at or before T; unknown where nothing is.

    `part` of the declaration `name`: a score of an rfm (`recency`, `frequency`, `monetary`, `trend`), `group` or
    `distance` of clusters, `probability` or `zone` of a score, `hour` of the response `best_hour`. `values`: all that it can be, () when that is not
    known before it is learned. `hash`: of the declaration as it was checked; only what was learned of that is read."""

    source: Literal["rfm", "clusters", "score", "response"]
    name: str
    part: str
    kind: Kind
    values: tuple[str, ...] = ()
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """An instant or date moved by a span: days exactly 24 hours, months in the project's zone (E2)."""

    item: "Term"
    span: Span
    sign: Literal[1, -1]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Division by zero is unknown."""

    operator: Literal["+", "-", "*", "/"]
    left: "Term"
    right: "Term"
    kind: Kind = "number"


@dataclass(frozen=True, slots=True)
class Window:
    """Which events count: `ever`; `in_last` T - D < at <= T; `since_entry` entry.at <= at; `within_entry`
    entry.at < at <= entry.at + D (a goal; without a span it has no end); `arrived` arrived < at <= due;
    `arrived_since_entry` entry.at <= at <= due (T15)."""

    kind: Literal["ever", "in_last", "since_entry", "within_entry", "arrived", "arrived_since_entry"]
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Events:
    """Events of one kind, of the contact at hand, visible at T (E2), for which the filter is yes. `of`: only those
    that a send of this message caused."""

    event: str
    filter: "Term | None"
    window: Window
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """Never unknown: the count of nothing is 0."""

    events: Events
    kind: Kind = "number"


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Unknown when there is no event with a known field. `field` is a `Field`."""

    function: AggregateFunction
    events: Events
    field: Field
    kind: Kind


@dataclass(frozen=True, slots=True)
class Nth:
    """The field of the first or last event by (at, id)."""

    which: Literal["first", "last"]
    events: Events
    field: Field
    kind: Kind


@dataclass(frozen=True, slots=True)
class DaysSince:
    """Whole days of 24 hours between the last such event and T."""

    events: Events
    kind: Kind = "number"


@dataclass(frozen=True, slots=True)
class PartOf:
    """A part of a date, or of an instant on the contact's wall clock. Weekdays are 1 (monday) to 7."""

    part: Literal["year", "month", "weekday", "hour"]
    item: "Term"
    kind: Kind = "number"


@dataclass(frozen=True, slots=True)
class InLast:
    """T - D < item <= T."""

    item: "Term"
    span: Span
    kind: Kind = "yes_no"


@dataclass(frozen=True, slots=True)
class InSeason:
    """T lies in the season on the contact's wall clock; both ends (month, day) inclusive. Never unknown."""

    start: tuple[int, int]
    end: tuple[int, int]
    kind: Kind = "yes_no"


@dataclass(frozen=True, slots=True)
class Compare:
    operator: Comparison
    left: "Term"
    right: "Term"
    kind: Kind = "yes_no"


@dataclass(frozen=True, slots=True)
class Among:
    """The item is one of the constants."""

    item: "Term"
    values: tuple[Constant, ...]
    kind: Kind = "yes_no"


@dataclass(frozen=True, slots=True)
class Known:
    """Never unknown."""

    item: "Term"
    kind: Kind = "yes_no"


@dataclass(frozen=True, slots=True)
class And:
    items: tuple["Term", ...]
    kind: Kind = "yes_no"


@dataclass(frozen=True, slots=True)
class Or:
    items: tuple["Term", ...]
    kind: Kind = "yes_no"


@dataclass(frozen=True, slots=True)
class Not:
    item: "Term"
    kind: Kind = "yes_no"


@dataclass(frozen=True, slots=True)
class Holds:
    """Yes when the item is yes, otherwise no. Never unknown: membership of a segment or stage. `name` is how people
    ask for it (`in segment vip`), for words about it; it is no part of the meaning."""

    item: "Term"
    kind: Kind = "yes_no"
    name: str = field(default="", compare=False, repr=False)


Term = (
    Constant
    | Attribute
    | Field
    | Captured
    | ProductField
    | Learned
    | Shift
    | Arithmetic
    | Count
    | Aggregate
    | Nth
    | DaysSince
    | PartOf
    | InLast
    | InSeason
    | Compare
    | Among
    | Known
    | And
    | Or
    | Not
    | Holds
)
EventTerm = Count | Aggregate | Nth | DaysSince


def number(value: int) -> Constant:
    """A whole number as a constant."""
    return Constant(Decimal(value), "number")


def happened(events: Events) -> Compare:
    """There is at least one such event."""
    return Compare(">", Count(events), number(0))
