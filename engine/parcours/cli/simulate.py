"""x."""

import click


@click.command("simulate")
def command() -> None:
    """Run the examples of the journeys."""
