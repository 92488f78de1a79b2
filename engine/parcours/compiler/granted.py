"""What was granted before, as the limits of pressure count it (LANGUAGE.md P3-P6).

What lies before this tick is read once for all candidates of an arbitration (`_past`); what this tick has granted is
counted anew for each step, and is newer than all of it."""

from collections.abc import Sequence

from sqlglot import exp

from parcours.checking.terms import Attribute
from parcours.compiler.expressions import (
    NOW,
    both,
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
    names = [share(attribute) for attribute in shares(limits)] + (["zone"] if units(limits) else [])
    holders = exp.select(own("contact", "s"), *(column(name, "s") for name in names))
    holders = holders.from_(table("_to_send", "s"), copy=False).distinct()
    reaches = {str(limit.reach.this): limit.reach for limit in counting(limits)}
    longest = least(*(reaches[name] for name in sorted(reaches)))
    log = exp.select(*(own(name, "b") for name in ("contact", "sent_at", *MESSAGE)))
    log = log.from_(table("state.outbox", "b"), copy=False)
    log = log.where(exp.GT(this=own("sent_at", "b"), expression=longest), copy=False)
    query = exp.Select().with_("holders", as_=holders, copy=False).with_("sent", as_=log, copy=False)
    query = query.with_("itself", as_=_past_of_itself(limits), copy=False)
    for attribute in shares(limits):
        query = query.with_(_past_of(attribute), as_=_past_of_all_with(attribute, limits), copy=False)
    query = query.select(exp.alias_(own("contact", "h"), "holder"), copy=False)
    query = query.from_(table("holders", "h"), copy=False)
    same = exp.EQ(this=own("contact", "i"), expression=own("contact", "h"))
    query = query.join(table("itself", "i"), on=same, join_type="left", copy=False)
    for attribute in shares(limits):
        name = _past_of(attribute)
        shared: exp.Expr = exp.EQ(this=own("common", name), expression=column(share(attribute), "h"))
        if units(_per(attribute, limits)):
            zone = exp.EQ(this=own("zone", name), expression=own("zone", "h"))
            shared = exp.and_(shared, zone)
        query = query.join(table(name), on=shared, join_type="left", copy=False)
    for limit in counting(limits):
        found: exp.Expr = own(_column(limit), "i")
        if limit.per is not None:
            found = exp.Coalesce(this=own(_column(limit), _past_of(limit.per)), expressions=[found])
        query = query.select(exp.alias_(found, _column(limit)), copy=False)
    return Statement(
        "past", "what was granted before to those who have a candidate", create_temporary("_past", query)
    )


def _column(limit: Limit) -> str:
    return f"past_{limit.number}"


def _past_of(attribute: Attribute) -> str:
    return f"past_{share(attribute)}"


def _per(attribute: Attribute, limits: Sequence[Limit]) -> list[Limit]:
    """Those that are shared by all who have the attribute in common (P6)."""
    return [limit for limit in counting(limits) if limit.per == attribute]


def _past_of_itself(limits: Sequence[Limit]) -> exp.Select:
    """What was granted to each of `holders` itself. Of a limit that is shared, only when it shares with nobody: the
    attribute is unknown."""
    theirs = exp.EQ(this=own("contact", "b"), expression=own("contact", "h"))
    query = exp.select(own("contact", "h")).from_(table("holders", "h"), copy=False)
    query = query.join(table("sent", "b"), on=theirs, copy=False)
    return _newest_of(counting(limits), query.group_by(own("contact", "h"), copy=False), "h")


def _past_of_all_with(attribute: Attribute, limits: Sequence[Limit]) -> exp.Select:
    """P6: what was granted to all who have the attribute in common with one of `holders`, once for all of these whose
    calendar is the same."""
    limits = _per(attribute, limits)
    zone = ["zone"] if units(limits) else []
    known = exp.Not(this=column(share(attribute), "h").is_(exp.null()))
    groups = exp.select(
        exp.alias_(column(share(attribute), "h"), "common"), *(own(name, "h") for name in zone)
    )
    groups = groups.from_(table("holders", "h"), copy=False).where(known, copy=False).distinct()
    by = [own(name, "g") for name in ("common", *zone)]
    common = exp.EQ(this=column(attribute.name, "c"), expression=own("common", "g"))
    theirs = exp.EQ(this=own("contact", "b"), expression=own("_contact", "c"))
    query = exp.select(*by).from_(groups.subquery("g"), copy=False)
    query = query.join(table("contact", "c"), on=common, copy=False)
    query = query.join(table("sent", "b"), on=theirs, copy=False)
    return _newest_of(limits, query.group_by(*(column.copy() for column in by), copy=False), "g")


def _newest_of(limits: Sequence[Limit], query: exp.Select, by: str) -> exp.Select:
    """A query about groups `by` of messages `b`, with what the limits count of each group."""
    if units(limits):
        same = exp.EQ(this=own("zone", "k"), expression=own("zone", by))
        query = query.join(table("_calendar", "k"), on=same, copy=False)
    for limit in limits:
        conditions = [limit.begins_before(own("sent_at", "b"), "k"), limit.counts("b")]
        if limit.per is not None and by == "h":
            conditions.append(column(share(limit.per), by).is_(exp.null()))
        condition = exp.Where(this=both(conditions))
        made = exp.Filter(this=_newest(limit, own("sent_at", "b")), expression=condition)
        query = query.select(exp.alias_(made, _column(limit)), copy=False)
    return query


def _newest(limit: Limit, sent_at: exp.Expr) -> exp.Expr:
    """A list only where more than the very newest matters."""
    return exp.Max(this=sent_at) if limit.count == 1 else call("max", sent_at, number(limit.count))


def with_now(query: exp.Select, limits: Sequence[Limit]) -> exp.Select:
    """Adds `now(holder, now_0, …)` to a query about one step: how many messages of this tick count, for each limit and
    each contact of the step to whom or to whose like any was granted."""
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
    holders = exp.select(own("contact", "s"), *(column(share(a), "s") for a in shares(limits)))
    holders = holders.from_(table("_to_send", "s"), copy=False).where(here, copy=False)
    now = exp.select(own("holder", "l")).from_(table("seen", "l"), copy=False)
    for limit in counting(limits):
        made: exp.Expr = exp.Count(this=exp.Star())
        if conditions := _counts(limit, limits):
            made = exp.Filter(this=made, expression=exp.Where(this=exp.and_(*conditions)))
        now = now.select(exp.alias_(made, f"now_{limit.number}"), copy=False)
    query = query.with_("sent", as_=sent, copy=False).with_("here", as_=holders, copy=False)
    query = query.with_("seen", as_=_seen(limits), copy=False)
    return query.with_("now", as_=now.group_by(own("holder", "l"), copy=False), copy=False)


def _seen(limits: Sequence[Limit]) -> exp.Query:
    """What each of `here` sees of `sent`: `shared` 0 what was sent to itself, and (P6) with the number of an attribute what
    was sent to all who have that in common, itself included."""
    attributes = shares(limits)
    # a contact of whom the attribute is unknown shares with nobody
    alone = [
        exp.alias_(column(share(attribute), "h").is_(exp.null()), f"alone_{number_}")
        for number_, attribute in enumerate(attributes, start=1)
    ]
    parts: list[exp.Query] = []
    for number_, attribute in enumerate((None, *attributes)):
        query = exp.select(
            exp.alias_(own("contact", "h"), "holder"),
            exp.alias_(number(number_), "shared"),
            *(made.copy() for made in alone),
            *(own(name, "b") for name in MESSAGE),
        ).from_(table("here", "h"), copy=False)
        sender = own("contact", "h")
        if attribute is not None:
            query = query.join(table("contact", "c"), on=_same_share(attribute, "h"), copy=False)
            sender = own("_contact", "c")
        theirs = exp.EQ(this=own("contact", "b"), expression=sender)
        parts.append(query.join(table("sent", "b"), on=theirs, copy=False))
    return parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False)


