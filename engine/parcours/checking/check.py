"""The whole check of a project: every finding at once, and the checked project when there is no error."""

from collections.abc import Sequence

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


def check(
    project: Project, catalog: Catalog, found: Sequence[Diagnostic] = ()
) -> tuple[checked.CheckedProject | None, tuple[Diagnostic, ...]]:
    """Checks every declaration against the others and against the datamart's names and types.

    `found` is what reading the project said: what only follows from it is not said again. Returns the checked
    project, None when there is an error here or there, and the findings of the check sorted by place."""
    findings = Findings(project.sources, unread(project, found))
    vocabulary = Vocabulary(project, catalog, findings)
    predicates = Predicates(vocabulary, findings)
    for declaration in project.declarations:
        if declaration.kind in _UNSUPPORTED:
            findings.unsupported(_UNSUPPORTED[declaration.kind], declaration.place)
    _check_groups(vocabulary, predicates)
    journeys = {
        name: journey
        for name, declared in sorted(vocabulary.journeys.items())
        if (journey := check_journey(declared, predicates))
    }
    messages = check_messages(predicates)
    policy = check_policy(project, predicates)
    for declaration in project.declarations:
        if isinstance(declaration, Example):
            check_example(declaration, predicates)
    said = tuple(sorted(findings.diagnostics, key=lambda d: (d.place, d.code, d.message)))
    if findings.failed:
        return None, said
    return (
        checked.CheckedProject(
            name=project.settings.name,
            time_zone=vocabulary.time_zone,
            events=tuple(sorted(catalog.events)),
            journeys=tuple(journeys.values()),
            messages=messages,
            policy=policy,
        ),
        said,
    )


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
