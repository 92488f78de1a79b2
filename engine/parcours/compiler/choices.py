"""What has to be found out about an instance before it moves: which way it goes, and what is computed of it on the way.

There is one statement for each anchor with something to find out, and only those run whose anchor somebody sets off from:
with few instances awake, a tick costs what its statements cost to plan. And there is one for all anchors of several versions
together, for a tick in which instances set off from many of them; but for those who enter, of whom no older events matter. Where each way leads is in a table
(`compiler/leads.py`); everybody then moves by one statement (`compiler/moves.py`)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from parcours.checking import checked
from parcours.checking.event_tables import SQL_TYPES
from parcours.checking.terms import Term, Window, happened
from parcours.compiler.expressions import (
    any_of,
    call,
    case,
    case_of,
    cast_to,
    holds,
    insert,
    number,
    own,
    record,
    same_for_all,
    table,
    text,
)
from parcours.compiler.features import Shared
from parcours.compiler.laps import Lap
from parcours.compiler.layout import CHOSEN
from parcours.compiler.routes import ENTER_ANCHOR, Anchor, Begun, Choice, Condition, Route, Routes, Way
from parcours.compiler.shares import share_below
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject
from parcours.compiler.waits import Due, due

_EVERYBODY = 2**32

TOGETHER = 6
"""How many versions one statement of choices is about."""


@dataclass(frozen=True)
class Choose:
    """`INSERT INTO _chosen`, and the events of which it reads what is counted for all (`compiler/features.py`)."""

    statement: Statement
    asks: frozenset[str]


def needs_choice(routes: Routes, anchor: Anchor) -> bool:
    """Whether something has to be found out about an instance at an anchor before it moves."""
    way = routes.ways[anchor.number]
    return not isinstance(way, Route) or bool(way.laps) or has_facts(routes.graph.nodes[way.target]["step"])


def has_facts(step: checked.Step) -> bool:
    """Whether something is computed of each instance that comes to a step."""
    match step:
        case checked.Send():
            return step.unless is not None
        case checked.WaitUntil() | checked.SetAttribute() | checked.Record():
            return True
        case _:
            return come(step) is not None


def come(step: checked.Step) -> Term | None:
    """What ends a wait on arrival, if it is so: an event since entry that came before the instance did (T15), a
    condition (T16)."""
    match step:
        case checked.WaitEvent() if step.events.window.kind == "arrived_since_entry":
            return happened(replace(step.events, window=Window("since_entry")))
        case checked.WaitCondition():
            return step.predicate
        case _:
            return None


@dataclass(frozen=True)
class Place:
    """Some anchors of a version at which there is a choice."""

    version: int
    routes: Routes
    anchors: Sequence[Anchor]


@dataclass(frozen=True)
class Together:
    """One statement for all of these anchors, each with its version."""

    anchors: frozenset[tuple[int, int]]
    choose: Choose


def in_groups(places: Sequence[Place]) -> Iterator[Sequence[Place]]:
    """The places for which there is one statement together: some versions each, and entries apart from all else. Of a single
    anchor there is a statement already."""
    for is_entry in (True, False):
        apart = [replace(place, anchors=_apart(place, is_entry=is_entry)) for place in places]
        some = [place for place in apart if place.anchors]
        for first in range(0, len(some), TOGETHER):
            group = some[first : first + TOGETHER]
            if sum(len(place.anchors) for place in group) > 1:
                yield group


def _apart(place: Place, *, is_entry: bool) -> list[Anchor]:
    return [anchor for anchor in place.anchors if (anchor.number == ENTER_ANCHOR) is is_entry]


def choose(places: Sequence[Place], project_zone: str, settable: Mapping[str, str], shared: Shared) -> Choose:
    """The ways of the awake instances that set off from some anchors of one version, or of several."""
    here = any_of(_stands_at(place) for place in places)
    subject = Subject("_awake", project_zone, here, settable, shared, contacts="_moving")
    made = [(place.version, _Choosing(place, subject)) for place in places]
    for place, (_, choosing) in zip(places, made, strict=True):
        subject.read_by(_stands_at(place), [choosing.way, *choosing.facts])
    way = _by_version("s", [(version, choosing.way) for version, choosing in made])
    columns = {
        name: _by_version("f", [(version, choosing.columns[name]) for version, choosing in made])
        for name in CHOSEN[2:]
    }
    read = [own("version", "s")] if len(made) > 1 else []
    read += [own("laps", "s")] if any(choosing.with_laps for _, choosing in made) else []
    facts = [fact for _, choosing in made for fact in choosing.facts]
    inner = subject.select(exp.alias_(own("rowid", "s"), "awake"), exp.alias_(way, "route"), *read, *facts)
    query = exp.select(
        own("awake", "f"), own("route", "f"), *(exp.alias_(value, name) for name, value in columns.items())
    ).from_(table("facts", "f"), copy=False)
    query = query.with_("facts", as_=inner, copy=False)
    statement = Statement(*_named(places), insert("_chosen", CHOSEN, query))
    return Choose(statement, frozenset(subject.asked))


def _named(places: Sequence[Place]) -> tuple[str, str]:
    """The name of a statement, and what it is about."""
    place = places[0]
    journeys = ", ".join(one.routes.journey.name for one in places)
    if sum(len(one.anchors) for one in places) == 1:
        first = place.anchors[0]
        return f"choose_{place.version}_{first.number}", f"{journeys}: from `{first.node}` by `{first.label}`"
    if place.anchors[0].number == ENTER_ANCHOR:
        return f"choose_entering_{place.version}", f"{journeys}: where those go who enter"
    return f"choose_{place.version}", f"{journeys}: from all steps at which there is a choice"


def _stands_at(place: Place) -> exp.Expr:
    return exp.and_(
        exp.EQ(this=own("version", "s"), expression=number(place.version)),
        exp.In(this=own("anchor", "s"), expressions=[number(anchor.number) for anchor in place.anchors]),
    )


def _by_version(alias: str, values: Sequence[tuple[int, exp.Expr]]) -> exp.Expr:
    """A value that each version has for itself; unknown in those that have none."""
    if len(values) == 1:
        return values[0][1]
    known = [(number(version), value) for version, value in values if not isinstance(value, exp.Null)]
    return case_of(own("version", alias), known)


class _Choosing:
    """Of one version: the `way` that an instance takes, what else is computed of it (`facts`), and the `columns` of `_chosen`
    that are made of these; what is not there is the same for all, and unknown."""

    def __init__(self, place: Place, subject: Subject) -> None:
        self._routes, self._version, self.subject = place.routes, place.version, subject
        ways = [(number(anchor.number), place.routes.ways[anchor.number]) for anchor in place.anchors]
        taken = [(anchor, _way_sql(way, subject)) for anchor, way in ways]
        self.way = taken[0][1] if len(taken) == 1 else case_of(own("anchor", "s"), taken)
        self._leaves = [route for _, way in ways for route in _leaves(way)]
        self.with_laps = any(route.laps for route in self._leaves)
        self.facts: list[exp.Expr] = []
        self.columns = {
            "due_at": self._by_step("due", lambda step: self._due(step, local=False)),
            "local_due": self._by_step("wall", lambda step: self._due(step, local=True)),
            "come": self._by_step("come", self._come),
            "unless": self._by_step("unless", self._unless),
            "laps": self._by_route(lambda route: self._laps(route.laps)) if self.with_laps else exp.null(),
            "sets": self._by_step("sets", self._sets),
            "act": self._by_step("act", self._act),
        }

    def _by_step(self, kind: str, value: Callable[[checked.Step], exp.Expr | None]) -> exp.Expr:
        """What is computed of an instance by the step to which its route leads; unknown at those that need nothing."""
        facts: dict[str, exp.Expr] = {}
        for name in dict.fromkeys(route.target for route in self._leaves):
            made = value(self._routes.graph.nodes[name]["step"])
            if made is not None:
                alias = f"{kind}_{self._version}_{self._routes.numbers[name]}"
                self.facts.append(exp.alias_(made, alias))
                facts[name] = own(alias, "f")
        pairs = [(number(r.number), facts[r.target]) for r in self._leaves if r.target in facts]
        if len(pairs) == len(self._leaves):
            common = same_for_all([expression for _, expression in pairs])
            if common is not None:
                return common
        return case_of(own("route", "f"), pairs)

    def _by_route(self, value: Callable[[Route], exp.Expr]) -> exp.Expr:
        return case_of(own("route", "f"), [(number(route.number), value(route)) for route in self._leaves])

    def _due(self, step: checked.Step, *, local: bool) -> exp.Expr | None:
        """T13: the moment for which a step waits; how long others wait is in the table of leads."""
        made: Due | None = due(step, self.subject) if isinstance(step, checked.WaitUntil) else None
        return made.expression if made is not None and made.is_local == local else None

    def _come(self, step: checked.Step) -> exp.Expr | None:
        term = come(step)
        return None if term is None else holds(self.subject.sql(term))

    def _unless(self, step: checked.Step) -> exp.Expr | None:
        if not isinstance(step, checked.Send) or step.unless is None:
            return None
        return holds(self.subject.sql(step.unless))

    def _act(self, step: checked.Step) -> exp.Expr | None:
        if not isinstance(step, checked.Record):
            return None
        return record([(field, self._kept(term)) for field, term in step.bindings])

    def _sets(self, step: checked.Step) -> exp.Expr | None:
        """What the run has set in this tick, with this one. A list, since a patch with nothing would take away."""
        if not isinstance(step, checked.SetAttribute):
            return None
        value = exp.cast(self._kept(step.value), "VARCHAR")
        patch = call("json_object", text(step.attribute.name), call("list_value", value))
        before = exp.Coalesce(this=own("sets", "s"), expressions=[text("{}")])
        return exp.cast(call("json_merge_patch", before, patch), "VARCHAR")

    def _kept(self, term: Term) -> exp.Expr:
        """A value as it is kept: of one type for each kind; what that cannot hold is unknown."""
        kept = exp.DataType.build(SQL_TYPES[term.kind], dialect="duckdb")
        return exp.TryCast(this=self.subject.sql(term), to=kept)

    def _laps(self, laps: Sequence[Lap]) -> exp.Expr:
        """T5: the counts of all repeats after a route; unknown where they stay as they are."""
        if not laps:
            return exp.null()
        changes = {lap.repeat: lap.change for lap in laps}
        counts: list[exp.Expr] = []
        for repeat in range(len(self._routes.laps.numbers)):
            now = begun(repeat, "f")
            match changes.get(repeat):
                case "begin":
                    counts.append(exp.Add(this=now, expression=number(1)))
                case "forget":
                    counts.append(number(0))
                case None:
                    counts.append(now)
        return cast_to(call("list_value", *counts), "INTEGER[]")


def begun(repeat: int, alias: str) -> exp.Expr:
    """How often a repeat has begun."""
    count = call("list_extract", own("laps", alias), number(repeat + 1))
    return exp.Coalesce(this=count, expressions=[number(0)])


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
