"""What is learned from what: a score that is learned from itself, by way of others or not, cannot be learned at all."""

from parcours.checking.findings import Findings
from parcours.checking.parts import parts
from parcours.checking.predicates import Predicates
from parcours.checking.scope import OUTSIDE
from parcours.checking.terms import Learned
from parcours.checking.vocabulary import Vocabulary
from parcours.model.analytics import Clusters, Score, ZoneWhere

_Learnt = Clusters | Score


def check_circle(declaration: _Learnt, predicates: Predicates) -> None:
    """A circle is told once: at the first of its members by their names."""
    start = declaration.name.text
    circle = _circle(start, predicates.vocabulary)
    if circle and start == min(circle):
        others = [name for name in circle if name != start]
        way = f", by way of {', '.join(f'`{name}`' for name in others)}" if others else ""
        predicates.findings.add(
            "circular-segment",
            f"the {declaration.kind} `{start}` is learned from itself{way}",
            declaration.name.place,
        )


def _circle(start: str, vocabulary: Vocabulary) -> list[str]:
    """The names on the shortest way from one back to itself; none when there is no such way."""
    before: dict[str, str] = {}
    todo = [start]
    for name in todo:  # grows while it is read
        for source in sorted(_sources(name, vocabulary)):
            if source == start:
                way = [name]
                while way[-1] != start:
                    way.append(before[way[-1]])
                return way[::-1]
            if source not in before:
                before[source] = name
                todo.append(source)
    return []


def _sources(name: str, vocabulary: Vocabulary) -> set[str]:
    """The scores and clusters that one reads, in segments and stages too."""
    declaration = vocabulary.scores.get(name) or vocabulary.clusters.get(name)
    if declaration is None:
        return set()
    silent = Predicates(vocabulary, Findings({}))  # what is wrong in it is told where it is checked
    terms: list[object] = [silent.values.value(feature, OUTSIDE) for feature in declaration.features]
    terms.append(silent.optional(declaration.population, OUTSIDE))
    if isinstance(declaration, Score):
        terms.append(silent.optional(declaration.predict, OUTSIDE))
        terms.extend(
            silent.predicate(zone.predicate, OUTSIDE)
            for zone in declaration.zones
            if isinstance(zone, ZoneWhere)
        )
    return {
        learned.name
        for term in terms
        for learned in parts(term)
        if isinstance(learned, Learned) and learned.source != "rfm"
    }
