"""The declared names of a project."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from parcours.checking.paths import all_steps
from parcours.datamart.catalog import Catalog, Table
from parcours.model.analytics import Clusters, Rfm, Rules, Score
from parcours.model.journey import Journey, Send
from parcours.model.policy import Channel, Pressure
from parcours.model.project import Project
from parcours.model.settings import Settings
from parcours.model.vocabulary import Lifecycle, Message, Season, Segment

Named = Segment | Lifecycle | Season | Message | Channel | Journey | Rfm | Clusters | Score | Rules
D = TypeVar("D", Segment, Lifecycle, Season, Message, Channel, Journey, Rfm, Clusters, Score, Rules)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Declarations by kind and name; of two with one name the first counts. `senders`: of each message that is sent, a
    journey that sends it. `recorded`: the tables of the events that journeys record.

    What the check of a file knows of the other files it reads here, and nowhere else: the workspace relies on it."""

    settings: Settings
    catalog: Catalog
    segments: Mapping[str, Segment]
    lifecycles: Mapping[str, Lifecycle]
    seasons: Mapping[str, Season]
    messages: Mapping[str, Message]
    channels: Mapping[str, Channel]
    journeys: Mapping[str, Journey]
    rfms: Mapping[str, Rfm]
    clusters: Mapping[str, Clusters]
    scores: Mapping[str, Score]
    rules: Mapping[str, Rules]
    pressures: Sequence[Pressure]
    senders: Mapping[str, str]
    recorded: Mapping[str, Table]

    @property
    def time_zone(self) -> str:
        return self.settings.time_zone.text

    @property
    def currency(self) -> str:
        return self.settings.currency

    def first(self, declaration: Named) -> Named:
        """The declaration of this kind and name that counts."""
        of_kind: Mapping[str, Mapping[str, Named]] = {
            "segment": self.segments,
            "lifecycle": self.lifecycles,
            "season": self.seasons,
            "message": self.messages,
            "channel": self.channels,
            "journey": self.journeys,
            "rfm": self.rfms,
            "clusters": self.clusters,
            "score": self.scores,
            "rules": self.rules,
        }
        return of_kind[declaration.kind][declaration.name.text]


def vocabulary_of(project: Project, catalog: Catalog) -> Vocabulary:
    """The names of a project that has been read whole; what its journeys record is still to be found out."""
    declared = project.declarations
    journeys = _by_name(d for d in declared if isinstance(d, Journey))
    return Vocabulary(
        project.settings,
        catalog,
        segments=_by_name(d for d in declared if isinstance(d, Segment)),
        lifecycles=_by_name(d for d in declared if isinstance(d, Lifecycle)),
        seasons=_by_name(d for d in declared if isinstance(d, Season)),
        messages=_by_name(d for d in declared if isinstance(d, Message)),
        channels=_by_name(d for d in declared if isinstance(d, Channel)),
        journeys=journeys,
        rfms=_by_name(d for d in declared if isinstance(d, Rfm)),
        clusters=_by_name(d for d in declared if isinstance(d, Clusters)),
        scores=_by_name(d for d in declared if isinstance(d, Score)),
        rules=_by_name(d for d in declared if isinstance(d, Rules)),
        pressures=tuple(d for d in declared if isinstance(d, Pressure)),
        senders=_senders(journeys),
        recorded={},
    )


def _senders(journeys: Mapping[str, Journey]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in sorted(journeys):
        for _, step in all_steps(journeys[name].steps):
            if isinstance(step, Send):
                found.setdefault(step.message.text, name)
    return found


def _by_name(declared: Iterable[D]) -> dict[str, D]:
    found: dict[str, D] = {}
    for declaration in declared:
        found.setdefault(declaration.name.text, declaration)
    return found
