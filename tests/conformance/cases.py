"""What a case holds: a small world, when it ticks, and everything that must come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

PARTS = ("entries", "waits", "exits", "messages", "held", "not sent", "refused")
"""What an engine tells of, and what a case may look at."""


@dataclass(frozen=True, order=True)
class Row:
    """One thing that happened at an instant (naive UTC). `what` is the sentence without its time, as cases write it;
    `part` is the one of PARTS to which it belongs."""

    at: datetime
    what: str
    part: str = field(compare=False)

    def __str__(self) -> str:
        return f"{shown(self.at)} {self.what}"


@dataclass(frozen=True)
class Event:
    """A row of an event's table. Two of the same `id` are the same event twice; of None, each is its own (T4)."""

    kind: str
    contact: str
    at: datetime
    loaded: datetime
    id: str | None
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Learned:
    """What was learned as of an instant, by contact and part (`probability`, `zone`, `group` …): of the declaration `kind
    name` as the files have it at that instant (A1, A2)."""

    as_of: datetime
    kind: str
    name: str
    says: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Edit:
    """From the first tick at or after `at` on, these journeys and this policy hold (T18)."""

    at: datetime
    journeys: str
    policy: str
    apply: str = "finish"
    steps: Mapping[str, str] = field(default_factory=dict)
    """where those go who stand at a step that the new version does not have, for `apply: move`"""
    refused: str = ""
    """the code of the problem for which nobody is moved; the new files hold all the same, and everybody finishes"""


@dataclass(frozen=True)
class Asked:
    """`contact` is asked into `journey` by hand (section 4 of the language; T7 says when it enters)."""

    at: datetime
    contact: str
    journey: str


@dataclass(frozen=True)
class Pause:
    """`journey` is paused for every tick in [`start`, `end`); the first tick from `end` on resumes it (T19)."""

    journey: str
    start: datetime
    end: datetime
    overdue: str


@dataclass(frozen=True)
class Case:
    """`errors`: what the check says, `code at line:column` of the text; then nothing runs. `looks_at`: the parts in
    which `expect` is complete. `differs`: which engine is known to be wrong here, and why."""

    rule: str
    name: str
    place: str
    journeys: str
    policy: str = ""
    zone: str = "UTC"
    contacts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    ticks: tuple[datetime, ...] = ()
    edits: tuple[Edit, ...] = ()
    pauses: tuple[Pause, ...] = ()
    asked: tuple[Asked, ...] = ()
    looks_at: tuple[str, ...] = PARTS
    expect: tuple[Row, ...] = ()
    errors: tuple[str, ...] = ()
    differs: Mapping[str, str] = field(default_factory=dict)
    learned: tuple[Learned, ...] = ()

    @property
    def is_about_errors(self) -> bool:
        return bool(self.errors)


def shown(moment: datetime) -> str:
    """As cases write it: seconds only when there are some, and always UTC."""
    text = str(moment)
    return text.removesuffix(":00") if not moment.second and not moment.microsecond else text
