"""The candidates of a round: every send that waits for arbitration, in the order in which they are decided (LANGUAGE.md P2,
P3, P6)."""

from collections.abc import Sequence

from sqlglot import exp

from parcours.checking import checked
from parcours.checking.terms import Attribute
from parcours.compiler import answering, best_hours, capacity, freshness, precedence, several
from parcours.compiler.expressions import (
    NOW,
    case,
    column,
    create_temporary,
    number,
    own,
    parameter,
    table,
    text,
)
from parcours.compiler.gates import Gates, SendStep
from parcours.compiler.granted import share
from parcours.compiler.layout import SEND, WAKING
from parcours.compiler.limits import Limit, shares, units
from parcours.compiler.moving import MOVING
from parcours.compiler.responses import of_candidate
from parcours.compiler.statement import Statement


def candidates(
    policy: checked.Policy,
    sends: Sequence[SendStep],
    gates: Gates,
    limits: Sequence[Limit],
    project_zone: str,
    *,
    with_value: bool,
    by_answers: bool,
    told_apart: bool,
) -> Statement:
    """`_to_send`: the sends that nobody has arbitrated yet, each with the `step` in which it is decided.

    `rank` says which of a contact's candidates it is: by priority, then journey and key (P2). A step is a rank; where
    contacts share a limit, a turn within the rank: of those who share it, one after the other (P6). `place` is the order
    within a step, for what is given out over all contacts (P3). A send on several channels has a row for each that is not
    decided yet, one after the other: `only_channel`. Where sends are weighed `by_answers`, `segment` is the contact's own, if
    segments are `told_apart`."""
    with_several = any(map(several.is_several, sends))
    order = precedence.order(policy, with_value=with_value, with_several=with_several)
    shared = shares(limits)
    query = exp.Select().with_(
        "send",
        as_=_sends(
            limits,
            project_zone,
            with_several=with_several,
            with_value=with_value,
            by_answers=by_answers,
            told_apart=told_apart,
        ),
        copy=False,
    )
    ranked = exp.select("*", exp.alias_(_row_number(order, own("contact")), "rank"))
    query = query.with_("ranked", as_=ranked.from_(table("send"), copy=False), copy=False)
    source, steps = "ranked", ["rank"]
    if shared:
        query, source = _with_turns(query, shared, order)
        steps.append("turn")
    there = exp.select(*(own(name) for name in steps)).from_(table(source), copy=False).distinct()
    step = exp.Window(
        this=exp.RowNumber(),
        order=exp.Order(expressions=[exp.Ordered(this=own(n), nulls_first=False) for n in steps]),
    )
    numbered = exp.select("*", exp.alias_(exp.cast(step, "INTEGER"), "step"))
    query = query.with_("numbered", as_=numbered.from_(there.subquery("r"), copy=False), copy=False)
    same = exp.and_(*(exp.EQ(this=own(n, "n"), expression=own(n, "r")) for n in steps))
    stepped = exp.select("r.*", own("step", "n")).from_(table(source, "r"), copy=False)
    stepped = stepped.join(table("numbered", "n"), on=same, copy=False)
    query, last = query.with_("stepped", as_=stepped, copy=False), "stepped"
    if capacity.limited(policy):
        place = exp.alias_(_row_number(order, own("step")), "place")
        placed = exp.select("*", place).from_(table("stepped"), copy=False)
        query, last = query.with_("placed", as_=placed, copy=False), "placed"
    if len(shared) > 1:
        query.args["with_"].set("recursive", True)
    columns = ["rank", "step", "priority"]
    columns += ["only_channel"] if with_several else []
    columns += ["zone"] if units(limits) else []
    columns += ["value"] if with_value else []
    columns += ["segment"] if by_answers else []
    columns += ["place"] if capacity.limited(policy) else []
    query = _whole(query, last, sends, gates, project_zone)
    query = query.select(
        *(own(name, "r") for name in columns), *(column(share(a), "r") for a in shared), copy=False
    )
    return Statement(
        "to_send",
        "the sends that wait for arbitration, in the order in which they are decided",
        create_temporary("_to_send", query),
    )


def _row_number(order: Sequence[exp.Ordered], *within: exp.Expr) -> exp.Window:
    return exp.Window(
        this=exp.RowNumber(),
        partition_by=list(within),
        order=exp.Order(expressions=[one.copy() for one in order]),
    )


def _sends(
    limits: Sequence[Limit],
    project_zone: str,
    *,
    with_several: bool,
    with_value: bool,
    by_answers: bool,
    told_apart: bool,
) -> exp.Select:
    """The sends with what their order needs, and no more: `moved` says which they are."""
    query = (
        exp.select(
            exp.alias_(own("rowid", "m"), "moved"),
            *(own(name, "m") for name in ("contact", "key", "entry_at", "version", "node")),
            *(own(name, "t") for name in ("journey", "priority")),
        )
        .from_(table("_moved", "m"), copy=False)
        .join(table("_send_step", "t"), on=_on_step(), copy=False)
    )
    if with_several:
        query = query.join(table("_several", "w"), on=several.still_to_try(), join_type="left", copy=False)
        query = query.select(
            exp.alias_(own("channel", "w"), "only_channel"), own("position", "w"), copy=False
        )
    if by_answers:
        query = answering.with_segment(query, there=told_apart)
    if with_value:
        segment = answering.segment_of("g") if told_apart else text(answering.EVERYBODY)
        only = own("channel", "w") if with_several else exp.null()
        query = query.join(
            table("_value", "x"), on=of_candidate("x", "m", only, segment), join_type="left", copy=False
        )
        # P2: of what nothing is learned yet, 0
        value = exp.Coalesce(this=own("expected", "x"), expressions=[number(0)])
        query = query.select(exp.alias_(value, "value"), copy=False)
    if shares(limits) or units(limits):
        same = exp.EQ(this=own("_contact", "c"), expression=own("contact", "m"))
        query = query.join(table(MOVING, "c"), on=same, join_type="left", copy=False)
        common = [exp.alias_(column(a.name, "c"), share(a), quoted=True) for a in shares(limits)]
        # T1: the project's clock when the contact is gone from the datamart
        zone = exp.Coalesce(this=own("_zone", "c"), expressions=[text(project_zone)])
        query = query.select(*common, *([exp.alias_(zone, "zone")] if units(limits) else []), copy=False)
    return query.where(
        exp.GT(this=own("round", "m"), expression=parameter("arbitrated")),
        exp.EQ(this=own("kind", "m"), expression=text(SEND)),
        copy=False,
    )


