"""`parcours enter`."""

from pathlib import Path

import click

from parcours.cli.opening import PROJECT_OPTION
from parcours.cli.state import AT, STATE, executor_at, many
from parcours.cli.streams import say


@click.command("enter", epilog="\b\nExample:\n  parcours enter welcome 1042 1043 --project examples/shop")
@click.argument("journey")
@click.argument("contacts", nargs=-1, required=True)
@PROJECT_OPTION
@AT
@STATE
def command(
    journey: str, contacts: tuple[str, ...], project: Path, instant: str | None, state: Path | None
) -> None:
    """Ask contacts into a journey by hand.

    They enter with the next tick, if the journey's entry lets them: `if`, `once`, `hold out` and caps hold for them as
    for everybody.
    """
    with executor_at(project, state, instant) as (executor, at):
        from parcours.executor.entering import enter
        from parcours.simulator.run import only

        only(executor.program.project, (journey,), "JOURNEY")
        enter(executor, at, journey, contacts)
        say(f"{many(len(set(contacts)), 'contact')} asked into `{journey}`; the next tick takes them in")
