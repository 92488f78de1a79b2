"""`parcours test`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from parcours.cli.opening import PROJECT

if TYPE_CHECKING:
    pass


@click.command(
    "test",
    epilog="\b\nExamples:\n  parcours test examples/shop\n  parcours test examples/shop --journey welcome",
)
@PROJECT
@click.option(
    "--journey", "journeys", metavar="NAME", multiple=True, help="Only this one's; may be given again."
)
@click.pass_context
def command(context: click.Context, project: Path, journeys: tuple[str, ...]) -> None:
    """Run the examples that the journeys come with.

    Each `example` of PROJECT (the current folder if not given) goes through the real tick, on data that is empty but
    for what the example says. Exits with 1 when one comes out differently.
    """
