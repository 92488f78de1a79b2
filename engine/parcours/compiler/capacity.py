"""What a channel can take: so many messages in an hour or a day, of all contacts together (LANGUAGE.md P1, P3).

Whom the last place goes to depends on everybody before. So a step is decided in passes: each decides those who come before
the first for whom there is no place on the channel that is free to him; that channel is then full, and the others go on
with what is left to them."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlglot import exp

from parcours.checking import checked
from parcours.compiler.expressions import (
    NOW,
    among,
    call,
    case,
    least,
    left,
    number,
    own,
    table,
    text,
)
from parcours.compiler.gates import Gates
from parcours.compiler.instants import end_of, start_of
from parcours.compiler.layout import GRANTED

_MOST_DOUBLINGS = 40
_MICROSECOND = timedelta(microseconds=1)


def limited(policy: checked.Policy) -> list[checked.Channel]:
    """The channels that can take only so much."""
    return [channel for channel in policy.channels if channel.capacity]


def with_rooms(query: exp.Select, channels: Sequence[checked.Channel], gates: Gates) -> exp.Select:
    """Adds `room(channel, free, gate, lift)`: how many more messages a channel takes at this moment; the first rule by which
    it takes none, and when it takes one again."""
    query = query.with_("taken", as_=_taken(channels), copy=False)
    rules = [rule for channel in channels for rule in _rules(channel, gates)]
    listed: exp.Query = rules[0] if len(rules) == 1 else exp.union(*rules, distinct=False)
    full = exp.LTE(this=own("free", "r"), expression=number(0))
    closing = exp.Where(this=full)

    def first(item: exp.Expr) -> exp.Expr:
        return exp.Filter(this=item, expression=closing.copy())

    room = (
        exp.select(
            own("channel", "r"),
            exp.alias_(exp.Min(this=own("free", "r")), "free"),
            exp.alias_(first(exp.Min(this=own("gate", "r"))), "gate"),
            exp.alias_(first(exp.ArgMin(this=own("lift", "r"), expression=own("gate", "r"))), "lift"),
        )
        .from_(listed.subquery("r"), copy=False)
        .group_by(own("channel", "r"), copy=False)
    )
    return query.with_("room", as_=room, copy=False)


def _taken(channels: Sequence[checked.Channel]) -> exp.Select:
    """How many messages the channels took at each instant, this tick included; `newer`: and after it."""
    names = [channel.name for channel in channels]
    past = exp.select(own("channel", "b"), own("sent_at", "b")).from_(table("state.outbox", "b"), copy=False)
    past = past.where(among(own("channel", "b"), names), copy=False)
    if not any(capacity.doubling for channel in channels for capacity in channel.capacity):
        starts = {
            str(s.this): s for channel in channels for c in channel.capacity for s in [start_of(c.period)]
        }
        since = least(*(starts[name] for name in sorted(starts)))
        past = past.where(exp.GTE(this=own("sent_at", "b"), expression=since), copy=False)
    now = (
        exp.select(own("channel", "o"), exp.alias_(exp.cast(NOW.copy(), "TIMESTAMP"), "sent_at"))
        .from_(table("_verdict", "v"), copy=False)
        .join(
            table("_send_option", "o"),
            on=exp.EQ(this=own("option", "o"), expression=own("option", "v")),
            copy=False,
        )
        .where(
            exp.EQ(this=own("decision", "v"), expression=text(GRANTED)),
            among(own("channel", "o"), names),
            copy=False,
        )
    )
    counted = exp.select(
        own("channel", "m"), own("sent_at", "m"), exp.alias_(exp.Count(this=exp.Star()), "messages")
    ).from_(exp.union(past, now, distinct=False).subquery("m"), copy=False)
    counted = counted.group_by(own("channel", "m"), own("sent_at", "m"), copy=False)
    newer = exp.Window(
        this=exp.Sum(this=own("messages", "c")),
        partition_by=[own("channel", "c")],
        order=exp.Order(expressions=[exp.Ordered(this=own("sent_at", "c"), desc=True, nulls_first=False)]),
    )
    return exp.select("c.*", exp.alias_(newer, "newer")).from_(counted.subquery("c"), copy=False)


def _rules(channel: checked.Channel, gates: Gates) -> Iterator[exp.Select]:
    """For each rule of a channel one row: `channel, free, gate, lift`."""
    for number_, rule in enumerate(channel.capacity):
        gate = gates.number("capacity", channel.name, number_)
        starts = exp.GT if rule.period.kind == "rolling" else exp.GTE
        within = starts(this=own("sent_at", "t"), expression=start_of(rule.period))
        begun, allowed = own("begun", "a"), own("allowed", "a")
        # what has been taken since the beginning, and how much may be
        ever = exp.select(exp.alias_(exp.Min(this=own("sent_at", "t")), "begun")).from_(
            table("taken", "t"), copy=False
        )
        ever = ever.where(among(own("channel", "t"), [channel.name]), copy=False)
        window = exp.select("e.*", exp.alias_(_allowed(rule, own("begun", "e")), "allowed")).from_(
            ever.subquery("e"), copy=False
        )
        used = exp.Coalesce(
            this=exp.Filter(this=exp.Sum(this=own("messages", "t")), expression=exp.Where(this=within)),
            expressions=[number(0)],
        )
        # the one that must fall out before there is a place
        full = exp.GTE(this=own("newer", "t"), expression=allowed)
        full_at = exp.Filter(
            this=exp.Max(this=own("sent_at", "t")),
            expression=exp.Where(this=exp.and_(within.copy(), full)),
        )
        on = among(own("channel", "t"), [channel.name])
        yield (
            exp.select(
                exp.alias_(text(channel.name), "channel"),
                exp.alias_(exp.Sub(this=allowed.copy(), expression=used), "free"),
                exp.alias_(number(gate), "gate"),
                exp.alias_(_lift(rule, full_at, begun, allowed.copy()), "lift"),
            )
            .from_(window.subquery("a"), copy=False)
            .join(left(table("taken", "t"), on=on), copy=False)
            .group_by(begun.copy(), allowed.copy(), copy=False)
        )


def _allowed(rule: checked.Capacity, begun: exp.Expr) -> exp.Expr:
    """How many messages in a period: with `doubling`, more and more since the first of all."""
    if rule.doubling is None:
        return exp.cast(number(rule.count), "BIGINT")
    most = rule.doubling[1]
    factor = call("pow", number(2), least(_doublings(rule, begun), number(_MOST_DOUBLINGS)))
    grown = exp.cast(exp.Mul(this=number(rule.count), expression=factor), "BIGINT")
    return least(grown, number(most))


def _doublings(rule: checked.Capacity, begun: exp.Expr) -> exp.Expr:
    """How often it has doubled: whole periods since the first message; not at all before it."""
    assert rule.doubling is not None
    every = rule.doubling[0].exact // _MICROSECOND
    now = call("epoch_us", exp.cast(NOW.copy(), "TIMESTAMP"))
    gone_by = exp.paren(exp.Sub(this=now, expression=call("epoch_us", begun)))
    return exp.Coalesce(this=exp.IntDiv(this=gone_by, expression=number(every)), expressions=[number(0)])


def _lift(rule: checked.Capacity, full_at: exp.Expr, begun: exp.Expr, allowed: exp.Expr) -> exp.Expr:
    """P7: when the one falls out that takes the last place, or the next period begins; or when more is allowed."""
    if rule.period.kind == "calendar":
        lift: exp.Expr = end_of(rule.period)
    else:
        span = rule.period.span.exact // _MICROSECOND
        lift = exp.Add(this=full_at, expression=call("to_microseconds", number(span)))
    if rule.doubling is None:
        return exp.cast(lift, "TIMESTAMP")
    every, most = rule.doubling[0].exact // _MICROSECOND, rule.doubling[1]
    times = exp.Add(this=exp.paren(_doublings(rule, begun.copy())), expression=number(1))
    grows = exp.Add(
        this=begun.copy(),
        expression=call("to_microseconds", exp.Mul(this=exp.paren(times), expression=number(every))),
    )
    more = case([(exp.LT(this=allowed, expression=number(most)), grows)])
    return exp.cast(least(lift, more), "TIMESTAMP")


def in_line(query: exp.Select, source: str) -> tuple[exp.Select, str]:
    """Adds tables to a query with `source`, the channel that is free to each candidate, and `room`; the name of the last one:
    as `source`, without those from the first on for whom there is no place left."""
    nth = exp.Window(
        this=exp.RowNumber(),
        partition_by=[own("free_channel", "c")],
        order=exp.Order(expressions=[exp.Ordered(this=own("place", "c"), nulls_first=False)]),
    )
    line = exp.select("c.*", exp.alias_(nth, "nth"), exp.alias_(own("free", "r"), "free"))
    line = line.from_(table(source, "c"), copy=False)
    on = exp.EQ(this=own("channel", "r"), expression=own("free_channel", "c"))
    line = line.join(left(table("room", "r"), on=on), copy=False)
    beyond = exp.GT(this=own("nth", "n"), expression=own("free", "n"))
    first = exp.select(exp.Min(this=own("place", "n"))).from_(table("queued", "n"), copy=False)
    first = first.where(beyond, copy=False)
    none_left = exp.Coalesce(
        this=exp.LT(this=own("place", "n"), expression=first.subquery()), expressions=[exp.true()]
    )
    served = exp.select("n.*").from_(table("queued", "n"), copy=False).where(none_left, copy=False)
    query = query.with_("queued", as_=line, copy=False)
    return query.with_("served", as_=served, copy=False), "served"
