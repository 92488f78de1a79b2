"""`parcours tick`."""

from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter_ns, process_time_ns

import click

from parcours.cli.opening import PROJECT, opened_to_run
from parcours.cli.streams import say


@click.command(
    "tick",
    epilog="\b\nExamples:\n  parcours tick examples/shop\n  parcours tick examples/shop --at '2026-03-01 09:00'",
)
@PROJECT
@click.option(
    "--at",
    "instant",
    metavar="TIME",
    help="The instant, on the project's clock.  [default: now]",
)
@click.option(
    "--state",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The DuckDB file of the state.  [default: state/state.duckdb in the project]",
)
def command(project: Path, instant: str | None, state: Path | None) -> None:
    """Move everybody to one instant, and keep the state.

    The first tick is the base line: it starts nobody. Messages are written to the outbox of the state; nothing
    delivers them yet.
    """
    from parcours.clock.zones import to_local
    from parcours.executor.opening import open_executor
    from parcours.simulator.options import first_instant

    with opened_to_run(project) as loaded:
        assert loaded.checked is not None
        zone = loaded.checked.time_zone
        at = _now() if instant is None else first_instant(instant, zone, "--at")
        executor = open_executor(loaded, state or project / "state" / "state.duckdb", _meter)
        result = executor.tick(at)
        say(
            f"tick {result.tick} at {to_local(zone, at):%Y-%m-%d %H:%M} ({zone}): "
            f"{result.entered:,} entered, {result.refused:,} refused, {result.ended:,} ended; "
            f"{result.granted:,} message{'' if result.granted == 1 else 's'} granted, {result.held:,} held, {result.not_sent:,} not sent"
        )


def _meter() -> tuple[int, int]:
    """Microseconds of wall clock and of CPU: what the stages of the tick cost."""
    return perf_counter_ns() // 1000, process_time_ns() // 1000


def _now() -> datetime:
    """The machine's clock as an instant of ours: naive UTC, whole seconds. Nothing else asks it."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)  # noqa: TID251
