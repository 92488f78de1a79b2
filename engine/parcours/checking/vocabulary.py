"""The declared names of a project."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from parcours.datamart.catalog import Catalog, Table
from parcours.model.analytics import Clusters, Rfm, Rules, Score
from parcours.model.journey import Journey
from parcours.model.policy import Channel, Pressure
from parcours.model.project import Declaration
from parcours.model.settings import Settings
from parcours.model.vocabulary import Lifecycle, Message, Season, Segment

Named = Segment | Lifecycle | Season | Message | Channel | Journey | Rfm | Clusters | Score | Rules
D = TypeVar("D", Segment, Lifecycle, Season, Message, Channel, Journey, Rfm, Clusters, Score, Rules)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Declarations by kind and name; of two with one name the first counts. `recorded`: the tables of the events that
    journeys record.

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


def vocabulary_of(settings: Settings, declarations: Iterable[Declaration], catalog: Catalog) -> Vocabulary:
    """The names of a project that has been read whole; what its journeys record is still to be found out."""
    pressures: list[Pressure] = []
    named: dict[type[Any], dict[str, Any]] = {}
    for declaration in declarations:
        match declaration.kind:
            case "pressure":
                pressures.append(declaration)
            case "example":
                pass
            case _:
                named.setdefault(type(declaration), {}).setdefault(declaration.name.text, declaration)

    def of(kind: type[D]) -> dict[str, D]:
        return named.get(kind, {})

    return Vocabulary(
        settings,
        catalog,
        segments=of(Segment),
        lifecycles=of(Lifecycle),
        seasons=of(Season),
        messages=of(Message),
        channels=of(Channel),
        journeys=of(Journey),
        rfms=of(Rfm),
        clusters=of(Clusters),
        scores=of(Score),
        rules=of(Rules),
        pressures=tuple(pressures),
        recorded={},
    )
