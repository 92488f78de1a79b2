"""What every form of a drawing needs to know of a state graph, in a fixed order."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from parcours.diagnostics.place import Place

if TYPE_CHECKING:
    import networkx as nx

# Labels that say nothing on the only way out of a step, and those that do not where all ways lead to one place.
_SILENT_ALONE = frozenset({"next", "sent"})
_SILENT_TOGETHER = frozenset({"sent", "not sent", "then", "otherwise"})

FROM_ANYWHERE = "from any step"

SIGNS = {"added": "+", "removed": "\u2212", "changed": "~"}
"""What stands before a title in a picture of two versions, for whoever sees no colours."""


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    kind: str
    title: str
    note: str
    place: Place | None
    contacts: int | None  # how many stand here, None when nobody counted
    anywhere: bool  # an exit by goal or `leave when`: it can be taken from every step and has no arrows
    mark: str = "same"  # in a picture of two versions
    changes: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """The title in a picture, with the sign of its mark."""
        return _signed(self.mark, self.title)

    @property
    def details(self) -> str:
        """The second line of a step in a picture."""
        parts = [FROM_ANYWHERE if self.anywhere else "", self.note, *self.changes]
        return "; ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Arrow:
    """`label` is what to print, empty where it would say nothing; `back` when the arrow closes a loop."""

    source: str
    target: str
    label: str
    back: bool
    mark: str = "same"


@dataclass(frozen=True, slots=True)
class Figure:
    """`before` is the older of two versions, empty in a picture of one; `header` says what has changed and has no
    step of its own."""

    journey: str
    doc: str
    version: str
    steps: tuple[Step, ...]
    arrows: tuple[Arrow, ...]
    before: str = ""
    header: tuple[str, ...] = ()


def legend(figure: Figure) -> str:
    """What the signs of a picture of two versions mean, in one line: those that stand in it."""
    if not figure.before:
        return ""
    marks = {step.mark for step in figure.steps} | {arrow.mark for arrow in figure.arrows}
    said = ", ".join(f"{sign} {mark}" for mark, sign in SIGNS.items() if mark in marks)
    return said or "nothing has changed"


Passed = Mapping[tuple[str, str], int]
"""How often the ways out of steps were taken: by step and label."""


def read(
    graph: "nx.MultiDiGraph[str]", counts: Mapping[str, int] | None = None, passed: Passed | None = None
) -> Figure:
    """The graph's steps in the order in which they were added, and its arrows in that order of their sources.

    `counts` says how many contacts stand at a step; names that the graph does not have are passed over
    (instances of an older version may stand there, T18). `passed` puts on each arrow how often it was taken.
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
            mark=data.get("mark") or "same",
            changes=tuple(data.get("changes") or ()),
        )
        for name, data in graph.nodes(data=True)
    )
    arrows: list[Arrow] = []
    for source in graph:
        ways = [
            _Way(
                target,
                str(data.get("label") or ""),
                str(data.get("title") or data.get("label") or ""),
                data.get("mark") or "same",
            )
            for _, target, data in graph.out_edges(source, data=True)
        ]
        arrows += [
            Arrow(source, way.target, _signed(way.mark, way.title), (source, way.target) in back, way.mark)
            for way in (_to_draw(ways) if passed is None else _counted(source, ways, passed))
        ]
    return Figure(
        journey=graph.graph.get("journey") or "",
        doc=graph.graph.get("doc") or "",
        version=str(graph.graph.get("version") or ""),
        steps=steps,
        arrows=tuple(arrows),
        before=str(graph.graph.get("before") or ""),
        header=tuple(graph.graph.get("header") or ()),
    )


@dataclass(frozen=True, slots=True)
class _Way:
    target: str
    label: str
    title: str
    mark: str


def _to_draw(ways: list[_Way]) -> list[_Way]:
    """The ways out of a step without what says nothing: a send that goes on in the same place whether it was sent or
    not has one arrow without a title. Ways of different marks are looked at each kind for itself."""
    drawn: list[_Way] = []
    for mark in dict.fromkeys(way.mark for way in ways):
        alike = [way for way in ways if way.mark == mark]
        targets, labels = {way.target for way in alike}, {way.label for way in alike}
        silent = _SILENT_TOGETHER if len(alike) > 1 else _SILENT_ALONE
        if len(alike) < len(ways) and len(alike) == 1 and any(way.label == "not sent" for way in ways):
            silent = _SILENT_TOGETHER - {"sent", "not sent"}  # one of two answers that now part
        if len(targets) == 1 and labels <= silent:
            drawn.append(replace(alike[0], title=""))
        else:
            drawn += alike
    return drawn


def _counted(source: str, ways: list[_Way], passed: Passed) -> list[_Way]:
    """The ways to draw with how often they were taken; where one arrow stands for several, with how often each was."""
    drawn = []
    for way in _to_draw(ways):
        if way.title:
            title = f"{way.title} · {passed.get((source, way.label), 0):,}"
        else:
            shown = [(other.label, passed.get((source, other.label), 0)) for other in ways]
            title = ", ".join(f"{label} {runs:,}" if len(ways) > 1 else f"{runs:,}" for label, runs in shown)
        drawn.append(replace(way, title=title))
    return drawn


def _signed(mark: str, text: str) -> str:
    return f"{SIGNS.get(mark, '')} {text}".strip()


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
