"""The whole check of a project: every finding at once, and the checked project when there is no error."""

from parcours.checking import checked
from parcours.checking.examples import check_example
from parcours.checking.findings import Findings
from parcours.checking.journeys import check_journey
from parcours.checking.policies import check_messages, check_policy
from parcours.checking.values import Values
from parcours.checking.vocabulary import Vocabulary
from parcours.datamart.catalog import Catalog
from parcours.diagnostics import Diagnostic
from parcours.model.example import Example
from parcours.model.project import Project

_UNSUPPORTED = {"rfm": "`rfm`", "clusters": "`clusters`", "score": "`score`", "rules": "`rules`"}


def check(project: Project, catalog: Catalog) -> tuple[checked.CheckedProject | None, tuple[Diagnostic, ...]]:
    """Checks every declaration against the others and against the datamart's names and types.

    Returns the checked project, None when there is an error, and the findings sorted by place."""
    findings = Findings(project.sources)
    vocabulary = Vocabulary(project, catalog, findings)
    values = Values(vocabulary, findings)
    for declaration in project.declarations:
        if declaration.kind in _UNSUPPORTED:
            findings.unsupported(_UNSUPPORTED[declaration.kind], declaration.place)
    for _, segment in sorted(vocabulary.segments.items()):
        vocabulary.segment(segment.name, values)
    for _, lifecycle in sorted(vocabulary.lifecycles.items()):
        vocabulary.stages(lifecycle, values)
    for name, season in sorted(vocabulary.seasons.items()):
        vocabulary.season(name, season.name.place)
    journeys = {
        name: journey
        for name, declared in sorted(vocabulary.journeys.items())
        if (journey := check_journey(declared, values))
    }
    policy = check_policy(project, values)
    for declaration in project.declarations:
        if isinstance(declaration, Example):
            check_example(declaration, values)
    found = tuple(sorted(findings.diagnostics, key=lambda d: (d.place, d.code, d.message)))
    if findings.failed:
        return None, found
    return (
        checked.CheckedProject(
            name=project.settings.name,
            time_zone=vocabulary.time_zone,
            events=tuple(sorted(catalog.events)),
            journeys=tuple(journeys.values()),
            messages=check_messages(vocabulary.messages),
            policy=policy,
        ),
        found,
    )
