"""The check of a project with a memory of what was found out before."""

from collections.abc import Iterable
from pathlib import Path

from parcours.checking import checked
from parcours.checking.check import check
from parcours.datamart.catalog import Catalog
from parcours.diagnostics import Place
from parcours.flow.check import check_flow
from parcours.graph.edges import all_steps
from parcours.language.files import ProjectFiles
from parcours.language.project import project_of
from parcours.workspace.memory import Memory, RememberedFiles, RememberedJourneys
from parcours.workspace.verdict import Judged


def judge(folder: Path, files: ProjectFiles, catalog: Catalog, memory: Memory) -> Judged:
    """Everything that follows from files, whose settings have no error, and catalog. What is found out on the way is
    left in the memory."""
    project, found = project_of(folder, files, memory.read)
    assert project is not None
    memory.forget_all_but(files.texts)
    result = check(project, catalog, found, RememberedFiles(memory))
    if result.project is None:
        return Judged((*found, *result.diagnostics), None)
    whole = check_flow(result.project, RememberedJourneys(memory))
    counts = {
        "journey": len(result.project.journeys),
        "message": len(result.project.messages),
        "channel": len(result.project.policy.channels),
    }
    channels = tuple((c.name, c.address.name, c.address_place) for c in result.project.policy.channels)
    everything = (*found, *result.diagnostics, *whole)
    return Judged(everything, counts, result.questions, channels, _tests(result.project.journeys))


def _tests(journeys: Iterable[checked.Journey]) -> tuple[tuple[str, Place], ...]:
    steps = (step for journey in journeys for step in all_steps(journey.steps))
    return tuple((step.key, step.place) for step in steps if isinstance(step, checked.Experiment))
