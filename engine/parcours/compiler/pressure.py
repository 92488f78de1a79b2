"""Who may be written to: all sends of a round, arbitrated together (LANGUAGE.md section 6).

What does not depend on what else is granted is there already (tried.py, granted.py). The candidates are decided step by
step, each step seeing what was granted in those before."""

from collections.abc import Iterable, Sequence

from sqlglot import exp

from parcours.checking import checked
from parcours.compiler import budgets, capacity, granted, several
from parcours.compiler.calendars import until
from parcours.compiler.expressions import (
    NOW,
    among,
    case,
    case_of,
    greatest,
    insert,
    interval,
    least,
    number,
    own,
    parameter,
    table,
    text,
)
from parcours.compiler.gates import Gates, SendStep
from parcours.compiler.layout import GRANTED, HELD, NOT_SENT, VERDICT
from parcours.compiler.lifts import with_month_lifts
from parcours.compiler.limits import Limit, presses, units
from parcours.compiler.statement import Statement


def verdicts(
    policy: checked.Policy,
    sends: Sequence[SendStep],
    gates: Gates,
    limits: Sequence[Limit],
    project_zone: str,
) -> Statement:
    """`INSERT INTO _verdict`: the candidates of one step, each granted, held or not sent, and by which gate.

    P3: every contact's best candidate goes first, then every contact's second, each seeing what was granted before."""
    query = exp.Select()
    if granted.counting(limits):
        query = granted.with_now(query, limits)
    queued = capacity.limited(policy)
    if queued:
        query = capacity.with_rooms(query, queued, gates)
    query, last = _tested(query, policy, limits, gates, project_zone, with_cost=bool(budgets.budgeted(sends)))
    chosen = _chosen(gates, last, with_cost=bool(budgets.budgeted(sends)), with_place=bool(queued))
    query, last = query.with_("chosen", as_=chosen, copy=False), "chosen"
    if queued:
        query, last = capacity.in_line(query, last)
    query, last = budgets.with_budget(query, last, sends, gates, project_zone)
    query = _decided(query, last, with_several=any(map(several.is_several, sends)))
    return Statement(
        "verdicts",
        "the candidates of one step: granted, held or not sent",
        insert("_verdict", VERDICT, query),
    )


def _tested(
    query: exp.Select,
    policy: checked.Policy,
    limits: Sequence[Limit],
    gates: Gates,
    project_zone: str,
    *,
    with_cost: bool,
) -> tuple[exp.Select, str]:
    """The candidates of the step on each channel, with the first gate of all that stops them, and when that lifts."""
    queued = capacity.limited(policy)
    counted = granted.counting(limits)
    here: list[exp.Expr] = [exp.EQ(this=own("step", "t"), expression=parameter("step"))]
    if queued:
        here.append(exp.GT(this=own("place", "t"), expression=parameter("decided")))
    filled = exp.select(
        "t.*",
        *(own(name, "o") for name in ("position", "channel", *(["cost"] if with_cost else []))),
        *(exp.alias_(_meets(limit), f"meets_{limit.number}") for limit in limits),
        *(exp.alias_(granted.filled_at(limit), f"full_{limit.number}") for limit in counted),
    )
    filled = filled.from_(table("_tried", "t"), copy=False).where(*here, copy=False)
    option = exp.EQ(this=own("option", "o"), expression=own("option", "t"))
    filled = filled.join(table("_send_option", "o"), on=option, copy=False)
    if counted:
        before, now = (
            exp.EQ(this=own("holder", alias), expression=own("contact", "t")) for alias in ("p", "n")
        )
        filled = filled.join(table("_past", "p"), on=before, join_type="left", copy=False)
        filled = filled.join(table("now", "n"), on=now, join_type="left", copy=False)
    preferred = {gate.number for gate in gates.gates if gate.reason == "preference"}

    def stops(chosen: Sequence[Limit]) -> list[exp.Expr]:
        return [case([(_is_full(limit), number(limit.gate))]) for limit in chosen]

    wished = [limit for limit in limits if limit.gate in preferred]
    ruled = [limit for limit in limits if limit.gate not in preferred]
    closing: list[exp.Expr] = [own("gate", "f"), *stops(wished), own("quiet_gate", "f"), *stops(ruled)]
    if queued:
        closing.append(own("gate", "r"))
    tested = exp.select(
        "f.*",
        exp.alias_(exp.Coalesce(this=closing[0], expressions=closing[1:]), "closed"),
        *([exp.alias_(own("lift", "r"), "room_lift")] if queued else []),
    ).from_(table("filled", "f"), copy=False)
    if queued:
        room = exp.EQ(this=own("channel", "r"), expression=own("channel", "f"))
        tested = tested.join(table("room", "r"), on=room, join_type="left", copy=False)
    query = query.with_("filled", as_=filled, copy=False).with_("tested", as_=tested, copy=False)
    rolling = _by_gate(limit for limit in counted if limit.by_month)
    source = "tested"
    if rolling:
        closed = own("closed", "t")
        full_at = case_of(closed, [(number(gate), _full_at(by)) for gate, by in rolling.items()])
        spans = case_of(
            closed.copy(), [(number(gate), interval(by[0].period.span)) for gate, by in rolling.items()]
        )
        dated = exp.select(
            "t.*",
            exp.alias_(exp.cast(full_at, "TIMESTAMP"), "full_at"),
            exp.alias_(spans, "full_span"),
        ).from_(table("tested", "t"), copy=False)
        query = query.with_("dated", as_=dated, copy=False)
        query, source = with_month_lifts(query, "dated", project_zone)
    lifted = exp.select(
        own("candidate", "t"),
        own("position", "t"),
        own("channel", "t"),
        exp.alias_(own("closed", "t"), "gate"),
        exp.alias_(_lift(counted, gates, with_rooms=bool(queued)), "lift"),
        *([own("cost", "t")] if with_cost else []),
        *([own("place", "t")] if queued else []),
    ).from_(table(source, "t"), copy=False)
    if units(limits):
        zone = exp.EQ(this=own("zone", "k"), expression=own("zone", "t"))
        lifted = lifted.join(table("_calendar", "k"), on=zone, join_type="left", copy=False)
    return query.with_("lifted", as_=lifted, copy=False), "lifted"


