"""What was granted before, as the limits of pressure count it (LANGUAGE.md P3-P6).

What lies before this tick is read once for all candidates of an arbitration (`_past`); what this tick has granted is
counted anew for each step, and is newer than all of it."""

from collections.abc import Iterator, Mapping, Sequence

from sqlglot import exp

from parcours.checking.terms import Attribute
from parcours.compiler.arbitration import Arbitration
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
from parcours.compiler.limits import Limit, Tally
from parcours.compiler.moving import MOVING
from parcours.compiler.statement import Statement

MESSAGE = ("channel", "purpose", "topic", "journey", "message", "exempt")
"""What a limit asks of a message that was granted: as it was then (P5)."""


def share(attribute: Attribute) -> str:
    """The column of `_to_send` with what a contact has in common with those with whom it shares a limit."""
    return f"share_{attribute.name}"


# ---- before this tick


def past(what: Arbitration) -> Iterator[Statement]:
    """`_past(contact, past_0, …)`: for each contact that has a candidate and each tally, when what counts was granted: the
    newest first, no more than any limit asks for, whatever the window. Of what is shared (P6) only for those who share with
    nobody; for the others `_past_with_0(common, …)`, and so on, one for each attribute."""
    if not what.tallies:
        return
    yield Statement(
        "past",
        "what was granted before to those who have a candidate",
        create_temporary("_past", _past_of_each(what)),
    )
    for nth, attribute in enumerate(what.shares_counted):
        name = f"past_with_{nth}"
        purpose = "what was granted before to all who share a limit with a candidate"
        yield Statement(name, purpose, create_temporary(f"_{name}", _past_of_all_with(attribute, what)))


def _past_of_each(what: Arbitration) -> exp.Select:
    candidates = exp.select(own("contact", "s")).from_(table("_to_send", "s"), copy=False)
    candidates = candidates.where(own("is_first", "s"), copy=False)
    query = exp.select(own("contact", "b")).from_(table("state.outbox", "b"), copy=False)
    query = query.where(exp.In(this=own("contact", "b"), query=candidates.subquery()), copy=False)
    alone: dict[Tally, exp.Expr] = {}
    for nth, attribute in enumerate(what.shares_counted):
        # a contact of whom the attribute is unknown shares with nobody
        unknown = column(share(attribute), "s").is_(exp.null())
        these = candidates.copy().where(unknown, copy=False)
        same = exp.EQ(this=own("contact", f"a{nth}"), expression=own("contact", "b"))
        query = query.join(these.subquery(f"a{nth}"), on=same, join_type="left", copy=False)
        is_alone = exp.Not(this=own("contact", f"a{nth}").is_(exp.null()))
        alone |= {tally: is_alone for tally in what.tallies if tally.per == attribute}
    return _newest_of(query, "contact", what.tallies, alone)


def _past_of_all_with(attribute: Attribute, what: Arbitration) -> exp.Select:
    """P6: what was granted to all who have the attribute in common with one of the candidates."""
    mine = column(share(attribute), "s")
    groups = exp.select(exp.alias_(mine, "common")).from_(table("_to_send", "s"), copy=False)
    groups = groups.where(exp.Not(this=mine.copy().is_(exp.null())), copy=False).distinct()
    query = exp.select(own("common", "g")).from_(table("state.outbox", "b"), copy=False)
    theirs = exp.EQ(this=own("_contact", "c"), expression=own("contact", "b"))
    query = query.join(table("contact", "c"), on=theirs, copy=False)
    common = exp.EQ(this=own("common", "g"), expression=column(attribute.name, "c"))
    query = query.join(groups.subquery("g"), on=common, copy=False)
    return _newest_of(query, "common", [one for one in what.tallies if one.per == attribute], {})


