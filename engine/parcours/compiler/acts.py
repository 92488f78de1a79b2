"""What runs do besides moving: attributes that they set, events that they record, journeys that they start, and the
views by which the next tick sees all that (T7)."""

from collections.abc import Iterable, Mapping, Sequence

from sqlglot import exp

from parcours.checking import checked
from parcours.checking.event_tables import HISTORY_EVENTS, SQL_TYPES
from parcours.compiler.expressions import (
    NOW,
    call,
    case,
    cast_to,
    column,
    create_temporary,
    insert,
    left,
    number,
    own,
    parameter,
    recorded,
    table,
    text,
)
from parcours.compiler.layout import ACT
from parcours.compiler.statement import Statement
from parcours.graph.edges import all_steps

ATTRIBUTE = ("contact", "name", "value")
RECORDED = ("tick", "event", "contact", "recorded_at", "id", "fields")
REQUEST = ("journey", "contact", "asked_at")
ENTRIES = ("journey", "entered_at", "entered")
_RUN = ("journey", "key", "entry_at")


def settable(journeys: Iterable[checked.Journey]) -> dict[str, str]:
    """The attributes that journeys set, with the SQL type of each."""
    found = {
        step.attribute.name: SQL_TYPES[step.attribute.kind]
        for journey in journeys
        for step in all_steps(journey.steps)
        if isinstance(step, checked.SetAttribute)
    }
    return dict(sorted(found.items()))


def find_set() -> Statement:
    """`_set`: what was set in this tick, once for each contact and attribute: the last by journey, key and entry."""
    last = exp.Window(
        this=exp.RowNumber(),
        partition_by=[own("contact", "m"), own("name", "a")],
        order=exp.Order(
            expressions=[
                exp.Ordered(this=own(name, alias), desc=True, nulls_first=False)
                for name, alias in (
                    *(("journey", "a"), ("key", "m"), ("entry_at", "m")),
                    *(("version", "m"), ("round", "m")),
                )
            ]
        ),
    )
    value = call("json_extract_string", own("sets", "m"), own("pointer", "a"))
    inner = _acts(
        "_set_step",
        own("contact", "m"),
        own("name", "a"),
        exp.alias_(value, "value"),
        exp.alias_(last, "place"),
    )
    query = (
        exp.select(*(own(name) for name in ATTRIBUTE))
        .from_(inner.subquery("w", copy=False), copy=False)
        .where(exp.EQ(this=own("place"), expression=number(1)), copy=False)
    )
    return Statement("find_set", "what was set in this tick", create_temporary("_set", query))


def forget_set() -> Statement:
    """Removes the stored values of what was set anew."""
    pair = exp.Tuple(expressions=[own("contact"), own("name")])
    changed = exp.select(own("contact"), own("name")).from_("_set", copy=False)
    where = exp.Where(this=exp.In(this=pair, query=changed.subquery(copy=False)))
    return Statement(
        "forget_set", "values that were set before go", exp.Delete(this=table("state.attribute"), where=where)
    )


def write_set() -> Statement:
    query = exp.select(*(own(name) for name in ATTRIBUTE)).from_("_set", copy=False)
    query = query.order_by(
        *(exp.Ordered(this=own(n), nulls_first=False) for n in ("name", "contact")), copy=False
    )
    return Statement("write_set", "and the new ones are stored", insert("state.attribute", ATTRIBUTE, query))


def write_recorded() -> Statement:
    """Events that runs recorded. The id tells apart what one run recorded in this tick."""
    which = exp.Window(
        this=exp.RowNumber(),
        partition_by=[own(name, "m") for name in ("version", "contact", "key", "entry_at")],
        order=exp.Order(expressions=[exp.Ordered(this=own("round", "m"), nulls_first=False)]),
    )
    counted = call("lpad", exp.cast(which, "VARCHAR"), number(6), text("0"))
    made: dict[str, exp.Expr] = {
        "tick": parameter("tick"),
        "event": own("event", "a"),
        "contact": own("contact", "m"),
        "recorded_at": exp.cast(NOW.copy(), "TIMESTAMP"),
        "id": joined(own("journey", "a"), own("key", "m"), micros(own("entry_at", "m")), counted),
        "fields": own("act", "m"),
    }
    query = _acts("_record_step", *(exp.alias_(made[name], name) for name in RECORDED))
    query = query.order_by(
        *(exp.Ordered(this=own(n), nulls_first=False) for n in ("event", "contact", "id")), copy=False
    )
    return Statement("write_recorded", "events that were recorded", insert("state.recorded", RECORDED, query))


