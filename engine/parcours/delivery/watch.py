"""What a `run` knows of itself, as notes that are up to date: in memory for its own monitor, and in a file for others."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from parcours.delivery.notes import Doing, Failure, Notes, remove_notes, write_notes
from parcours.delivery.relay import Relayed
from parcours.delivery.running import Trouble, first_line
from parcours.diagnostics import CODES, Problem
from parcours.executor.status import Status


class Watch:
    """Keeps the notes on a state file until it is closed. `clock` says what time it is, naive UTC."""

    def __init__(
        self,
        state: Path,
        process: int,
        every: timedelta,
        clock: Callable[[], datetime],
        last_tick_at: datetime | None,
        status: Status,
    ) -> None:
        self._state = state
        self._clock = clock
        now = clock()
        self._notes = Notes(process, now, every, "waiting", now, last_tick_at, status=status)
        self._note()

    def notes(self) -> Notes:
        """As they are now; never changed, only replaced."""
        return self._notes

    def does(self, doing: Doing) -> None:
        self._note(doing=doing, since=self._clock())

    def waits(self, until: datetime) -> None:
        self._note(doing="waiting", since=self._clock(), next_at=until)

    def ticked(self, at: datetime) -> None:
        self._note(last_tick_at=at, failure=None)

    def relayed(self, relayed: Relayed) -> None:
        self._note(left_alone=tuple(sorted(relayed.left_alone)))

    def looked(self, status: Status) -> None:
        self._note(status=status)

    def failed(self, trouble: Trouble) -> None:
        """There was no tick. A clock that went back is no failure: time mends it."""
        if trouble.error is None:
            return
        now = self._clock()
        self._note(
            doing="waiting",
            since=now,
            next_at=trouble.next_at,
            failures=self._notes.failures + 1,
            failure=failure_of(trouble, now),
        )

    def close(self) -> None:
        remove_notes(self._state)

    def _note(self, **changes: Any) -> None:
        self._notes = replace(self._notes, **changes)
        # the file is for others; a disk that takes nothing is told by the tick that it stops
        with suppress(OSError):
            write_notes(self._state, self._notes)


def failure_of(trouble: Trouble, at: datetime) -> Failure:
    """What is noted of it."""
    error = trouble.error
    assert error is not None
    if isinstance(error, Problem):
        first = error.diagnostics[0]
        code, title, place = first.code, CODES[first.code].title, str(first.place)
    else:
        code, title, place = type(error).__name__, "", ""
    return Failure(at, code, title, first_line(error), place, trouble.times, trouble.next_at)
