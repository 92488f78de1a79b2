"""What `parcours run` notes of itself, in a file beside the state: for those who ask how it is doing while it holds the state."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from parcours.executor.status import Status

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Doing = Literal["waiting", "ticking", "relaying"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there was no tick: `code`, `title` and `place` of the diagnostic, or the name of an error that is none of ours
    and no title. `message` says it in full, and may name a contact: it goes nowhere but into this file. `times` is
    how many tries in a row have failed, and `next_at` when the next one is."""

    at: datetime
    code: str
    title: str
    message: str
    place: str
    times: int
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Notes:
    """`every` is from tick to tick; `last_tick_at` is None before the first; `next_at` is when the next one is due;
    `left_alone` are the channels that did not answer in the last run of the relay; `failures` counts the tries without a
    tick since it was started; `status` is that of the state when it was last looked at. Instants are naive UTC."""

    process: int
    started_at: datetime
    every: timedelta
    doing: Doing
    since: datetime
    last_tick_at: datetime | None = None
    next_at: datetime | None = None
    failure: Failure | None = None
    failures: int = 0
    left_alone: tuple[str, ...] = ()
    status: Status | None = None


def notes_of(state: Path) -> Path:
    """Where the notes on a state file stand."""
    return state.with_name(f"{state.name}.run")


def write_notes(state: Path, notes: Notes) -> None:
    """In place of those before, whole or not at all. OSError when it cannot be."""
    path = notes_of(state)
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        unfinished.write_bytes(_adapter().dump_json(notes))
        unfinished.chmod(0o640)
        unfinished.replace(path)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def read_notes(state: Path) -> Notes | None:
    """The notes on a state file; None when there are none, or none of ours."""
    try:
        return _adapter().validate_json(notes_of(state).read_bytes())
    except (OSError, ValueError):
        return None


def remove_notes(state: Path) -> None:
    """Nothing is going on any more. A file that cannot be removed stays."""
    with suppress(OSError):
        notes_of(state).unlink(missing_ok=True)


def _adapter() -> "TypeAdapter[Notes]":
    from pydantic import TypeAdapter

    return TypeAdapter(Notes)
