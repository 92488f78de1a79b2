# ruff: noqa: S608 - every name goes through quoting.identifier, every value through quoting.literal
"""What is not as it should be in the data: counted when asked, never changed."""

from collections.abc import Collection
from dataclasses import dataclass

import duckdb

from parcours.datamart.catalog import Catalog, event_view
from parcours.datamart.inbox import RECEIVED
from parcours.datamart.mapping import Mapped
from parcours.datamart.memory import SOURCE, ask
from parcours.datamart.quoting import identifier, literal
from parcours.datamart.sources import dropped_view
from parcours.model.settings import EventMapping, Settings

_NOTES = identifier("memory", SOURCE, " notes")


@dataclass(frozen=True, slots=True)
class Note:
    """`count` rows of which `text` is true."""

    text: str
    count: int


def quality(connection: duckdb.DuckDBPyConnection, catalog: Catalog) -> list[Note]:
    """All that is worth telling about the data of a connection that `connect` made: contacts with an invalid
    zone (T1), events that are left out, and events of contacts that are not there. Counts above 0 only, in
    the order of parcours.yaml. Reads whole tables."""
    found = _counted(connection, catalog)
    strangers = [
        (event, note) for event in catalog.events if (note := _strangers(connection, catalog, event))
    ]
    return [note for _, note in (*found, *strangers)]


def noted(connection: duckdb.DuckDBPyConnection, catalog: Catalog) -> dict[str | None, list[Note]]:
    """The same by event, and None for contacts."""
    notes: dict[str | None, list[Note]] = {}
    for event, note in _counted(connection, catalog):
        notes.setdefault(event, []).append(note)
    for name in catalog.events:
        strangers = _strangers(connection, catalog, name)
        if strangers is not None:
            notes.setdefault(name, []).append(strangers)
    return notes


def _counted(connection: duckdb.DuckDBPyConnection, catalog: Catalog) -> list[tuple[str | None, Note]]:
    query = f"SELECT event, note, rows FROM {_NOTES} WHERE rows > 0 ORDER BY number"
    rows = ask(connection, query, catalog.contacts.name, catalog.contacts.place)
    return [(event, Note(text, count)) for event, text, count in rows]


def _strangers(connection: duckdb.DuckDBPyConnection, catalog: Catalog, event: str) -> Note | None:
    table, view = catalog.events[event], identifier("memory", "main", event_view(event))
    query = f"SELECT count(*) FROM {view} AS e ANTI JOIN memory.main.contact AS c ON e._contact = c._contact"
    ((count,),) = ask(connection, query, table.name, table.place)
    return Note(f"events `{event}` of contacts that are not there", count) if count else None


def dropped_rows(connection: duckdb.DuckDBPyConnection, settings: Settings) -> list[tuple[str, str, int]]:
    """What the views say that they leave out: (view, reason, rows), in the order written. Reads the data."""
    found: list[tuple[str, str, int]] = []
    for view in settings.datamart.views:
        if view.dropped is not None:
            name = view.name.text
            query = f"SELECT * FROM {identifier('memory', SOURCE, dropped_view(name))}"
            rows = ask(connection, query, view.dropped.text, view.dropped.place)
            found += sorted((name, str(why), int(count)) for why, count in rows)
    return found


def make_notes(
    connection: duckdb.DuckDBPyConnection, settings: Settings, mapped: Mapped, zones: Collection[str]
) -> None:
    """Keeps the counting of `quality` as a view: the mapping is not at hand any more when it is asked."""
    counts: list[tuple[str | None, str, str]] = []
    column = settings.datamart.contacts.time_zone
    if column is not None:
        zone = f"CAST({identifier(column.text)} AS VARCHAR)"
        listed = f" AND {zone} NOT IN ({', '.join(literal(name) for name in sorted(zones))})" if zones else ""
        counts.append(
            (
                None,
                f"contacts with an invalid time zone, taken as {settings.time_zone}",
                f"{mapped.contacts.sql} WHERE {zone} IS NOT NULL{listed}",
            )
        )
    for name, (event, relation) in mapped.events.items():
        counts.append(
            (
                name,
                f"events `{name}` without a contact or a time, left out",
                f"{relation.sql} WHERE {_contactless(event, mapped.catalog)} OR {identifier(event.at.text)} IS NULL",
            )
        )
    contact = f"TRY_CAST(contact AS {mapped.catalog.contact_type})"
    for name in mapped.received:
        text = f"events `{name}` received of what can be no contact, left out"
        counts.append((name, text, f"{RECEIVED} WHERE event = {literal(name)} AND {contact} IS NULL"))
    selects = [
        f"SELECT {number} AS number, {'NULL' if event is None else literal(event)} AS event, {literal(text)} AS note, "
        f"count(*) AS rows FROM {source}"
        for number, (event, text, source) in enumerate(counts)
    ] or ["SELECT 0 AS number, NULL AS event, '' AS note, 0 AS rows"]
    connection.execute(f"CREATE VIEW {_NOTES} AS {' UNION ALL '.join(selects)}")


def _contactless(event: EventMapping, catalog: Catalog) -> str:
    return f"TRY_CAST({identifier(event.contact.text)} AS {catalog.contact_type}) IS NULL"
