"""The checked policy: always the newest, never part of a version (T18)."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from parcours.checking.checked.moments import Period
from parcours.checking.terms import Attribute, Term
from parcours.clock.span import Span
from parcours.diagnostics import Place

NO_COST = Decimal(0)


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
    cost: Decimal = NO_COST
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
class Wish:
    """P10: what a contact has asked for closes messages of `selector`: while `condition` is yes; until the date or instant
    `until`; or, with a `period`, when `condition` is yes and one has gone out within it. `season`: the (month, day) on
    which the condition ends to be yes."""

    text: str
    selector: Selector
    place: Place = field(compare=False, repr=False)
    condition: Term | None = None
    until: Term | None = None
    period: Period | None = None
    season: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    channels: tuple[Channel, ...]
    exempt: tuple[Selector, ...]
    never: tuple[Never, ...]
    caps: tuple[Cap, ...]
    keep_held: Span
    spacing: tuple[Spacing, ...] = ()
    wishes: tuple[Wish, ...] = ()
    lost_contact: Decimal | None = None
    ranked_by: tuple[Literal["priority", "value"], ...] = ("priority",)
