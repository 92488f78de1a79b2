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
class WaitCondition:
    """`wait until PREDICATE up to D` (T16)."""

    name: str
    predicate: Term
    up_to: Span
    then: tuple["Step", ...]
    otherwise: tuple["Step", ...]
    text: str = field(compare=False, repr=False)
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Offering:
    """`offering 3 from cross_sell where …`."""

    count: int
    rules: str
    where: Term | None


Choice = Literal["one", "first_of", "all_of", "best_of"]


@dataclass(frozen=True, slots=True)
class Send:
    """`channels` as written: `one`; `first_of` in order, the first that is possible sends; `all_of`, each on its
    own; `best_of`, the possible one with the highest response, ties in this order. `best_hour`: at the best hour
    of so long a time; zero minutes when none is written."""

    name: str
    message: str
    channels: tuple[str, ...]
    unless: Term | None
    keep_for: Span | None
    if_not_sent: tuple["Step", ...]
    place: Place = field(compare=False, repr=False)
    choice: Choice = "first_of"
    offering: Offering | None = None
    best_hour: Span | None = None

    @property
    def most_messages(self) -> int:
        """How many messages it can send a contact at once."""
        return len(self.channels) if self.choice == "all_of" else 1


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
class Experiment:
    """`test NAME measured by GOAL`: arms and key as in `Split`."""

    name: str
    key: str
    goal: str
    arms: tuple[tuple[Decimal, str, tuple["Step", ...]], ...]
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Repeat:
    """The steps at most `times` times; before each time, the first too, `until` is looked at."""

    name: str
    times: int
    until: Term | None
    steps: tuple["Step", ...]
    text: str = field(compare=False, repr=False)
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SetAttribute:
    name: str
    attribute: Attribute
    value: Term
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Record:
    """`bindings`: the fields of the recorded event and their values."""

    name: str
    event: str
    bindings: tuple[tuple[str, Term], ...]
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Start:
    name: str
    journey: str
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class GoTo:
    """`target` is the name of the step that carries the label."""

    name: str
    target: str
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Exit:
    name: str
    outcome: str
    place: Place = field(compare=False, repr=False)


Step = (
    Wait
    | WaitUntil
    | WaitEvent
    | WaitCondition
    | Send
    | If
    | Split
    | Experiment
    | Repeat
    | SetAttribute
    | Record
    | Start
    | GoTo
    | Exit
)

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


@dataclass(frozen=True, slots=True)
class HandTrigger:
    """`enter by hand`: `parcours enter`, or an API call."""


Trigger = EventTrigger | GroupTrigger | ScheduleTrigger | DateTrigger | HandTrigger


@dataclass(frozen=True, slots=True)
class Period:
    """What a limit counts over: any stretch of `span` (rolling), or the contact's calendar day, week, month or
    year (calendar; then `span` is one of that unit)."""

    kind: Literal["rolling", "calendar"]
    span: Span


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


@dataclass(frozen=True, slots=True)
class Needs:
    """`needs EVENT fresh within D, else wait up to D`."""

    event: str
    within: Span
    wait: Span | None
    place: Place = field(compare=False, repr=False)


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
    needs: tuple[Needs, ...] = ()
    budget: tuple[Decimal, Period] | None = None


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
class Opening:
    """Open on these days (ISO numbers) from `start` to `end` (local minutes, half-open)."""

    text: str
    start: int
    end: int
    days: tuple[int, ...]
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Capacity:
    """At most `count` messages of the channel per period; `doubling`: (every, up to)."""

    text: str
    count: int
    period: Period
    doubling: tuple[Span, int] | None
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Channel:
    """`suppressed`: (event name, term that is yes when such an event closes the channel). `cost` of a message in
    the project's currency. `quiet_holidays` is where that is said, None when it is not."""

    name: str
    address: Attribute
    consent: Term
    suppressed: tuple[tuple[str, Term], ...]
    quiet: tuple[Quiet, ...]
    place: Place = field(compare=False, repr=False)
    consent_place: Place = field(compare=False, repr=False)
    address_place: Place = field(compare=False, repr=False)
    cost: Decimal = Decimal(0)
    quiet_holidays: Place | None = field(default=None, compare=False, repr=False)
    opening: tuple[Opening, ...] = ()
    capacity: tuple[Capacity, ...] = ()


SelectorKind = Literal["all", "channel", "purpose", "topic", "journey", "message"]


@dataclass(frozen=True, slots=True)
class Selector:
    kind: SelectorKind
    name: str


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `count` of `selector` per `period`, for contacts for whom `condition` is yes. `per`: counted over
    all contacts with the same value of this attribute. `keep`: (so many, for priorities from)."""

    text: str
    count: int
    selector: Selector
    period: Period
    condition: Term | None
    place: Place = field(compare=False, repr=False)
    per: Attribute | None = None
    keep: tuple[int, int] | None = None
    counting_exempt: bool = False


@dataclass(frozen=True, slots=True)
class Spacing:
    """At least `span` between a message of `first` and one of `second`, whichever comes first; when `one_way`,
    only no `second` so soon after a `first`."""

    text: str
    span: Span
    first: Selector
    second: Selector
    one_way: bool
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
    spacing: tuple[Spacing, ...] = ()
    honours_preferences: bool = False
    lost_contact: Decimal | None = None
    by_value_first: bool = False


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
