"""The process that ticks every hour and relays twice an hour, on a clock of its own: it may be killed at any moment and begun
again.

    python fortnight_child.py FOLDER FIRST HOURS

It tells each tick before it begins with it, by its number, and in the end that it is done."""

import os
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from parcours.delivery import loop
from parcours.delivery.logbook import Logbook, logbook_of
from parcours.delivery.opening import open_relay
from parcours.executor.lock import locked
from parcours.executor.opening import open_executor
from parcours.workspace.load import load

HOUR, HALF = timedelta(hours=1), timedelta(minutes=30)
LONGEST = 40
"""Hours after the last tick: by then everything is handed over or given up."""


@dataclass
class Clock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now


def tell(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def live(folder: Path, first: datetime, hours: int) -> None:
    state = folder / "state" / "state.duckdb"
    with locked(state, first):
        loaded = load(folder, os.environ)
        assert loaded.checked is not None, [d.message for d in loaded.diagnostics]
        executor, clock = open_executor(loaded, state), Clock(first)
        logbook = Logbook(logbook_of(state), executor.engine)
        relay = open_relay(loaded, executor, folder, os.environ, clock, logbook=logbook)
        last = executor.store.last_tick()
        for hour in range(hours):
            at = first + hour * HOUR
            if last is not None and at < last[1]:
                continue
            tell(hour)
            if last is None or at > last[1]:
                executor.tick(at)
            for clock.now in (at, at + HALF):
                loop.run(relay.run())
        for hour in range(hours, hours + LONGEST):
            clock.now = first + hour * HOUR
            tell(hour)
            if not loop.run(relay.run()).waiting:
                break
        executor.engine.close()
    tell("done")


if __name__ == "__main__":
    live(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), int(sys.argv[3]))
