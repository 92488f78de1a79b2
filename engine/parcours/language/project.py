"""A project as it lies on disk becomes a `Project`, with what is wrong in any of its files, at once."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from parcours.diagnostics import Diagnostic, Place
from parcours.language.files import ProjectFiles, is_yaml, project_files
from parcours.language.parser import parse, parse_yaml
from parcours.model.analytics import Clusters, Rfm, Rules, Score
from parcours.model.journey import Journey
from parcours.model.project import Declaration, Project
from parcours.model.vocabulary import Lifecycle

Reading = tuple[tuple[Declaration, ...], tuple[Diagnostic, ...]]
"""The declarations of a journey file, and what is wrong with their form."""

_OF_USE_ALONE = (Journey, Rfm, Clusters, Score, Rules, Lifecycle)
"""What a project can consist of: something that runs, that is learned, or whose stages are counted."""


def read_declarations(text: str, name: str) -> Reading:
    """Reads one journey file. `name` is the one that places carry."""
    return parse_yaml(text, name) if is_yaml(name) else parse(text, name)


def read_project(
    folder: Path, environment: Mapping[str, str]
) -> tuple[Project | None, tuple[Diagnostic, ...]]:
    """The project in `folder`, and everything that is wrong with its files.

    None when parcours.yaml is not there or has an error; a project whose journey files have errors is what is left
    of them."""
    return project_of(folder, project_files(folder, environment))


def project_of(
    folder: Path, files: ProjectFiles, read: Callable[[str, str], Reading] = read_declarations
) -> tuple[Project | None, tuple[Diagnostic, ...]]:
    """The same for files that have been read already; `read` does what `read_declarations` does."""
    declarations: list[Declaration] = []
    diagnostics = list(files.diagnostics)
    for name, text in files.texts.items():
        declared, found = read(text, name)
        declarations.extend(declared)
        diagnostics.extend(found)
    if files.settings is None:
        return None, tuple(sorted(diagnostics, key=lambda d: d.place))
    is_of_use = any(isinstance(declared, _OF_USE_ALONE) for declared in declarations)
    diagnostics.extend(no_journeys(folder, files, is_of_use=is_of_use, found=diagnostics))
    # each part has been looked at when it was made
    project = Project.model_construct(
        place=Place(str(folder)),
        settings=files.settings,
        declarations=tuple(declarations),
        sources=dict(files.sources),
    )
    return project, tuple(sorted(diagnostics, key=lambda d: d.place))


def no_journeys(
    folder: Path, files: ProjectFiles, *, is_of_use: bool, found: Sequence[Diagnostic]
) -> list[Diagnostic]:
    """What a project cannot do without and this one does; nothing when an error among those `found` may be why. What is
    learned can do without journeys: what runs asks for them itself."""
    if not files.texts and not files.lost:
        missing = "journey file"
    elif is_of_use or found:
        return []
    else:
        missing = "journey"
    return [Diagnostic("no-journeys", f"`{folder}` holds no {missing}", Place(str(folder)))]
