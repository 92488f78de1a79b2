"""What happens to the instances that may wake: a goal, `leave when`, or the end of their wait (T5, steps 3 and 5)."""

from collections.abc import Collection, Mapping, Sequence

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
) -> Statement:
    """`INSERT INTO waking`: instances that are due, or whose contact an event has reached; when the parameter `hourly`
    says so, those that wait for a condition, at the nodes of `watching` (T16); those of state.look. None of the
    `paused` versions (T19)."""
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
    query: exp.Query | None = None
    for place, (reason, looks) in enumerate(reasons):
        others = [exp.Not(this=holds(before.copy())) for before, _ in reasons[:place]]
        chosen = (
            exp.select(
                exp.alias_(own("rowid", "i"), "row"),
                *(own(c, "i") for c in RUN),
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


def fates(routes: Routes, version: int, project_zone: str, settable: Mapping[str, str]) -> Statement:
    """`INSERT INTO awake`: those waking instances of a version that move, with the anchor they set off from.

    T6: a goal, then `leave when`, beat the step that was due. T15: the first event in time wins, however late
    the tick runs; without one the wait ends when it is due. The parameter `came` says that these are runs that have
    come to a wait in this tick, and what they wait for is there: their goals have been looked at before."""
    only = exp.EQ(this=own("version", "s"), expression=number(version))
    subject = Subject("_waking", project_zone, only, settable)
    due = exp.LTE(this=own("due_at", "s"), expression=NOW.copy())
    leaving: list[tuple[exp.Expr, exp.Expr]] = []
    for goal in routes.journey.goals:
        anchor = routes.anchor(f"goal {goal.name}", "goal")
        leaving.append((subject.sql(happened(goal.events)), number(anchor.number)))
    for leave in routes.journey.leaves:
        anchor = routes.anchor(f"leave {leave.outcome}", "leave")
        leaving.append((subject.sql(leave.predicate), number(anchor.number)))
    moving: list[tuple[exp.Expr, exp.Expr]] = []
    captures: list[tuple[exp.Expr, exp.Expr]] = []
    met: list[exp.Expr] = []
    for node, step in routes.nodes(*_RESTS):
        here = exp.EQ(this=own("node", "s"), expression=number(node))
        label = "next"
        if isinstance(step, checked.WaitEvent):
            came = exp.and_(here, subject.sql(happened(step.events)))
            then = routes.anchor(step.name, "then").number
            moving.append((came, number(then)))
            captures.append((number(then), _captured(step, subject)))
            label = "otherwise"
        elif isinstance(step, checked.WaitCondition):
            # T16: also at its end
            then = routes.anchor(step.name, "then").number
            met.append(exp.and_(here, subject.sql(step.predicate)))
            moving.append((met[-1].copy(), number(then)))
            label = "otherwise"
        elif isinstance(step, checked.Send):
            label = "retry"
        moving.append((exp.and_(here.copy(), due.copy()), number(routes.anchor(step.name, label).number)))
    looked = exp.and_(exp.Not(this=parameter("came")), exp.or_(own("looks", "s"), *met))
    pairs = [(exp.and_(looked.copy(), term), anchor) for term, anchor in leaving] + moving
    inner = subject.select(
        *(own(c, "s") for c in WAKING if c != "event"),
        exp.alias_(own("event", "s"), "woken_by"),
        exp.alias_(case(pairs), "anchor"),
        *(exp.alias_(made, f"event_{n}") for n, (_, made) in enumerate(captures)),
    )
    event = case_of(
        own("anchor"), [(then, own(f"event_{n}")) for n, (then, _) in enumerate(captures)], own("woken_by")
    )
    columns = [exp.alias_(event, "event") if name == "event" else own(name) for name in AWAKE]
    query = (
        exp.select(*columns)
        .from_(table("fated"), copy=False)
        .where(own("anchor").is_(exp.null()).not_(), copy=False)
    )
    return Statement(
        f"fates_{version}",
        f"{routes.journey.name}: goals, then `leave when`, then what was due or waited for",
        insert("_awake", AWAKE, query.with_("fated", as_=inner, copy=False)),
    )


def _captured(step: checked.WaitEvent, subject: Subject) -> exp.Expr:
    """The kept fields of the event that ended the wait."""
    return record(
        [
            (name, subject.sql(Nth("first", step.events, Field(name, "text"), "text")))
            for name, _ in step.captures
        ]
    )
