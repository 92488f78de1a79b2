"""The candidates of a round: every send that waits for arbitration, in the order in which they are decided (LANGUAGE.md P2,
P3, P6)."""

from collections.abc import Sequence

from sqlglot import exp

from parcours.checking.terms import Attribute
from parcours.compiler import answering, best_hours, freshness, precedence, several
from parcours.compiler.arbitration import Arbitration
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
from parcours.compiler.granted import share
from parcours.compiler.layout import SEND
from parcours.compiler.moving import MOVING
from parcours.compiler.responses import of_candidate
from parcours.compiler.statement import Statement

_TURNS = 1 << 32
"""A rank has room for so many turns: more than there are contacts."""


def candidates(what: Arbitration) -> Statement:
    """`_to_send`: the sends that nobody has arbitrated yet, each with the `step` in which it is decided.

    The rank says which of a contact's candidates it is: by priority, then journey and key (P2). A step is a rank; where
    contacts share a limit, a turn within the rank: of those who share it, one after the other (P6). `place` is the order
    within a step, for what is given out over all contacts (P3). `moved` is the row of the run in `_moved`, `send` the number of
    the send; one on several channels has a row here for each that is not decided yet, with its `position` among them.
    `is_first`: no other candidate of the contact goes before. Where sends are weighed by answers, `segment` is the contact's own,
    if segments are told apart."""
    query = exp.Select().with_("send", as_=_sends(what), copy=False)
    rank = _row_number(precedence.of_contact(what), own("contact"))
    ranks = exp.alias_(exp.cast(rank, precedence.number_type(what.most_candidates)), "rank")
    ranked = exp.select("*", ranks).from_(table("send"), copy=False)
    query = query.with_("ranked", as_=ranked, copy=False)
    source = "ranked"
    step: exp.Expr = exp.cast(own("rank", "r"), "BIGINT")
    if what.shares:
        query, source = _with_turns(query, what.shares, precedence.of_step(what))
        step = exp.Add(this=exp.Mul(this=step, expression=number(_TURNS)), expression=own("turn", "r"))
    names = ["moved", "contact", "send", "keep_until"]
    names += ["position"] if what.with_several else []
    names += ["segment"] if what.by_answers else []
    ordered = [one.this.name for one in precedence.of_step(what)] if what.with_place else []
    names += [name for name in ordered if name not in names]
    stepped = exp.select(
        *(own(name, "r") for name in names),
        *(column(share(a), "r") for a in what.shares),
        exp.alias_(step, "step"),
        exp.alias_(exp.EQ(this=own("rank", "r"), expression=number(1)), "is_first"),
    ).from_(table(source, "r"), copy=False)
    query, last = query.with_("stepped", as_=stepped, copy=False), "stepped"
    if what.with_place:
        place = exp.alias_(_row_number(precedence.of_step(what), own("step")), "place")
        placed = exp.select("*", place).from_(table(last), copy=False)
        query, last = query.with_("placed", as_=placed, copy=False), "placed"
    if len(what.shares) > 1:
        query.args["with_"].set("recursive", True)
    query = query.select("r.*", copy=False).from_(table(last, "r"), copy=False)
    return Statement(
        "to_send",
        "the sends that wait for arbitration, in the order in which they are decided",
        create_temporary("_to_send", _with_runs(query, what)),
    )


def _row_number(order: Sequence[exp.Ordered], *within: exp.Expr) -> exp.Window:
    return exp.Window(
        this=exp.RowNumber(),
        partition_by=list(within),
        order=exp.Order(expressions=[one.copy() for one in order]),
    )


def _sends(what: Arbitration) -> exp.Select:
    """The sends with what their order needs, and no more, since all of it is sorted."""
    query = (
        exp.select(
            exp.alias_(own("rowid", "m"), "moved"),
            *(own(name, "m") for name in ("contact", "keep_until")),
            *([own(name, "m") for name in ("key", "entry_at")] if what.with_keys else []),
            *(own(name, "t") for name in ("send", "nth")),
        )
        .from_(table("_moved", "m"), copy=False)
        .join(table("_send_step", "t"), on=_on_step(), copy=False)
    )
    if what.with_several:
        query = query.join(table("_several", "w"), on=several.still_to_try(), join_type="left", copy=False)
        query = query.select(own("position", "w"), copy=False)
    if what.by_answers:
        query = answering.with_segment(query, there=what.told_apart)
    if what.with_value:
        query = _with_value(query, what)
    if what.shares:
        same = exp.EQ(this=own("_contact", "c"), expression=own("contact", "m"))
        query = query.join(table(MOVING, "c"), on=same, join_type="left", copy=False)
        common = [exp.alias_(column(a.name, "c"), share(a), quoted=True) for a in what.shares]
        query = query.select(*common, copy=False)
    return query.where(
        exp.GT(this=own("round", "m"), expression=parameter("arbitrated")),
        exp.EQ(this=own("kind", "m"), expression=text(SEND)),
        copy=False,
    )


