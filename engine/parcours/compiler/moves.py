"""A round: every awake instance goes its route until it rests, exits, or stands at a send (T5, step 6).

There is one statement for each anchor, and only those run whose anchor somebody sets off from: with few instances
awake, a tick costs what its statements cost to plan. And there is one for all anchors of a version together, for a tick
in which instances set off from many of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from parcours.checking import checked
from parcours.checking.event_tables import SQL_TYPES
from parcours.checking.terms import Term, Window, happened
from parcours.clock.span import Span
from parcours.compiler.expressions import (
    FALSE,
    NOW,
    call,
    case,
    case_of,
    cast_to,
    holds,
    insert,
    interval,
    number,
    own,
    parameter,
    record,
    same_for_all,
    table,
    text,
)
from parcours.compiler.features import Shared
from parcours.compiler.laps import Lap
from parcours.compiler.layout import ACT, COME, EXIT, JUNCTION, MOVED, PASSED, REST, SEND
from parcours.compiler.routes import (
    ACTS,
    BRANCHES,
    Anchor,
    Begun,
    Choice,
    Condition,
    Route,
    Routes,
    Way,
)
from parcours.compiler.shares import share_below
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject
from parcours.compiler.waits import Due, due
from parcours.compiler.zones import period_join, utc_in_period

_KEPT = ("row", "version", "contact", "key", "entered_at", "entry_at", "entry", "event")
_EVERYBODY = 2**32


@dataclass(frozen=True)
class Move:
    """`INSERT INTO _moved`, and the events of which it reads what is counted for all (`compiler/features.py`)."""

    statement: Statement
    asks: frozenset[str]


def move(
    routes: Routes,
    version: int,
    anchors: Sequence[Anchor],
    project_zone: str,
    keep_held: Span,
    settable: Mapping[str, str],
    shared: Shared,
) -> Move:
    """The awake instances of one version at some of its anchors, each with its route and where that leads."""
    return _Move(routes, version, anchors, project_zone, keep_held, settable, shared).made()


class _Move:
    def __init__(
        self,
        routes: Routes,
        version: int,
        anchors: Sequence[Anchor],
        project_zone: str,
        keep_held: Span,
        settable: Mapping[str, str],
        shared: Shared,
    ) -> None:
        self._routes = routes
        self._version = version
        self._anchors = anchors
        self._keep_held = keep_held
        here = exp.and_(
            exp.EQ(this=own("version", "s"), expression=number(version)),
            exp.In(this=own("anchor", "s"), expressions=[number(anchor.number) for anchor in anchors]),
        )
        self._subject = Subject("_awake", project_zone, here, settable, shared)
        ways = [(number(anchor.number), routes.ways[anchor.number]) for anchor in anchors]
        taken = [(anchor, _way_sql(way, self._subject)) for anchor, way in ways]
        self._way = taken[0][1] if len(taken) == 1 else case_of(own("anchor", "s"), taken)
        self._leaves = [route for _, way in ways for route in _leaves(way)]
        names = dict.fromkeys(route.target for route in self._leaves)
        self._steps: dict[str, checked.Step] = {name: routes.graph.nodes[name]["step"] for name in names}
        found = {name: due(step, self._subject) for name, step in self._steps.items()}
        self._dues: dict[str, Due] = {name: made for name, made in found.items() if made is not None}

    def made(self) -> Move:
        statement = self._statement()
        return Move(statement, frozenset(self._subject.asked))

    def _statement(self) -> Statement:
        kept = [own(name, "s") for name in (*_KEPT, "arrived_at", "keep_until", "laps", "tried", "sets")]
        routed = self._subject.select(
            *kept,
            exp.alias_(self._way, "route"),
            *self._facts(),
        )
        source, query = "routed", exp.select(*self._columns())
        with_local = any(made.is_local for made in self._dues.values())
        if self._dues:
            source = "timed"
            query = query.with_("routed", as_=routed, copy=False).with_(
                "timed", as_=self._timed(with_local=with_local), copy=False
            )
        else:
            query = query.with_("routed", as_=routed, copy=False)
        query = query.from_(table(source, "m"), copy=False)
        journey, anchor = self._routes.journey.name, self._anchors[0]
        name, about = (
            f"move_{self._version}",
            f"{journey}: from all steps where there is something to find out",
        )
        if len(self._anchors) == 1:
            name, about = f"{name}_{anchor.number}", f"{journey}: from `{anchor.node}` by `{anchor.label}`"
        return Statement(name, about, insert("_moved", MOVED, query))

    def _facts(self) -> list[exp.Expr]:
        """What is computed of each instance besides its route: named by the number of the node it is about."""
        numbers = self._routes.numbers
        facts = [exp.alias_(made.expression, f"due_{numbers[n]}") for n, made in self._dues.items()]
        if any(made.is_local for made in self._dues.values()):
            facts.append(exp.alias_(self._subject.terms.zone(), "zone"))
        for name, step in self._steps.items():
            if (term := _come(step)) is not None:
                facts.append(exp.alias_(holds(self._subject.sql(term)), f"come_{numbers[name]}"))
            match step:
                case checked.Send(unless=unless) if unless is not None:
                    facts.append(exp.alias_(holds(self._subject.sql(unless)), f"unless_{numbers[name]}"))
                case checked.SetAttribute():
                    facts.append(exp.alias_(self._sets(step), f"sets_{numbers[name]}"))
                case checked.Record():
                    values = [(field, self._kept(term)) for field, term in step.bindings]
                    facts.append(exp.alias_(record(values), f"act_{numbers[name]}"))
        return facts

    def _kept(self, term: Term) -> exp.Expr:
        """A value as it is kept: of one type for each kind; what that cannot hold is unknown."""
        kept = exp.DataType.build(SQL_TYPES[term.kind], dialect="duckdb")
        return exp.TryCast(this=self._subject.sql(term), to=kept)

    def _sets(self, step: checked.SetAttribute) -> exp.Expr:
        """What the run has set in this tick, with this one. A list, since a patch with nothing would take away."""
        value = exp.cast(self._kept(step.value), "VARCHAR")
        patch = call("json_object", text(step.attribute.name), call("list_value", value))
        before = exp.Coalesce(this=own("sets", "s"), expressions=[text("{}")])
        return exp.cast(call("json_merge_patch", before, patch), "VARCHAR")

    def _laps(self, laps: Sequence[Lap], alias: str) -> exp.Expr:
        """T5: the counts of all repeats after a route."""
        changes = {lap.repeat: lap.change for lap in laps}
        counts: list[exp.Expr] = []
        for repeat in range(len(self._routes.laps.numbers)):
            now = begun(repeat, alias)
            match changes.get(repeat):
                case "begin":
                    counts.append(exp.Add(this=now, expression=number(1)))
                case "forget":
                    counts.append(number(0))
                case None:
                    counts.append(now)
        return cast_to(call("list_value", *counts), "INTEGER[]")

    def _timed(self, *, with_local: bool) -> exp.Select:
        """Adds `due_at`; local times become instants by the table of zone offsets."""

        def chosen(*, local: bool) -> exp.Expr:
            return self._by_target(
                lambda name: (
                    own(f"due_{self._routes.numbers[name]}", "r")
                    if name in self._dues and self._dues[name].is_local == local
                    else exp.null()
                ),
                alias="r",
            )

        if not with_local:
            return exp.select("r.*", exp.alias_(chosen(local=False), "due_at")).from_(
                table("routed", "r"), copy=False
            )
        local = chosen(local=True)
        instant = exp.Coalesce(this=chosen(local=False), expressions=[utc_in_period(local)])
        return (
            exp.select("r.*", exp.alias_(instant, "due_at"))
            .from_(table("routed", "r"), copy=False)
            .join(table("zone_period", "p"), on=period_join(own("zone", "r"), local.copy()), join_type="left")
        )

    def _columns(self) -> list[exp.Expr]:
        """The columns of `_moved`."""
        numbers = self._routes.numbers
        made: dict[str, exp.Expr] = {
            "node": self._by_target(lambda name: number(numbers[name])),
            "round": parameter("round"),
            "kind": self._by_target(self._kind),
            "retried": self._by_route(lambda route: exp.Boolean(this=_is_retry(route))),
            "unless": self._by_target(self._unless),
            "sets": self._by_target(
                lambda name: own(
                    f"sets_{numbers[name]}"
                    if isinstance(self._steps[name], checked.SetAttribute)
                    else "sets",
                    "m",
                )
            ),
            "act": exp.cast(
                self._by_target(
                    lambda name: (
                        own(f"act_{numbers[name]}", "m")
                        if isinstance(self._steps[name], checked.Record)
                        else exp.null()
                    )
                ),
                "VARCHAR",
            ),
        }
        if any(route.laps for route in self._leaves):
            made["laps"] = self._by_route(
                lambda route: self._laps(route.laps, "m") if route.laps else own("laps", "m")
            )
        if not self._dues:
            made["due_at"] = exp.cast(exp.null(), "TIMESTAMP")
        # a held message keeps the time at which it came to its send, and how long it may stay
        kept = {
            "arrived_at": ("TIMESTAMP", lambda _: NOW.copy()),
            "keep_until": ("TIMESTAMP", self._keep_until),
            "tried": ("VARCHAR", lambda _: exp.null()),
        }
        for name, (kind, value) in kept.items():
            made[name] = exp.cast(self._kept_by_retries(name, value), kind)
        return [exp.alias_(made[name], name) if name in made else own(name, "m") for name in MOVED]

    def _by_target(self, value: Callable[[str], exp.Expr], alias: str = "m") -> exp.Expr:
        """A value that depends on where the route leads; no CASE when it is the same everywhere."""
        return self._by_route(lambda route: value(route.target), alias)

    def _by_route(self, value: Callable[[Route], exp.Expr], alias: str = "m") -> exp.Expr:
        pairs = [(number(route.number), value(route)) for route in self._leaves]
        common = same_for_all([expression for _, expression in pairs])
        return common if common is not None else case_of(own("route", alias), pairs)

    def _kept_by_retries(self, column: str, value: Callable[[str], exp.Expr]) -> exp.Expr:
        return self._by_route(
            lambda route: own(column, "m") if _is_retry(route) else value(route.target),
        )

    def _kind(self, name: str) -> exp.Expr:
        step = self._steps[name]
        match step:
            case checked.Exit():
                return text(EXIT)
            case checked.Send():
                return text(SEND)
            case _ if isinstance(step, (*BRANCHES, checked.Repeat)):
                return text(JUNCTION)
            case _ if isinstance(step, ACTS):
                return text(ACT)
            case _:
                # T14: a moment that has passed is no wait
                passed = exp.LTE(this=own("due_at", "m"), expression=NOW.copy())
                kinds: list[tuple[exp.Expr, exp.Expr]] = [(passed, text(PASSED))]
                if _come(step) is not None:
                    kinds.insert(0, (own(f"come_{self._routes.numbers[name]}", "m"), text(COME)))
                return case(kinds, text(REST))

    def _unless(self, name: str) -> exp.Expr:
        step = self._steps[name]
        if isinstance(step, checked.Send) and step.unless is not None:
            return own(f"unless_{self._routes.numbers[name]}", "m")
        return FALSE.copy()

    def _keep_until(self, name: str) -> exp.Expr:
        step = self._steps[name]
        if not isinstance(step, checked.Send):
            return exp.null()
        return exp.Add(this=NOW.copy(), expression=interval(step.keep_for or self._keep_held))


def _come(step: checked.Step) -> Term | None:
    """What ends a wait on arrival, if it is so: an event since entry that came before the instance did (T15), a
    condition (T16)."""
    match step:
        case checked.WaitEvent() if step.events.window.kind == "arrived_since_entry":
            return happened(replace(step.events, window=Window("since_entry")))
        case checked.WaitCondition():
            return step.predicate
        case _:
            return None


def begun(repeat: int, alias: str) -> exp.Expr:
    """How often a repeat has begun."""
    count = call("list_extract", own("laps", alias), number(repeat + 1))
    return exp.Coalesce(this=count, expressions=[number(0)])


def _is_retry(route: Route) -> bool:
    return route.anchor.label == "retry"


def _leaves(way: Way) -> Sequence[Route]:
    if not isinstance(way, Choice):
        return [way]
    return [leaf for _, then in way.tests for leaf in _leaves(then)] + list(_leaves(way.default))


def _way_sql(way: Way, subject: Subject) -> exp.Expr:
    """The number of the route that an instance takes, as nested CASEs."""
    if not isinstance(way, Choice):
        return number(way.number)
    tests: list[tuple[exp.Expr, exp.Expr]] = []
    default = way.default
    for test, then in way.tests:
        if isinstance(test, Condition):
            tests.append((subject.sql(test.term), _way_sql(then, subject)))
        elif isinstance(test, Begun):
            often = exp.GTE(this=begun(test.repeat, "s"), expression=number(test.times))
            tests.append((often, _way_sql(then, subject)))
        elif test.below >= _EVERYBODY:
            default = then
            break
        else:
            tests.append((share_below(test, "s"), _way_sql(then, subject)))
    return case(tests, _way_sql(default, subject))
