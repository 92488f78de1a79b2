"""Every instantaneous way through a journey, enumerated when compiling.

An *anchor* is where an instance sets off: the entry, or one way out of a node at which it rested. From an anchor
a tree of choices leads to the nodes at which it comes to rest; each leaf is a *route*, numbered, so that the
journal can say in four bytes which way somebody took. Journeys whose branches multiply are cut at *junctions*:
nodes from which an instance goes on in the next round of the same tick.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from parcours.checking import checked
from parcours.checking.terms import Term, happened
from parcours.clock.chance import boundaries
from parcours.compiler.laps import Lap, Laps
from parcours.graph.build import build
from parcours.graph.edges import ENTER
from parcours.graph.order import backwards

if TYPE_CHECKING:
    import networkx

S = TypeVar("S", bound=checked.Step)

MOST_ROUTES = 64  # of one anchor; beyond that a junction is cheaper than a larger CASE
BRANCHES = (checked.If, checked.Split, checked.Experiment)
ACTS = (checked.SetAttribute, checked.Record, checked.Start)

ENTER_ANCHOR = 0


@dataclass(frozen=True, slots=True)
class Anchor:
    """`label` is the edge taken out of `node`: next, then, otherwise, sent, not sent, retry, goal, leave."""

    number: int
    node: str
    label: str


@dataclass(frozen=True, slots=True)
class Route:
    """`decisions`: the edges taken on the way, as `node: label`. `laps`: which counts of repeats change on it."""

    number: int
    anchor: Anchor
    decisions: tuple[str, ...]
    target: str
    laps: tuple[Lap, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """Go this way when the term holds."""

    term: Term


@dataclass(frozen=True, slots=True)
class Share:
    """Go this way when the contact's share of `key` is below `below` (T17)."""

    key: str
    below: int


@dataclass(frozen=True, slots=True)
class Begun:
    """Go this way when a repeat, by its number, has begun as often as it may."""

    repeat: int
    times: int


Test = Condition | Share | Begun


@dataclass(frozen=True, slots=True)
class Choice:
    """The first test that is yes decides; otherwise `default`."""

    tests: tuple[tuple[Test, "Choice | Route"], ...]
    default: "Choice | Route"


Way = Choice | Route


