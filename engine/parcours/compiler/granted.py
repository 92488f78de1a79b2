"""What was granted before, as the limits of pressure count it (LANGUAGE.md P3-P6).

What lies before this tick is read once for all who have a candidate in an arbitration; what this tick has granted is counted
anew for each step, and is newer than all of it."""

from collections.abc import Mapping, Sequence

from sqlglot import exp

from parcours.checking.terms import Attribute
from parcours.compiler.arbitration import Arbitration
from parcours.compiler.expressions import (
    NOW,
    call,
    case,
    column,
    number,
    own,
    table,
    text,
)
from parcours.compiler.layout import GRANTED
from parcours.compiler.limits import Limit, Tally, reach
from parcours.compiler.moving import MOVING


def share(attribute: Attribute) -> str:
    """The column of `_to_send` with what a contact has in common with those with whom it shares a limit."""
    return f"share_{attribute.name}"


# ---- before this tick


def with_past(query: exp.Select, what: Arbitration) -> exp.Select:
    """Adds to a query `past(contact, past_0, …)`: for each contact that has a candidate and each tally, when what counts was
    granted to it: the newest first, no more than any limit asks for, whatever the window. What is shared (P6) stands in
    `past_with_0(common, …)`, and so on, one for each attribute."""
    if not what.tallies:
        return query
    query = query.with_("past", as_=_past_of_each(what), copy=False)
    for nth, attribute in enumerate(what.shares_counted):
        query = query.with_(f"past_with_{nth}", as_=_past_of_all_with(attribute, what), copy=False)
    return query


def join_past(query: exp.Select, what: Arbitration, alias: str) -> exp.Select:
    """The query over those `alias` to whom there is something to send, with `past_0` … of each. It needs `with_past`."""
    if not what.tallies:
        return query
    same = exp.EQ(this=own("contact", "p"), expression=own("contact", alias))
    query = query.join(table("past", "p"), on=same, join_type="left", copy=False)
    for nth, attribute in enumerate(what.shares_counted):
        common = exp.EQ(this=own("common", f"p{nth}"), expression=column(share(attribute), alias))
        query = query.join(table(f"past_with_{nth}", f"p{nth}"), on=common, join_type="left", copy=False)
    for tally in what.tallies:
        name = _past(tally.number)
        found: exp.Expr = own(_past(tally.mine), "p")
        if tally.per is not None:  # of whom nobody shares, what was granted to himself
            shared = own(name, f"p{what.shares_counted.index(tally.per)}")
            found = exp.Coalesce(this=shared, expressions=[found])
        query = query.select(exp.alias_(found, name), copy=False)
    return query


def columns(what: Arbitration) -> list[str]:
    """The columns that `join_past` adds."""
    return [_past(tally.number) for tally in what.tallies]


def _past(tally: int) -> str:
    return f"past_{tally}"


def _past_of_each(what: Arbitration) -> exp.Select:
    candidates = exp.select(own("contact", "s")).from_(table("_to_send", "s"), copy=False)
    candidates = candidates.where(own("is_first", "s"), copy=False)
    query = exp.select(own("contact", "b")).from_(table("state.outbox", "b"), copy=False)
    query = query.where(exp.In(this=own("contact", "b"), query=candidates.subquery()), copy=False)
    asked = {tally: tally.alike for tally in what.tallies if tally.number == tally.mine}
    return _newest_of(query, "contact", asked)


def _past_of_all_with(attribute: Attribute, what: Arbitration) -> exp.Select:
    """P6: what was granted to all who have the attribute in common with one of the candidates."""
    mine = exp.select(column(share(attribute), "s")).from_(table("_to_send", "s"), copy=False)
    mine = mine.where(own("is_first", "s"), copy=False)
    common = column(attribute.name, "c")
    query = exp.select(exp.alias_(common, "common")).from_(table("state.outbox", "b"), copy=False)
    theirs = exp.EQ(this=own("_contact", "c"), expression=own("contact", "b"))
    query = query.join(table("contact", "c"), on=theirs, copy=False)
    query = query.where(exp.In(this=common.copy(), query=mine.subquery()), copy=False)
    return _newest_of(query, "common", {one: one.limits for one in what.tallies if one.per == attribute})


def _newest_of(query: exp.Select, by: str, asked: Mapping[Tally, Sequence[Limit]]) -> exp.Select:
    """Of a query over the messages `b` that were granted: when the newest were that count for each tally, as far back as these
    limits ask; a list only where more than the very newest matters. What counts for none is left out before it is grouped."""
    query = query.select(own("sent_at", "b"), copy=False)
    for tally, limits in asked.items():
        within = exp.GT(this=own("sent_at", "b"), expression=reach(limits))
        counted = exp.and_(within, tally.counts("b"))
        query = query.select(exp.alias_(counted, f"counts_{tally.number}"), copy=False)
    all_of_them = reach(limit for limits in asked.values() for limit in limits)
    query = query.where(exp.GT(this=own("sent_at", "b"), expression=all_of_them), copy=False)
    found = exp.select(own(by, "l")).from_(query.subquery("l"), copy=False)
    for tally in asked:
        sent_at, counts = own("sent_at", "l"), exp.Where(this=own(f"counts_{tally.number}", "l"))
        newest = exp.Max(this=sent_at) if tally.most == 1 else call("max", sent_at, number(tally.most))
        made = exp.Filter(this=newest, expression=counts)
        found = found.select(exp.alias_(made, _past(tally.number)), copy=False)
    found = found.where(exp.or_(*(own(f"counts_{tally.number}", "l") for tally in asked)), copy=False)
    return found.group_by(own(by, "l"), copy=False)


