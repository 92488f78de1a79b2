"""The declared names of a project."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from parcours.datamart.catalog import Catalog
from parcours.model.analytics import Clusters, Rfm, Rules, Score
from parcours.model.journey import Journey
from parcours.model.policy import Channel, Pressure
from parcours.model.project import Project
from parcours.model.settings import Settings
from parcours.model.vocabulary import Lifecycle, Message, Season, Segment

ANALYTIC_WORDS = {"rfm": "rfm", "clusters": "clusters", "score": "scores", "rules": "association rules"}
_OF_SCORES = ("score", "zone")
Named = Segment | Lifecycle | Season | Message | Channel | Journey
D = TypeVar("D", Segment, Lifecycle, Season, Message, Channel, Journey)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Declarations by kind and name; of two with one name the first counts. `analytics` says what each name of the
    analytic core is, in words.

    What the check of a file knows of the other files it reads here, and nowhere else: the workspace relies on it."""

    settings: Settings
    catalog: Catalog
    segments: Mapping[str, Segment]
    lifecycles: Mapping[str, Lifecycle]
    seasons: Mapping[str, Season]
    messages: Mapping[str, Message]
    channels: Mapping[str, Channel]
    journeys: Mapping[str, Journey]
    analytics: Mapping[str, str]
    pressures: Sequence[Pressure]

    @property
    def time_zone(self) -> str:
        return self.settings.time_zone.text

    @property
    def currency(self) -> str:
        return self.settings.currency

    def analytic(self, first: str) -> str | None:
        """What of the analytic core a name starts with, in words; None when it is nothing of it."""
        return "scores" if first in _OF_SCORES else self.analytics.get(first)

    def first(self, declaration: Named) -> Named:
        """The declaration of this kind and name that counts."""
        match declaration:
            case Segment():
                return self.segments[declaration.name.text]
            case Lifecycle():
                return self.lifecycles[declaration.name.text]
            case Season():
                return self.seasons[declaration.name.text]
            case Message():
                return self.messages[declaration.name.text]
            case Channel():
                return self.channels[declaration.name.text]
            case Journey():
                return self.journeys[declaration.name.text]


def vocabulary_of(project: Project, catalog: Catalog) -> Vocabulary:
    """The names of a project that has been read whole."""
    declared = project.declarations
    return Vocabulary(
        project.settings,
        catalog,
        segments=_by_name(d for d in declared if isinstance(d, Segment)),
        lifecycles=_by_name(d for d in declared if isinstance(d, Lifecycle)),
        seasons=_by_name(d for d in declared if isinstance(d, Season)),
        messages=_by_name(d for d in declared if isinstance(d, Message)),
        channels=_by_name(d for d in declared if isinstance(d, Channel)),
        journeys=_by_name(d for d in declared if isinstance(d, Journey)),
        analytics={
            d.name.text: ANALYTIC_WORDS[d.kind]
            for d in declared
            if isinstance(d, Rfm | Clusters | Score | Rules)
        },
        pressures=tuple(d for d in declared if isinstance(d, Pressure)),
    )


def _by_name(declared: Iterable[D]) -> dict[str, D]:
    found: dict[str, D] = {}
    for declaration in declared:
        found.setdefault(declaration.name.text, declaration)
    return found
