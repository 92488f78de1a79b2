"""The checked project: journeys and policy with every predicate a typed term.

Everything here is frozen and free of places except where `place` is a field of its own, which the content
hash of a version leaves out."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

from parcours.checking.terms import Attribute, Captured, Events, Term
from parcours.clock.calendar import Recurrence
from parcours.clock.span import Span
from parcours.diagnostics import Place

# ---- moments (T13, T14)


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

# ---- steps; `name` is the stable name that versions are compared by


@dataclass(frozen=True, slots=True)
class Wait:
    name: str
    span: Span
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class WaitUntil:
    name: str
    moment: Moment
    text: str = field(compare=False, repr=False)
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class WaitEvent:
    """`captures`: the fields of the event that later steps read, with their SQL types."""

    name: str
    events: Events
    up_to: Span
    captures: tuple[tuple[str, str], ...]
    then: tuple["Step", ...]
    otherwise: tuple["Step", ...]
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Send:
    """`channels` in the order in which they are tried; the first that is possible sends."""

    name: str
    message: str
    channels: tuple[str, ...]
    unless: Term | None
    keep_for: Span | None
    if_not_sent: tuple["Step", ...]
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class If:
    """`texts` are the conditions as written, for pictures and explanations."""

    name: str
    branches: tuple[tuple[Term, tuple["Step", ...]], ...]
    otherwise: tuple["Step", ...]
    texts: tuple[str, ...] = field(compare=False, repr=False)
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Split:
    """Arms in order: percent, name, steps. `key` is what T17 hashes before the contact's key."""

    name: str
    key: str
    arms: tuple[tuple[Decimal, str, tuple["Step", ...]], ...]
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Exit:
    name: str
    outcome: str
    place: Place = field(compare=False, repr=False)


Step = Wait | WaitUntil | WaitEvent | Send | If | Split | Exit

# ---- who enters


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


Trigger = EventTrigger | GroupTrigger | ScheduleTrigger | DateTrigger


@dataclass(frozen=True, slots=True)
class Enter:
    """`entry_captures`, `event_captures`: the (field, SQL type) of the entering event that later steps read as
    `entry.…` and `event.…`. `after` only with `again`."""

    trigger: Trigger
    condition: Term | None
    again: bool
    after: Span | None
    key: Captured | None
    max_age: Span
    entry_captures: tuple[tuple[str, str], ...]
    event_captures: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Goal:
    name: str
    events: Events
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Leave:
    outcome: str
    predicate: Term
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Journey:
    name: str
    doc: str = field(compare=False, repr=False)
    purpose: str
    priority: int
    enter: Enter
    enter_text: str = field(compare=False, repr=False)
    goals: tuple[Goal, ...]
    leaves: tuple[Leave, ...]
    steps: tuple[Step, ...]
    place: Place = field(compare=False, repr=False)


# ---- policy: always the newest, never part of a version (T18)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Quiet from `start` to `end` (local minutes, half-open, may run over midnight), or whole `days`."""

    text: str
    start: int
    end: int
    days: tuple[int, ...]
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Channel:
    """`suppressed`: (event name, term that is yes when such an event closes the channel)."""

    name: str
    address: Attribute
    consent: Term
    suppressed: tuple[tuple[str, Term], ...]
    quiet: tuple[Quiet, ...]
    place: Place = field(compare=False, repr=False)
    consent_place: Place = field(compare=False, repr=False)
    address_place: Place = field(compare=False, repr=False)


SelectorKind = Literal["all", "channel", "purpose", "topic", "journey", "message"]


@dataclass(frozen=True, slots=True)
class Selector:
    kind: SelectorKind
    name: str


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `count` of `selector` in any rolling `span`, for contacts for whom `condition` is yes."""

    text: str
    count: int
    selector: Selector
    span: Span
    condition: Term | None
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Never:
    """`never WHAT for PREDICATE`: a final gate."""

    text: str
    selector: Selector
    condition: Term
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Policy:
    channels: tuple[Channel, ...]
    exempt: tuple[Selector, ...]
    never: tuple[Never, ...]
    caps: tuple[Cap, ...]
    keep_held: Span


@dataclass(frozen=True, slots=True)
class Message:
    name: str
    topic: str
    expires: Span | None
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class CheckedProject:
    name: str
    time_zone: str
    events: tuple[str, ...]  # all mapped kinds, sorted
    journeys: tuple[Journey, ...]  # sorted by name
    messages: tuple[Message, ...]
    policy: Policy
