"""`parcours tick`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from parcours.cli.opening import PROJECT
from parcours.cli.state import AT, STATE, alone, executor_at, logbook_at, many, now, shown
from parcours.cli.streams import say, tell
from parcours.cli.writing import write_file

if TYPE_CHECKING:
    from parcours.executor.result import TickResult
    from parcours.executor.tick import Executor


@click.command(
    "tick",
    epilog="\b\nExamples:\n  parcours tick examples/shop\n  parcours tick examples/shop --at '2026-03-01 09:00'",
)
@PROJECT
@AT
@click.option(
    "--metrics",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write metrics for Prometheus into FILE, for the textfile collector of its node exporter.",
)
@STATE
def command(project: Path, instant: str | None, metrics: Path | None, state: Path | None) -> None:
    """Move everybody to one instant, and keep the state.

    The first tick is the base line: it starts nobody. A state that was restored from a copy first makes the ticks again
    that it has lost. Messages are written to the outbox of the state; `parcours
    relay` hands them over, and `parcours run` does both, again and again.
    """
    from parcours.delivery.logbook import ticks
    from parcours.executor.unlearned import warning

    if metrics is not None:
        from parcours.delivery.metrics import need_metrics

        need_metrics("--metrics")
    with alone(project, state), executor_at(project, state, instant) as (executor, at):
        for instant_of_it, result in ticks(executor, logbook_at(project, state, executor), at):
            say(told_tick(result, shown(executor, instant_of_it)))
        if metrics is not None:
            _write_metrics(executor, metrics)
        zone = executor.program.project.time_zone
        tell((warning(one, zone) for one in executor.unlearned_reads()), click.get_current_context().obj)


def _write_metrics(executor: "Executor", file: Path) -> None:
    from parcours.delivery.metrics import exposition
    from parcours.executor.status import status_of

    at = now()
    write_file(file, exposition(status_of(executor.engine, at), at).decode())


def told_tick(result: "TickResult", at: str) -> str:
    """What a tick did, in one line. `at` is its instant in words."""
    return (
        f"tick {result.tick} at {at}: "
        f"{result.entered:,} entered, {result.refused:,} refused, {result.ended:,} ended; "
        f"{many(result.granted, 'message')} granted, {result.held:,} held, {result.not_sent:,} not sent"
    )
