"""Who may be written to: all sends of a round, arbitrated together (LANGUAGE.md section 6).

What does not depend on what else is granted is there already (tried.py, granted.py). The candidates are decided step by
step, each step seeing what was granted in those before."""

from collections.abc import Iterable, Sequence

from sqlglot import exp

from parcours.checking import checked
from parcours.compiler import budgets, capacity, choosing, granted, several
from parcours.compiler.calendars import until
from parcours.compiler.expressions import (
    among,
    case,
    case_of,
    greatest,
    insert,
    interval,
    number,
    own,
    parameter,
    table,
)
from parcours.compiler.gates import Gates, SendStep
from parcours.compiler.layout import VERDICT
from parcours.compiler.lifts import with_month_lifts
from parcours.compiler.limits import Limit, presses, units
from parcours.compiler.statement import Statement


def verdicts(
    policy: checked.Policy,
    sends: Sequence[SendStep],
    gates: Gates,
    limits: Sequence[Limit],
    project_zone: str,
    *,
    with_value: bool,
) -> Statement:
    """`INSERT INTO _verdict`: the candidates of one step, each granted, held or not sent, and by which gate.

    P3: every contact's best candidate goes first, then every contact's second, each seeing what was granted before."""
    query = exp.Select()
    if granted.counting(limits):
        query = granted.with_now(query, limits)
    queued = capacity.limited(policy)
    if queued:
        query = capacity.with_rooms(query, queued, gates)
    known = choosing.known(policy, sends, with_value=with_value)
    query = query.with_("filled", as_=_filled(limits, known), copy=False)
    query = query.with_("tested", as_=_tested(limits, gates, known), copy=False)
    query, last = _with_months(query, limits, project_zone)
    query = query.with_("lifted", as_=_lifted(last, limits, gates, known), copy=False)
    query = query.with_("chosen", as_=choosing.chosen(gates, "lifted", known), copy=False)
    last = "chosen"
    if queued:
        query, last = capacity.in_line(query, last)
    query, last = budgets.with_budget(query, last, policy, sends, gates, project_zone, with_value=with_value)
    query = choosing.decided(query, last, known, with_several=any(map(several.is_several, sends)))
    return Statement(
        "verdicts",
        "the candidates of one step: granted, held or not sent",
        insert("_verdict", VERDICT, query),
    )


def _filled(limits: Sequence[Limit], known: choosing.Known) -> exp.Select:
    """The candidates of the step on each channel, with which limits they meet and what fills those."""
    counted = granted.counting(limits)
    here: list[exp.Expr] = [exp.EQ(this=own("step", "t"), expression=parameter("step"))]
    if known.place:
        here.append(exp.GT(this=own("place", "t"), expression=parameter("decided")))
    names = ["channel", *(["cost"] if known.cost else []), *(["alternatives"] if known.stops else [])]
    query = exp.select(
        "t.*",
        exp.alias_(_position(known), "position"),
        *(own(name, "o") for name in names),
        *(exp.alias_(_meets(limit), f"meets_{limit.number}") for limit in limits),
        *(exp.alias_(granted.filled_at(limit), f"full_{limit.number}") for limit in counted),
    )
    query = query.from_(table("_tried", "t"), copy=False).where(*here, copy=False)
    option = exp.EQ(this=own("option", "o"), expression=own("option", "t"))
    query = query.join(table("_send_option", "o"), on=option, copy=False)
    if known.best:
        best = [exp.EQ(this=own(name, "b"), expression=own(name, "t")) for name in ("option", "segment")]
        query = query.join(table("_best", "b"), on=exp.and_(*best), join_type="left", copy=False)
    if counted:
        before, now = (
            exp.EQ(this=own("holder", alias), expression=own("contact", "t")) for alias in ("p", "n")
        )
        query = query.join(table("_past", "p"), on=before, join_type="left", copy=False)
        query = query.join(table("now", "n"), on=now, join_type="left", copy=False)
    return query


def _position(known: choosing.Known) -> exp.Expr:
    """Which channel is tried first: of `best of` the one that is answered best, else the first written."""
    written = own("position", "o")
    return exp.Coalesce(this=own("position", "b"), expressions=[written]) if known.best else written


def _tested(limits: Sequence[Limit], gates: Gates, known: choosing.Known) -> exp.Select:
    """`filled` with the first gate of all that stops them: `closed`."""
    preferred = {gate.number for gate in gates.gates if gate.reason == "preference"}

    def stops(chosen: Sequence[Limit]) -> list[exp.Expr]:
        return [case([(_is_full(limit), number(limit.gate))]) for limit in chosen]

    wished = [limit for limit in limits if limit.gate in preferred]
    ruled = [limit for limit in limits if limit.gate not in preferred]
    closing: list[exp.Expr] = [own("gate", "f"), *stops(wished), own("quiet_gate", "f"), *stops(ruled)]
    closing += [own("gate", "r")] if known.place else []
    query = exp.select(
        "f.*",
        exp.alias_(exp.Coalesce(this=closing[0], expressions=closing[1:]), "closed"),
        *([exp.alias_(own("lift", "r"), "room_lift")] if known.place else []),
    ).from_(table("filled", "f"), copy=False)
    if known.place:
        room = exp.EQ(this=own("channel", "r"), expression=own("channel", "f"))
        query = query.join(table("room", "r"), on=room, join_type="left", copy=False)
    return query


def _with_months(query: exp.Select, limits: Sequence[Limit], project_zone: str) -> tuple[exp.Select, str]:
    """Adds tables to the query that has `tested`, with when a window ends that rolls by months; the name of the last one."""
    rolling = _by_gate(limit for limit in granted.counting(limits) if limit.by_month)
    if not rolling:
        return query, "tested"
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
    return with_month_lifts(query.with_("dated", as_=dated, copy=False), "dated", project_zone)


def _lifted(source: str, limits: Sequence[Limit], gates: Gates, known: choosing.Known) -> exp.Select:
    """The candidates on each channel with the gate that stops them, and when that lifts."""
    counted = granted.counting(limits)
    names = ["position", "channel", *(["cost"] if known.cost else [])]
    names += [*(["place"] if known.place else []), *(["alternatives"] if known.stops else [])]
    query = exp.select(
        own("candidate", "t"),
        *(own(name, "t") for name in names),
        exp.alias_(own("closed", "t"), "gate"),
        exp.alias_(_lift(counted, gates, with_rooms=known.place), "lift"),
    ).from_(table(source, "t"), copy=False)
    if units(limits):
        zone = exp.EQ(this=own("zone", "k"), expression=own("zone", "t"))
        query = query.join(table("_calendar", "k"), on=zone, join_type="left", copy=False)
    return query


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
