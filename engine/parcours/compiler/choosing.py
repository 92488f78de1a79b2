"""From the gates on each channel to one decision: the channel that is taken, or the reason why none is (LANGUAGE.md P1, P7, P9)."""

from collections.abc import Callable

from sqlglot import exp

from parcours.compiler.arbitration import Arbitration
from parcours.compiler.closing import with_options
from parcours.compiler.expressions import (
    FALSE,
    NOW,
    any_of,
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
from parcours.compiler.layout import GRANTED, HELD, NOT_SENT, VERDICT
from parcours.compiler.stops import stop, stopped_too

CHOSEN = (
    "free_option",
    "temporary_gate",
    "temporary_option",
    "first_gate",
    "first_option",
    "lift",
)


def columns(what: Arbitration) -> list[str]:
    """The columns of `chosen`."""
    more = (("stops", what.with_stops), ("free_channel", what.with_rooms))
    return [*what.of_candidate, *CHOSEN, *(name for name, is_there in more if is_there)]


def with_rooms(source: str, what: Arbitration) -> exp.Select:
    """The candidates with what the channels can take as a gate after all others, and the names of their channels."""
    query = exp.select("t.*").from_(table(source, "t"), copy=False)
    query = with_options(query, "t", what.positions)
    for p in what.positions:
        closed, opens = own(f"closed_{p}", "t"), own(f"opens_{p}", "t")
        room = exp.EQ(this=own("channel", f"r{p}"), expression=own("channel", f"o{p}"))
        query = query.join(table("room", f"r{p}"), on=room, join_type="left", copy=False)
        query = query.select(
            exp.alias_(own("channel", f"o{p}"), f"channel_{p}"),
            exp.alias_(exp.Coalesce(this=closed, expressions=[own("gate", f"r{p}")]), f"shut_{p}"),
            exp.alias_(case([(closed.copy().is_(exp.null()), own("lift", f"r{p}"))], opens), f"lift_{p}"),
            copy=False,
        )
    return query


def chosen(source: str, what: Arbitration) -> exp.Select:
    """For each candidate: the first channel that is free, else the gates that stop it."""
    closed, opens = ("shut", "lift") if what.with_rooms else ("closed", "opens")

    def is_free(p: int) -> exp.Expr:
        return own(f"{closed}_{p}", "t").is_(exp.null())

    def can_open(p: int) -> exp.Expr:
        return _is_temporary(own(f"{closed}_{p}", "t"), what)

    def first(name: str, condition: Callable[[int], exp.Expr]) -> exp.Expr:
        found = [case([(condition(p), own(f"{name}_{p}", "t"))]) for p in what.positions]
        return exp.Coalesce(this=found[0], expressions=found[1:])

    made = {
        "free_option": first("option", is_free),
        "temporary_gate": first(closed, can_open),
        "temporary_option": first("option", can_open),
        "first_gate": own(f"{closed}_0", "t"),
        "first_option": own("option_0", "t"),
        "lift": least(*(case([(can_open(p), own(f"{opens}_{p}", "t"))]) for p in what.positions)),
        "free_channel": first("channel", is_free),
        "stops": _stops(what, closed),
    }
    query = exp.select(*(exp.alias_(made[n], n) if n in made else own(n, "t") for n in columns(what)))
    return query.from_(table(source, "t"), copy=False)


def _is_temporary(gate: exp.Expr, what: Arbitration) -> exp.Expr:
    """Whether a gate can open again. As stretches of numbers: a long list of them would be looked up in a table."""
    stretches: list[list[int]] = []
    for one in what.gates.gates:
        if not one.final and stretches and stretches[-1][-1] == one.number - 1:
            stretches[-1].append(one.number)
        elif not one.final:
            stretches.append([one.number])
    between = [exp.Between(this=gate, low=number(some[0]), high=number(some[-1])) for some in stretches]
    return any_of(between) if between else FALSE.copy()


def _stops(what: Arbitration, closed: str) -> exp.Expr:
    """P9: the channels that are looked at before the one that is free, all of them when none is."""
    options = [own(f"option_{p}", "t") for p in what.positions]
    gates = [own(f"{closed}_{p}", "t") for p in what.positions]
    looked_at = [
        (exp.or_(option.copy().is_(exp.null()), gate.copy().is_(exp.null())), number(p))
        for p, (option, gate) in enumerate(zip(options, gates, strict=True))
    ]
    before = case(looked_at, number(len(options)))
    return call("list_slice", call("list_value", *map(stop, options, gates)), number(1), before)


def decided(query: exp.Select, source: str, what: Arbitration) -> exp.Select:
    """The decision, by the table `source` of the query, as `chosen`. P7: a temporary gate holds the message until it can
    lift, no longer than it is kept.

    P1: the reason is the first gate that fails now; that a message was kept too long is one when nothing else is.
    Where one of several channels is decided on its own, no anchor says where the run goes on."""
    keep_until = own("keep_until", "c")
    late = exp.GT(this=NOW.copy(), expression=keep_until)
    free = own("free_option", "c").is_(exp.null()).not_()
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
        "decision": decision,
        # of one that is not granted: the channel of the reason
        "option": exp.Coalesce(
            this=own("free_option", "c"),
            expressions=[own("temporary_option", "c"), own("first_option", "c")],
        ),
        "gate": gate,
        "segment": own("segment", "c") if what.by_answers else exp.null(),
        "stops": _told(late, free) if what.with_stops else exp.null(),
        "anchor": case([(granted_now.copy(), own("sent", "s"))], own("not_sent", "s")),
    }
    if what.with_several:
        made["anchor"] = case([(exp.Not(this=own("several", "s")), made["anchor"])])
    columns = [exp.alias_(made[n], n) if n in made else own(n, "c") for n in VERDICT]
    send = exp.EQ(this=own("send", "s"), expression=own("send", "c"))
    query = query.select(*columns, copy=False).from_(table(source, "c"), copy=False)
    return query.join(table("_send_step", "s"), on=send, copy=False)


def _told(late: exp.Expr, free: exp.Expr) -> exp.Expr:
    """The channels that were tried, where that says more than the reason of the decision: others before the one that is
    granted, or more than one that is closed."""
    too_late = exp.and_(late.copy(), free.copy())
    stops = case(
        [(too_late, stopped_too("c", own("free_option", "c"), own("kept_gate", "s")))], own("stops", "c")
    )
    count = call("len", own("stops", "c"))
    # the one that is free, or that comes too late, is one more than those before it
    others = exp.GT(this=count, expression=case([(free.copy(), number(0))], number(1)))
    return case([(others, stops)])
