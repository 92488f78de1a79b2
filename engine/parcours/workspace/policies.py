"""Another policy for the same project: to see what it would do before it is law."""

from pathlib import Path

from parcours.diagnostics import Diagnostic, Place, problem
from parcours.language.project import read_declarations
from parcours.model.policy import Channel, Pressure
from parcours.model.project import Project


def with_policy(project: Project, path: Path) -> tuple[Project, tuple[Diagnostic, ...]]:
    """The project with the policy of a journey file: all its pressure in place of the project's, each of its channels in
    place of the one of that name. `Problem` when the file cannot be read or has neither; what is wrong with its form is
    among the diagnostics."""
    name = str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is no text in UTF-8"
        raise problem("unreadable-file", f"the policy cannot be read: {reason.lower()}", name) from error
    declared, found = read_declarations(text, name)
    own = [d for d in declared if isinstance(d, Pressure | Channel)]
    if not own and not found:
        message = "there is neither pressure nor a channel in the file: it is no policy"
        raise problem("bad-option", message, Place(name), help="name a journey file with a `pressure` block")
    channels = {d.name.text for d in own if isinstance(d, Channel)}
    with_pressure = any(isinstance(d, Pressure) for d in own)
    kept = [
        d
        for d in project.declarations
        if not (isinstance(d, Pressure) and with_pressure)
        and not (isinstance(d, Channel) and d.name.text in channels)
    ]
    update = {"declarations": (*kept, *own), "sources": {**project.sources, name: text}}
    return project.model_copy(update=update), found
