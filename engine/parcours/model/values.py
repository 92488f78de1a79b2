"""Values as written: literals, names and what is computed from them."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from parcours.model.node import Name, Node

DurationUnit = Literal["minute", "hour", "day", "week", "month", "year"]


class Text(Node):
    kind: Literal["text"] = "text"
    value: str


class Number(Node):
    kind: Literal["number"] = "number"
    value: Decimal


class YesNo(Node):
    kind: Literal["yes_no"] = "yes_no"
    value: bool


class DateLiteral(Node):
    """A date as written. The checker judges whether it exists."""

    kind: Literal["date"] = "date"
    text: str


class InstantLiteral(Node):
    """A date and a local time as written (`2026-12-01 09:00`)."""

    kind: Literal["instant"] = "instant"
    date: DateLiteral
    time: "TimeOfDay"


class Percent(Node):
    """`20%`: value 20."""

    kind: Literal["percent"] = "percent"
    value: Decimal


class Money(Node):
    kind: Literal["money"] = "money"
    amount: Decimal
    currency: str


class Duration(Node):
    kind: Literal["duration"] = "duration"
    count: int
    unit: DurationUnit

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


class TimeOfDay(Node):
    """`09:00` as written; the checker judges whether it exists."""

    hour: int
    minute: int

    @property
    def minutes(self) -> int:
        """Minutes since midnight."""
        return self.hour * 60 + self.minute

    def __str__(self) -> str:
        return f"{self.hour:02}:{self.minute:02}"


class Path(Node):
    """A dotted name: `country`, `event.total`, `entry.at`, `score.churn`."""

    kind: Literal["path"] = "path"
    parts: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join(self.parts)


class EventRef(Node):
    """Events of one kind: `order`, `open of welcome`, `order[amount > 50]`."""

    name: Name
    of: Name | None = None  # the message that caused it
    filter: "Predicate | None" = None


class InLast(Node):
    kind: Literal["in_last"] = "in_last"
    duration: Duration


class Since(Node):
    """`since entry`."""

    kind: Literal["since"] = "since"
    name: Name


class Ever(Node):
    kind: Literal["ever"] = "ever"


Window = Annotated[InLast | Since | Ever, Field(discriminator="kind")]

Aggregation = Literal["count", "sum", "average", "smallest", "largest", "distinct"]
PartName = Literal["year", "month", "weekday", "hour"]


class Arithmetic(Node):
    kind: Literal["arithmetic"] = "arithmetic"
    operator: Literal["+", "-", "*", "/"]
    left: "Value"
    right: "Value"


class Aggregate(Node):
    """`count of order`, `sum of order.amount in last 90 days`. `field` is None for `count`."""

    kind: Literal["aggregate"] = "aggregate"
    function: Aggregation
    event: EventRef
    field: Name | None
    window: Window


class Nth(Node):
    """`last order.amount`, `first order.at`: by (`at`, `id`)."""

    kind: Literal["nth"] = "nth"
    which: Literal["first", "last"]
    event: EventRef
    field: Name
    window: Window


class DaysSince(Node):
    """`days since order`: whole days of 24 hours since the last such event."""

    kind: Literal["days_since"] = "days_since"
    event: EventRef


class Part(Node):
    """`month of at`, `hour of event.at`: a part of a date or of an instant on the contact's wall clock."""

    kind: Literal["part"] = "part"
    part: PartName
    value: "Value"


Value = Annotated[
    Text
    | Number
    | YesNo
    | DateLiteral
    | InstantLiteral
    | Percent
    | Money
    | Duration
    | Path
    | Arithmetic
    | Aggregate
    | Nth
    | DaysSince
    | Part,
    Field(discriminator="kind"),
]


# ---- predicates: here and not in a module of their own, because values and predicates hold each other


class Truth(Node):
    """A value that is itself yes or no: `email_opt_in`, `season.summer`."""

    kind: Literal["truth"] = "truth"
    value: Value


class Compare(Node):
    kind: Literal["compare"] = "compare"
    operator: Literal["=", "!=", "<", "<=", ">", ">="]
    left: Value
    right: Value


class Between(Node):
    """Inclusive at both ends."""

    kind: Literal["between"] = "between"
    value: Value
    low: Value
    high: Value


class InList(Node):
    kind: Literal["in_list"] = "in_list"
    value: Value
    items: tuple[Value, ...]
    negated: bool = False


class IsKnown(Node):
    """`is known`, or `is unknown` when negated."""

    kind: Literal["is_known"] = "is_known"
    value: Value
    negated: bool = False


class IsName(Node):
    """`customer is active`, `zone.appetency is low`, `email_opt_in is no`, `country is FR`."""

    kind: Literal["is_name"] = "is_name"
    value: Value
    name: Name


class Has(Node):
    """`has order in last 90 days`, or `no order …` when negated."""

    kind: Literal["has"] = "has"
    event: EventRef
    window: Window
    negated: bool = False


class Recent(Node):
    """`first order.at in last 30 days`."""

    kind: Literal["recent"] = "recent"
    value: Value
    duration: Duration


class InSegment(Node):
    kind: Literal["in_segment"] = "in_segment"
    name: Name


class And(Node):
    kind: Literal["and"] = "and"
    items: tuple["Predicate", ...]


class Or(Node):
    kind: Literal["or"] = "or"
    items: tuple["Predicate", ...]


class Not(Node):
    kind: Literal["not"] = "not"
    item: "Predicate"


Predicate = Annotated[
    Truth | Compare | Between | InList | IsKnown | IsName | Has | Recent | InSegment | And | Or | Not,
    Field(discriminator="kind"),
]

for _model in (
    InstantLiteral,
    EventRef,
    Arithmetic,
    Part,
    And,
    Or,
    Not,
    Has,
    Truth,
    Aggregate,
    Nth,
    DaysSince,
):
    _model.model_rebuild()
