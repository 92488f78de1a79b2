"""The analytic core as declared: rfm, clusters, scores and association rules become model nodes."""

from decimal import Decimal

from parcours.language.build_journey import build_doc
from parcours.language.build_predicates import build_predicate, build_value
from parcours.language.build_values import build_duration, build_path, percent
from parcours.language.build_vocabulary import build_refresh
from parcours.language.building import Branch, Building, branch, branch_or_none, branches, word
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


def build_rfm(building: Building, tree: Branch) -> Rfm:
    lines = branches(tree)
    of, scored, trend = (building.single(lines, kind) for kind in ("rfm_of", "rfm_scored", "rfm_trend"))
    sources = branches(of)
    return Rfm(
        place=building.head(tree),
        name=building.name(word(tree, 0)),
        doc=build_doc(branch_or_none(tree, 1)),
        of=tuple(build_path(building, path) for path in sources[:-1]),
        over=build_duration(building, sources[-1]) if sources else None,
        scored_from=None if scored is None else int(word(scored, 0)),
        scored_to=None if scored is None else int(word(scored, 1)),
        scored_by=None if scored is None else building.name(word(scored, 2)),
        trend=None if trend is None else build_duration(building, branch(trend, 0)),
        lines=building.lines(lines),
    )


def build_clusters(building: Building, tree: Branch) -> Clusters:
    lines = branches(tree)
    groups, clip, sample = (building.single(lines, kind) for kind in ("groups", "clip", "sample"))
    return Clusters(
        place=building.head(tree),
        name=building.name(word(tree, 0)),
        doc=build_doc(branch_or_none(tree, 1)),
        features=_features(building, lines),
        population=_population(building, lines),
        fewest=None if groups is None else int(word(groups, 0)),
        most=None if groups is None else int(word(groups, 1)),
        clip_low=None if clip is None else percent(word(clip, 0)),
        clip_high=None if clip is None else percent(word(clip, 1)),
        sample=None if sample is None else int(word(sample, 0)),
        refresh=build_refresh(building, lines),
        lines=building.lines(lines),
    )


def build_score(building: Building, tree: Branch) -> Score:
    lines = branches(tree)
    predict, learn_on, zones = (building.single(lines, kind) for kind in ("predict", "learn_on", "zones"))
    return Score(
        place=building.head(tree),
        name=building.name(word(tree, 0)),
        doc=build_doc(branch_or_none(tree, 1)),
        predict=None if predict is None else build_predicate(building, branch(predict, 0)),
        within=None if predict is None else build_duration(building, branch(predict, 1)),
        features=_features(building, lines),
        population=_population(building, lines),
        learn_on=None if learn_on is None else build_duration(building, branch(learn_on, 0)),
        refresh=build_refresh(building, lines),
        zones=tuple(_zone(building, zone) for zone in branches(zones)),
        lines=building.lines(lines),
    )


def _features(building: Building, lines: list[Branch]) -> tuple[Value, ...]:
    line = building.single(lines, "features")
    return tuple(build_value(building, value) for value in branches(line))


def _population(building: Building, lines: list[Branch]) -> Predicate | None:
    line = building.single(lines, "population")
    return None if line is None else build_predicate(building, branch(line, 0))


def _zone(building: Building, tree: Branch) -> Zone:
    place, name = building.head(tree), building.name(word(tree, 0))
    match str(tree.data):
        case "zone_where":
            return ZoneWhere(place=place, name=name, predicate=build_predicate(building, branch(tree, 1)))
        case "zone_top":
            return ZoneTop(place=place, name=name, percent=percent(word(tree, 1)))
        case "zone_from":
            return ZoneFrom(place=place, name=name, percent=percent(word(tree, 1)))
        case "zone_break_even":
            return ZoneBreakEven(place=place, name=name)
        case "zone_otherwise":
            return ZoneOtherwise(place=place, name=name)
    raise AssertionError(f"the grammar has a zone that is not built: {tree.data}")


def build_rules(building: Building, tree: Branch) -> Rules:
    lines = branches(tree)
    source = building.single(lines, "together_in", "followed_within")
    support, confidence, lift = (building.single(lines, kind) for kind in ("support", "confidence", "lift"))
    baskets = source is not None and source.data == "together_in"
    return Rules(
        place=building.head(tree),
        name=building.name(word(tree, 0)),
        doc=build_doc(branch_or_none(tree, 1)),
        item=None if source is None else build_path(building, branch(source, 0)),
        event=None if source is None else building.name(word(source, 1)),
        together_in=build_path(building, branch(source, 2)) if source is not None and baskets else None,
        followed_within=(
            build_duration(building, branch(source, 2)) if source is not None and not baskets else None
        ),
        support=None if support is None else percent(word(support, 0)),
        confidence=None if confidence is None else percent(word(confidence, 0)),
        lift=None if lift is None else Decimal(word(lift, 0)),
        refresh=build_refresh(building, lines),
        lines=building.lines(lines),
    )
