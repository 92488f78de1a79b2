"""What became of the messages that were sent, counted once a day into `state.response` (LANGUAGE.md P2)."""

from collections.abc import Sequence

from sqlglot import exp

from parcours.clock.span import Span
from parcours.compiler.acts import joined, micros
from parcours.compiler.expressions import insert, interval, left, number, own, parameter, table
from parcours.compiler.statement import Statement

RESPONSE = ("counted_at", "journey", "channel", "outcome", "sends", "answered", "lost")
LOSING = ("opt_out", "complaint")
"""Events by which a contact is lost."""

_DAY = parameter("since_day")
_RUN = ("journey", "contact", "key", "entry_at")


def counted_on(alias: str) -> exp.Expr:
    """Whether a row of `state.response` is of the day that T is in."""
    return exp.EQ(this=own("counted_at", alias), expression=_DAY.copy())


def is_counted() -> Statement:
    """Whether this day has been counted: one number."""
    query = exp.select(exp.Count(this=exp.Star())).from_(table("state.response", "c"), copy=False)
    return Statement(
        "is_counted", "whether this day's responses are counted", query.where(counted_on("c"), copy=False)
    )


def count_responses(window: Span, answering: Sequence[str], losing: Sequence[str]) -> Statement:
    """`INSERT INTO state.response`: of the messages of the `window` before this day, by journey, channel and the outcome of
    their runs (NULL while they go on): how many were sent, how many an event of a kind of `answering` was an answer to, and
    after how many an event of a kind of `losing` came before another message did. What became known on this day is left
    to the next one."""
    query = exp.Select().with_("sends", as_=_sends(window), copy=False)
    query = query.with_("finished", as_=_finished(), copy=False)
    found = []
    for name, kinds in (("answered", answering), ("lost", losing)):
        if kinds:
            query = query.with_(name, as_=_hit(window, kinds, caused=name == "answered"), copy=False)
            found.append(name)
    made: dict[str, exp.Expr] = {
        "counted_at": exp.cast(_DAY.copy(), "TIMESTAMP"),
        "outcome": own("outcome", "f"),
        "sends": exp.Count(this=exp.Star()),
        "answered": number(0),
        "lost": number(0),
        **{name: exp.Count(this=own("send", name)) for name in found},
    }
    query = query.select(*(exp.alias_(made.get(n, own(n, "s")), n) for n in RESPONSE), copy=False)
    query = query.from_(table("sends", "s"), copy=False)
    for name, alias in (("finished", "f"), *((name, name) for name in found)):
        on = exp.EQ(this=own("send", alias), expression=own("send", "s"))
        query = query.join(left(table(name, alias), on=on), copy=False)
    by = [own("journey", "s"), own("channel", "s"), own("outcome", "f")]
    query = query.group_by(*by, copy=False)
    query = query.order_by(*(exp.Ordered(this=one.copy(), nulls_first=True) for one in by), copy=False)
    return Statement(
        "count_responses",
        "what became of the messages before this day",
        insert("state.response", RESPONSE, query),
    )


def _begin(window: Span) -> exp.Expr:
    return exp.Sub(this=exp.cast(_DAY.copy(), "TIMESTAMP"), expression=interval(window))


def _sends(window: Span) -> exp.Select:
    names = (*_RUN, "message", "channel", "sent_at")
    query = exp.select(exp.alias_(own("rowid", "b"), "send"), *(own(name, "b") for name in names))
    return query.from_(table("state.outbox", "b"), copy=False).where(
        exp.GTE(this=own("sent_at", "b"), expression=_begin(window)),
        exp.LT(this=own("sent_at", "b"), expression=_DAY.copy()),
        copy=False,
    )


def _finished() -> exp.Select:
    """The outcome of the run of each message."""
    run = exp.and_(*(exp.EQ(this=own(n, "x"), expression=own(n, "s")) for n in _RUN))
    query = exp.select(own("send", "s"), exp.alias_(exp.Min(this=own("outcome", "x")), "outcome"))
    query = query.from_(table("sends", "s"), copy=False).join(table("state.ended", "x"), on=run, copy=False)
    query = query.where(exp.LT(this=own("left_at", "x"), expression=_DAY.copy()), copy=False)
    return query.group_by(own("send", "s"), copy=False)


def _hit(window: Span, kinds: Sequence[str], *, caused: bool) -> exp.Select:
    """The messages that events of these kinds tell something of: each of the newest one to its contact that is not after
    it; when `caused`, of those that it names, by the message or by the id of what was sent."""
    events = [_events(window, number_, kind, caused=caused) for number_, kind in enumerate(kinds)]
    told: exp.Query = events[0] if len(events) == 1 else exp.union(*events, distinct=False)
    of_contact = exp.EQ(this=own("contact", "s"), expression=own("contact", "e"))
    before = exp.LTE(this=own("sent_at", "s"), expression=own("at", "e"))
    on = exp.and_(of_contact, before, *([_names_it()] if caused else []))
    newest = exp.Window(
        this=exp.Rank(),
        partition_by=[own("kind", "e"), own("id", "e")],
        order=exp.Order(expressions=[exp.Ordered(this=own("sent_at", "s"), desc=True, nulls_first=False)]),
    )
    hit = exp.select(own("send", "s"), exp.alias_(newest, "place")).from_(told.subquery("e"), copy=False)
    hit = hit.join(table("sends", "s"), on=on, copy=False)
    query = exp.select(own("send", "h")).from_(hit.subquery("h"), copy=False)
    return query.where(exp.EQ(this=own("place", "h"), expression=number(1)), copy=False).distinct()


def _names_it() -> exp.Expr:
    cause = own("cause", "e")
    plain = [own("journey", "s"), own("key", "s"), micros(own("entry_at", "s"))]
    is_id = exp.EQ(this=cause.copy(), expression=joined(*plain, own("message", "s"), own("channel", "s")))
    return exp.paren(exp.or_(exp.EQ(this=cause, expression=own("message", "s")), is_id), copy=False)


def _events(window: Span, number_: int, kind: str, *, caused: bool) -> exp.Select:
    query = exp.select(
        exp.alias_(number(number_), "kind"),
        exp.alias_(own("_id", "e"), "id"),
        exp.alias_(own("_contact", "e"), "contact"),
        exp.alias_(own("_at", "e"), "at"),
        *([exp.alias_(own("_send", "e"), "cause")] if caused else []),
    ).from_(table(f"event_{kind}", "e"), copy=False)
    return query.where(
        exp.GTE(this=own("_at", "e"), expression=_begin(window)),
        exp.LT(this=own("_visible_at", "e"), expression=_DAY.copy()),
        copy=False,
    )
