"""What happens to the instances that may wake: a goal, `leave when`, or the end of their wait (T5, steps 3 and 5)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from parcours.checking import checked
from parcours.checking.terms import Field, Nth, happened
from parcours.compiler.expressions import (
    BEFORE,
    NOW,
    among,
    any_of,
    case,
    case_of,
    cast_to,
    create_temporary,
    holds,
    insert,
    number,
    own,
    parameter,
    record,
    table,
)
from parcours.compiler.layout import AWAKE, LOOKING, RUN, WAKING
from parcours.compiler.routes import Routes
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject

_RESTS = (checked.Wait, checked.WaitUntil, checked.WaitEvent, checked.WaitCondition, checked.Send)


def arrivals(events: Collection[str], listened: Collection[str]) -> Statement:
    """`_arrival(contact, is_listened)`: once each, the contacts of whom an event became new in this tick (T4), and whether it is of a
    kind that may wake somebody."""
    queries = [
        exp.select(
            exp.alias_(own("_contact"), "contact"),
            exp.alias_(exp.Boolean(this=event in listened), "is_listened"),
        )
        .from_(table(f"event_{event}"), copy=False)
        .where(new_event(), copy=False)
        for event in sorted(events)
    ]
    each = queries[0] if len(queries) == 1 else exp.union(*queries, distinct=False, copy=False)
    query = (
        exp.select("contact", exp.alias_(exp.LogicalOr(this=own("is_listened")), "is_listened"))
        .from_(each.subquery("n", copy=False), copy=False)
        .group_by("contact", copy=False)
    )
    return Statement("arrivals", "contacts of whom an event became new", create_temporary("_arrival", query))


def new_event(alias: str | None = None) -> exp.Expr:
    """T4: visible at T, and not at the tick before."""
    seen = own("_visible_at", alias)
    return exp.and_(
        exp.GT(this=seen, expression=BEFORE.copy()), exp.LTE(this=seen.copy(), expression=NOW.copy())
    )


def waking(
    watching: Sequence[tuple[int, Sequence[int]]],
    paused: Sequence[int],
    *,
    with_arrivals: bool = False,
    with_looked: bool = False,
    with_laps: bool = True,
) -> Statement:
    """`INSERT INTO waking`: instances that are due, or whose contact an event has reached; when the parameter `hourly`
    says so, those that wait for a condition, at the nodes of `watching` (T16); those of state.look. None of the
    `paused` versions (T19). Without `with_laps` no version has a `repeat`: nobody has begun one, and that list, dear to read, is
    not read."""
    by_clock = is_due((), "i")
    # one select for each reason to wake, each without those before it: what is due is found by the order in which the
    # state is kept, and only the contact is read of all the others
    reasons: list[tuple[exp.Expr, bool]] = [(by_clock, True)]
    if with_arrivals:
        listened = (
            exp.select("contact").from_(table("_arrival"), copy=False).where(own("is_listened"), copy=False)
        )
        reasons.append((exp.In(this=own("contact", "i"), query=listened.subquery(copy=False)), True))
    if with_looked:
        reasons.append((_is_looked_at("i"), True))
    if watching:
        reasons.append((exp.and_(parameter("hourly"), stand_at(watching, "i")), False))
    no_laps = exp.alias_(cast_to(exp.null(), "INTEGER[]"), "laps")
    query: exp.Query | None = None
    for place, (reason, looks) in enumerate(reasons):
        others = [exp.Not(this=holds(before.copy())) for before, _ in reasons[:place]]
        chosen = (
            exp.select(
                exp.alias_(own("rowid", "i"), "row"),
                *(own(c, "i") if c != "laps" or with_laps else no_laps for c in RUN),
                exp.alias_(exp.cast(exp.null(), "VARCHAR"), "sets"),
                exp.alias_(exp.Boolean(this=looks), "looks"),
            )
            .from_(table("state.instance", "i"), copy=False)
            .where(reason, *others, *_moving(paused, "i"), copy=False)
        )
        query = chosen if query is None else exp.union(query, chosen, distinct=False, copy=False)
    assert query is not None
    return Statement(
        "waking",
        "instances that are due, or whose contact an event has reached",
        insert("_waking", LOOKING, query),
    )


def _is_looked_at(alias: str) -> exp.Expr:
    """Whether this tick looks at an instance because of an edit or a pause (T18, T19)."""
    run = ("version", "contact", "key", "entry_at")
    named = exp.Tuple(expressions=[own(name, alias) for name in run])
    looked = exp.select(*(own(name) for name in run)).from_(table("state.look"), copy=False)
    return exp.In(this=named, query=looked.subquery(copy=False))


def is_due(watching: Sequence[tuple[int, Sequence[int]]], alias: str | None = None) -> exp.Expr:
    """Whether an instance wakes by the clock."""
    due: exp.Expr = exp.LTE(this=own("due_at", alias), expression=NOW.copy())
    if watching:
        due = exp.or_(due, exp.and_(parameter("hourly"), stand_at(watching, alias)))
    return due


def _moving(paused: Sequence[int], alias: str | None) -> list[exp.Expr]:
    """T19: that an instance is of no paused version; nothing to ask when there is none."""
    return [exp.Not(this=among(own("version", alias), paused))] if paused else []


def due_and_moving(watching: Sequence[tuple[int, Sequence[int]]], paused: Sequence[int]) -> exp.Expr:
    """Whether an instance wakes by the clock in this tick."""
    return exp.and_(is_due(watching), *_moving(paused, None))


def stand_at(nodes: Sequence[tuple[int, Sequence[int]]], alias: str | None = None) -> exp.Expr:
    """Whether an instance stands at one of the nodes, which are given by version."""
    return any_of(
        exp.and_(among(own("version", alias), [version]), among(own("node", alias), numbers))
        for version, numbers in nodes
    )


TOGETHER = 6
"""How many versions one statement of fates is about. Reading the waking and their events once for all of them costs less
than once for each; but whatever a statement holds is planned, also for versions of which nobody wakes."""


@dataclass(frozen=True)
class Fates:
    """What happens to the waking instances of some versions."""

    versions: frozenset[int]
    statement: Statement


def all_fates(
    shapes: Sequence[tuple[int, Routes]], project_zone: str, settable: Mapping[str, str]
) -> Iterator[Fates]:
    """The statements for all versions, several in each."""
    for first in range(0, len(shapes), TOGETHER):
        some = shapes[first : first + TOGETHER]
        yield Fates(frozenset(version for version, _ in some), fates(some, project_zone, settable))


def fates(shapes: Sequence[tuple[int, Routes]], project_zone: str, settable: Mapping[str, str]) -> Statement:
    """`INSERT INTO awake`: those waking instances of some versions that move, with the anchor they set off from.

    T6: a goal, then `leave when`, beat the step that was due. T15: the first event in time wins, however late
    the tick runs; without one the wait ends when it is due. The parameter `came` says that these are runs that have
    come to a wait in this tick, and what they wait for is there: their goals have been looked at before."""
    subject = Subject("_waking", project_zone, _of_versions([version for version, _ in shapes]), settable)
    found = [(version, _Fate(routes, subject)) for version, routes in shapes]
    for version, fate in found:
        subject.read_by(_of_versions([version]), [fate.anchor, *(made for _, made in fate.captures)])
    captured = [(version, then, made) for version, fate in found for then, made in fate.captures]
    anchor = found[0][1].anchor
    if len(found) > 1:
        anchor = case_of(own("version", "s"), [(number(version), fate.anchor) for version, fate in found])
    inner = subject.select(
        *(own(c, "s") for c in WAKING if c != "event"),
        exp.alias_(own("event", "s"), "woken_by"),
        exp.alias_(anchor, "anchor"),
        *(exp.alias_(made, f"event_{n}") for n, (_, _, made) in enumerate(captured)),
    )
    event = case(
        [
            (
                exp.and_(
                    exp.EQ(this=own("version"), expression=number(version)),
                    exp.EQ(this=own("anchor"), expression=number(then)),
                ),
                own(f"event_{n}"),
            )
            for n, (version, then, _) in enumerate(captured)
        ],
        own("woken_by"),
    )
    columns = [exp.alias_(event, "event") if name == "event" else own(name) for name in AWAKE]
    query = exp.select(*columns).from_(table("fated"), copy=False).where(own("anchor").is_(exp.null()).not_())
    names = ", ".join(routes.journey.name for _, routes in shapes)
    return Statement(
        f"fates_{shapes[0][0]}",
        f"{names}: goals, then `leave when`, then what was due or waited for",
        insert("_awake", AWAKE, query.with_("fated", as_=inner, copy=False)),
    )


def _of_versions(versions: Sequence[int]) -> exp.Expr:
    return among(own("version", "s"), versions)


class _Fate:
    """Of one version: from which `anchor` a waking instance sets off, and what it keeps of the event that ended its wait."""

    def __init__(self, routes: Routes, subject: Subject) -> None:
        self._routes = routes
        self._subject = subject
        self.captures: list[tuple[int, exp.Expr]] = []  # by anchor
        self._met: list[exp.Expr] = []
        leaving, moving = self._leaving(), [pair for found in self._moving() for pair in found]
        looked = exp.and_(exp.Not(this=parameter("came")), exp.or_(own("looks", "s"), *self._met))
        self.anchor = case([(exp.and_(looked.copy(), term), anchor) for term, anchor in leaving] + moving)

    def _leaving(self) -> list[tuple[exp.Expr, exp.Expr]]:
        routes, sql = self._routes, self._subject.sql
        goals = [
            (sql(happened(goal.events)), routes.anchor(f"goal {goal.name}", "goal"))
            for goal in routes.journey.goals
        ]
        leaves = [
            (sql(leave.predicate), routes.anchor(f"leave {leave.outcome}", "leave"))
            for leave in routes.journey.leaves
        ]
        return [(term, number(anchor.number)) for term, anchor in goals + leaves]

    def _moving(self) -> Iterator[list[tuple[exp.Expr, exp.Expr]]]:
        """For each place of rest: what ends the wait there."""
        for node, step in self._routes.nodes(*_RESTS):
            here = exp.EQ(this=own("node", "s"), expression=number(node))
            ending: list[tuple[exp.Expr, exp.Expr]] = []
            label = "next"
            if isinstance(step, checked.WaitEvent):
                then = self._routes.anchor(step.name, "then").number
                ending.append((exp.and_(here, self._subject.sql(happened(step.events))), number(then)))
                self.captures.append((then, _captured(step, self._subject)))
                label = "otherwise"
            elif isinstance(step, checked.WaitCondition):
                # T16: also at its end
                then = self._routes.anchor(step.name, "then").number
                self._met.append(exp.and_(here, self._subject.sql(step.predicate)))
                ending.append((self._met[-1].copy(), number(then)))
                label = "otherwise"
            elif isinstance(step, checked.Send):
                label = "retry"
            due = exp.LTE(this=own("due_at", "s"), expression=NOW.copy())
            anchor = self._routes.anchor(step.name, label)
            yield [*ending, (exp.and_(here.copy(), due), number(anchor.number))]


def _captured(step: checked.WaitEvent, subject: Subject) -> exp.Expr:
    """The kept fields of the event that ended the wait."""
    return record(
        [
            (name, subject.sql(Nth("first", step.events, Field(name, "text"), "text")))
            for name, _ in step.captures
        ]
    )
