"""`parcours tick`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from parcours.cli.opening import PROJECT
from parcours.cli.state import AT, STATE, alone, executor_at, many, shown
from parcours.cli.streams import say, tell

if TYPE_CHECKING:
    from parcours.executor.result import TickResult


@click.command(
    "tick",
    epilog="\b\nExamples:\n  parcours tick examples/shop\n  parcours tick examples/shop --at '2026-03-01 09:00'",
)
@PROJECT
@AT
@STATE
def command(project: Path, instant: str | None, state: Path | None) -> None:
    """Move everybody to one instant, and keep the state.

    The first tick is the base line: it starts nobody. Messages are written to the outbox of the state; `parcours
    relay` hands them over, and `parcours run` does both, again and again.
    """
    from parcours.executor.unlearned import warning

    with alone(project, state), executor_at(project, state, instant) as (executor, at):
        say(told_tick(executor.tick(at), shown(executor, at)))
        zone = executor.program.project.time_zone
        tell((warning(one, zone) for one in executor.unlearned_reads()), click.get_current_context().obj)


def told_tick(result: "TickResult", at: str) -> str:
    """What a tick did, in one line. `at` is its instant in words."""
    return (
        f"tick {result.tick} at {at}: "
        f"{result.entered:,} entered, {result.refused:,} refused, {result.ended:,} ended; "
        f"{many(result.granted, 'message')} granted, {result.held:,} held, {result.not_sent:,} not sent"
    )
