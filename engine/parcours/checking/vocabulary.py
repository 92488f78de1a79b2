"""The declared names of a project."""

from collections.abc import Iterable
from typing import TypeVar

from parcours.checking.findings import Findings
from parcours.datamart.catalog import Catalog
from parcours.model.analytics import Clusters, Rfm, Rules, Score
from parcours.model.journey import Journey
from parcours.model.policy import Channel
from parcours.model.project import Project
from parcours.model.vocabulary import Lifecycle, Message, Season, Segment

_ANALYTIC_WORDS = {"rfm": "rfm", "clusters": "clusters", "score": "scores", "rules": "association rules"}
_OF_SCORES = ("score", "zone")
D = TypeVar("D", Segment, Lifecycle, Season, Message, Channel, Journey)


class Vocabulary:
    """Declarations by kind and name. Of two with one name the first counts; the second is a finding."""

    def __init__(self, project: Project, catalog: Catalog, findings: Findings) -> None:
        self.catalog = catalog
        self.time_zone = project.settings.time_zone.text
        self.currency = project.settings.currency
        declared = project.declarations
        self.segments = _by_name(findings, "segment", (d for d in declared if isinstance(d, Segment)))
        self.lifecycles = _by_name(findings, "lifecycle", (d for d in declared if isinstance(d, Lifecycle)))
        self.seasons = _by_name(findings, "season", (d for d in declared if isinstance(d, Season)))
        self.messages = _by_name(findings, "message", (d for d in declared if isinstance(d, Message)))
        self.channels = _by_name(findings, "channel", (d for d in declared if isinstance(d, Channel)))
        self.journeys = _by_name(findings, "journey", (d for d in declared if isinstance(d, Journey)))
        self.analytics = {
            str(d.name): _ANALYTIC_WORDS[d.kind]
            for d in declared
            if isinstance(d, Rfm | Clusters | Score | Rules)
        }
        for name, lifecycle in self.lifecycles.items():
            if name in catalog.contacts.columns:
                findings.add(
                    "duplicate-name",
                    f"the lifecycle `{name}` has the name of an attribute of contacts",
                    lifecycle.name.place,
                    advice="give the lifecycle another name",
                )

    def analytic(self, first: str) -> str | None:
        """What of the analytic core a name starts with, in words; None when it is nothing of it."""
        return "scores" if first in _OF_SCORES else self.analytics.get(first)


def _by_name(findings: Findings, what: str, declared: Iterable[D]) -> dict[str, D]:
    found: dict[str, D] = {}
    for declaration in declared:
        name = declaration.name
        if name.text in found:
            findings.add(
                "duplicate-name",
                f"the {what} `{name}` is declared twice",
                name.place,
                mark=f"first in {found[name.text].name.place}",
            )
        else:
            found[name.text] = declaration
    return found
