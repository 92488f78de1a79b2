"""Who took which way through a journey: how often each arrow of its picture was walked in a span."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from parcours.checking import checked
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.graph.build import build
from parcours.reporting.span import Span

if TYPE_CHECKING:
    from networkx import MultiDiGraph

_WALKED = """
    SELECT j.version, r.source, r.label, r.decisions, r.target, count(*)
    FROM state.journal AS j JOIN state.tick AS t USING (tick)
    JOIN state.route AS r ON r.version = j.version AND r.route = j.route
    WHERE t.ticked_at >= $first AND t.ticked_at < $last GROUP BY ALL ORDER BY ALL
"""
_VERSIONS = "SELECT version, journey, hash, applied_at FROM state.version ORDER BY journey, version DESC"
_NODES = "SELECT version, node, name FROM state.node"


@dataclass(frozen=True, slots=True)
class Passage:
    """A way out of the step `source`, by its label, that runs took so often."""

    source: str
    label: str
    runs: int


@dataclass(frozen=True, slots=True)
class Walked:
    """A version of a journey in which somebody moved in the span. `arrived`: how many came to a step, of those that
    begin or end a run."""

    version: int
    journey: str
    hash: str
    applied_at: datetime
    entered: int
    passages: tuple[Passage, ...]
    arrived: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class _Route:
    source: str
    label: str
    decisions: tuple[str, ...]
    target: str


def walked(engine: DuckDBEngine, span: Span, journeys: dict[int, checked.Journey]) -> tuple[Walked, ...]:
    """By journey, the newest version first; only those of which the state keeps the `journeys`, by version."""
    names = {(version, node): name for version, node, name in engine.run_text(_NODES)}
    routes: dict[int, list[tuple[_Route, int]]] = {}
    for version, source, label, decisions, target, count in engine.run_text(
        _WALKED, {"first": span.first, "last": span.last}
    ):
        route = _Route(names[version, source], label, tuple(decisions), names[version, target])
        routes.setdefault(version, []).append((route, int(count)))
    return tuple(
        _of_version(version, journey, digest, applied_at, journeys[version], routes[version])
        for version, journey, digest, applied_at in engine.run_text(_VERSIONS)
        if version in routes and version in journeys
    )


def _of_version(
    version: int,
    name: str,
    digest: str,
    applied_at: datetime,
    journey: checked.Journey,
    routes: Sequence[tuple[_Route, int]],
) -> Walked:
    graph = build(journey)
    ways: Counter[tuple[str, str]] = Counter()
    arrived: Counter[str] = Counter()
    for route, count in routes:
        for way in edges_of(graph, route.source, route.label, route.decisions, route.target):
            ways[way] += count
        if graph.nodes[route.source]["kind"] == "enter":
            arrived[route.source] += count
        if graph.nodes[route.target]["kind"] == "exit":
            arrived[route.target] += count
    order = [(source, label) for source, _, label in graph.edges(keys=True)]
    ends = [node for node, data in graph.nodes(data=True) if data["kind"] in ("enter", "exit")]
    return Walked(
        version,
        name,
        digest,
        applied_at,
        sum(count for step, count in arrived.items() if graph.nodes[step]["kind"] == "enter"),
        tuple(Passage(*way, ways[way]) for way in order),
        tuple((node, arrived[node]) for node in ends),
    )


def edges_of(
    graph: "MultiDiGraph[str]", source: str, label: str, decisions: Sequence[str], target: str
) -> list[tuple[str, str]]:
    """The arrows (step, label) that lie on a route, as `compiler.routes` made it: from `source` by `label` through steps that
    take no time, at which the `decisions` chose (`STEP: LABEL`), to `target`. None where a run jumps: to a goal, or out by
    `leave when`, or stays where it is."""
    ways = {(step, key): end for step, end, key in graph.edges(keys=True)}
    if graph.nodes[target].get("anywhere"):
        return []
    chosen = list(decisions)
    found: list[tuple[str, str]] = []
    at = source
    if (source, label) in ways:
        found.append((source, label))
        at = ways[source, label]
    elif label != "go on":
        return []
    while chosen or at != target:
        way = (at, chosen.pop(0).removeprefix(f"{at}: ") if _decides(chosen, at) else "next")
        found.append(way)
        at = ways[way]
    return found


def _decides(chosen: Sequence[str], step: str) -> bool:
    return bool(chosen) and chosen[0].startswith(f"{step}: ")
