"""The analytic core becomes clauses: rfm, clusters, scores and association rules."""

from collections.abc import Sequence

from parcours.language.clauses import Clause, Said
from parcours.language.printing.clauses import clause, doc
from parcours.language.printing.literals import number, percent
from parcours.language.printing.names import BEGINNING, written
from parcours.language.printing.predicates import path, predicate, prediction, value
from parcours.language.printing.vocabulary import refresh
from parcours.model.analytics import (
    Clusters,
    Rfm,
    Rules,
    Score,
    Zone,
    ZoneBreakEven,
    ZoneFrom,
    ZoneOtherwise,
    ZoneTop,
    ZoneWhere,
)
from parcours.model.values import Predicate, Value


def rfm(node: Rfm) -> Clause:
    of, trend, by = node.of, node.trend, node.scored_by
    clauses = (
        doc(node.doc),
        clause("rfm_of", of[0], {"of": ", ".join(map(path, of)), "over": str(node.over)}) if of else None,
        None
        if by is None
        else clause(
            "rfm_scored", by, {"scored": f"{node.scored_from} to {node.scored_to}", "by": written(by)}
        ),
        None if trend is None else clause("rfm_trend", trend, {"trend over": str(trend)}),
    )
    return clause("rfm", node, {"rfm": written(node.name)}, clauses)


def clusters(node: Clusters) -> Clause:
    low, high = node.clip_low, node.clip_high
    clauses = (
        doc(node.doc),
        _features(node.features),
        _population(node.population),
        None
        if node.fewest is None
        else clause("groups", None, {"between": f"{node.fewest} and {node.most}"}),
        None
        if low is None or high is None
        else clause("clip", None, {"clip outliers at": f"{percent(low)} and {percent(high)}"}),
        None if node.sample is None else clause("sample", None, {"sample": str(node.sample)}),
        refresh(node.refresh),
    )
    return clause("clusters", node, {"clusters": written(node.name)}, clauses)


def score(node: Score) -> Clause:
    predict, learn_on = node.predict, node.learn_on
    clauses = (
        doc(node.doc),
        None
        if predict is None
        else clause("predict", predict, {"predict": prediction(predict), "within": str(node.within)}),
        _population(node.population),
        _features(node.features),
        None if learn_on is None else clause("learn_on", learn_on, {"learn on": str(learn_on)}),
        refresh(node.refresh),
    )
    return clause("score", node, {"score": written(node.name)}, clauses, [_zone(zone) for zone in node.zones])


def _features(nodes: Sequence[Value]) -> Clause | None:
    return clause("features", nodes[0], {"from": ", ".join(map(value, nodes))}) if nodes else None


def _population(node: Predicate | None) -> Clause | None:
    return None if node is None else clause("population", node, {"for": predicate(node)})


def _zone(node: Zone) -> Clause:
    zone = written(node.name, BEGINNING)
    match node:
        case ZoneWhere():
            return clause("zone_where", node, {"zone": zone, "where": predicate(node.predicate)})
        case ZoneTop():
            return clause("zone_top", node, {"zone": zone, "top": percent(node.percent)})
        case ZoneFrom():
            return clause("zone_from", node, {"zone": zone, "from": percent(node.percent)})
        case ZoneBreakEven():
            return clause("zone_from", node, {"zone": zone, "from": "break even"})
        case ZoneOtherwise():
            return clause("zone_otherwise", node, {"zone": zone, "otherwise": ""})


def rules(node: Rules) -> Clause:
    support, confidence, lift = node.support, node.confidence, node.lift
    clauses = (
        doc(node.doc),
        _source(node),
        None if support is None else clause("support", None, {"support from": percent(support)}),
        None if confidence is None else clause("confidence", None, {"confidence from": percent(confidence)}),
        None if lift is None else clause("lift", None, {"lift from": number(lift)}),
        refresh(node.refresh),
    )
    return clause("rules", node, {"rules": written(node.name)}, clauses)


def _source(node: Rules) -> Clause | None:
    if node.item is None:
        return None
    said: dict[str, Said | None] = {"item": path(node.item, BEGINNING), "of": written(node.event)}
    if node.together_in is not None:
        return clause("together_in", node.item, {**said, "together in": path(node.together_in)})
    return clause("followed_within", node.item, {**said, "followed within": str(node.followed_within)})