def _newest_of(
    query: exp.Select, by: str, tallies: Sequence[Tally], more: Mapping[Tally, exp.Expr]
) -> exp.Select:
    """Of a query over the messages `b` that were granted: when the newest were that count for each tally, as far as `more`
    says; a list only where more than the very newest matters. What counts for none is left out before it is grouped."""
    query = query.select(own("sent_at", "b"), copy=False)
    for tally in tallies:
        within = exp.GT(this=own("sent_at", "b"), expression=_reach([tally]))
        counted = exp.and_(within, tally.counts("b"), more.get(tally))
        query = query.select(exp.alias_(counted, f"counts_{tally.number}"), copy=False)
    query = query.where(exp.GT(this=own("sent_at", "b"), expression=_reach(tallies)), copy=False)
    found = exp.select(own(by, "l")).from_(query.subquery("l"), copy=False)
    for tally in tallies:
        sent_at, counts = own("sent_at", "l"), exp.Where(this=own(f"counts_{tally.number}", "l"))
        newest = exp.Max(this=sent_at) if tally.most == 1 else call("max", sent_at, number(tally.most))
        made = exp.Filter(this=newest, expression=counts)
        found = found.select(exp.alias_(made, f"past_{tally.number}"), copy=False)
    found = found.where(exp.or_(*(own(f"counts_{tally.number}", "l") for tally in tallies)), copy=False)
    return found.group_by(own(by, "l"), copy=False)


def _reach(tallies: Sequence[Tally]) -> exp.Expr:
    reaches = {name: reach for tally in tallies for name, reach in tally.reaches.items()}
    return least(*(reaches[name] for name in sorted(reaches)))


def with_past(query: exp.Select, what: Arbitration, alias: str) -> exp.Select:
    """The query over candidates `alias` with what was granted before as `p` and, of those who share, `p0`, `p1` …"""
    if not what.tallies:
        return query
    same = exp.EQ(this=own("contact", "p"), expression=own("contact", alias))
    query = query.join(table("_past", "p"), on=same, join_type="left", copy=False)
    for nth, attribute in enumerate(what.shares_counted):
        common = exp.EQ(this=own("common", f"p{nth}"), expression=column(share(attribute), alias))
        query = query.join(table(f"_past_with_{nth}", f"p{nth}"), on=common, join_type="left", copy=False)
    return query


# ---- in this tick


def with_now(query: exp.Select, what: Arbitration) -> exp.Select:
    """Adds to a query `now(contact, now_0, …)`: how many messages of this tick count to whom, for each tally; and for those
    who share (P6) `now_with_0(common, …)`, and so on."""
    option = exp.EQ(this=own("option", "o"), expression=own("option", "v"))
    granted = (
        exp.select(own("contact", "v"), *(own(name, "o") for name in MESSAGE))
        .from_(table("_verdict", "v"), copy=False)
        .join(table("_send_option", "o"), on=option, copy=False)
        .where(exp.EQ(this=own("decision", "v"), expression=text(GRANTED)), copy=False)
    )
    query = query.with_("granted", as_=granted, copy=False)
    mine = exp.select(own("contact", "l"), *map(_count, what.tallies)).from_(
        table("granted", "l"), copy=False
    )
    query = query.with_("now", as_=mine.group_by(own("contact", "l"), copy=False), copy=False)
    for nth, attribute in enumerate(what.shares_counted):
        common = column(attribute.name, "c")
        ours = exp.select(
            exp.alias_(common, "common"),
            *(_count(tally) for tally in what.tallies if tally.per == attribute),
        ).from_(table("granted", "l"), copy=False)
        same = exp.EQ(this=own("_contact", "c"), expression=own("contact", "l"))
        ours = ours.join(table(MOVING, "c"), on=same, copy=False)
        ours = ours.where(exp.Not(this=common.copy().is_(exp.null())), copy=False)
        query = query.with_(f"now_with_{nth}", as_=ours.group_by(common.copy(), copy=False), copy=False)
    return query


def _count(tally: Tally) -> exp.Expr:
    made: exp.Expr = exp.Count(this=exp.Star())
    if (condition := tally.counts("l")) is not None:
        made = exp.Filter(this=made, expression=exp.Where(this=condition))
    return exp.alias_(made, f"now_{tally.number}")


