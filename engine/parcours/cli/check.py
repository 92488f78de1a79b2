"""`parcours check`."""

import os
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parcours.cli.opening import PROJECT, journey_of, opened_without_error
from parcours.cli.streams import is_coloured, say, tell
from parcours.diagnostics import problem

if TYPE_CHECKING:
    from parcours.workspace.verdict import Verdict

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


@click.command(
    "check",
    epilog="\b\nExamples:\n"
    "  parcours check examples/shop\n"
    "  parcours check examples/shop --explain win_back\n"
    "  parcours check examples/shop --format sarif",
)
@PROJECT
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    help="For people, for programs, or for a code host.",
    show_default=True,
)
@click.option(
    "--explain",
    "journey",
    metavar="JOURNEY",
    help="Say how long, how dear and how pressing a journey can be.",
)
@click.pass_context
def command(context: click.Context, project: Path, form: str, journey: str | None) -> None:
    """Find everything that is wrong with a project.

    Reads all files of PROJECT (the current folder if not given) and holds them against the names and types of
    its datamart. Exits with 1 when there is an error in them, with 2 when there is nothing to check.

    With --explain it tells of one journey, without running it: its shortest and longest duration, its greatest
    cost, and the most messages that it can want to send one contact in the window of each cap.
    """
    if journey is not None:
        _explain(project, journey, form)
        return
    import sys

    from parcours.diagnostics.render import render_json, render_text
    from parcours.diagnostics.sarif import render_sarif
    from parcours.language.cache import cache_folder
    from parcours.workspace.workspace import Workspace

    with closing(Workspace(project, os.environ, cache_folder())) as workspace:
        verdict = workspace.check()
        verdict = replace(verdict, diagnostics=(*verdict.diagnostics, *workspace.doubts()))
    found = verdict.diagnostics
    nothing = any(d.code in _NOTHING_TO_CHECK for d in found)
    if form == "json":
        say(render_json(found))
    elif form == "sarif":
        say(render_sarif(found))
    elif nothing:
        tell(found, verdict.sources)
    else:
        if found:
            say(render_text(found, verdict.sources, colour=is_coloured(sys.stdout)))
        if verdict.counts is not None:
            say(("\n" if found else "") + _summary(project, verdict))
    context.exit(2 if nothing else 0 if verdict.is_right else 1)


def _explain(project: Path, name: str, form: str) -> None:
    from parcours.cli.explaining import explained_json, explained_text
    from parcours.flow.explain import explain

    if form == "sarif":
        raise click.UsageError("--explain is for people or for programs: --format text or json")
    with opened_without_error(project) as loaded:
        journey = journey_of(loaded, name)
        assert loaded.checked is not None and loaded.project is not None
        found = explain(journey, loaded.checked)
        if found is None:
            message = f"the journey `{name}` has too many states to count: repeats within repeats"
            raise problem("bad-option", message, str(project))
        said = explained_json if form == "json" else explained_text
        say(said(journey, found, loaded.project.settings.currency))


def _summary(folder: Path, verdict: "Verdict") -> str:
    """`examples/shop: 5 journeys, 9 messages, 3 channels: no problems`."""
    from parcours.diagnostics.render import totals

    assert verdict.counts is not None
    there = ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for word, count in verdict.counts.items())
    name = verdict.name if folder == Path() else folder.as_posix()
    return f"{name}: {there}: {totals(verdict.diagnostics) or 'no problems'}"
