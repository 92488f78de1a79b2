"""`parcours check`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from parcours.cli.opening import FORMAT, PROJECT, opened
from parcours.cli.streams import is_coloured, say, tell

if TYPE_CHECKING:
    from parcours.workspace.load import Loaded

# What is missing is not in the files: there is nothing to check them against.
_NOTHING_TO_CHECK = frozenset(
    {
        "no-project",
        "no-journeys",
        "no-database",
        "no-data-file",
        "not-a-database",
        "database-locked",
        "datamart-failed",
    }
)


@click.command("check", epilog="\b\nExample:\n  parcours check examples/shop")
@PROJECT
@FORMAT
@click.pass_context
def command(context: click.Context, project: Path, form: str) -> None:
    """Find everything that is wrong with a project.

    Reads all files of PROJECT (the current folder if not given) and holds them against the names and types of
    its datamart. Exits with 1 when there is an error in them, with 2 when there is nothing to check.
    """
    import sys

    from parcours.diagnostics.render import render_json, render_text

    with opened(project) as loaded:
        found = loaded.diagnostics
        nothing = any(d.code in _NOTHING_TO_CHECK for d in found)
        if form == "json":
            say(render_json(found))
        elif nothing:
            tell(found, loaded.sources)
        else:
            if found:
                say(render_text(found, loaded.sources, colour=is_coloured(sys.stdout)))
            if loaded.checked is not None:
                say(("\n" if found else "") + _summary(project, loaded))
        context.exit(2 if nothing else 0 if loaded.checked is not None else 1)


def _summary(folder: Path, loaded: "Loaded") -> str:
    """`examples/shop: 5 journeys, 9 messages, 3 channels: no problems`."""
    from parcours.diagnostics.render import totals

    checked = loaded.checked
    assert checked is not None
    counts = {
        "journey": len(checked.journeys),
        "message": len(checked.messages),
        "channel": len(checked.policy.channels),
    }
    there = ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for word, count in counts.items())
    name = checked.name if folder == Path() else folder.as_posix()
    return f"{name}: {there}: {totals(loaded.diagnostics) or 'no problems'}{_later(len(loaded.unsupported))}"


def _later(count: int) -> str:
    """What the language has and the executor has not: no mistake, and good to know before it is to run."""
    if not count:
        return ""
    return f"; {count} thing{'' if count == 1 else 's'} in it cannot run yet"