# ---- in this tick


def with_now(query: exp.Select, what: Arbitration) -> exp.Select:
    """Adds to a query `now(contact, now_0, …)`: how many messages of this tick count to whom, for each tally; and for those
    who share (P6) `now_with_0(common, …)`, and so on."""
    option = exp.EQ(this=own("option", "o"), expression=own("option", "v"))
    mine = (
        exp.select(own("contact", "v"), *map(_count, what.tallies))
        .from_(table("_verdict", "v"), copy=False)
        .join(table("_send_option", "o"), on=option, copy=False)
        .where(exp.EQ(this=own("decision", "v"), expression=text(GRANTED)), copy=False)
        .group_by(own("contact", "v"), copy=False)
    )
    query = query.with_("now", as_=mine, copy=False)
    for nth, attribute in enumerate(what.shares_counted):
        common = column(attribute.name, "c")
        names = [_now(tally) for tally in what.tallies if tally.per == attribute]
        sums = (exp.alias_(exp.cast(exp.Sum(this=own(n, "n")), "BIGINT"), n) for n in names)
        ours = exp.select(exp.alias_(common, "common"), *sums).from_(table("now", "n"), copy=False)
        same = exp.EQ(this=own("_contact", "c"), expression=own("contact", "n"))
        ours = ours.join(table(MOVING, "c"), on=same, copy=False)
        ours = ours.where(exp.Not(this=common.copy().is_(exp.null())), copy=False)
        query = query.with_(f"now_with_{nth}", as_=ours.group_by(common.copy(), copy=False), copy=False)
    return query


def _count(tally: Tally) -> exp.Expr:
    made: exp.Expr = exp.Count(this=exp.Star())
    if (condition := tally.counts("o")) is not None:
        made = exp.Filter(this=made, expression=exp.Where(this=condition))
    return exp.alias_(made, _now(tally))


def join_now(query: exp.Select, what: Arbitration, alias: str) -> exp.Select:
    """The query over candidates `alias` with `now_0` …: how many messages of this tick count for each tally. It needs
    `with_now`."""
    same = exp.EQ(this=own("contact", "n"), expression=own("contact", alias))
    query = query.join(table("now", "n"), on=same, join_type="left", copy=False)
    for nth, attribute in enumerate(what.shares_counted):
        common = exp.EQ(this=own("common", f"n{nth}"), expression=column(share(attribute), alias))
        query = query.join(table(f"now_with_{nth}", f"n{nth}"), on=common, join_type="left", copy=False)
    for tally in what.tallies:
        name = _now(tally)
        found: exp.Expr = own(name, "n")
        if tally.per is not None:
            lonely = column(share(tally.per), alias).is_(exp.null())
            found = case([(lonely, found)], own(name, f"n{what.shares_counted.index(tally.per)}"))
        query = query.select(exp.alias_(exp.Coalesce(this=found, expressions=[number(0)]), name), copy=False)
    return query


def _now(tally: Tally) -> str:
    return f"now_{tally.number}"


# ---- both together


def nth_newest(limit: Limit, what: Arbitration, alias: str, *, with_now: bool) -> tuple[str, exp.Expr] | None:
    """A column to be made of a candidate `alias`, with its name: when the message was granted that fills the limit, if it lies in
    the window, of what was granted before (`join_past`) and, when asked, in this tick (`join_now`). None where it is there already:
    the newest is."""
    tally = what.tally(limit)
    if tally.most == 1:
        return None
    nth: exp.Expr = number(limit.count)
    if with_now:  # when this tick alone fills it, that is no place of the list, and nobody asks
        nth = exp.Sub(this=nth, expression=own(_now(tally), alias))
    return _nth(limit, tally), call("list_extract", own(_past(tally.number), alias), nth)


def is_full(limit: Limit, what: Arbitration, alias: str, *, with_now: bool) -> exp.Expr:
    """Whether there is no room for one more. Of a candidate `alias` that has the column of `nth_newest`."""
    tally = what.tally(limit)
    before = limit.begins_before(own(_nth(limit, tally), alias), alias)
    return exp.or_(_is_full_now(limit, tally, alias), before) if with_now else before


def full_at(limit: Limit, what: Arbitration, alias: str, *, with_now: bool) -> exp.Expr:
    """Of a limit that is full, when the message was granted that must fall out of the window before there is room for one more."""
    tally = what.tally(limit)
    before = own(_nth(limit, tally), alias)
    now = exp.cast(NOW.copy(), "TIMESTAMP")
    return case([(_is_full_now(limit, tally, alias), now)], before) if with_now else before


def _nth(limit: Limit, tally: Tally) -> str:
    newest = _past(tally.number)
    return newest if tally.most == 1 else f"{newest}_{limit.count}"


def _is_full_now(limit: Limit, tally: Tally, alias: str) -> exp.Expr:
    return exp.GTE(this=own(_now(tally), alias), expression=number(limit.count))
