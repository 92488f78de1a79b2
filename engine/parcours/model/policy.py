"""How we may speak to people: channels and marketing pressure."""

from typing import Annotated, Literal

from pydantic import Field

from parcours.model.moments import Days, Period
from parcours.model.node import Name, Node
from parcours.model.values import Duration, Money, Path, Predicate, TimeOfDay


class QuietHours(Node):
    """`quiet from 21:00 to 08:00`: half-open, on the contact's wall clock, may run over midnight."""

    kind: Literal["quiet_hours"] = "quiet_hours"
    start: TimeOfDay
    end: TimeOfDay


class QuietDays(Node):
    """`quiet on sunday`."""

    kind: Literal["quiet_days"] = "quiet_days"
    days: Days


class QuietHolidays(Node):
    """`quiet on holidays`."""

    kind: Literal["quiet_holidays"] = "quiet_holidays"


Quiet = Annotated[QuietHours | QuietDays | QuietHolidays, Field(discriminator="kind")]


class OpeningHours(Node):
    """`open weekdays from 09:00 to 18:00`."""

    days: Days
    start: TimeOfDay
    end: TimeOfDay


class Doubling(Node):
    """`doubling every 3 days up to 200000`."""

    every: Duration
    up_to: int


class Capacity(Node):
    """`at most 200000 per day` in a channel."""

    count: int
    period: Period
    doubling: Doubling | None = None


class Channel(Node):
    kind: Literal["channel"] = "channel"
    name: Name
    doc: str = ""
    address: Path | None = None
    consent: Predicate | None = None
    cost: Money | None = None
    quiet: tuple[Quiet, ...] = ()
    opening: tuple[OpeningHours, ...] = ()
    capacity: tuple[Capacity, ...] = ()


class Selector(Node):
    """What a rule speaks of: `messages`, a channel, `purpose X`, `topic X`, `journey X`, `message X`.

    `kind` is `name` for a bare word: `messages` / `message`, or a channel with or without its plural s."""

    kind: Literal["name", "purpose", "topic", "journey", "message"]
    name: Name

    def __str__(self) -> str:
        return self.name.text if self.kind == "name" else f"{self.kind} {self.name.text}"


class Keep(Node):
    """`keep 1 for priority from 70`."""

    count: int
    priority: int


class Exempt(Node):
    kind: Literal["exempt"] = "exempt"
    selector: Selector


class Cap(Node):
    """`at most N WHAT per WINDOW [for PREDICATE] [per ATTRIBUTE] [, keep K for priority from P]`."""

    kind: Literal["cap"] = "cap"
    count: int
    selector: Selector
    period: Period
    condition: Predicate | None = None
    per: Name | None = None
    keep: Keep | None = None
    counting_exempt: bool = False


class Spacing(Node):
    """`at least D between WHAT and WHAT`: both ways."""

    kind: Literal["spacing"] = "spacing"
    duration: Duration
    first: Selector
    second: Selector


class NotAfter(Node):
    """`no WHAT within D after WHAT`: one way."""

    kind: Literal["not_after"] = "not_after"
    selector: Selector
    duration: Duration
    after: Selector


class Never(Node):
    kind: Literal["never"] = "never"
    selector: Selector
    condition: Predicate


class HonourPreferences(Node):
    kind: Literal["honour_preferences"] = "honour_preferences"


class LostContact(Node):
    kind: Literal["lost_contact"] = "lost_contact"
    cost: Money


class Arbitrate(Node):
    """`arbitrate by priority, then value`."""

    kind: Literal["arbitrate"] = "arbitrate"
    by: tuple[Name, ...]


class KeepHeld(Node):
    """`keep held messages for 2 days`."""

    kind: Literal["keep_held"] = "keep_held"
    duration: Duration


PressureRule = Annotated[
    Exempt | Cap | Spacing | NotAfter | Never | HonourPreferences | LostContact | Arbitrate | KeepHeld,
    Field(discriminator="kind"),
]


class Pressure(Node):
    kind: Literal["pressure"] = "pressure"
    rules: tuple[PressureRule, ...]
