"""What is told of a contact, as data: for people and programs alike. Instants are naive UTC."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal[
    "entered",
    "refused",
    "waits",
    "waited",
    "branch",
    "held",
    "sent",
    "not_sent",
    "set",
    "recorded",
    "started",
    "moved",
    "paused",
    "resumed",
    "left",
]


@dataclass(frozen=True, slots=True)
class Fact:
    """`text` is what is known, or what was asked; then `says` is the answer: yes, no, unknown or a value. `todays`: the
    answer is the one of today, because nothing keeps what it was. `parts` are what it was found by."""

    text: str
    says: str = ""
    todays: bool = False
    parts: tuple["Fact", ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """Which run of which journey. `entry_at` is when what started it happened; `version` that of the state."""

    journey: str
    version: int
    key: str
    entry_at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened in a tick, or between two. `place` is where the rule or the step stands: FILE:LINE, with the
    version of the journey as it was then. `change`: what would have to be otherwise for another end."""

    at: datetime
    kind: Kind
    run: Run
    text: str
    place: str = ""
    facts: tuple[Fact, ...] = ()
    change: str = ""


@dataclass(frozen=True, slots=True)
class Stay:
    """A run as a whole: `outcome` is None while it goes on, then `step` is where it stands and `due_at` until when. `status`
    of its version: the newest, an older one, or gone from the files."""

    run: Run
    entered_at: datetime
    outcome: str | None
    left_at: datetime | None
    step: str
    due_at: datetime | None
    status: Literal["newest", "older", "gone"]


@dataclass(frozen=True, slots=True)
class Check:
    """One condition for being in a journey: `passes` is None where nothing has to be asked because another stops before."""

    name: str
    passes: bool | None
    text: str
    place: str = ""
    facts: tuple[Fact, ...] = ()
    change: str = ""


@dataclass(frozen=True, slots=True)
class Absence:
    """Why a contact is not in a journey now. `checks` in the order in which a tick asks; the first that does not pass is the
    reason. `sends`: what would stop the messages of the journey besides."""

    journey: str
    text: str
    checks: tuple[Check, ...]
    sends: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """All that is told of a contact. `as_of` is the last tick; `elsewhere` names the journeys in which the contact is not."""

    contact: str
    zone: str
    as_of: datetime | None
    first: datetime | None
    last: datetime | None
    stays: tuple[Stay, ...]
    lines: tuple[Line, ...]
    absence: Absence | None
    elsewhere: tuple[str, ...]