def _counts(limit: Limit, limits: Sequence[Limit]) -> list[exp.Expr]:
    """The conditions under which a message that is seen, `l`, counts; none when all do."""
    counts = limit.counts("l")
    conditions = [] if counts is None else [counts]
    if attributes := shares(limits):
        shared = own("shared", "l")
        itself = exp.EQ(this=shared, expression=number(0))
        if limit.per is None:
            conditions.append(itself)
        else:
            number_ = attributes.index(limit.per) + 1
            theirs = exp.EQ(this=shared.copy(), expression=number(number_))
            conditions.append(exp.or_(theirs, exp.and_(itself, own(f"alone_{number_}", "l"))))
    return conditions


def _same_share(attribute: Attribute, holder: str) -> exp.Expr:
    """P6: the contacts `c` that have the attribute in common with a holder."""
    return exp.EQ(this=column(attribute.name, "c"), expression=column(share(attribute), holder))


def filled_at(limit: Limit) -> exp.Expr:
    """When the message was granted that must fall out of the window before there is room for one more; NULL while there
    is room. Of this tick `n`, of what was before `p`, for a candidate `t`."""
    now = exp.Coalesce(this=own(f"now_{limit.number}", "n"), expressions=[number(0)])
    before: exp.Expr = own(_column(limit), "p")
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
