"""The little world of an example: one contact, and the events that reach it, in a blank datamart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from parcours.clock.zones import is_zone, to_utc
from parcours.datamart.blank import add_contact, add_event, add_zone, blank
from parcours.datamart.catalog import Catalog
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.model import values as written
from parcours.model.example import Example, Occurs
from parcours.model.journey import Binding
from parcours.model.project import Project
from parcours.model.settings import EventMapping


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of the example; `visible_at` is when the ticks see it (E2). Instants are naive UTC."""

    event: str
    at: datetime
    visible_at: datetime


@dataclass(frozen=True)
class World:
    """`zone` is that of the contact's wall clock; `moments` are all instants and dates (at midnight) that the contact's
    attributes and the fields of its events hold, as instants."""

    engine: DuckDBEngine
    zone: str
    attributes: dict[str, Any]
    happenings: tuple[Happening, ...]
    moments: tuple[datetime, ...]


def build_world(project: Project, catalog: Catalog, example: Example) -> World:
    """A blank datamart with the contact and the events of an example. What `given` and `with` do not say is
    unknown; the contact has always been known. The caller closes the engine."""
    mapping = project.settings.datamart
    given = {binding.name.text: binding.value for binding in example.given}
    zone = project.settings.time_zone.text
    if mapping.contacts.time_zone is not None:
        own = given.get(mapping.contacts.time_zone.text)
        if isinstance(own, written.Text) and is_zone(own.value):  # T1
            zone = own.value
    attributes = _values(example.given, zone)
    # a key that the example gives decides shares (T17)
    key = attributes.get(catalog.contacts.key or "", 1 if catalog.contact_type == "BIGINT" else "example")
    connection = blank(catalog)
    engine = DuckDBEngine(connection)
    engine.run_text("SET threads = 1")  # a handful of rows: a second thread only costs
    add_zone(connection, project.settings.time_zone.text)
    add_contact(connection, catalog, {**attributes, "_contact": key, "_zone": zone})
    mappings = {event.name.text: event for event in mapping.events}
    rows = [
        (occurs.event.text, _event(occurs, mappings.get(occurs.event.text), zone))
        for occurs in example.occurs
    ]
    rows = _once(rows)
    for name, row in rows:
        add_event(connection, catalog, name, {**row, "_contact": key})
    happenings = [Happening(name, row["_at"], row["_visible_at"]) for name, row in rows]
    held = [value for values in (attributes, *(row for _, row in rows)) for value in values.values()]
    return World(
        engine,
        zone,
        attributes,
        tuple(sorted(happenings, key=lambda h: (h.visible_at, h.at, h.event))),
        tuple(sorted({moment for value in held if (moment := _moment(value, zone))})),
    )


def instant_of(literal: written.InstantLiteral, zone: str) -> datetime:
    """The instant of a local time. The checker has judged that it exists."""
    day = _date(literal.date)
    return to_utc(zone, datetime(day.year, day.month, day.day) + timedelta(minutes=literal.time.minutes))


def _event(occurs: Occurs, mapping: EventMapping | None, zone: str) -> dict[str, Any]:
    """The row of an event: known when it happens, unless the example binds the column that says otherwise. One that is
    only received has no table, and no mapping."""
    at = instant_of(occurs.at, zone)
    row = _values(occurs.bindings, zone)
    loaded = at
    if mapping is None:
        return {**row, "_at": at, "_visible_at": at}
    if mapping.loaded is not None:
        loaded = max(at, row.setdefault(mapping.loaded.text, at))
    if mapping.id is not None and mapping.id.text in row:
        row["_id"] = str(row[mapping.id.text])
    if mapping.send is not None and mapping.send.text in row:
        row["_send"] = str(row[mapping.send.text])
    return {**row, "_at": at, "_visible_at": loaded}


def _once(rows: Sequence[tuple[str, dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    """T4: events with the same id are one event, the first loaded."""
    kept: list[tuple[str, dict[str, Any]]] = []
    seen: set[tuple[str, str]] = set()
    for name, row in sorted(rows, key=lambda r: (r[1]["_visible_at"], r[1]["_at"])):
        if "_id" in row and (name, row["_id"]) in seen:
            continue
        seen.add((name, row.get("_id", "")))
        kept.append((name, row))
    return kept


def _values(bindings: Sequence[Binding], zone: str) -> dict[str, Any]:
    return {binding.name.text: _value(binding.value, zone) for binding in bindings}


def _value(value: written.Value, zone: str) -> Any:
    match value:
        case written.Text() | written.YesNo():
            return value.value
        case written.Number():
            return value.value
        case written.Percent():
            return value.value / Decimal(100)
        case written.Money():
            return value.amount
        case written.DateLiteral():
            return _date(value)
        case written.InstantLiteral():
            return instant_of(value, zone)
        case _:
            raise AssertionError(f"{value.kind} is no plain value: the checker refuses it")


def _date(literal: written.DateLiteral) -> date:
    year, month, day = (int(part) for part in literal.text.split("-"))
    return date(year, month, day)


def _moment(value: Any, zone: str) -> datetime | None:
    if isinstance(value, datetime):
        return value
    return to_utc(zone, datetime(value.year, value.month, value.day)) if isinstance(value, date) else None