def _meets(limit: Limit) -> exp.Expr:
    """Whether the limit speaks of this message to this contact."""
    meets = presses(limit.pressed, "o")
    return meets if limit.condition is None else exp.and_(meets, own(f"for_{limit.number}", "t"))


def _is_full(limit: Limit) -> exp.Expr:
    """P4: with this message the limit would be passed; a limit of 0 always is."""
    meets = own(f"meets_{limit.number}", "f")
    if not limit.count:
        return meets
    return exp.and_(meets, exp.Not(this=own(f"full_{limit.number}", "f").is_(exp.null())))


def _by_gate(limits: Iterable[Limit]) -> dict[int, list[Limit]]:
    """A rule that says both ways is two limits, over the same time."""
    found: dict[int, list[Limit]] = {}
    for limit in limits:
        found.setdefault(limit.gate, []).append(limit)
    return found


def _full_at(limits: Sequence[Limit]) -> exp.Expr:
    """What must fall out of the window before a rule is open to a candidate `t`: both ways, when it says both."""
    if len(limits) == 1:
        return own(f"full_{limits[0].number}", "t")
    return greatest(
        *(case([(own(f"meets_{limit.number}", "t"), own(f"full_{limit.number}", "t"))]) for limit in limits)
    )


def _lift(counted: Sequence[Limit], gates: Gates, *, with_rooms: bool) -> exp.Expr:
    """P7: the earliest instant at which the gate that is closed can open."""
    closed = own("closed", "t")
    pairs: list[tuple[exp.Expr, exp.Expr]] = [
        (exp.EQ(this=closed, expression=own("gate", "t")), own("lift", "t")),
        (exp.EQ(this=closed.copy(), expression=own("quiet_gate", "t")), own("quiet_lift", "t")),
    ]
    for gate, by in _by_gate(counted).items():
        unit, span = by[0].unit, by[0].period.span
        lift: exp.Expr = exp.Add(this=_full_at(by), expression=interval(span))
        if unit is not None:
            lift = until(unit, "k")
        elif span.is_calendar:
            lift = own("month_lift", "t")
        pairs.append((exp.EQ(this=closed.copy(), expression=number(gate)), lift))
    if with_rooms:
        rooms = among(closed.copy(), [gate.number for gate in gates.gates if gate.reason == "capacity"])
        pairs.append((rooms, own("room_lift", "t")))
    return exp.cast(case(pairs), "TIMESTAMP")


def _chosen(gates: Gates, source: str, *, with_cost: bool, with_place: bool) -> exp.Select:
    """For each candidate: the first channel that is free, else the gates that stop it."""
    free = own("gate", "t").is_(exp.null())
    temporary = among(own("gate", "t"), [g.number for g in gates.gates if not g.final])

    def first(item: str, condition: exp.Expr | None) -> exp.Expr:
        made = exp.ArgMin(this=own(item, "t"), expression=own("position", "t"))
        return (
            made if condition is None else exp.Filter(this=made, expression=exp.Where(this=condition.copy()))
        )

    lift = exp.Filter(this=exp.Min(this=own("lift", "t")), expression=exp.Where(this=temporary.copy()))
    return (
        exp.select(
            own("candidate", "t"),
            exp.alias_(first("channel", free), "free_channel"),
            exp.alias_(first("gate", temporary), "temporary_gate"),
            exp.alias_(first("gate", None), "first_gate"),
            exp.alias_(first("channel", temporary), "temporary_channel"),
            exp.alias_(first("channel", None), "first_channel"),
            exp.alias_(lift, "lift"),
            *([exp.alias_(first("cost", free), "free_cost")] if with_cost else []),
            *([exp.alias_(exp.Min(this=own("place", "t")), "place")] if with_place else []),
        )
        .from_(table(source, "t"), copy=False)
        .group_by(own("candidate", "t"), copy=False)
    )


def _decided(query: exp.Select, chosen: str, *, with_several: bool) -> exp.Select:
    """The decision, by the table `chosen` of the query. P7: a temporary gate holds the message until it can lift, no longer than it is kept.

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
        "anchor": case([(granted_now.copy(), own("sent", "s"))], own("not_sent", "s")),
    }
    if with_several:
        alone = own("only_channel", "s").is_(exp.null())
        made["anchor"] = case([(alone, made["anchor"])])
    columns = [exp.alias_(made[n], n) if n in made else own(n, "s") for n in VERDICT]
    same = exp.EQ(this=own("candidate", "c"), expression=own("rowid", "s"))
    query = query.select(*columns, copy=False).from_(table("_to_send", "s"), copy=False)
    return query.join(table(chosen, "c"), on=same, copy=False)
