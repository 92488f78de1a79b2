"""What every command begins with: the project, read, connected and checked."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parcours.cli.streams import tell
from parcours.diagnostics import Problem, nearest, problem

if TYPE_CHECKING:
    from parcours.checking import checked
    from parcours.checking.load import Loaded

PROJECT = click.argument("project", default=".", type=click.Path(path_type=Path))
PROJECT_OPTION = click.option(
    "--project",
    default=".",
    type=click.Path(path_type=Path),
    help="The folder of the project.  [default: the current folder]",
)


@contextmanager
def opened(folder: Path) -> Iterator["Loaded"]:
    """The project in a folder, with the datamart open until the end of the block; what is wrong with it is in
    `diagnostics`, errors too. What the files say is added to the object of the click context, for messages."""
    from parcours.checking.load import load

    loaded = load(folder, os.environ)
    click.get_current_context().obj.update(loaded.sources)
    try:
        yield loaded
    finally:
        if loaded.connection is not None:
            loaded.connection.close()


@contextmanager
def opened_without_error(folder: Path) -> Iterator["Loaded"]:
    """Like `opened`, with warnings told. `Problem` of everything found when there is an error."""
    with opened(folder) as loaded:
        if loaded.checked is None:
            raise Problem(loaded.diagnostics)
        tell(loaded.diagnostics, loaded.sources)
        yield loaded


def journey_of(loaded: "Loaded", name: str) -> "checked.Journey":
    """The journey of that name in a project without errors. `Problem` when there is none."""
    assert loaded.project is not None and loaded.checked is not None
    journeys = {journey.name: journey for journey in loaded.checked.journeys}
    if name in journeys:
        return journeys[name]
    near = nearest(name, journeys)
    raise problem(
        "unknown-journey",
        f"there is no journey `{name}`",
        loaded.project.place,
        mark=f"did you mean `{near}`?" if near else "",
        help=f"there is: {', '.join(journeys)}",
    )
