"""The whole check of a project: every finding at once, and the checked project when there is no error."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parcours.checking import checked
from parcours.checking.examples import check_example
from parcours.checking.findings import Findings
from parcours.checking.journeys import check_journey
from parcours.checking.policies import check_messages, check_policy
from parcours.checking.predicates import Predicates
from parcours.checking.unread import unread
from parcours.checking.vocabulary import Vocabulary
from parcours.datamart.catalog import Catalog
from parcours.diagnostics import Diagnostic
from parcours.model.example import Example
from parcours.model.project import Project

_UNSUPPORTED = {"rfm": "`rfm`", "clusters": "`clusters`", "score": "`score`", "rules": "`rules`"}


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`project` is None when there is an error. `diagnostics` are the findings; `unsupported` says what is right and
    cannot run yet. Both are sorted by place."""

    project: checked.CheckedProject | None
    diagnostics: tuple[Diagnostic, ...]
    unsupported: tuple[Diagnostic, ...]


def check(project: Project, catalog: Catalog, found: Sequence[Diagnostic] = ()) -> CheckResult:
    """Checks every declaration against the others and against the datamart's names and types.

    `found` is what reading the project said: what only follows from it is not said again."""
    findings = Findings(project.sources, unread(project, found))
    vocabulary = Vocabulary(project, catalog, findings)
    predicates = Predicates(vocabulary, findings)
    for declaration in project.declarations:
        if declaration.kind in _UNSUPPORTED:
            findings.unsupported(_UNSUPPORTED[declaration.kind], declaration.place)
    journeys = {
        name: journey
        for name, declared in sorted(vocabulary.journeys.items())
        if (journey := check_journey(declared, predicates))
    }
    messages = check_messages(predicates)
    policy = check_policy(project, predicates)
    # what journeys and policy reach is what runs; the rest is looked at after them
    unsupported = _sorted(findings.not_runnable)
    _check_groups(vocabulary, predicates)
    for declaration in project.declarations:
        if isinstance(declaration, Example):
            check_example(declaration, predicates)
    said = _sorted(findings.diagnostics)
    if findings.failed:
        return CheckResult(None, said, unsupported)
    made = checked.CheckedProject(
        name=project.settings.name,
        time_zone=vocabulary.time_zone,
        events=tuple(sorted(catalog.events)),
        journeys=tuple(journeys.values()),
        messages=messages,
        policy=policy,
    )
    return CheckResult(made, said, unsupported)


def _sorted(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(found, key=lambda d: (d.place, d.code, d.message)))


def _check_groups(vocabulary: Vocabulary, predicates: Predicates) -> None:
    """Those that nothing uses are looked at too."""
    for _, segment in sorted(vocabulary.segments.items()):
        predicates.groups.segment(segment.name)
    for _, lifecycle in sorted(vocabulary.lifecycles.items()):
        predicates.groups.stages(lifecycle, lifecycle.name)
    for name, season in sorted(vocabulary.seasons.items()):
        predicates.groups.season(name, season.name.place)
    refreshes = [segment.refresh for segment in vocabulary.segments.values()]
    refreshes += [lifecycle.refresh for lifecycle in vocabulary.lifecycles.values()]
    for refresh in refreshes:
        if refresh is not None:
            predicates.literals.span(refresh)
