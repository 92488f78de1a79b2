"""Anchors from which there is one route and nothing to find out: they share a table and one statement.

Most anchors are like this (a send is followed by a wait, a goal by its exit), so that most rounds take one
statement for all journeys together."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlglot import exp

from parcours.checking import checked
from parcours.clock.span import Span
from parcours.compiler.expressions import NOW, case, insert, own, parameter, table
from parcours.compiler.layout import ACT, EXIT, JUNCTION, MOVED, REST, SEND
from parcours.compiler.routes import BRANCHES, Anchor, Route, Routes
from parcours.compiler.statement import Statement


@dataclass(frozen=True, slots=True)
class Straight:
    """One anchor's only move. `wait` is exact; `keep` is how long a message may be held at the node."""

    version: int
    anchor: int
    route: int
    node: int
    kind: str
    retried: bool
    wait: Span | None
    keep: Span | None


def straight(routes: Routes, version: int, anchor: Anchor, keep_held: Span) -> Straight | None:
    """The only move of an anchor; None when there is something to find out about the instance first."""
    way = routes.ways[anchor.number]
    if not isinstance(way, Route) or way.laps:
        return None
    step = routes.graph.nodes[way.target]["step"]
    wait = keep = None
    match step:
        case checked.Exit():
            kind = EXIT
        case _ if isinstance(step, (*BRANCHES, checked.Repeat)):
            kind = JUNCTION
        case checked.Start():
            kind = ACT
        case checked.Send(unless=None):
            kind, keep = SEND, step.keep_for or keep_held
        case checked.Wait(span=span) if span.is_clock and span.count:
            kind, wait = REST, span
        case checked.WaitEvent(up_to=span) if (
            span.is_clock and span.count and step.events.window.kind == "arrived"
        ):
            kind, wait = REST, span
        case _:
            return None
    retried = anchor.label == "retry"
    return Straight(version, anchor.number, way.number, routes.numbers[way.target], kind, retried, wait, keep)


def move_straight() -> Statement:
    """`INSERT INTO _moved`: everybody awake at an anchor of the table `_straight`."""
    retried = own("retried", "t")
    made: dict[str, exp.Expr] = {
        "node": own("node", "t"),
        # a held message keeps the time at which it came to its send, and how long it may stay
        "arrived_at": case([(retried, own("arrived_at", "s"))], exp.cast(NOW.copy(), "TIMESTAMP")),
        "due_at": exp.Add(this=exp.cast(NOW.copy(), "TIMESTAMP"), expression=own("wait", "t")),
        "keep_until": case(
            [(retried.copy(), own("keep_until", "s"))],
            exp.Add(this=exp.cast(NOW.copy(), "TIMESTAMP"), expression=own("keep", "t")),
        ),
        "round": parameter("round"),
        "route": own("route", "t"),
        "kind": own("kind", "t"),
        "retried": own("retried", "t"),
        "unless": exp.false(),
        "tried": case([(retried.copy(), own("tried", "s"))]),
        "act": exp.cast(exp.null(), "VARCHAR"),
    }
    columns = [exp.alias_(made[name], name) if name in made else own(name, "s") for name in MOVED]
    same = exp.and_(
        exp.EQ(this=own("version", "t"), expression=own("version", "s")),
        exp.EQ(this=own("anchor", "t"), expression=own("anchor", "s")),
    )
    query = exp.select(*columns).from_(table("_awake", "s")).join(table("_straight", "t"), on=same)
    return Statement(
        "move_straight", "those with one way to go, of all journeys", insert("_moved", MOVED, query)
    )


def rows(moves: Iterable[Straight]) -> list[tuple[int | str | bool | Span | None, ...]]:
    """The rows of the table `_straight`."""
    return [(m.version, m.anchor, m.route, m.node, m.kind, m.retried, m.wait, m.keep) for m in moves]


COLUMNS = {
    "version": "INTEGER",
    "anchor": "INTEGER",
    "route": "INTEGER",
    "node": "INTEGER",
    "kind": "VARCHAR",
    "retried": "BOOLEAN",
    "wait": "INTERVAL",
    "keep": "INTERVAL",
}