def forget_requests() -> Statement:
    """Requests to enter hold for one tick."""
    tree = exp.Delete(this=table("state.request"))
    return Statement("forget_requests", "requests to enter have been looked at", tree)


def write_requests() -> Statement:
    """Journeys that runs start: triggers of the next tick."""
    made: dict[str, exp.Expr] = {
        "journey": own("started", "a"),
        "contact": own("contact", "m"),
        "asked_at": exp.cast(NOW.copy(), "TIMESTAMP"),
    }
    query = _acts("_start_step", *(exp.alias_(made[name], name) for name in REQUEST))
    query = query.order_by(
        *(exp.Ordered(this=own(n), nulls_first=False) for n in ("journey", "contact")), copy=False
    )
    return Statement("write_requests", "journeys that were started", insert("state.request", REQUEST, query))


def write_entries() -> Statement:
    """How many runs of each journey began: what caps on entries count."""
    query = (
        exp.select(
            own("journey", "a"),
            exp.alias_(exp.cast(NOW.copy(), "TIMESTAMP"), "entered_at"),
            exp.alias_(exp.Count(this=exp.Star()), "entered"),
        )
        .from_(table("_triggered", "t"), copy=False)
        .join(
            table("_capped", "a"),
            on=exp.EQ(this=own("version", "a"), expression=own("version", "t")),
            copy=False,
        )
        .where(own("reason", "t").is_(exp.null()), copy=False)
        .group_by(own("journey", "a"), copy=False)
        .order_by(own("journey", "a"), copy=False)
    )
    return Statement("write_entries", "how many entered", insert("state.entries", ENTRIES, query))


def _acts(steps: str, *columns: exp.Expr) -> exp.Select:
    """The acts of one kind in this tick, each joined with what is known of its step."""
    same = exp.and_(*(exp.EQ(this=own(name, "a"), expression=own(name, "m")) for name in ("version", "node")))
    return (
        exp.select(*columns)
        .from_(table("_moved", "m"), copy=False)
        .join(table(steps, "a"), on=same, copy=False)
        .where(exp.EQ(this=own("kind", "m"), expression=text(ACT)), copy=False)
    )


# ---- as the next tick sees it


def views(project: checked.CheckedProject, set_attributes: Mapping[str, str]) -> tuple[exp.Expr, ...]:
    """`CREATE … VIEW`: contacts with what was set of them, and an event view of the usual shape for every event that
    journeys record and every kind of history that the project speaks of. They stand before tables of the same name."""
    made = [_event_view(name, _recorded(name, fields)) for name, fields in project.recorded]
    made += [_event_view(name, _history(name)) for name in project.events if name in HISTORY_EVENTS]
    if set_attributes:
        made.append(_view("contact", _contacts(set_attributes)))
    return tuple(made)


def _contacts(set_attributes: Mapping[str, str]) -> exp.Select:
    replaced: list[exp.Expr] = []
    query = exp.select().from_(_main("contact", "c"), copy=False)
    for n, (name, sql_type) in enumerate(set_attributes.items()):
        alias = f"a{n}"
        value = case(
            [(own("contact", alias).is_(exp.null()), column(name, "c"))],
            cast_to(own("value", alias), sql_type),
        )
        replaced.append(exp.alias_(value, name, quoted=True))
        on = exp.and_(
            exp.EQ(this=own("contact", alias), expression=own("_contact", "c")),
            exp.EQ(this=own("name", alias), expression=text(name)),
        )
        query = query.join(left(table("state.attribute", alias), on=on), copy=False)
    star = exp.Column(this=exp.Star(replace=replaced), table=exp.to_identifier("c"))
    return query.select(star, copy=False)


def _recorded(name: str, fields: Sequence[tuple[str, str]]) -> exp.Select:
    own_fields = [
        exp.alias_(cast_to(recorded(own("fields", "r"), field), sql_type), field, quoted=True)
        for field, sql_type in fields
    ]
    query = exp.select(*_front("r", "recorded_at", own("id", "r")), *own_fields)
    return query.from_(table("state.recorded", "r"), copy=False).where(
        exp.EQ(this=own("event", "r"), expression=text(name)), copy=False
    )


