"""Where each way leads: tables that hold what is known of a route when compiling.

A route leads to a step; whoever comes there rests, stands at a send, leaves, or goes on. How long a step waits is known
too, unless it waits for a moment that has to be found out about each instance (`compiler/choices.py`)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parcours.checking import checked
from parcours.clock.span import Span
from parcours.compiler.choices import needs_choice
from parcours.compiler.layout import ACT, EXIT, JUNCTION, REST, SEND
from parcours.compiler.routes import ACTS, BRANCHES, Route, Routes

Shapes = Sequence[tuple[int, Routes]]


@dataclass(frozen=True, slots=True)
class Lead:
    """What is known of a route. `retried`: a held message is tried again. `wait`: how long the step waits, by the wall
    clock when `is_local` (T12); `keep`: how long a message may be held there (P7)."""

    version: int
    route: int
    node: int
    kind: str
    retried: bool
    wait: Span | None
    is_local: bool
    keep: Span | None


LEADS = {
    "version": "INTEGER",
    "route": "INTEGER",
    "node": "INTEGER",
    "kind": "VARCHAR",
    "retried": "BOOLEAN",
    "wait": "INTERVAL",
    "is_local": "BOOLEAN",
    "keep": "INTERVAL",
}

STRAIGHT = {"version": "INTEGER", "anchor": "INTEGER", "route": "INTEGER"}


def leads(shapes: Shapes, keep_held: Span) -> list[tuple[int | str | bool | Span | None, ...]]:
    """The rows of `_lead`: every route of every version."""
    return [
        _plain(_lead(version, shape, route, keep_held)) for version, shape in shapes for route in shape.routes
    ]


def straight(shapes: Shapes) -> list[tuple[int, int, int]]:
    """The rows of `_straight`: the anchors at which there is nothing to find out, with their route."""
    return list(_straight(shapes))


def _straight(shapes: Shapes) -> Iterator[tuple[int, int, int]]:
    for version, shape in shapes:
        for anchor in shape.anchors:
            way = shape.ways[anchor.number]
            if isinstance(way, Route) and not needs_choice(shape, anchor):
                yield version, anchor.number, way.number


def _plain(lead: Lead) -> tuple[int | str | bool | Span | None, ...]:
    return tuple(getattr(lead, name) for name in LEADS)


def _lead(version: int, routes: Routes, route: Route, keep_held: Span) -> Lead:
    step: checked.Step = routes.graph.nodes[route.target]["step"]
    wait = _wait(step)
    keep = (step.keep_for or keep_held) if isinstance(step, checked.Send) else None
    is_local = wait is not None and not wait.is_clock
    node, retried = routes.numbers[route.target], route.anchor.label == "retry"
    return Lead(version, route.number, node, _kind(step), retried, wait, is_local, keep)


def _wait(step: checked.Step) -> Span | None:
    match step:
        case checked.Wait():
            return step.span
        case checked.WaitEvent() | checked.WaitCondition():
            return step.up_to
        case _:
            return None


def _kind(step: checked.Step) -> str:
    match step:
        case checked.Exit():
            return EXIT
        case checked.Send():
            return SEND
        case _ if isinstance(step, (*BRANCHES, checked.Repeat)):
            return JUNCTION
        case _ if isinstance(step, ACTS):
            return ACT
        case _:
            return REST
