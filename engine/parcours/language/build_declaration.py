"""Which builder makes which declaration."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from parcours.language.build_analytics import build_clusters, build_rfm, build_rules, build_score
from parcours.language.build_example import build_example
from parcours.language.build_journey import build_journey
from parcours.language.build_policy import build_channel, build_pressure
from parcours.language.build_vocabulary import build_lifecycle, build_message, build_season, build_segment
from parcours.language.building import Branch, Building
from parcours.model.project import Declaration

_BUILDERS: Mapping[str, Callable[[Building, Branch], Declaration]] = MappingProxyType(
    {
        "journey": build_journey,
        "message": build_message,
        "channel": build_channel,
        "pressure": build_pressure,
        "segment": build_segment,
        "lifecycle": build_lifecycle,
        "season": build_season,
        "rfm": build_rfm,
        "clusters": build_clusters,
        "score": build_score,
        "rules": build_rules,
        "example": build_example,
    }
)
KINDS = tuple(_BUILDERS)


def build_declaration(building: Building, tree: Branch) -> Declaration:
    """The declaration as a model. What is wrong with it is reported to `building`; raises `Refused` when the
    rest makes no sense."""
    return _BUILDERS[str(tree.data)](building, tree)