def _history(name: str) -> exp.Select:
    message = ("message", "channel", "journey", "purpose", "topic")
    run = tuple(own(n, "h") for n in _RUN)
    plain = joined(run[0], run[1], micros(run[2]))
    of_message = joined(plain.copy(), own("message", "h"), own("channel", "h"))
    match name:
        case "sent":
            query = exp.select(*_front("h", "sent_at", of_message), *(own(n, "h") for n in message))
            return query.from_(table("state.outbox", "h"), copy=False)
        case "not_sent":
            query = exp.select(
                *_front("h", "decided_at", of_message), *(own(n, "h") for n in (*message, "reason"))
            )
            return query.from_(table("state.not_sent", "h"), copy=False).where(
                exp.EQ(this=own("decision", "h"), expression=text("not_sent")), copy=False
            )
        case "left":
            query = exp.select(*_front("h", "left_at", plain), own("journey", "h"), own("outcome", "h"))
            return query.from_(table("state.ended", "h"), copy=False)
        case "entered":
            return _entered()
    raise AssertionError(f"{name} is no kind of history")


def _entered() -> exp.Select:
    """Every first route of a run is in the journal."""
    id_ = joined(own("journey", "v"), own("key", "h"), micros(own("entry_at", "h")))
    at = own("ticked_at", "t")
    query = exp.select(*_front("h", at, id_), own("journey", "v")).from_(
        table("state.journal", "h"), copy=False
    )
    first = exp.and_(
        *(exp.EQ(this=own(n, "r"), expression=own(n, "h")) for n in ("version", "route")),
        exp.EQ(this=own("source", "r"), expression=number(0)),
    )
    query = query.join(table("state.route", "r"), on=first, copy=False)
    same_version = exp.EQ(this=own("version", "v"), expression=own("version", "h"))
    query = query.join(table("state.version", "v"), on=same_version, copy=False)
    same_tick = exp.EQ(this=own("tick", "t"), expression=own("tick", "h"))
    return query.join(table("state.tick", "t"), on=same_tick, copy=False)


def _front(alias: str, at: str | exp.Expr, id_: exp.Expr) -> list[exp.Expr]:
    """Our columns of an event view. T7: known from the next tick on, which is new then (T4)."""
    instant = own(at, alias) if isinstance(at, str) else at
    later = exp.Interval(this=text("1"), unit=exp.var("MICROSECOND"))
    return [
        exp.alias_(own("contact", alias), "_contact"),
        exp.alias_(instant.copy(), "_at"),
        exp.alias_(exp.Add(this=instant.copy(), expression=later), "_visible_at"),
        exp.alias_(id_, "_id"),
        exp.alias_(instant.copy(), "at", quoted=True),
    ]


def joined(*parts: exp.Expr) -> exp.Expr:
    """Texts with a colon between each two: how history names what happened."""
    made = parts[0]
    for part in parts[1:]:
        made = exp.DPipe(this=exp.DPipe(this=made, expression=text(":")), expression=part)
    return made


def micros(instant: exp.Expr) -> exp.Expr:
    """An instant as such names say it."""
    return exp.cast(call("epoch_us", instant), "VARCHAR")


def _event_view(name: str, query: exp.Select) -> exp.Create:
    return _view(f"event_{name}", query)


def _main(name: str, alias: str) -> exp.Table:
    found = table(name, alias)
    found.set("db", exp.to_identifier("main"))
    found.set("catalog", exp.to_identifier("memory"))
    return found


def _view(name: str, query: exp.Select) -> exp.Create:
    temporary = exp.Properties(expressions=[exp.TemporaryProperty()])
    return exp.Create(this=table(name), kind="VIEW", replace=True, expression=query, properties=temporary)


def drop_view(name: str) -> exp.Expr:
    """`DROP VIEW` of one of these views."""
    view = table(name)
    view.set("catalog", exp.to_identifier("temp"))
    view.set("db", exp.to_identifier("main"))
    return exp.Drop(tables=[view], kind="VIEW")


def kept_view(name: str) -> tuple[exp.Expr, ...]:
    """Puts a table of the same name and rows in the place of one of these views."""
    copy = f"{name} kept"
    renamed = exp.Alter(
        this=table(copy),
        kind="TABLE",
        actions=[exp.AlterRename(this=table(name))],
    )
    return (
        create_temporary(copy, exp.select(exp.Star()).from_(table(name), copy=False)),
        drop_view(name),
        renamed,
    )
