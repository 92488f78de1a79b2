"""From the routes of a journal to the edges of the state graph."""

from collections.abc import Mapping

from parcours.checking import checked
from parcours.checking.checked import CheckedProject
from parcours.compiler.routes import Route, Routes
from parcours.graph.edges import all_steps
from parcours.graph.edges import edges as graph_edges

Edge = tuple[str, str, str]
"""source, label, target"""
ANYWHERE = ("goal", "leave")
"""Labels of ways out that can be taken from anywhere; they are no edges of the graph, and go from any step."""


class Ways:
    """The ways of the journeys of a project, each walked anew in its graph."""

    def __init__(self, project: CheckedProject) -> None:
        self._routes: dict[str, Mapping[int, Route]] = {}
        self._targets: dict[str, Mapping[tuple[str, str], str]] = {}
        self._jumps: dict[str, set[str]] = {}
        for journey in project.journeys:
            self._routes[journey.name] = {route.number: route for route in Routes(journey).routes}
            self._targets[journey.name] = {(e.source, e.label): e.target for e in graph_edges(journey)}
            self._jumps[journey.name] = {
                step.name for step in all_steps(journey.steps) if isinstance(step, checked.GoTo)
            }
        self._known: dict[tuple[str, int], tuple[Edge, ...]] = {}

    def edges(self, journey: str, number: int) -> tuple[Edge, ...]:
        """The edges of a route, in order. AssertionError when it is no way through the graph."""
        key = (journey, number)
        if key not in self._known:
            self._known[key] = tuple(self._walk(journey, self._routes[journey][number]))
        return self._known[key]

    def _walk(self, journey: str, route: Route) -> list[Edge]:
        if route.target.startswith(("goal ", "leave ")):
            label = route.target.partition(" ")[0]
            return [(route.anchor.node if route.anchor.node == "enter" else "", label, route.target)]
        found: list[Edge] = []
        node, decisions = route.anchor.node, list(route.decisions)

        def take(label: str) -> str:
            target = self._targets[journey][node, label]
            found.append((node, label, target))
            return target

        if route.anchor.label != "go on":
            node = take(route.anchor.label)
        while node != route.target or decisions:
            if node in self._jumps[journey]:
                node = take("next")
                continue
            source, _, label = decisions.pop(0).partition(": ")
            assert source == node, (
                f"{journey}: the route {route} decides at {source}, the graph stands at {node}"
            )
            node = take(label)
        return found
