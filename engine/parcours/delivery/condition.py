"""How a project is doing in operation: who works on its state, what the state says, and what is wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from parcours.delivery.health import faults_of_run, faults_of_state
from parcours.delivery.notes import Notes, read_notes
from parcours.diagnostics import Problem
from parcours.executor.lock import Holder, holder_of
from parcours.executor.status import Status, read_status

LATE = timedelta(hours=1)
"""How old the last tick may be where nothing says how often ticks are made."""


@dataclass(frozen=True, slots=True)
class Condition:
    """`holder` works on the state now; `notes` are those of a `run`, by `is_dead` one that ended without a word. `status` is
    that of the state, None where there is none yet; `is_busy`: in the middle of a tick nobody can look into the
    state, and the status is what was noted before it. `faults` is empty when all is well."""

    at: datetime
    holder: Holder | None
    notes: Notes | None
    is_dead: bool
    status: Status | None
    is_busy: bool
    faults: tuple[str, ...]

    @property
    def last_tick_at(self) -> datetime | None:
        """When the last tick was, by whoever knows more."""
        known = [self.notes.last_tick_at] if self.notes is not None else []
        if self.status is not None and self.status.last is not None:
            known.append(self.status.last.at)
        return max((at for at in known if at is not None), default=None)


def condition_of(state: Path, project: str, at: datetime, late: timedelta | None = None) -> Condition:
    """The condition as of `at`, naive UTC. `late`: how old the last tick may be; None: three intervals of the `run` that is
    going on, an hour where there is none. `Problem` when the state cannot be read."""
    holder, notes = holder_of(state), read_notes(state)
    if notes is not None and (holder is None or holder.process != notes.process):
        # it may have begun or ended in this moment
        holder, notes = holder_of(state), read_notes(state)
    is_dead = notes is not None and (holder is None or holder.process != notes.process)
    status, is_busy = _status(state, project, at, notes)
    if notes is not None and not is_dead:
        faults = faults_of_run(notes, at, late)
    else:
        last = status.last.at if status is not None and status.last is not None else None
        faults = faults_of_state(last, at, late or LATE)
    if is_dead and notes is not None:
        faults = (f"process {notes.process} ended without a word: it was {notes.doing}", *faults)
    return Condition(at, holder, notes, is_dead, status, is_busy, faults)


def _status(state: Path, project: str, at: datetime, notes: Notes | None) -> tuple[Status | None, bool]:
    """And whether it is only what was noted."""
    if not state.exists():
        return None, False
    noted = None if notes is None else notes.status
    try:
        return read_status(state, project, at, is_patient=noted is None), False
    except Problem as found:
        if noted is None or found.diagnostics[0].code != "state-locked":
            raise
        return noted, True
