"""Checked steps; `name` is the stable name that versions are compared by."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from parcours.checking.checked.moments import Moment
from parcours.checking.terms import Attribute, Events, Learned, Term
from parcours.clock.span import Span
from parcours.diagnostics import Place


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
    """`offering 3 from cross_sell where …`.

    `event` and `item`: of which the rules speak, so what contacts have bought. `hash`: of their declaration; only what was
    learned of that is read. `group`: the group of a contact whose best sellers are offered when the rules offer too few;
    None where no clusters are declared."""

    count: int
    rules: str
    where: Term | None
    event: str = ""
    item: str = ""
    hash: str = ""
    group: Learned | None = None


Choice = Literal["one", "first_of", "all_of", "best_of"]


@dataclass(frozen=True, slots=True)
class Send:
    """`channels` as written: `one`; `first_of` in order, the first that is possible sends; `all_of`, each on its
    own; `best_of`, the possible one with the highest response, ties in this order. `best_hour`: at the best hour,
    if that begins within so long a time; None: at any hour."""

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
