"""The logbook: which ticks were made and what was handed over, in files beside the state that are only ever added to.

A state that is restored from a copy does not know what came after the copy; its logbook does. So the ticks that were lost
are made again at their own instants, by which every run and every send has the id that it had; and what had been handed over
gets its receipt, and is not handed over again. The state keeps how far it has read: what stands behind that is news to it."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from parcours.datamart.inbox import make_folder, sync
from parcours.diagnostics import problem
from parcours.engines.duckdb.engine import DuckDBEngine

if TYPE_CHECKING:
    from parcours.executor.result import TickResult
    from parcours.executor.tick import Executor

_TICK, _SENT = "tick", "sent"
_TORN = " torn"
"""The end of a line that was not written to its end: what it says may be the beginning of something else."""


def ticks(executor: "Executor", logbook: "Logbook", at: datetime) -> Iterator[tuple[datetime, "TickResult"]]:
    """Makes a tick, and before it those that a restored state has lost, each at its own instant: what has come of each of
    them, one after the other."""
    logbook.begin()
    last = executor.store.last_tick()
    for lost in logbook.lost_ticks(last[1], at) if last else ():
        yield lost, executor.tick(lost)
    result = executor.tick(at)
    logbook.ticked(at)
    yield at, result


def logbook_of(state: Path) -> Path:
    """The folder of the logbook of a state file."""
    return state.with_name(f"{state.name}.logbook")


@dataclass(frozen=True, slots=True)
class Position:
    """So many bytes of a file of the logbook."""

    file: str
    bytes: int


class Logbook:
    """The logbook in a folder, with a file for each month, and the state that is attached to the engine. A state that sees
    it for the first time takes nothing in it for its own."""

    def __init__(self, folder: Path, engine: DuckDBEngine) -> None:
        self._folder = folder
        self._engine = engine

    # ---- writing

    def ticked(self, at: datetime) -> None:
        """A tick was made, at an instant (naive UTC). `Problem` when it cannot be written."""
        self._append(at, [f"{_TICK} {at.isoformat()}"])

    def handed(self, ids: Sequence[str], at: datetime) -> None:
        """Sends were taken by a channel. `Problem` when it cannot be written."""
        self._append(at, [f"{_SENT} {send}" for send in ids])

    def _append(self, at: datetime, lines: Iterable[str]) -> None:
        # a clock that goes back begins no older file
        name = max(f"{at:%Y-%m}", self.end().file)
        path = self._folder / name
        try:
            make_folder(self._folder)
            is_new = not path.exists()
            with path.open("ab") as file:
                if file.tell() and not _ends_a_line(path):
                    file.write(f"{_TORN}\n".encode("ascii"))  # of one who died in the middle of a line
                file.write("".join(f"{line}\n" for line in lines).encode("ascii"))
                file.flush()
                os.fsync(file.fileno())
            if is_new:
                sync(self._folder)
        except OSError as error:
            said = (error.strerror or "it is gone").lower()
            raise problem("state-unwritable", f"the logbook cannot be written: {said}", str(path)) from error

    # ---- reading

    def end(self) -> Position:
        name = max(self._files(), default="")
        return Position(name, (self._folder / name).stat().st_size if name else 0)

    def lost_ticks(self, last: datetime, before: datetime) -> list[datetime]:
        """The instants of the ticks that are news to the state, whose own last one was at `last`, up to `before`."""
        return sorted({at for at in map(datetime.fromisoformat, self._news(_TICK)) if last < at < before})

    def handed_over(self) -> list[str]:
        """The ids of the sends of which it is news to the state that a channel has taken them."""
        return list(self._news(_SENT))

    def _news(self, kind: str) -> Iterator[str]:
        """What the lines of a kind say behind the position of the state."""
        known = self._position()
        for name in sorted(self._files()):
            if name < known.file:
                continue
            with (self._folder / name).open("rb") as file:
                file.seek(known.bytes if name == known.file else 0)
                for line in file.read().decode("ascii", "replace").splitlines(keepends=True):
                    word, _, said = line.rstrip("\n").partition(" ")
                    if word == kind and line.endswith("\n") and not line.endswith(f"{_TORN}\n"):
                        yield said

    def _files(self) -> list[str]:
        return [file.name for file in self._folder.iterdir()] if self._folder.is_dir() else []

    # ---- the state's side

    def begin(self) -> None:
        """A state that has no position begins at the end."""
        if not self._engine.run_text("SELECT 1 FROM state.logbook"):
            self.settle(self.end())

    def is_read(self) -> bool:
        """Whether the state has made all ticks of which the logbook tells. Until then it must not go on in it: what was
        handed over of a tick that is still to be made again would be forgotten."""
        ((last,),) = self._engine.run_text("SELECT max(ticked_at) FROM state.tick")
        return last is None or not self.lost_ticks(last, datetime.max)

    def settle(self, position: Position) -> None:
        """The state has read so far: within the transaction of whoever writes what came of it."""
        self._engine.run_text("DELETE FROM state.logbook")
        self._engine.run_text("INSERT INTO state.logbook VALUES (?, ?)", [position.file, position.bytes])

    def _position(self) -> Position:
        rows = self._engine.run_text("SELECT file, bytes FROM state.logbook")
        return Position(*rows[0]) if rows else self.end()


def _ends_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
