"""Who enters: checked triggers and the clauses below them (T8–T11)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from parcours.checking.checked.moments import Period
from parcours.checking.terms import Attribute, Captured, Events, Term
from parcours.clock.calendar import Recurrence
from parcours.clock.span import Span


@dataclass(frozen=True, slots=True)
class EventTrigger:
    events: Events


@dataclass(frozen=True, slots=True)
class Group:
    """What is refreshed and remembered: a segment (stages = () ) or a lifecycle. Terms are never unknown."""

    name: str
    stages: tuple[tuple[str, Term], ...]
    refresh: Span
    is_segment: bool

    def named(self, stage: str) -> str:
        """What those in a stage are called: `customer is active`; those in a segment by its name."""
        return self.name if self.is_segment else f"{self.name} is {stage}"


@dataclass(frozen=True, slots=True)
class GroupTrigger:
    """A change of the stored value of a group: into `value` (None: out of the segment), from `after` if given."""

    group: Group
    value: str | None
    after: str | None = None
    including_members: bool = False


@dataclass(frozen=True, slots=True)
class ScheduleTrigger:
    recurrence: Recurrence
    predicate: Term | None


@dataclass(frozen=True, slots=True)
class DateTrigger:
    """A date of the contact moved by `span` × `sign`, at so many local minutes since midnight; every year when
    `yearly` (an anniversary: then without a span)."""

    attribute: Attribute
    minutes: int
    yearly: bool
    span: Span | None = None
    sign: Literal[1, -1] = 1


@dataclass(frozen=True, slots=True)
class HandTrigger:
    """`enter by hand`: `parcours enter`, or an API call."""


Trigger = EventTrigger | GroupTrigger | ScheduleTrigger | DateTrigger | HandTrigger


@dataclass(frozen=True, slots=True)
class Enter:
    """`entry_captures`, `event_captures`: the (field, SQL type) of the entering event that later steps read as
    `entry.…` and `event.…`. `after` only with `again`. `hold_out` in percent; `cap`: at most so many entries per
    period."""

    trigger: Trigger
    condition: Term | None
    again: bool
    after: Span | None
    key: Captured | None
    max_age: Span
    entry_captures: tuple[tuple[str, str], ...]
    event_captures: tuple[tuple[str, str], ...]
    hold_out: Decimal | None = None
    cap: tuple[int, Period] | None = None
