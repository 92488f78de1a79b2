"""What can be spoken of at a place of a generated project: the generator's own notion of scope."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from differential.shop import FIELDS, HISTORY_FIELDS, SENDS, SHARED_FIELDS, Kind, Lane


@dataclass(frozen=True)
class EventKind:
    """A kind of event as the project calls it; `fields` by name, with SQL types, `at` left out. `has_cause`: each event
    says which message caused it."""

    name: str
    fields: Mapping[str, str]
    has_cause: bool = False


@dataclass(frozen=True)
class Around:
    """`begin`: when the ticks begin, so that dates and instants lie near. `entry`, `event`: the kinds of the entering
    event and of the one that woke the run, where that is certain. `inside`: the kind between whose brackets we are.
    `kinds` are those that can be asked for; `words`: what a text column of history events may hold.
    `learned`: how what is learned of a contact is written, by the kind of the value."""

    lane: Lane
    begin: datetime
    kinds: tuple[EventKind, ...]
    segments: tuple[str, ...] = ()
    lifecycles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    seasons: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    in_run: bool = False
    entry: EventKind | None = None
    event: EventKind | None = None
    inside: EventKind | None = None
    learned: Mapping[Kind, tuple[str, ...]] = field(default_factory=dict)

    def inside_of(self, kind: EventKind) -> "Around":
        return replace(self, inside=kind)

    def before_any_run(self) -> "Around":
        return replace(self, in_run=False, entry=None, event=None, inside=None)


def own_kinds(lane: Lane) -> tuple[EventKind, ...]:
    """The kinds of events that a lane has for itself."""
    return tuple(EventKind(lane(name), fields, name in SENDS) for name, fields in FIELDS.items())


def shared_kinds() -> tuple[EventKind, ...]:
    """Kinds that every case may ask for: those that close channels, and the executor's history."""
    history = {name: dict.fromkeys(fields, "VARCHAR") for name, fields in HISTORY_FIELDS.items()}
    return tuple(
        EventKind(name, fields, name in ("sent", "not_sent"))
        for name, fields in {**SHARED_FIELDS, **history}.items()
    )
