"""`parcours pause`."""

from pathlib import Path

import click

from parcours.cli.opening import PROJECT_OPTION
from parcours.cli.state import AT, STATE, executor_at, known_journey, shown
from parcours.cli.streams import say


@click.command("pause", epilog="\b\nExample:\n  parcours pause welcome --project examples/shop")
@click.argument("journey")
@PROJECT_OPTION
@AT
@STATE
def command(journey: str, project: Path, instant: str | None, state: Path | None) -> None:
    """Pause a journey: nobody enters, and nobody inside moves, until it is resumed."""
    with executor_at(project, state, instant) as (executor, at):
        from parcours.executor.pausing import pause

        pause(executor, at, known_journey(executor, journey))
        say(f"`{journey}` is paused since {shown(executor, at)}; `parcours resume {journey}` lets it go on")