def _with_value(query: exp.Select, what: Arbitration) -> exp.Select:
    """The query with the expected `value` of each send. P2: of what nothing is learned yet, 0."""
    segment = answering.segment_of("g") if what.told_apart else text(answering.EVERYBODY)
    only = own("channel", "w") if what.with_several else exp.null()
    on = of_candidate("x", "m", only, segment)
    query = query.join(table("_value", "x"), on=on, join_type="left", copy=False)
    value = exp.Coalesce(this=own("expected", "x"), expressions=[number(0)])
    rank = [own("priority", "t")] if "priority" in what.policy.ranked_by else []
    return query.select(exp.alias_(value, "value"), *rank, copy=False)


def _on_step() -> exp.Expr:
    return exp.and_(*(exp.EQ(this=own(n, "t"), expression=own(n, "m")) for n in ("version", "node")))


def _with_runs(query: exp.Select, what: Arbitration) -> exp.Select:
    """The query over the ordered sends `r` with the gates of their own, and what else has to be known of their runs."""
    found: list[exp.Expr] = []
    if what.with_unless:
        found.append(exp.alias_(case([(own("unless", "m"), own("unless_gate", "t"))]), "unless_gate"))
    if what.with_expiry:
        end = exp.Add(this=own("arrived_at", "m"), expression=own("expires", "t"))
        over = exp.GT(this=NOW.copy(), expression=end)
        found.append(exp.alias_(case([(over, own("expired_gate", "t"))]), "expired_gate"))
    found += [own("sets", "m")] if what.settable else []
    found += [own(name, "m") for name in ("key", "entry_at")] if what.skipping else []
    found += best_hours.columns() if what.with_hours else []
    found += freshness.columns(what.sends, what.gates, what.zone) if what.with_needs else []
    if not found:
        return query
    query = query.select(*found, copy=False)
    moved = exp.EQ(this=own("rowid", "m"), expression=own("moved", "r"))
    query = query.join(table("_moved", "m"), on=moved, copy=False)
    send = exp.EQ(this=own("send", "t"), expression=own("send", "r"))
    query = query.join(table("_send_step", "t"), on=send, copy=False)
    if what.with_needs:
        query = query.join(table("_stale", "k"), on=freshness.of_version(), join_type="left", copy=False)
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
    return _with_turns_of_several(query, shared, turns)


def _with_turns_of_several(
    query: exp.Select,
    shared: Sequence[Attribute],
    turns: Sequence[exp.Expr],
) -> tuple[exp.Select, str]:
    """Where contacts share one limit with these and another with those: after all with whom they share any. The turn is
    the length of the longest chain of candidates of whom each shares something with the one before."""
    named = [f"turn_{n}" for n in range(len(shared))]
    counted = exp.select(
        "*",
        exp.alias_(exp.Window(this=exp.RowNumber()), "candidate"),
        *(exp.alias_(turn, name) for turn, name in zip(turns, named, strict=True)),
    ).from_(table("ranked"), copy=False)
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
    query = query.with_("linked", as_=_links(shared, named), copy=False)
    query = query.with_("reached", as_=exp.union(first, onward, distinct=True), copy=False)
    query = query.with_("longest", as_=longest, copy=False)
    return query.with_("turned", as_=turned, copy=False), "turned"


def _links(shared: Sequence[Attribute], turns: Sequence[str]) -> exp.Query:
    """Who comes next after whom, among those with whom a candidate shares something."""
    links = [
        exp.select(exp.alias_(own("candidate", "a"), "before"), own("candidate", "b"))
        .from_(table("counted", "a"), copy=False)
        .join(
            table("counted", "b"),
            on=exp.and_(
                exp.EQ(this=own("rank", "a"), expression=own("rank", "b")),
                exp.EQ(this=column(share(a), "a"), expression=column(share(a), "b")),
                exp.EQ(this=own(turn, "b"), expression=exp.Add(this=own(turn, "a"), expression=number(1))),
            ),
            copy=False,
        )
        for a, turn in zip(shared, turns, strict=True)
    ]
    return exp.union(*links, distinct=False)
