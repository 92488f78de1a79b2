"""`parcours resume`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from parcours.cli.opening import PROJECT_OPTION
from parcours.cli.state import AT, STATE, executor_at, known_journey, many
from parcours.cli.streams import say

if TYPE_CHECKING:
    from parcours.executor.pausing import Overdue

_WORDS = {
    "sent": "go on with the next tick",
    "skipped": "go on with the next tick, without what they would send in it",
    "shifted": "wait longer, by the length of the pause",
}


@click.command(
    "resume", epilog="\b\nExample:\n  parcours resume welcome --overdue shifted --project examples/shop"
)
@click.argument("journey")
@click.option(
    "--overdue",
    type=click.Choice(list(_WORDS)),
    required=True,
    help="What becomes of what fell due meanwhile.",
)
@PROJECT_OPTION
@AT
@STATE
def command(journey: str, overdue: "Overdue", project: Path, instant: str | None, state: Path | None) -> None:
    """Let a paused journey go on.

    What fell due meanwhile is sent (those contacts go on with the next tick), skipped (they go on, and messages that
    they come to in that tick are not sent) or shifted (they wait longer, by the length of the pause).
    """
    with executor_at(project, state, instant) as (executor, at):
        from parcours.executor.pausing import resume

        late = resume(executor, at, known_journey(executor, journey), overdue)
        text = (
            f"{many(late, 'run')} fell due meanwhile: they {_WORDS[overdue]}"
            if late
            else "nothing fell due meanwhile"
        )
        say(f"`{journey}` goes on; {text}")
