"""`parcours apply`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from parcours.cli.opening import PROJECT
from parcours.cli.state import AT, STATE, executor_at, known_journey, many, shown
from parcours.cli.streams import say

if TYPE_CHECKING:
    from parcours.executor.applying import Applied

MAP = click.option(
    "--map",
    "pairs",
    metavar="OLD=NEW",
    multiple=True,
    help="With --move: those who stand at the step OLD go to the step NEW.  [default: the step of the same name]",
)


@click.command(
    "apply",
    epilog="\b\nExamples:\n  parcours apply examples/shop\n"
    "  parcours apply examples/shop --journey welcome --move --map 'ask=ask again'\n"
    "  parcours apply examples/shop --journey old_sale --leave",
)
@PROJECT
@click.option(
    "--finish", "kind", flag_value="finish", default=True, help="They finish their version (the default)."
)
@click.option("--move", "kind", flag_value="move", help="They go on in the new version, at the same step.")
@click.option("--leave", "kind", flag_value="leave", help="They are taken out of the journey.")
@MAP
@click.option(
    "--journey", "journeys", multiple=True, help="Only for this journey.  [default: all that were edited]"
)
@AT
@STATE
def command(
    project: Path,
    kind: str,
    pairs: tuple[str, ...],
    journeys: tuple[str, ...],
    instant: str | None,
    state: Path | None,
) -> None:
    """Apply edited journeys, and say what becomes of the contacts who are inside.

    A tick applies an edit by itself, and whoever is inside then finishes the version in which he entered. Whoever is in
    an older version can also be moved to the new one or taken out, now or later. `parcours plan` shows what each choice
    would do.
    """
    steps = steps_of(pairs)
    if steps and kind != "move":
        raise click.UsageError("--map goes with --move")
    with executor_at(project, state, instant) as (executor, at):
        from parcours.executor.applying import apply
        from parcours.executor.fates import Fate

        fate = Fate(kind, steps)  # type: ignore[arg-type]
        if journeys:
            names = [known_journey(executor, name) for name in journeys]
        else:
            names = sorted({flight.journey.name for flight in executor.fleet.flights if not flight.newest})
            # what is gone from the files has nothing to which one could be moved: it finishes
            names = [name for name in names if kind != "move" or executor.newest(name) is not None]
        if steps and len(names) > 1:
            raise click.UsageError(
                f"--map speaks of the steps of one journey: say --journey, one of {', '.join(names)}"
            )
        done = apply(executor, at, dict.fromkeys(names, fate))
        say("\n".join((f"applied at {shown(executor, at)}", *(f"  {_line(one)}" for one in done))))


def steps_of(pairs: tuple[str, ...]) -> dict[str, str]:
    """OLD=NEW as a mapping."""
    found: dict[str, str] = {}
    for pair in pairs:
        old, sign, new = (part.strip() for part in pair.partition("="))
        if not (old and sign and new):
            raise click.UsageError(f"--map wants OLD=NEW, not `{pair}`")
        found[old] = new
    return found


def _line(one: "Applied") -> str:
    if one.new:
        return f"{one.journey}: new (version {one.version}); it takes in whoever comes from now on"
    what = [
        (one.stayed, "finish their version"),
        (one.moved, "moved to the new version"),
        (one.left, "taken out"),
    ]
    said = [f"{many(count, 'run')} {words}" for count, words in what if count]
    return f"{one.journey}: of version {one.version} {', '.join(said)}"
