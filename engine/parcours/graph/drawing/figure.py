"""What every form of a drawing needs to know of a state graph, in a fixed order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from parcours.diagnostics.place import Place

if TYPE_CHECKING:
    import networkx as nx

# Labels that say nothing on the only way out of a step, and those that do not where all ways lead to one place.
_SILENT_ALONE = frozenset({"next", "sent"})
_SILENT_TOGETHER = frozenset({"sent", "not sent", "then", "otherwise"})

FROM_ANYWHERE = "from any step"


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    kind: str
    title: str
    note: str
    place: Place | None
    contacts: int | None  # how many stand here, None when nobody counted
    anywhere: bool  # an exit by goal or `leave when`: it can be taken from every step and has no arrows

    @property
    def details(self) -> str:
        """The second line of a step in a picture."""
        parts = [FROM_ANYWHERE if self.anywhere else "", self.note]
        return "; ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Arrow:
    """`label` is what to print, empty where it would say nothing; `back` when the arrow closes a loop."""

    source: str
    target: str
    label: str
    back: bool


@dataclass(frozen=True, slots=True)
class Figure:
    journey: str
    doc: str
    version: str
    steps: tuple[Step, ...]
    arrows: tuple[Arrow, ...]


def read(graph: "nx.MultiDiGraph[str]", counts: Mapping[str, int] | None = None) -> Figure:
    """The graph's steps in the order in which they were added, and its arrows in that order of their sources.

    `counts` says how many contacts stand at a step; names that the graph does not have are passed over
    (instances of an older version may stand there, T18).
    """
    places = {name: number for number, name in enumerate(graph)}
    back = back_edges({name: sorted(graph.adj[name], key=places.__getitem__) for name in graph})
    counted = counts or {}
    steps = tuple(
        Step(
            name=name,
            kind=data["kind"],
            title=data.get("title") or name,
            note=data.get("note") or "",
            place=data.get("place"),
            contacts=counted.get(name),
            anywhere=bool(data.get("anywhere")),
        )
        for name, data in graph.nodes(data=True)
    )
    arrows: list[Arrow] = []
    for source in graph:
        ways = [
            (target, str(data.get("label") or ""), str(data.get("title") or data.get("label") or ""))
            for _, target, data in graph.out_edges(source, data=True)
        ]
        arrows += [Arrow(source, target, title, (source, target) in back) for target, title in _to_draw(ways)]
    return Figure(
        journey=graph.graph.get("journey") or "",
        doc=graph.graph.get("doc") or "",
        version=str(graph.graph.get("version") or ""),
        steps=steps,
        arrows=tuple(arrows),
    )


def _to_draw(ways: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Of the ways out of a step (target, label, title) the targets and titles, without what says nothing: a send
    that goes on in the same place whether it was sent or not has one arrow without a title."""
    targets, labels = {target for target, _, _ in ways}, {label for _, label, _ in ways}
    silent = _SILENT_ALONE if len(ways) == 1 else _SILENT_TOGETHER
    if len(targets) == 1 and labels <= silent:
        return [(ways[0][0], "")]
    return [(target, title) for target, _, title in ways]


def back_edges(successors: Mapping[str, list[str]]) -> set[tuple[str, str]]:
    """The edges that close a loop: those that lead to a step still open in a depth-first walk which starts at
    the first step and takes steps in their order. Without them the graph has no cycle."""
    back: set[tuple[str, str]] = set()
    open_steps: set[str] = set()
    seen: set[str] = set()
    for start in successors:
        if start in seen:
            continue
        seen.add(start)
        open_steps.add(start)
        walk = [(start, iter(successors[start]))]
        while walk:
            step, ways = walk[-1]
            for target in ways:
                if target in open_steps:
                    back.add((step, target))
                elif target not in seen:
                    seen.add(target)
                    open_steps.add(target)
                    walk.append((target, iter(successors[target])))
                    break
            else:
                open_steps.discard(step)
                walk.pop()
    return back
