"""From the gates on each channel to one decision: the channel that is taken, or the reason why none is (LANGUAGE.md P1, P7, P9)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from parcours.checking import checked
from parcours.compiler import budgets, capacity
from parcours.compiler.expressions import (
    NOW,
    among,
    call,
    case,
    greatest,
    least,
    number,
    own,
    parameter,
    table,
    text,
)
from parcours.compiler.gates import Gates, SendStep
from parcours.compiler.layout import GRANTED, HELD, NOT_SENT, VERDICT
from parcours.compiler.responses import best_of
from parcours.compiler.stops import alternatives, stop, stopped_too


@dataclass(frozen=True, slots=True)
class Known:
    """What is to be known of the channel that is free to a candidate: its cost, for budgets; the candidate's place in the
    order, for what a channel can take; which channels were closed before, where there are others; whether any is tried in
    the order of what is learned (`best of`); and whether any is weighed by answers, so by the segment of its contact."""

    cost: bool
    place: bool
    stops: bool
    best: bool
    segment: bool


def known(policy: checked.Policy, sends: Sequence[SendStep], *, with_value: bool) -> Known:
    return Known(
        cost=bool(budgets.budgeted(sends)),
        place=bool(capacity.limited(policy)),
        stops=bool(alternatives(sends)),
        best=bool(best_of(sends)),
        segment=with_value or bool(best_of(sends)),
    )


def chosen(gates: Gates, source: str, what: Known) -> exp.Select:
    """For each candidate: the first channel that is free, else the gates that stop it."""
    free = own("gate", "t").is_(exp.null())
    temporary = among(own("gate", "t"), [g.number for g in gates.gates if not g.final])

    def first(item: str, condition: exp.Expr | None) -> exp.Expr:
        made = exp.ArgMin(this=own(item, "t"), expression=own("position", "t"))
        return made if condition is None else _where(made, condition)

    return (
        exp.select(
            own("candidate", "t"),
            exp.alias_(first("channel", free), "free_channel"),
            exp.alias_(first("gate", temporary), "temporary_gate"),
            exp.alias_(first("gate", None), "first_gate"),
            exp.alias_(first("channel", temporary), "temporary_channel"),
            exp.alias_(first("channel", None), "first_channel"),
            exp.alias_(_where(exp.Min(this=own("lift", "t")), temporary), "lift"),
            *([exp.alias_(first("cost", free), "free_cost")] if what.cost else []),
            *([exp.alias_(exp.Min(this=own("place", "t")), "place")] if what.place else []),
            *([exp.alias_(_stops(free), "stops")] if what.stops else []),
        )
        .from_(table(source, "t"), copy=False)
        .group_by(own("candidate", "t"), copy=False)
    )


def _where(aggregate: exp.Expr, condition: exp.Expr) -> exp.Expr:
    return exp.Filter(this=aggregate, expression=exp.Where(this=condition.copy()))


def _stops(free: exp.Expr) -> exp.Expr:
    """P9: the channels that are looked at before the one that is free, all of them when none is. Positions count from 0, so
    that of the free one says how many come before it."""
    position = exp.cast(own("position", "t"), "INTEGER")
    closed = call("list", stop(position, own("channel", "t"), own("gate", "t")))
    more = exp.and_(exp.Not(this=free.copy()), own("alternatives", "t"))
    tried = exp.Coalesce(
        this=_where(exp.Min(this=own("position", "t")), free), expressions=[exp.Count(this=exp.Star())]
    )
    # sorted as lists: an aggregate that sorts costs more than all the others of the statement
    return call("list_slice", call("list_sort", _where(closed, more)), number(1), tried)


def decided(query: exp.Select, source: str, what: Known, *, with_several: bool) -> exp.Select:
    """The decision, by the table `source` of the query, as `chosen`. P7: a temporary gate holds the message until it can
    lift, no longer than it is kept.

    P1: the reason is the first gate that fails now; that a message was kept too long is one when nothing else is.
    Where one of several channels is decided on its own, no anchor says where the run goes on."""
    keep_until = own("keep_until", "s")
    late = exp.GT(this=NOW.copy(), expression=keep_until)
    free = own("free_channel", "c").is_(exp.null()).not_()
    can_wait = exp.and_(
        own("temporary_gate", "c").is_(exp.null()).not_(),
        exp.LT(this=NOW.copy(), expression=keep_until.copy()),
    )
    decision = case([(late, text(NOT_SENT)), (free, text(GRANTED)), (can_wait, text(HELD))], text(NOT_SENT))
    gate = case(
        [(free.copy(), case([(late.copy(), own("kept_gate", "s"))]))],
        exp.Coalesce(this=own("temporary_gate", "c"), expressions=[own("first_gate", "c")]),
    )
    # never before the next instant there is, so that a message held twice over is looked at again, not spun
    soonest = exp.Add(this=NOW.copy(), expression=exp.Interval(this=text("1"), unit=exp.var("MICROSECOND")))
    granted_now = exp.and_(exp.Not(this=late.copy()), free.copy())
    made: dict[str, exp.Expr] = {
        "due_at": greatest(least(own("lift", "c"), keep_until.copy()), soonest),
        "round": parameter("round"),
        "step": parameter("step"),
        "decision": decision,
        # of one that is not granted: the channel of the reason
        "channel": exp.Coalesce(
            this=own("free_channel", "c"),
            expressions=[own("temporary_channel", "c"), own("first_channel", "c")],
        ),
        "gate": gate,
        "segment": own("segment", "s") if what.segment else exp.null(),
        "stops": _told(late, free) if what.stops else exp.null(),
        "anchor": case([(granted_now.copy(), own("sent", "s"))], own("not_sent", "s")),
    }
    if with_several:
        alone = own("only_channel", "s").is_(exp.null())
        made["anchor"] = case([(alone, made["anchor"])])
    columns = [exp.alias_(made[n], n) if n in made else own(n, "s") for n in VERDICT]
    same = exp.EQ(this=own("candidate", "c"), expression=own("rowid", "s"))
    query = query.select(*columns, copy=False).from_(table("_to_send", "s"), copy=False)
    return query.join(table(source, "c"), on=same, copy=False)


def _told(late: exp.Expr, free: exp.Expr) -> exp.Expr:
    """The channels that were tried, where that says more than the reason of the decision: others before the one that is
    granted, or more than one that is closed."""
    too_late = exp.and_(late.copy(), free.copy())
    stops = case(
        [(too_late, stopped_too("c", own("free_channel", "c"), own("kept_gate", "s")))], own("stops", "c")
    )
    count = call("len", own("stops", "c"))
    # the one that is free, or that comes too late, is one more than those before it
    others = exp.GT(this=count, expression=case([(free.copy(), number(0))], number(1)))
    return case([(others, stops)])
