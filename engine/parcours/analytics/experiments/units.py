"""Who takes part: one row for each contact, with the arm to which it was assigned.

The arm is reckoned anew from the contact's key (T17), for everybody whom the journal, or the list of refused triggers,
shows at the place where arms are dealt out, whatever became of them afterwards. A contact counts once, the first time
that it came there: the arms are sticky, so a second run is no second contact."""

from sqlglot import exp

from parcours.analytics.experiments.designs import Design, reads_entry
from parcours.checking import checked
from parcours.clock.chance import boundaries
from parcours.compiler.expressions import (
    EMPTY_RECORD,
    NOW,
    among,
    case,
    column,
    create_temporary,
    number,
    own,
    record,
    table,
    text,
)
from parcours.compiler.routes import Share
from parcours.compiler.shares import share_below
from parcours.compiler.statement import Statement
from parcours.compiler.terms import Terms
from parcours.compiler.triggers import (
    ALREADY_RAN,
    ALREADY_RUNNING,
    FULL,
    PAUSED,
    SAME_INSTANT,
    SAME_TICK,
    TOO_SOON,
)
from parcours.compiler.triggers import HELD_OUT as REFUSED_AS_HELD_OUT
from parcours.compiler.zones import shifted

UNITS = "_unit"
_PASSED_ON = (PAUSED, ALREADY_RUNNING, ALREADY_RAN, TOO_SOON, SAME_INSTANT, SAME_TICK, FULL)
"""Why somebody does not enter of whom it was decided before that the hold-out does not concern it."""


def units(design: Design, project_zone: str) -> tuple[Statement, Statement]:
    """Statements that make `_unit(contact, arm, arrived_at, due_at, entry_at, entry, event)` as of T: `arrived_at` is when
    the arm was dealt out, `due_at` when the goal's time is over (T, when the goal has no end)."""
    came = _to_the_test(design) if design.kind == "test" else _to_the_entry(design)
    first = exp.Window(
        this=exp.RowNumber(),
        partition_by=[own("contact")],
        order=exp.Order(
            expressions=[
                exp.Ordered(this=own(n), nulls_first=False) for n in ("tick", "entry_at", "key", "version")
            ]
        ),
    )
    placed = exp.select("*", exp.alias_(first, "place")).from_(came.subquery("came"), copy=False)
    query = (
        exp.select(*(own(name) for name in ("contact", "version", "key", "arrived_at", "entry_at")))
        .from_(placed.subquery("placed"), copy=False)
        .where(exp.EQ(this=own("place"), expression=number(1)), copy=False)
    )
    return (
        Statement("assigned", "who came to the test first when", create_temporary("_assigned", query)),
        Statement("units", "and with which arm", create_temporary(UNITS, _with_arms(design, project_zone))),
    )


def _to_the_test(design: Design) -> exp.Select:
    """Every time that somebody came to the test, by the journal."""
    listed = exp.Array(expressions=[text(decision) for decision in design.passes])
    passed = exp.ArrayOverlaps(this=own("decisions", "r"), expression=listed)
    return _journal(design, own("entry_at", "j")).where(passed, copy=False)


def _to_the_entry(design: Design) -> exp.Query:
    """Every time that the hold-out decided about somebody: those who entered, those held out, and those whom something
    else kept away afterwards. For all of them time runs from the tick."""
    entered = _journal(design, own("ticked_at", "t"))
    node = exp.and_(
        exp.EQ(this=own("version", "n"), expression=own("version", "r")),
        exp.EQ(this=own("node", "n"), expression=own("source", "r")),
    )
    entered = entered.join(table("state.node", "n"), on=node, copy=False)
    entered = entered.where(exp.EQ(this=own("kind", "n"), expression=text("enter")), copy=False)
    refused = _visible(
        exp.select(*_columns("f", own("ticked_at", "t")))
        .from_(table("state.refused", "f"), copy=False)
        .join(table("state.tick", "t"), on=_same("tick", "f", "t"), copy=False)
        .where(among(own("reason", "f"), [REFUSED_AS_HELD_OUT, *_PASSED_ON]), copy=False),
        design,
        "f",
    )
    return exp.union(entered, refused, distinct=False, copy=False)