def again(what: Arbitration, names: Sequence[str]) -> exp.Select:
    """Of the candidates of a step, each with its row in `_tried` as `candidate` and these of its columns: those to whom or to
    whose like something was granted in this tick, and how much of it counts for each tally. The query that it is a part of
    needs `with_now`."""
    same = exp.EQ(this=own("contact", "n"), expression=own("contact", "t"))
    touched = [exp.Not(this=own("contact", "n").is_(exp.null()))]
    query = exp.select(exp.alias_(own("rowid", "t"), "candidate"), *(column(name, "t") for name in names))
    query = query.from_(table("_tried", "t"), copy=False)
    query = query.join(table("now", "n"), on=same, join_type="left", copy=False)
    for nth, attribute in enumerate(what.shares_counted):
        common = exp.EQ(this=own("common", f"n{nth}"), expression=column(share(attribute), "t"))
        query = query.join(table(f"now_with_{nth}", f"n{nth}"), on=common, join_type="left", copy=False)
        touched.append(exp.Not(this=own("common", f"n{nth}").is_(exp.null())))
    for tally in what.tallies:
        name = f"now_{tally.number}"
        found: exp.Expr = own(name, "n")
        if tally.per is not None:
            lonely = column(share(tally.per), "t").is_(exp.null())
            found = case([(lonely, found)], own(name, f"n{what.shares_counted.index(tally.per)}"))
        query = query.select(exp.alias_(exp.Coalesce(this=found, expressions=[number(0)]), name), copy=False)
    here = exp.EQ(this=own("step", "t"), expression=parameter("step"))
    touched_now, still_open = (exp.paren(exp.or_(*some), copy=False) for some in (touched, _open(what)))
    return query.where(here, touched_now, still_open, copy=False)


def _open(what: Arbitration) -> list[exp.Expr]:
    """The positions of a candidate `t` at which a limit has a say: there is a channel, and no gate before all limits is closed."""
    first = number(min(limit.gate for limit in what.limits))
    return [
        exp.and_(
            exp.Not(this=own(f"option_{p}", "t").is_(exp.null())),
            exp.GTE(this=exp.Coalesce(this=own(f"closed_{p}", "t"), expressions=[first]), expression=first),
        )
        for p in what.positions
    ]


# ---- both together


def filled_at(limit: Limit, what: Arbitration, priority: exp.Expr, *, with_now: bool) -> exp.Expr:
    """When the message was granted that must fall out of the window before there is room for one more, for a message of
    this priority; NULL while there is room. Of what was granted before, for somebody `t`; with what is granted `now`, when
    asked."""
    tally = next(tally for tally in what.tallies if limit in tally.limits)
    room = _room(limit, priority)
    before: exp.Expr = own(f"past_{tally.number}", "p")
    found = [before]
    if tally.per is not None:
        found.insert(0, own(before.name, f"p{what.shares_counted.index(tally.per)}"))
    now: exp.Expr = own(f"now_{tally.number}", "t") if with_now else number(0)
    if tally.most > 1:
        nth = exp.Sub(this=exp.paren(room.copy()), expression=now) if with_now else room
        found = [call("list_extract", one, nth.copy()) for one in found]
    before = exp.Coalesce(this=found[0], expressions=found[1:]) if found[1:] else found[0]
    before = case([(limit.begins_before(before, "t"), before.copy())])
    if not with_now and limit.keep is None:
        return before
    return case([(exp.GTE(this=now.copy(), expression=room), exp.cast(NOW.copy(), "TIMESTAMP"))], before)


def _room(limit: Limit, priority: exp.Expr) -> exp.Expr:
    """How many messages there is room for. P6: for those who are less important, so many fewer as are kept."""
    if limit.keep is None:
        return number(limit.count)
    kept, important = limit.keep
    less = exp.LT(this=priority, expression=number(important))
    return case([(less, number(limit.count - kept))], number(limit.count))
