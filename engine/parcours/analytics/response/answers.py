"""The messages of the last half year, and which of them were answered: opened, clicked, or whatever the mapping links to
the message that caused it."""

from datetime import timedelta

from sqlglot import exp

from parcours.analytics.moment import Moment
from parcours.compiler.expressions import column, number, own, table, text, timestamp
from parcours.datamart.catalog import event_view

WINDOW = timedelta(days=180)
RIPE = timedelta(days=2)
"""Younger messages are left out: most answers come within two days."""

SENDS = "_response_send"
"""`_response_send(send, contact, channel, hour, answered)`: a row for each message. `hour` is that of the contact's wall clock
when it was sent."""


def make_sends(moment: Moment) -> int:
    """Makes the table `SENDS` as of the moment, and says how many rows it has. Messages are those that journeys have sent
    (`sent`), and those of mapped events with the fields `channel` and `message`, such as what went out before there were
    journeys."""
    sources = _sources(moment)
    if not sources:
        return 0
    sent = [_sends_of(moment, source) for source in sources]
    moment.make("_response_sent", _united(sent))
    moment.make("_response_answered", _answered(moment))
    same = exp.EQ(this=own("send", "a"), expression=own("send", "s"))
    query = exp.select(
        *(own(name, "s") for name in ("send", "contact", "channel", "hour")),
        exp.alias_(own("send", "a").is_(exp.null()).not_(), "answered"),
    ).from_(table("_response_sent", "s"), copy=False)
    moment.make(SENDS, query.join(table("_response_answered", "a"), on=same, join_type="left", copy=False))
    return moment.count(SENDS)


def _sources(moment: Moment) -> list[str]:
    """The events that are messages, by name. `sent` is one where the project's events have it."""
    rows = moment.engine.run_text(
        """SELECT table_name FROM duckdb_columns()
        WHERE database_name IN ('memory', 'temp') AND column_name IN ('channel', 'message') AND data_type = 'VARCHAR'
        GROUP BY table_name HAVING count(DISTINCT column_name) = 2 ORDER BY table_name"""
    )
    views = {event_view(event): event for event in moment.project.events}
    answering = {*moment.project.answering, "not_sent"}
    return [views[view] for (view,) in rows if view in views and views[view] not in answering]


def _sends_of(moment: Moment, event: str) -> exp.Select:
    at = own("_at", "e")
    zone = exp.Coalesce(this=own("_zone", "c"), expressions=[text(moment.project.time_zone)])
    here = exp.and_(
        exp.EQ(this=own("zone", "p"), expression=zone),
        exp.LTE(this=own("utc_from", "p"), expression=at.copy()),
        exp.LT(this=at.copy(), expression=own("utc_to", "p")),
    )
    wall = exp.Add(this=at.copy(), expression=own("utc_offset", "p"))
    # two histories may number their messages alike, and those to different contacts may have the same id
    send: exp.Expr = exp.cast(own("_contact", "e"), "VARCHAR")
    for part in (text(f":{event}:"), own("_id", "e")):
        send = exp.DPipe(this=send, expression=part)
    return (
        exp.select(
            exp.alias_(send, "send"),
            exp.alias_(own("_id", "e"), "id"),
            exp.alias_(own("_contact", "e"), "contact"),
            exp.alias_(at.copy(), "sent_at"),
            column("message", "e"),
            column("channel", "e"),
            exp.alias_(exp.cast(exp.Anonymous(this="hour", expressions=[wall]), "INTEGER"), "hour"),
        )
        .from_(table(event_view(event), "e"), copy=False)
        .join(
            table("contact", "c"),
            on=exp.EQ(this=own("_contact", "c"), expression=own("_contact", "e")),
            join_type="left",
            copy=False,
        )
        .join(table("zone_period", "p"), on=here, copy=False)
        .where(
            moment.visible("e"),
            exp.GT(this=at.copy(), expression=timestamp(moment.as_of - WINDOW)),
            exp.LTE(this=at.copy(), expression=timestamp(moment.as_of - RIPE)),
            exp.Not(this=column("channel", "e").is_(exp.null())),
            copy=False,
        )
    )


def _answers(moment: Moment) -> exp.Query:
    """Every answer of the time: which, of whom, when, and the id or name of the message that it says."""
    kinds = [
        exp.select(
            exp.alias_(number(n), "kind"),
            exp.alias_(own("_id", "e"), "id"),
            exp.alias_(own("_contact", "e"), "contact"),
            exp.alias_(own("_at", "e"), "at"),
            exp.alias_(own("_send", "e"), "cause"),
        )
        .from_(table(event_view(kind), "e"), copy=False)
        .where(
            moment.visible("e"),
            exp.GT(this=own("_at", "e"), expression=timestamp(moment.as_of - WINDOW)),
            copy=False,
        )
        for n, kind in enumerate(moment.project.answering)
    ]
    return _united(kinds)


def _answered(moment: Moment) -> exp.Select:
    """The messages that were answered: of those whose id or name an event says, the newest one before it."""
    by_name = [
        exp.select("send", "contact", "sent_at", exp.alias_(own(cause), "cause")).from_(
            table("_response_sent"), copy=False
        )
        for cause in ("id", "message")
    ]
    on = exp.and_(
        exp.EQ(this=own("contact", "a"), expression=own("contact", "s")),
        exp.EQ(this=own("cause", "a"), expression=own("cause", "s")),
        exp.LTE(this=own("sent_at", "s"), expression=own("at", "a")),
    )
    newest = exp.Window(
        this=exp.RowNumber(),
        partition_by=[own("kind", "a"), own("id", "a")],
        order=exp.Order(
            expressions=[
                exp.Ordered(this=own("sent_at", "s"), desc=True, nulls_first=False),
                exp.Ordered(this=own("send", "s"), nulls_first=False),
            ]
        ),
    )
    found = exp.select(own("send", "s"), exp.alias_(newest, "place"))
    found = found.from_(_answers(moment).subquery("a"), copy=False)
    found = found.join(_united(by_name).subquery("s"), on=on, copy=False)
    first = exp.EQ(this=own("place"), expression=number(1))
    return (
        exp.select(own("send")).distinct().from_(found.subquery("found"), copy=False).where(first, copy=False)
    )


def _united(queries: list[exp.Select]) -> exp.Query:
    return queries[0] if len(queries) == 1 else exp.union(*queries, distinct=False, copy=False)
