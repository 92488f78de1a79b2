"""From the texts of a script to a checked project, by the real parser and the real check."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from differential.mart import MAPPED, Where, catalog
from parcours.checking.check import check
from parcours.checking.checked import CheckedProject
from parcours.diagnostics import Diagnostic, Place
from parcours.flow.loops import endless_loops, endless_starts, starts_at_once
from parcours.flow.states import states
from parcours.language.parser import parse
from parcours.language.settings import read_settings
from parcours.model.project import Declaration, Project


@dataclass(frozen=True)
class Judged:
    """A project that can run, or every error that is in the way."""

    project: CheckedProject | None
    errors: tuple[Diagnostic, ...]


@cache
def _parsed(text: str, name: str) -> tuple[tuple[Declaration, ...], tuple[Diagnostic, ...]]:
    return parse(text, name)


def judged(texts: Mapping[str, str], zone: str, where: Where) -> Judged:
    """Reads and checks the texts. Errors of the flow are those about loops: an executor would not come out of them;
    that nobody could ever be sent all messages is no reason not to run."""
    settings, found = read_settings(MAPPED[where].settings(zone), "parcours.yaml", {})
    assert settings is not None and not found, [d.message for d in found]
    read = {name: _parsed(text, name) for name, text in texts.items()}
    errors = [d for _, said in read.values() for d in said]
    project = Project.model_construct(
        place=Place("."),
        settings=settings,
        declarations=tuple(d for declared, _ in read.values() for d in declared),
        sources=dict(texts),
    )
    result = check(project, catalog(where), errors)
    errors += [d for d in result.diagnostics if d.severity == "error"]
    if result.project is None or errors:
        return Judged(None, tuple(errors))
    endless = _endless(result.project)
    return Judged(None if endless else result.project, endless)


def _endless(project: CheckedProject) -> tuple[Diagnostic, ...]:
    found: list[Diagnostic] = []
    starts = {j.name: made for j in project.journeys if (made := tuple(starts_at_once(j)))}
    found += endless_starts(starts)
    for journey in project.journeys:
        unfolded = states(journey, project.policy.keep_held)
        found += [] if unfolded is None else endless_loops(unfolded)
    return tuple(found)
