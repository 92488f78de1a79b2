"""`parcours tick`."""

from pathlib import Path

import click

from parcours.cli.opening import PROJECT
from parcours.cli.state import AT, STATE, executor_at, many, shown
from parcours.cli.streams import say, tell


@click.command(
    "tick",
    epilog="\b\nExamples:\n  parcours tick examples/shop\n  parcours tick examples/shop --at '2026-03-01 09:00'",
)
@PROJECT
@AT
@STATE
def command(project: Path, instant: str | None, state: Path | None) -> None:
    """Move everybody to one instant, and keep the state.

    The first tick is the base line: it starts nobody. Messages are written to the outbox of the state; nothing
    delivers them yet.
    """
    from parcours.executor.unlearned import warning

    with executor_at(project, state, instant) as (executor, at):
        result = executor.tick(at)
        say(
            f"tick {result.tick} at {shown(executor, at)}: "
            f"{result.entered:,} entered, {result.refused:,} refused, {result.ended:,} ended; "
            f"{many(result.granted, 'message')} granted, {result.held:,} held, {result.not_sent:,} not sent"
        )
        zone = executor.program.project.time_zone
        tell((warning(one, zone) for one in executor.unlearned_reads()), click.get_current_context().obj)