def _journal(design: Design, entry_at: exp.Expr) -> exp.Select:
    same_route = exp.and_(_same("version", "j", "r"), _same("route", "j", "r"))
    query = (
        exp.select(*_columns("j", entry_at))
        .from_(table("state.journal", "j"), copy=False)
        .join(table("state.route", "r"), on=same_route, copy=False)
        .join(table("state.tick", "t"), on=_same("tick", "j", "t"), copy=False)
    )
    return _visible(query, design, "j")


def _columns(alias: str, entry_at: exp.Expr) -> list[exp.Expr]:
    kept: list[exp.Expr] = [own(name, alias) for name in ("contact", "version", "key", "tick")]
    return [*kept, exp.alias_(own("ticked_at", "t"), "arrived_at"), exp.alias_(entry_at, "entry_at")]


def _visible(query: exp.Select, design: Design, alias: str) -> exp.Select:
    known = among(own("version", alias), design.all_versions)
    return query.where(known, exp.LTE(this=own("ticked_at", "t"), expression=NOW.copy()), copy=False)


def _same(name: str, one: str, other: str) -> exp.Expr:
    return exp.EQ(this=own(name, one), expression=own(name, other))


def _with_arms(design: Design, project_zone: str) -> exp.Select:
    names = [name for name, _ in design.arms]
    below = boundaries([percent for _, percent in design.arms])
    shares = [
        (share_below(Share(design.key, bound), "a"), text(name))
        for bound, name in zip(below[:-1], names[:-1], strict=True)
    ]
    span = design.goal.events.window.span
    due = NOW.copy() if span is None else shifted(project_zone, own("entry_at", "a"), span, 1)
    query = exp.select(
        own("contact", "a"),
        exp.alias_(case(shares, text(names[-1])), "arm"),
        own("arrived_at", "a"),
        exp.alias_(exp.cast(due, "TIMESTAMP"), "due_at"),
        own("entry_at", "a"),
        exp.alias_(exp.Coalesce(this=own("entry", "x"), expressions=[text(EMPTY_RECORD)]), "entry"),
        exp.alias_(text(EMPTY_RECORD), "event"),
    ).from_(table("_assigned", "a"), copy=False)
    return query.join(
        _entries(design, project_zone).subquery("x"),
        on=exp.and_(_same("contact", "x", "a"), _same("key", "x", "a"), _same("entry_at", "x", "a")),
        join_type="left",
        copy=False,
    ).where(among(own("version", "a"), design.versions), copy=False)


def _entries(design: Design, project_zone: str) -> exp.Select:
    """What the goal reads of the event that entered. The state forgets it when a run ends, so it is looked up again:
    of several at the same instant the one with the smallest id (T9)."""
    enter = design.journey.enter
    if not isinstance(enter.trigger, checked.EventTrigger) or not reads_entry(design.goal):
        columns = {"contact": exp.null(), "key": exp.null(), "entry_at": exp.null(), "entry": exp.null()}
        return exp.select(*(exp.alias_(made, name) for name, made in columns.items())).where(exp.false())
    key = exp.cast(column(enter.key.name, "e"), "VARCHAR") if enter.key else text("")
    kept = record([(name, column(name, "e")) for name, _ in enter.entry_captures])
    chosen = Terms(project_zone).event_condition(enter.trigger.events)
    first = exp.Window(
        this=exp.RowNumber(),
        partition_by=[own("_contact", "e"), key.copy(), own("_at", "e")],
        order=exp.Order(expressions=[exp.Ordered(this=own("_id", "e"), nulls_first=False)]),
    )
    named = {
        "contact": own("_contact", "e"),
        "key": key,
        "entry_at": own("_at", "e"),
        "entry": kept,
        "place": first,
    }
    query = exp.select(*(exp.alias_(made, name) for name, made in named.items()))
    query = query.from_(table(f"event_{enter.trigger.events.event}", "e"), copy=False)
    if chosen is not None:
        query = query.join(
            table("contact", "c"), on=_same("_contact", "c", "e"), join_type="left", copy=False
        )
        query = query.join(
            table("_zone_now", "z"),
            on=exp.EQ(this=own("zone", "z"), expression=Terms(project_zone).zone()),
            join_type="left",
            copy=False,
        ).where(chosen, copy=False)
    return (
        exp.select(*(own(name) for name in ("contact", "key", "entry_at", "entry")))
        .from_(query.subquery("found"), copy=False)
        .where(exp.EQ(this=own("place"), expression=number(1)), copy=False)
    )
