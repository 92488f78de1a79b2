"""What was granted before, as the limits of pressure count it (LANGUAGE.md P3-P6).

What lies before this tick is read once for all candidates of an arbitration (`_past`); what this tick has granted is
counted anew for each step, and is newer than all of it."""

from collections.abc import Callable, Sequence

from sqlglot import exp

from parcours.checking.terms import Attribute
from parcours.compiler.expressions import (
    NOW,
    call,
    case,
    column,
    create_temporary,
    least,
    number,
    own,
    parameter,
    table,
    text,
)
from parcours.compiler.layout import GRANTED
from parcours.compiler.limits import Limit, shares, units
from parcours.compiler.statement import Statement

MESSAGE = ("channel", "purpose", "topic", "journey", "message", "exempt")
"""What a limit asks of a message that was granted: as it was then (P5)."""


def share(attribute: Attribute) -> str:
    """The column of `_to_send` with what a contact has in common with those with whom it shares a limit."""
    return f"share_{attribute.name}"


def counting(limits: Sequence[Limit]) -> list[Limit]:
    """Those for which it matters what was granted: a cap of 0 is closed whatever was."""
    return [limit for limit in limits if limit.count]


def past(limits: Sequence[Limit]) -> Statement | None:
    """`_past(holder, past_0, …)`: for each contact that has a candidate, and each limit, when what counts in its window was
    granted: the newest first, no more than the limit allows. None when there are no limits."""
    if not counting(limits):
        return None
    with_calendar = bool(units(limits))
    holders = exp.select(own("contact", "s"), *(column(share(a), "s") for a in shares(limits)))
    if with_calendar:
        holders = holders.select(own("zone", "s"), copy=False)
    holders = holders.from_(table("_to_send", "s"), copy=False).distinct()

    def newest(chosen: Sequence[Limit], shared: Attribute | None) -> exp.Select:
        query = exp.select(exp.alias_(own("contact", "h"), "holder")).from_(table("holders", "h"), copy=False)
        if with_calendar:
            zone = exp.EQ(this=own("zone", "k"), expression=own("zone", "h"))
            query = query.join(table("_calendar", "k"), on=zone, copy=False)
        sender = own("contact", "h")
        if shared is not None:
            query = query.join(table("contact", "c"), on=_same_share(shared, "h"), copy=False)
            sender = own("_contact", "c")
        theirs = exp.EQ(this=own("contact", "b"), expression=sender)
        query = query.join(table("state.outbox", "b"), on=theirs, copy=False)
        sent_at = own("sent_at", "b")
        reaches = {str(limit.reach.this): limit.reach for limit in chosen}
        longest = least(*(reaches[name] for name in sorted(reaches)))
        query = query.where(exp.GT(this=sent_at, expression=longest), copy=False)
        for limit in chosen:
            within = limit.begins_before(sent_at.copy(), "k")
            counts = limit.counts("b")
            condition = within if counts is None else exp.and_(within, counts)
            made = exp.Filter(this=_newest(limit, sent_at.copy()), expression=exp.Where(this=condition))
            query = query.select(exp.alias_(made, f"past_{limit.number}"), copy=False)
        return query.group_by(own("contact", "h"), copy=False)

    query = exp.Select().with_("holders", as_=holders, copy=False)
    query = _by_holder(query, counting(limits), table("holders", "h"), "past", newest)
    return Statement(
        "past", "what was granted before to those who have a candidate", create_temporary("_past", query)
    )


def _newest(limit: Limit, sent_at: exp.Expr) -> exp.Expr:
    """A list only where more than the very newest matters."""
    return exp.Max(this=sent_at) if limit.count == 1 else call("max", sent_at, number(limit.count))


