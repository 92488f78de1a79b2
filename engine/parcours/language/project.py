"""A project as it lies on disk becomes a `Project`, with what is wrong in any of its files, at once."""

import os
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path

from parcours.diagnostics import Diagnostic, Place, nearest
from parcours.language.grammar import library_folder
from parcours.language.normalise import without_line_noise
from parcours.language.parser import parse
from parcours.language.settings import read_settings
from parcours.model.journey import Journey
from parcours.model.node import Name
from parcours.model.project import Declaration, Project

SETTINGS_FILE = "parcours.yaml"


def read_project(
    folder: Path, environment: Mapping[str, str]
) -> tuple[Project | None, tuple[Diagnostic, ...]]:
    """The project in `folder`, and everything that is wrong with its files.

    Read are parcours.yaml, every *.journey file below the folder, and the folders of the journey library that
    `library:` names. Hidden folders and folders that are projects of their own are left out. None when
    parcours.yaml is not there or has an error; a project whose journey files have errors is what is left of them.
    """
    diagnostics: list[Diagnostic] = []
    reading = _Reading(diagnostics)
    settings_file = folder / SETTINGS_FILE
    if not settings_file.is_file():
        return None, (Diagnostic("no-project", _no_project(folder), Place(str(folder))),)
    settings = None
    settings_name = _name(settings_file)
    text = reading.text(settings_file, settings_name)
    if text is not None:
        settings, found = read_settings(text, settings_name, environment)
        diagnostics.extend(found)
    for file in _files(folder, diagnostics):
        reading.declarations_of(file, _name(file))
    for library_name in settings.library if settings else ():
        reading.library(library_name)
    if settings is not None and (missing := _missing(reading)):
        diagnostics.append(Diagnostic("no-journeys", f"`{folder}` holds no {missing}", Place(str(folder))))
    diagnostics.sort(key=lambda diagnostic: diagnostic.place)
    if settings is None:
        return None, tuple(diagnostics)
    project = Project(
        place=Place(str(folder)),
        settings=settings,
        declarations=tuple(reading.declarations),
        sources=reading.sources,
    )
    return project, tuple(diagnostics)


def _no_project(folder: Path) -> str:
    if folder.is_dir():
        return f"`{folder}` holds no {SETTINGS_FILE}"
    return f"`{folder}` is a file, not a folder" if folder.exists() else f"there is no folder `{folder}`"


def _missing(reading: "_Reading") -> str:
    """What a project cannot do without and this one does; nothing when an error elsewhere may be why."""
    if not reading.files:
        return "journey file"
    if reading.diagnostics or any(isinstance(found, Journey) for found in reading.declarations):
        return ""
    return "journey"


class _Reading:
    """What has been read so far."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        self.diagnostics = diagnostics
        self.declarations: list[Declaration] = []
        self.sources: dict[str, str] = {}
        self.files: set[str] = set()

    def text(self, file: Traversable, name: str) -> str | None:
        """The text of a file, kept for diagnostics; None after an `unreadable-file`."""
        try:
            text = file.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            # the bytes before the first wrong one are right, so the place in them can be told
            before = error.object[: error.start].decode("utf-8")
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            place = Place(name, line, column, line, column + 1)
            self.diagnostics.append(Diagnostic("unreadable-file", "this file is no UTF-8 text", place))
            return None
        except OSError as error:
            message = f"this file cannot be read: {(error.strerror or 'it is gone').lower()}"
            self.diagnostics.append(Diagnostic("unreadable-file", message, Place(name)))
            return None
        self.sources[name] = without_line_noise(text)
        return text

    def declarations_of(self, file: Traversable, name: str) -> None:
        self.files.add(name)
        text = self.text(file, name)
        if text is None:
            return
        declarations, found = parse(text, name)
        self.declarations.extend(declarations)
        self.diagnostics.extend(found)

    def library(self, name: Name) -> None:
        """The files of one folder of the journey library. A folder named twice is read once."""
        shelf = {practice.name: practice for practice in library_folder().iterdir() if practice.is_dir()}
        folder = shelf.get(name.text)
        if folder is None:
            near = nearest(name.text, shelf)
            known = ", ".join(sorted(shelf))
            self.diagnostics.append(
                Diagnostic(
                    "unknown-library",
                    f"`{name}` is no folder of the journey library",
                    name.place,
                    f"did you mean `{near}`?" if near else "",
                    f"the library has {known}" if known else "",
                )
            )
            return
        for file, path in _library_files(folder, f"journeys/{name}"):
            if path not in self.files:
                self.declarations_of(file, path)


def _files(folder: Path, diagnostics: list[Diagnostic]) -> list[Path]:
    """The journey files below the folder, sorted by their paths; those in YAML form are told of."""
    found: list[Path] = []

    def told(error: OSError) -> None:
        place = Place(Path(error.filename or folder).as_posix())
        reason = (error.strerror or "it is gone").lower()
        diagnostics.append(Diagnostic("unreadable-file", f"this folder cannot be read: {reason}", place))

    for parent, folders, files in os.walk(folder, onerror=told):
        here = Path(parent)
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".") and not (here / name / SETTINGS_FILE).is_file()
        ]
        found.extend(here / name for name in files if name.endswith(".journey") and not name.startswith("."))
        diagnostics.extend(
            Diagnostic("not-supported-yet", "not supported yet: the YAML form", Place(_name(here / name)))
            for name in files
            if name.endswith(".journey.yaml") and not name.startswith(".")
        )
    return sorted(found, key=lambda file: file.relative_to(folder).parts)


def _library_files(folder: Traversable, path: str) -> Iterator[tuple[Traversable, str]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".journey") and entry.is_file():
            yield entry, f"{path}/{entry.name}"
        elif entry.is_dir() and not entry.name.startswith("."):
            yield from _library_files(entry, f"{path}/{entry.name}")


def _name(file: Path) -> str:
    """The file name that places carry: relative to where the user stands, as the folder was given."""
    return file.as_posix()
