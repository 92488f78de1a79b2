"""What the commands that change a state have in common: which state, and at what instant."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter_ns, process_time_ns
from typing import TYPE_CHECKING

import click

from parcours.cli.opening import opened_without_error

if TYPE_CHECKING:
    from parcours.delivery.logbook import Logbook
    from parcours.executor.tick import Executor

AT = click.option(
    "--at",
    "instant",
    metavar="TIME",
    help="The instant, on the project's clock.  [default: now]",
)
STATE = click.option(
    "--state",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The DuckDB file of the state.  [default: state/state.duckdb in the project]",
)


def state_of(project: Path, state: Path | None) -> Path:
    """The file of the state."""
    return state or project / "state" / "state.duckdb"


@contextmanager
def alone(project: Path, state: Path | None) -> Iterator[None]:
    """Nobody else ticks or relays on the state until the end of the block. Where there is no project there is nothing to
    lock: whoever opens it says so."""
    from parcours.delivery.notes import remove_notes
    from parcours.executor.lock import locked

    if not project.is_dir():
        yield
        return
    where = state_of(project, state)
    with locked(where, now()):
        remove_notes(where)  # of a `run` that was killed
        yield


@contextmanager
def executor_at(
    project: Path, state: Path | None, instant: str | None
) -> Iterator["tuple[Executor, datetime]"]:
    """The executor over a project's state, and the instant that was meant, naive UTC."""
    from parcours.executor.opening import open_executor
    from parcours.simulator.options import first_instant

    with opened_without_error(project) as loaded:
        assert loaded.checked is not None
        at = now() if instant is None else first_instant(instant, loaded.checked.time_zone, "--at")
        yield open_executor(loaded, state_of(project, state), meter), at


def logbook_at(project: Path, state: Path | None, executor: "Executor") -> "Logbook":
    """The logbook beside the state of an executor."""
    from parcours.delivery.logbook import Logbook, logbook_of

    return Logbook(logbook_of(state_of(project, state)), executor.engine)


def meter() -> tuple[int, int]:
    """Microseconds of wall clock and of CPU: what the stages of a tick cost."""
    return perf_counter_ns() // 1000, process_time_ns() // 1000


def now() -> datetime:
    """The machine's clock as an instant of ours: naive UTC, whole seconds. Nothing else asks it."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)  # noqa: TID251


def known_journey(executor: "Executor", name: str) -> str:
    """The name of a journey that runs, in whatever version. `Problem` for one that is none."""
    from parcours.diagnostics.nearest import no_such

    known = sorted({flight.journey.name for flight in executor.fleet.flights})
    if name not in known:
        raise no_such("unknown-journey", f"`{name}` is no journey", "JOURNEY", name, known, "the journeys")
    return name


def shown(executor: "Executor", at: datetime) -> str:
    """An instant on the project's clock."""
    from parcours.clock.zones import to_local

    zone = executor.program.project.time_zone
    return f"{to_local(zone, at):%Y-%m-%d %H:%M} ({zone})"


def many(count: int, one: str, more: str = "") -> str:
    """A number with its noun."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"