def with_now(query: exp.Select, limits: Sequence[Limit]) -> exp.Select:
    """Adds `now(holder, now_0, …)` to a query about one step: how many messages of this tick count, for each limit and
    each contact of the step."""
    option = exp.and_(
        *(exp.EQ(this=own(n, "o"), expression=own(n, "v")) for n in ("version", "node", "channel"))
    )
    sent = (
        exp.select(own("contact", "v"), *(own(c, "o") for c in MESSAGE))
        .from_(table("_verdict", "v"), copy=False)
        .join(table("_send_option", "o"), on=option, copy=False)
        .where(exp.EQ(this=own("decision", "v"), expression=text(GRANTED)), copy=False)
    )
    here = exp.EQ(this=own("step", "s"), expression=parameter("step"))
    holders = exp.select("s.*").from_(table("_to_send", "s"), copy=False).where(here, copy=False)
    query = query.with_("sent", as_=sent, copy=False).with_("here", as_=holders, copy=False)

    def count(chosen: Sequence[Limit], shared: Attribute | None) -> exp.Select:
        query = exp.select(exp.alias_(own("contact", "h"), "holder")).from_(table("here", "h"), copy=False)
        sender = own("contact", "h")
        if shared is not None:
            query = query.join(table("contact", "c"), on=_same_share(shared, "h"), copy=False)
            sender = own("_contact", "c")
        theirs = exp.EQ(this=own("contact", "l"), expression=sender)
        query = query.join(table("sent", "l"), on=theirs, copy=False)
        for limit in chosen:
            made: exp.Expr = exp.Count(this=exp.Star())
            if (counts := limit.counts("l")) is not None:
                made = exp.Filter(this=made, expression=exp.Where(this=counts))
            query = query.select(exp.alias_(made, f"now_{limit.number}"), copy=False)
        return query.group_by(own("contact", "h"), copy=False)

    merged = _by_holder(exp.Select(), counting(limits), table("here", "h"), "now", count)
    return query.with_("now", as_=merged, copy=False)


def _by_holder(
    query: exp.Select,
    limits: Sequence[Limit],
    holders: exp.Table,
    name: str,
    found: Callable[[Sequence[Limit], Attribute | None], exp.Select],
) -> exp.Select:
    """One row for each of the holders, with a column for each limit: of what was sent to the holder itself, or (P6) to all
    with whom it shares the limit. A contact whose attribute is unknown shares with nobody."""
    query = query.with_("own", as_=found(limits, None), copy=False)
    query = query.select(exp.alias_(own("contact", "h"), "holder"), copy=False).from_(holders, copy=False)
    query = query.join(table("own", "w"), on=_of_holder("w"), join_type="left", copy=False)
    theirs: dict[Attribute, str] = {}
    for number_, shared in enumerate(shares(limits)):
        alias = theirs[shared] = f"w{number_}"
        made = found([limit for limit in limits if limit.per == shared], shared)
        query = query.with_(f"shared_{number_}", as_=made, copy=False)
        query = query.join(
            table(f"shared_{number_}", alias), on=_of_holder(alias), join_type="left", copy=False
        )
    for limit in limits:
        item = f"{name}_{limit.number}"
        value: exp.Expr = own(item, "w")
        if limit.per is not None:
            alone = column(share(limit.per), "h").is_(exp.null())
            value = case([(alone, value)], own(item, theirs[limit.per]))
        query = query.select(exp.alias_(value, item), copy=False)
    return query


def _of_holder(alias: str) -> exp.Expr:
    return exp.EQ(this=own("holder", alias), expression=own("contact", "h"))


def _same_share(attribute: Attribute, holder: str) -> exp.Expr:
    """P6: the contacts `c` that have the attribute in common with a holder."""
    return exp.EQ(this=column(attribute.name, "c"), expression=column(share(attribute), holder))


def filled_at(limit: Limit) -> exp.Expr:
    """When the message was granted that must fall out of the window before there is room for one more; NULL while there
    is room. Of this tick `n`, of what was before `p`, for a candidate `t`."""
    now = exp.Coalesce(this=own(f"now_{limit.number}", "n"), expressions=[number(0)])
    before: exp.Expr = own(f"past_{limit.number}", "p")
    room = _room(limit)
    if limit.count > 1:
        before = call("list_extract", before, exp.Sub(this=exp.paren(room.copy()), expression=now.copy()))
    return case([(exp.GTE(this=now, expression=room), exp.cast(NOW.copy(), "TIMESTAMP"))], before)


def _room(limit: Limit) -> exp.Expr:
    """How many messages there is room for. P6: for those who are less important, so many fewer as are kept."""
    if limit.keep is None:
        return number(limit.count)
    kept, priority = limit.keep
    less = exp.LT(this=own("priority", "t"), expression=number(priority))
    return case([(less, number(limit.count - kept))], number(limit.count))
