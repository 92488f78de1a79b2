"""What every command begins with: the project, read, connected and checked."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parcours.cli.streams import tell
from parcours.diagnostics import Diagnostic, Problem, problem

if TYPE_CHECKING:
    from parcours.checking import checked
    from parcours.workspace.load import Loaded

PROJECT = click.argument("project", default=".", type=click.Path(path_type=Path))
PROJECT_OPTION = click.option(
    "--project",
    default=".",
    type=click.Path(path_type=Path),
    help="The folder of the project.  [default: the current folder]",
)
FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="For people or for programs.",
    show_default=True,
)


def project_and_words(arguments: tuple[str, ...]) -> tuple[Path, tuple[str, ...]]:
    """The first argument is the project when it is a folder; else that is the current one."""
    if arguments and Path(arguments[0]).is_dir():
        return Path(arguments[0]), arguments[1:]
    return Path(), arguments


@contextmanager
def opened(folder: Path, policy: Path | None = None) -> Iterator["Loaded"]:
    """The project in a folder, with the datamart open until the end of the block; what is wrong with it is in
    `diagnostics`, errors too. What the files say is added to the object of the click context, for messages. `policy`: a
    journey file whose policy takes the place of the project's."""
    from parcours.workspace.load import load

    loaded = load(folder, os.environ, policy)
    click.get_current_context().obj.update(loaded.sources)
    try:
        yield loaded
    finally:
        if loaded.connection is not None:
            loaded.connection.close()


Told = Callable[[Iterable[Diagnostic], Mapping[str, str]], None]
"""Takes diagnostics and the text of the files that they speak of."""


@contextmanager
def opened_without_error(
    folder: Path, policy: Path | None = None, told: Told = tell, *, needs_journeys: bool = True
) -> Iterator["Loaded"]:
    """Like `opened`, with warnings told. `Problem` of everything found when there is an error, and when there are no
    journeys where they are needed."""
    with opened(folder, policy) as loaded:
        if loaded.checked is None:
            raise Problem(loaded.diagnostics)
        if needs_journeys and not loaded.checked.journeys:
            raise problem("no-journeys", f"`{folder}` holds no journey", str(folder))
        told(loaded.diagnostics, loaded.sources)
        yield loaded


def journey_of(loaded: "Loaded", name: str) -> "checked.Journey":
    """The journey of that name in a project without errors. `Problem` when there is none."""
    from parcours.simulator.run import only

    assert loaded.project is not None and loaded.checked is not None
    (found,) = only(loaded.checked, (name,), loaded.project.place.file).journeys
    return found