@dataclass
class Routes:
    """The compiled shape of one journey. `ways` gives the tree of choices of each anchor."""

    journey: checked.Journey
    graph: "networkx.MultiDiGraph[str]" = field(init=False)
    numbers: dict[str, int] = field(init=False)
    junctions: frozenset[str] = field(init=False)
    anchors: list[Anchor] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    ways: dict[int, Way] = field(default_factory=dict)
    laps: Laps = field(init=False)

    def __post_init__(self) -> None:
        self.graph = build(self.journey)
        self.laps = Laps(self.journey)
        self.numbers = {name: number for number, name in enumerate(self.graph)}
        self.junctions = _junctions(self.graph)
        for anchor in self._all_anchors():
            self.anchors.append(anchor)
            self.ways[anchor.number] = self._from(anchor)

    def anchor(self, node: str, label: str) -> Anchor:
        """The anchor of a node by its label; there is exactly one."""
        (found,) = (a for a in self.anchors if a.node == node and a.label == label)
        return found

    def leaving(self) -> list[Anchor]:
        """The anchors of goals and of `leave when`."""
        return [a for a in self.anchors if a.label in ("goal", "leave")]

    def nodes(self, *kinds: type[S]) -> Iterator[tuple[int, S]]:
        """(number, step) of the nodes whose step is of one of the kinds, in order."""
        for name, attributes in self.graph.nodes(data=True):
            step = attributes["step"]
            if isinstance(step, kinds):
                yield self.numbers[name], step

    def _all_anchors(self) -> Iterator[Anchor]:
        listed: list[tuple[str, str]] = [(ENTER, "next")]
        for name, attributes in self.graph.nodes(data=True):
            match attributes["step"]:
                case checked.Wait() | checked.WaitUntil():
                    listed.append((name, "next"))
                case checked.SetAttribute() | checked.Record() | checked.Start():
                    listed.append((name, "next"))
                case checked.WaitEvent() | checked.WaitCondition():
                    listed += [(name, "then"), (name, "otherwise")]
                case checked.Send():
                    listed += [(name, "sent"), (name, "not sent"), (name, "retry")]
                case _ if name in self.junctions:
                    listed.append((name, "go on"))
        listed += [(f"goal {goal.name}", "goal") for goal in self.journey.goals]
        listed += [(f"leave {leave.outcome}", "leave") for leave in self.journey.leaves]
        seen: set[tuple[str, str]] = set()
        for node, label in listed:
            if (node, label) not in seen:
                seen.add((node, label))
                yield Anchor(len(seen) - 1, node, label)

    def _from(self, anchor: Anchor) -> Way:
        if anchor.label in ("goal", "leave", "retry"):
            return self._route(_Path(self, anchor), anchor.node)
        if anchor.label == "go on":
            return self._choices(_Path(self, anchor), anchor.node)
        target = self._target(anchor.node, anchor.label)
        way = self._walk(_Path(self, anchor).step(anchor.node, anchor.label, target), target)
        if anchor.node != ENTER:
            return way
        # T6: before its first step a run is looked at like any other: a goal, then `leave when`
        goals = [(happened(g.events), f"goal {g.name}") for g in self.journey.goals]
        leaves = [(leave.predicate, f"leave {leave.outcome}") for leave in self.journey.leaves]
        tests = [
            (Condition(term), self._route(_Path(self, anchor), name)) for term, name in [*goals, *leaves]
        ]
        return Choice(tuple(tests), way) if tests else way

    def _target(self, node: str, label: str) -> str:
        (target,) = (v for _, v, key in self.graph.out_edges(node, keys=True) if key == label)
        return target

    def _walk(self, path: "_Path", node: str) -> Way:
        step = self.graph.nodes[node]["step"]
        if isinstance(step, checked.GoTo):
            target = self._target(node, "next")
            return self._walk(path.step(node, "next", target), target)
        if isinstance(step, BRANCHES) and node not in self.junctions:
            return self._choices(path, node)
        return self._route(path, node)

    def _choices(self, path: "_Path", node: str) -> Way:
        def branch(label: str) -> Way:
            target = self._target(node, label)
            return self._walk(path.step(node, label, target, decides=True), target)

        step = self.graph.nodes[node]["step"]
        labels = [key for _, _, key in self.graph.out_edges(node, keys=True)]
        if isinstance(step, checked.Split | checked.Experiment):
            below = boundaries([percent for percent, _, _ in step.arms])
            names = [name for _, name, _ in step.arms]
            shares = tuple(
                (Share(step.key, b), branch(n)) for b, n in zip(below[:-1], names[:-1], strict=True)
            )
            return Choice(shares, branch(names[-1]))
        if isinstance(step, checked.Repeat):
            until = [] if step.until is None else [(Condition(step.until), branch("done"))]
            often = (Begun(self.laps.numbers[node], step.times), branch("done"))
            return Choice((*until, often), branch("again"))
        yes = [label for label in labels if label != "no"]
        terms = [Condition(term) for term, _ in step.branches]
        tests = tuple((term, branch(label)) for term, label in zip(terms, yes, strict=True))
        return Choice(tests, branch("no"))

    def _route(self, path: "_Path", target: str) -> Route:
        route = Route(len(self.routes), path.anchor, path.decisions, target, path.laps)
        self.routes.append(route)
        return route


@dataclass(frozen=True, slots=True)
class _Path:
    """A way that is being walked, from an anchor."""

    routes: Routes
    anchor: Anchor
    decisions: tuple[str, ...] = ()
    laps: tuple[Lap, ...] = ()

    def step(self, source: str, label: str, target: str, *, decides: bool = False) -> "_Path":
        """The way with one edge more; `decides`: the edge was chosen among others."""
        decisions = (*self.decisions, f"{source}: {label}") if decides else self.decisions
        laps = self.routes.laps.after(self.laps, source, label, target)
        return _Path(self.routes, self.anchor, decisions, laps)


def _junctions(graph: "networkx.MultiDiGraph[str]") -> frozenset[str]:
    """Where routes are cut: at every repeat, and so that no anchor has more than MOST_ROUTES."""
    steps: dict[str, checked.Step | None] = {name: data["step"] for name, data in graph.nodes(data=True)}
    cut = {name for name, step in steps.items() if isinstance(step, checked.Repeat)}
    # what is walked through without a stop has no circles: a loop without a wait is refused
    passed = [name for name, step in steps.items() if isinstance(step, (*BRANCHES, checked.GoTo))]
    leaves: dict[str, int] = {}

    def count(node: str) -> int:
        return 1 if node in cut else leaves.get(node, 1)

    for node in backwards(graph.subgraph(passed)):
        following = [target for _, target in graph.out_edges(node)]
        while sum(count(target) for target in following) > MOST_ROUTES:
            largest = max(following, key=lambda target: (count(target), target))
            if count(largest) == 1:
                break
            cut.add(largest)
        leaves[node] = sum(count(target) for target in following)
    return frozenset(cut)
