# ruff: noqa: S608 - every name goes through quoting.identifier, every value through quoting.literal
"""What in the data is wrong enough to mislead a journey, as warnings of `check`. Looks at the first million rows of a table."""

from collections.abc import Iterable, Iterator

import duckdb

from parcours.datamart.addresses import address_kind, has_shape
from parcours.datamart.catalog import Catalog
from parcours.datamart.memory import SOURCE, ask
from parcours.datamart.quoting import identifier
from parcours.datamart.statistics import ROWS, rows_of
from parcours.diagnostics import Diagnostic, Place, Problem
from parcours.model.node import Name
from parcours.model.settings import EventMapping, Settings

STRANGERS = 0.05
REPEATED = 0.01
LATE = 0.5
SHAPELESS = 0.2
"""From which share of the rows on it is told."""

FEWEST_ROWS = 20
"""Of fewer rows no share is told."""

# no name of the user's has a space in front
_HEAD = identifier("memory", SOURCE, " doubted")


def doubts(
    connection: duckdb.DuckDBPyConnection, catalog: Catalog, settings: Settings
) -> tuple[Diagnostic, ...]:
    """Warnings about the events of a connection that `connect` made, in the order of parcours.yaml. Why a table cannot be
    read, when it cannot."""
    found: list[Diagnostic] = []
    for event in settings.datamart.events:
        try:
            found += _of_event(connection, catalog, event)
        except Problem as problem:
            found += problem.diagnostics
    return tuple(found)


def doubted_addresses(
    connection: duckdb.DuckDBPyConnection, catalog: Catalog, channels: Iterable[tuple[str, str, Place]]
) -> tuple[Diagnostic, ...]:
    """Warnings about addresses that cannot be right. `channels` are (name, column of the addresses, where that is said)."""
    found: list[Diagnostic] = []
    contacts = catalog.contacts
    for channel, column, place in channels:
        kind = address_kind(channel)
        if kind is None or column not in contacts.columns or contacts.columns[column].kind != "text":
            continue
        name = f"CAST({identifier(column)} AS VARCHAR)"
        query = f"""SELECT count(a), count(*) FILTER (WHERE NOT {has_shape(kind, "a")})
            FROM (SELECT {name} AS a FROM {rows_of(None)} LIMIT {ROWS})"""
        try:
            ((known, shapeless),) = ask(connection, query, contacts.name, contacts.place)
        except Problem as problem:
            found += problem.diagnostics
            continue
        if known >= FEWEST_ROWS and shapeless >= SHAPELESS * known:
            what = "e-mail addresses" if kind == "email" else "phone numbers"
            message = f"{_share(shapeless, known)} of the {what} in `{column}` cannot be right"
            found.append(Diagnostic("unlikely-addresses", message, place))
    return tuple(found)


def _of_event(
    connection: duckdb.DuckDBPyConnection, catalog: Catalog, event: EventMapping
) -> Iterator[Diagnostic]:
    table = catalog.events[event.name.text]
    whole = ", ".join(identifier(name) for name in table.columns if name.lower() != "at" or name == table.at)
    row = "NULL" if event.id is not None else f"md5(CAST(row({whole}) AS VARCHAR))"
    late = "false"
    if event.loaded is not None:
        loaded, at = (f"CAST({identifier(name.text)} AS TIMESTAMP)" for name in (event.loaded, event.at))
        late = f"coalesce({loaded} > {at} + INTERVAL 1 DAY, false)"
    contact = f"TRY_CAST({identifier(event.contact.text)} AS {catalog.contact_type})"
    head = f"""CREATE TABLE {_HEAD} AS SELECT {contact} AS _contact, {row} AS _row, {late} AS _late
        FROM {rows_of(event.name.text)} LIMIT {ROWS}"""
    ask(connection, head, table.name, table.place)
    query = f"""SELECT count(*), CASE WHEN count(_row) > 0 THEN count(*) - count(DISTINCT _row) ELSE 0 END,
            count(*) FILTER (WHERE _late),
            count(_contact) - (SELECT count(*) FROM {_HEAD} AS e SEMI JOIN memory.main.contact AS c USING (_contact))
        FROM {_HEAD}"""
    try:
        (counts,) = ask(connection, query, table.name, table.place)
    finally:
        connection.execute(f"DROP TABLE {_HEAD}")
    yield from _told(event, *counts)


def _told(
    event: EventMapping, rows: int, repeated_rows: int, late_rows: int, strangers: int
) -> Iterator[Diagnostic]:
    if rows < FEWEST_ROWS:
        return
    name = event.name.text
    if strangers >= STRANGERS * rows:
        share = _share(strangers, rows)
        yield _warning(
            "events-of-strangers",
            f"{share} of the events `{name}` are of contacts that are not there",
            event.contact,
        )
    if repeated_rows >= REPEATED * rows:
        share = _share(repeated_rows, rows)
        yield _warning(
            "repeated-events",
            f"{share} of the events `{name}` are there once more, and count again",
            event.table,
        )
    if late_rows >= LATE * rows:
        assert event.loaded is not None
        share = _share(late_rows, rows)
        yield _warning(
            "late-events", f"{share} of the events `{name}` become known more than a day late", event.loaded
        )


def _share(some: int, rows: int) -> str:
    return "all" if some == rows else f"{some / rows:.0%}"


def _warning(code: str, message: str, name: Name) -> Diagnostic:
    return Diagnostic(code, message, name.place)
