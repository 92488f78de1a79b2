"""Sends by several channels, each on its own (`email and push`).

Each channel is a candidate by itself, with a verdict of its own. What then becomes of the run is settled by all of
them: while one is held it rests at the send, and `tried` keeps what has become of the others."""

from collections.abc import Sequence

from sqlglot import exp

from parcours.compiler.decided import decided_runs
from parcours.compiler.expressions import (
    among,
    call,
    case,
    holds,
    insert,
    own,
    parameter,
    pointer,
    table,
    text,
)
from parcours.compiler.gates import SendStep
from parcours.compiler.layout import GRANTED, HELD, NOT_SENT, SETTLED, WAKING
from parcours.compiler.statement import Statement

COLUMNS = {
    "version": "INTEGER",
    "node": "INTEGER",
    "position": "INTEGER",
    "channel": "VARCHAR",
    "pointer": "VARCHAR",
}
"""The table `_several`: every channel of every such send, and where it stands in what was tried."""


def rows(sends: Sequence[SendStep]) -> list[tuple[int | str, ...]]:
    """The rows of the table `_several`."""
    return [
        (s.version, s.node, position, channel, pointer(channel))
        for s in sends
        if s.is_several
        for position, channel in enumerate(s.step.channels)
    ]


def still_to_try() -> exp.Expr:
    """The condition that joins `_several w` to the sends `_moved m`: the channels on which nothing is decided yet."""
    done = holds(call("json_exists", own("tried", "m"), own("pointer", "w")))
    return exp.and_(
        exp.EQ(this=own("version", "w"), expression=own("version", "m")),
        exp.EQ(this=own("node", "w"), expression=own("node", "m")),
        exp.Not(this=done),
    )


def on_its_own(alias: str | None = None) -> exp.Expr:
    """Whether a verdict is on one of several channels: where the run goes on is settled by all of them."""
    return own("anchor", alias).is_(exp.null())


def settle() -> Statement:
    """`INSERT INTO _settled`: the runs of this round that send on several channels. One that has none held any more goes
    on, as sent when at least one was granted, in this tick or before."""
    outcomes = call("json_extract_string", own("tried", "r"), text("$.*"))
    is_sent = call("list_contains", outcomes, text(GRANTED))
    made: dict[str, exp.Expr] = {
        "tried": exp.Nullif(this=own("tried", "r"), expression=text("{}")),
        "round": parameter("round"),
        "decision": case(
            [(own("is_held", "r"), text(HELD)), (is_sent, text(GRANTED))],
            text(NOT_SENT),
        ),
        "anchor": case([(is_sent.copy(), own("sent", "t"))], own("not_sent", "t")),
    }
    columns = [exp.alias_(made[n], n) if n in made else own(n, "r") for n in SETTLED]
    step = exp.and_(*(exp.EQ(this=own(n, "t"), expression=own(n, "r")) for n in ("version", "node")))
    query = (
        exp.select(*columns)
        .from_(table("runs", "r"), copy=False)
        .join(table("_send_step", "t"), on=step, copy=False)
        .with_("runs", as_=_runs(), copy=False)
    )
    return Statement(
        "settle",
        "what becomes of the runs that send on several channels",
        insert("_settled", SETTLED, query),
    )


def _runs() -> exp.Select:
    """The runs of this round that send on several channels: whether one is held, when the first of those is due, and what is
    decided (`tried`), in this tick and before."""
    held = exp.EQ(this=own("decision", "v"), expression=text(HELD))
    due_at = exp.Filter(this=exp.Min(this=own("due_at", "v")), expression=exp.Where(this=held))
    run = [own(name, "v") for name in WAKING if name not in ("due_at", "tried")]
    option = exp.EQ(this=own("option", "o"), expression=own("option", "v"))
    return (
        exp.select(
            *run,
            exp.alias_(due_at, "due_at"),
            exp.alias_(exp.cast(_with_decided(held), "VARCHAR"), "tried"),
            exp.alias_(call("bool_or", held.copy()), "is_held"),
        )
        .from_(decided_runs("v"), copy=False)
        .join(table("_send_option", "o"), on=option, copy=False)
        .where(exp.EQ(this=own("round", "v"), expression=parameter("round")), on_its_own("v"), copy=False)
        .group_by(*(column.copy() for column in run), own("tried", "v"), copy=False)
    )


def _with_decided(held: exp.Expr) -> exp.Expr:
    """What was decided of a run before, with the channels that this round has decided."""
    by_channel = exp.Order(
        this=call("row", own("channel", "o"), own("decision", "v")),
        expressions=[exp.Ordered(this=own("channel", "o"), nulls_first=False)],
    )
    not_held = exp.Where(this=exp.Not(this=held.copy()))
    decided = exp.Filter(this=exp.ArrayAgg(this=by_channel), expression=not_held)
    return call(
        "json_merge_patch",
        exp.Coalesce(this=own("tried", "v"), expressions=[text("{}")]),
        exp.Coalesce(this=call("to_json", call("map_from_entries", decided)), expressions=[text("{}")]),
    )


def held_runs() -> Statement:
    """How many runs rest at their send after this round: one number."""
    return Statement("held_runs", "the runs that rest at their send", _count(runs_of((HELD,), "version")))


def runs_of(decisions: Sequence[str], *columns: str) -> exp.Query:
    """The runs of which this round has decided so, each once, on however many channels they send."""
    so = among(own("decision"), decisions)
    here = exp.EQ(this=own("round"), expression=parameter("round"))
    single = exp.select(*(own(c) for c in columns)).from_(decided_runs("v"))
    single = single.where(here, so, exp.Not(this=on_its_own()))
    settled = exp.select(*(own(c) for c in columns)).from_(table("_settled")).where(here.copy(), so.copy())
    return exp.union(single, settled, distinct=False)


def _count(query: exp.Query) -> exp.Select:
    return exp.select(exp.Count(this=exp.Star())).from_(query.subquery("r"))
