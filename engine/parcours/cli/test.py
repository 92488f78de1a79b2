"""`parcours test`."""

import click


@click.command("test")
def command() -> None:
    """Run the examples of the journeys."""
