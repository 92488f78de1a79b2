"""The versions that the state gets to know, with their nodes and routes, and as data (T18)."""

from datetime import datetime

from parcours.checking import checked
from parcours.compiler.program import TickProgram
from parcours.executor.flights import Fleet
from parcours.executor.store import Store
from parcours.graph.stored import to_text
from parcours.graph.versions import content_hash


def register(store: Store, program: TickProgram, fleet: Fleet, at: datetime) -> None:
    """Writes the fresh versions, applied at the instant `at`. Part of a transaction of the caller's."""
    routes_of = {version.number: version.routes for version in program.versions}
    for flight in fleet.fresh:
        number, journey, routes = flight.number, flight.journey, routes_of[flight.number]
        store.add_version(number, journey.name, content_hash(journey), at, to_text(journey))
        store.add_nodes(
            (number, routes.numbers[node], node, data["kind"], data["title"], _outcome(data["step"]))
            for node, data in routes.graph.nodes(data=True)
        )
        store.add_routes(
            (
                number,
                route.number,
                routes.numbers[route.anchor.node],
                route.anchor.label,
                list(route.decisions),
                routes.numbers[route.target],
            )
            for route in routes.routes
        )


def _outcome(step: checked.Step | None) -> str | None:
    return step.outcome if isinstance(step, checked.Exit) else None