def _on_step() -> exp.Expr:
    return exp.and_(*(exp.EQ(this=own(n, "t"), expression=own(n, "m")) for n in ("version", "node")))


def _whole(
    query: exp.Select, source: str, sends: Sequence[SendStep], gates: Gates, project_zone: str
) -> exp.Select:
    """All of the sends that are ordered in `source r`, with the gates of their own."""
    over = exp.GT(
        this=NOW.copy(), expression=exp.Add(this=own("arrived_at", "m"), expression=own("expires", "t"))
    )
    query = query.select(
        *(own(c, "m") for c in WAKING),
        exp.alias_(case([(own("unless", "m"), own("unless_gate", "t"))]), "unless_gate"),
        exp.alias_(case([(over, own("expired_gate", "t"))]), "expired_gate"),
        *(own(name, "t") for name in ("kept_gate", "sent", "not_sent", "journey")),
        copy=False,
    )
    query = query.from_(table(source, "r"), copy=False)
    moved = exp.EQ(this=own("rowid", "m"), expression=own("moved", "r"))
    query = query.join(table("_moved", "m"), on=moved, copy=False)
    query = query.join(table("_send_step", "t"), on=_on_step(), copy=False)
    if best_hours.at_best_hour(sends):
        query = query.select(*best_hours.columns(), copy=False)
    if freshness.needing(sends):
        query = query.join(table("_stale", "k"), on=freshness.of_version(), join_type="left", copy=False)
        query = query.select(*freshness.columns(sends, gates, project_zone), copy=False)
    return query


def _with_turns(
    query: exp.Select, shared: Sequence[Attribute], order: Sequence[exp.Ordered]
) -> tuple[exp.Select, str]:
    """P6: of those of a rank who share a limit, one after the other, in the order of P2."""
    turns = [
        case(
            [(column(share(a)).is_(exp.null()), number(1))],
            _row_number(order, own("rank"), column(share(a))),
        )
        for a in shared
    ]
    if len(shared) == 1:
        turned = exp.select("*", exp.alias_(turns[0], "turn")).from_(table("ranked"), copy=False)
        return query.with_("turned", as_=turned, copy=False), "turned"
    return _with_turns_of_several(query, shared, turns, order)


def _with_turns_of_several(
    query: exp.Select,
    shared: Sequence[Attribute],
    turns: Sequence[exp.Expr],
    order: Sequence[exp.Ordered],
) -> tuple[exp.Select, str]:
    """Where contacts share one limit with these and another with those: after all with whom they share any. The turn is
    the length of the longest chain of candidates of whom each shares something with the one before."""
    named = [f"turn_{n}" for n in range(len(shared))]
    counted = exp.select(
        "*",
        exp.alias_(_row_number(order), "candidate"),
        *(exp.alias_(turn, name) for turn, name in zip(turns, named, strict=True)),
    ).from_(table("ranked"), copy=False)
    links = [
        exp.select(exp.alias_(own("candidate", "a"), "before"), own("candidate", "b"))
        .from_(table("counted", "a"), copy=False)
        .join(
            table("counted", "b"),
            on=exp.and_(
                exp.EQ(this=own("rank", "a"), expression=own("rank", "b")),
                exp.EQ(this=column(share(a), "a"), expression=column(share(a), "b")),
                exp.EQ(this=own(name, "b"), expression=exp.Add(this=own(name, "a"), expression=number(1))),
            ),
            copy=False,
        )
        for a, name in zip(shared, named, strict=True)
    ]
    # distinct, so that ways that meet are followed once
    first = exp.select(own("candidate"), exp.alias_(number(1), "turn")).from_(table("counted"), copy=False)
    onward = exp.select(own("candidate", "l"), exp.Add(this=own("turn", "r"), expression=number(1)))
    onward = onward.from_(table("reached", "r"), copy=False).join(
        table("linked", "l"), on=exp.EQ(this=own("before", "l"), expression=own("candidate", "r")), copy=False
    )
    longest = exp.select(own("candidate"), exp.alias_(exp.Max(this=own("turn")), "turn"))
    longest = longest.from_(table("reached"), copy=False).group_by(own("candidate"), copy=False)
    turned = exp.select("n.*", own("turn", "l")).from_(table("counted", "n"), copy=False)
    turned = turned.join(
        table("longest", "l"),
        on=exp.EQ(this=own("candidate", "l"), expression=own("candidate", "n")),
        copy=False,
    )
    query = query.with_("counted", as_=counted, copy=False)
    query = query.with_("linked", as_=exp.union(*links, distinct=False), copy=False)
    query = query.with_("reached", as_=exp.union(first, onward, distinct=True), copy=False)
    query = query.with_("longest", as_=longest, copy=False)
    return query.with_("turned", as_=turned, copy=False), "turned"
