# ruff: noqa: S608 - every name goes through quoting.identifier, every value through quoting.literal
"""A datamart that stands still while it is used: simulation and tests read it thousands of times."""

from collections.abc import Collection, Iterable, Mapping

import duckdb

from parcours.clock.chance import WHOLE
from parcours.datamart.catalog import Catalog, Table, event_view
from parcours.datamart.memory import ask
from parcours.datamart.quoting import identifier, literal


def freeze(
    connection: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    events: Mapping[str, Collection[str]],
    contact_columns: Collection[str],
    sample: int | None = None,
) -> None:
    """Replaces `contact` and the named `event_<name>` by tables of the same names and meaning, read once.

    `events` names the events and the user's columns of each that are needed, `contact_columns` those of
    contacts; our own columns are always kept. Contacts are in the order of their key, events in the order in
    which they become visible. `sample` is a threshold of `clock.threshold`: only contacts whose share of
    `sample:<key>` lies below it, and their events, are kept (the same contacts each time). Events that are
    not named stay views over all contacts. `Problem` when the user's data cannot be read."""
    columns = [*catalog.own_contact_columns(), *contact_columns]
    _replace(connection, "contact", catalog.contacts, columns, sample, ["_contact"])
    for name, wanted in events.items():
        columns = [*catalog.own_event_columns(name), *wanted]
        order = ["_visible_at", "_at", "_id", "_contact"]
        _replace(connection, event_view(name), catalog.events[name], columns, sample, order)


def _replace(
    connection: duckdb.DuckDBPyConnection,
    view: str,
    table: Table,
    columns: Iterable[str],
    sample: int | None,
    order: Iterable[str],
) -> None:
    old, new = identifier("memory", "main", view), identifier("memory", "main", f" {view}")
    listed = ", ".join(identifier(column) for column in dict.fromkeys(columns))
    # The order of the rows is only kept while DuckDB is told to; the table is new, so nothing can be lost.
    connection.execute("SET preserve_insertion_order = true")
    try:
        query = f"SELECT {listed} FROM {old}{_sampled(sample)} ORDER BY {', '.join(order)}"
        ask(connection, f"CREATE TABLE {new} AS {query}", table.name, table.place)
    finally:
        connection.execute("SET preserve_insertion_order = false")
    connection.execute(f"DROP VIEW {old}")
    connection.execute(f"ALTER TABLE {new} RENAME TO {identifier(view)}")


def _sampled(sample: int | None) -> str:
    if sample is None or sample >= WHOLE:
        return ""
    # T17: eight hex digits compare as text just as the numbers do.
    return f" WHERE substr(md5('sample:' || _contact), 1, 8) < {literal(f'{sample:08x}')}"
