"""The files of a project as they lie on disk, read and not yet parsed."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources.abc import Traversable
from pathlib import Path

from parcours.diagnostics import Diagnostic, Place, nearest
from parcours.language.grammar import library_folder
from parcours.language.normalise import without_line_noise
from parcours.language.settings import read_settings
from parcours.model.node import Name
from parcours.model.settings import Settings

SETTINGS_FILE = "parcours.yaml"
MOST_BYTES = 120_000
"""Of one file: some three thousand lines. A larger one is no text that somebody wrote by hand."""

TEXT_FORM, YAML_FORM = ".journey", ".journey.yaml"


def is_yaml(name: str) -> bool:
    """Whether a journey file is in YAML form."""
    return name.endswith(YAML_FORM)


def _is_journey_file(name: str) -> bool:
    return name.endswith((TEXT_FORM, YAML_FORM))


@dataclass(frozen=True, slots=True)
class ProjectFiles:
    """`settings` is None when parcours.yaml is not there or has an error. `texts` holds the journey files that could be
    read: those of the folder sorted by their paths, then those of the library, by the names that places carry;
    `lost` says whether there are others, `library` which of them are of the library. `sources` is every text as diagnostics show it. `diagnostics` say what is wrong
    with the files as files, and with the settings."""

    settings: Settings | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    lost: bool = False
    library: frozenset[str] = frozenset()
    sources: Mapping[str, str] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


def project_files(folder: Path, environment: Mapping[str, str]) -> ProjectFiles:
    """Reads parcours.yaml, every journey file below the folder, and the folders of the journey library that `library:`
    names. Hidden folders and folders that are projects of their own are left out."""
    settings_file = folder / SETTINGS_FILE
    if not settings_file.is_file():
        return ProjectFiles(diagnostics=(Diagnostic("no-project", _no_project(folder), Place(str(folder))),))
    reading = _Reading()
    settings: Settings | None = None
    text = reading.text(settings_file, _name(settings_file))
    if text is not None:
        settings, found = read_settings(text, _name(settings_file), environment)
        reading.diagnostics.extend(found)
    for file in _files(folder, reading.diagnostics):
        reading.journey_file(file, _name(file))
    own = set(reading.texts)
    for name in settings.library if settings else ():
        reading.library(name)
    library = frozenset(reading.texts.keys() - own)
    texts = {name: text for name, text in reading.texts.items() if text is not None}
    lost = len(texts) < len(reading.texts)
    return ProjectFiles(settings, texts, lost, library, reading.sources, tuple(reading.diagnostics))


def journey_files(paths: Sequence[Path]) -> ProjectFiles:
    """The journey files that a user named, and those below the folders that a user named, projects or not. A file that
    is named and is none is told of."""
    reading = _Reading()
    for path in paths:
        if path.is_dir():
            for file in _files(path, reading.diagnostics, projects=True):
                reading.journey_file(file, _name(file))
        elif _is_journey_file(path.name) or not path.exists():
            reading.journey_file(path, _name(path))
        else:
            message = f"`{path}` is no journey file: its name ends neither in {TEXT_FORM} nor in {YAML_FORM}"
            reading.diagnostics.append(Diagnostic("no-journey-file", message, Place(_name(path))))
    texts = {name: text for name, text in reading.texts.items() if text is not None}
    lost = len(texts) < len(reading.texts)
    return ProjectFiles(None, texts, lost, frozenset(), reading.sources, tuple(reading.diagnostics))


def with_text(files: ProjectFiles, file: Path, text: str) -> ProjectFiles:
    """The files of a project as they were if one of its journey files, which may be new, had this text."""
    reading, name = _Reading(), _name(file)
    reading.texts = {**files.texts, name: reading.decoded(text.encode("utf-8", "surrogatepass"), name)}
    if name not in files.texts:
        own = sorted(reading.texts.keys() - files.library, key=lambda known: Path(known).parts)
        reading.texts = {known: reading.texts[known] for known in (*own, *sorted(files.library))}
    texts = {known: content for known, content in reading.texts.items() if content is not None}
    others = [d for d in files.diagnostics if d.place.file != name]
    lost = any(d.code in ("unreadable-file", "too-large") for d in (*others, *reading.diagnostics))
    sources = {**files.sources, **reading.sources}
    return replace(
        files, texts=texts, lost=lost, sources=sources, diagnostics=(*others, *reading.diagnostics)
    )


def _no_project(folder: Path) -> str:
    if folder.is_dir():
        return f"`{folder}` holds no {SETTINGS_FILE}"
    return f"`{folder}` is a file, not a folder" if folder.exists() else f"there is no folder `{folder}`"


class _Reading:
    """What has been read so far. The text of a file that cannot be read is None."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.sources: dict[str, str] = {}
        self.texts: dict[str, str | None] = {}

    def text(self, file: Traversable, name: str) -> str | None:
        """The text of a file, kept for diagnostics; None after an `unreadable-file` or a `too-large`."""
        try:
            with file.open("rb") as opened:
                content = opened.read(MOST_BYTES + 1)
        except OSError as error:
            message = f"this file cannot be read: {(error.strerror or 'it is gone').lower()}"
            self.diagnostics.append(Diagnostic("unreadable-file", message, Place(name)))
            return None
        return self.decoded(content, name)

    def decoded(self, content: bytes, name: str) -> str | None:
        """The same of what was read."""
        if len(content) > MOST_BYTES:
            message = f"this file has more than {MOST_BYTES:,} bytes"
            self.diagnostics.append(Diagnostic("too-large", message, Place(name)))
            return None
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            # the bytes before the first wrong one are right, so the place in them can be told
            before = content[: error.start].decode("utf-8")
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            place = Place(name, line, column, line, column + 1)
            self.diagnostics.append(Diagnostic("unreadable-file", "this file is no UTF-8 text", place))
            return None
        self.sources[name] = without_line_noise(text)
        return text

    def journey_file(self, file: Traversable, name: str) -> None:
        self.texts[name] = self.text(file, name)

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
            if path not in self.texts:
                self.journey_file(file, path)


def _files(folder: Path, diagnostics: list[Diagnostic], *, projects: bool = False) -> list[Path]:
    """The journey files below the folder, sorted by their paths. `projects`: those of
    the projects below it too."""
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
            if not name.startswith(".") and (projects or not (here / name / SETTINGS_FILE).is_file())
        ]
        found.extend(here / name for name in files if _is_journey_file(name) and not name.startswith("."))
    return sorted(found, key=lambda file: file.relative_to(folder).parts)


def _library_files(folder: Traversable, path: str) -> Iterator[tuple[Traversable, str]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if _is_journey_file(entry.name) and entry.is_file():
            yield entry, f"{path}/{entry.name}"
        elif entry.is_dir() and not entry.name.startswith("."):
            yield from _library_files(entry, f"{path}/{entry.name}")


def _name(file: Path) -> str:
    """The file name that places carry: relative to where the user stands, as the folder was given."""
    return file.as_posix()
