# ruff: noqa: S608 - every name goes through quoting.identifier, every value through quoting.literal
"""An empty datamart of the same shape, to be filled row by row: what `parcours test` runs on."""

from collections.abc import Mapping
from typing import Any

import duckdb

from parcours.clock import BEGINNING
from parcours.datamart.catalog import Catalog, Table, event_view
from parcours.datamart.memory import fill_zones, open_memory
from parcours.datamart.quoting import identifier


def blank(catalog: Catalog) -> duckdb.DuckDBPyConnection:
    """An in-memory connection with empty tables `contact`, `event_<name>` and, when mapped, `product`, of
    the columns that `connect` gives them, and an empty `zone_period`."""
    connection = open_memory()
    _create(connection, "contact", catalog.own_contact_columns(), catalog.contacts)
    for name, table in catalog.events.items():
        _create(connection, event_view(name), catalog.own_event_columns(name), table)
    if catalog.products is not None:
        _create(connection, "product", catalog.own_product_columns(), catalog.products)
    return connection


def add_zone(connection: duckdb.DuckDBPyConnection, zone: str) -> None:
    """Makes the times of a zone known. KeyError when it is none; nothing happens when it is there."""
    fill_zones(connection, [zone])


def add_contact(connection: duckdb.DuckDBPyConnection, catalog: Catalog, values: Mapping[str, Any]) -> None:
    """Adds a contact: values by column, ours included. `_contact` must be there; `_zone` is UTC when absent,
    `_visible_at` always; the user's key column is filled from `_contact`. The zone is made known."""
    row = {"_zone": "UTC", "_visible_at": BEGINNING, **values}
    if catalog.contacts.key is not None:
        row.setdefault(catalog.contacts.key, row["_contact"])
    add_zone(connection, row["_zone"])
    _insert(connection, "contact", row)


def add_event(
    connection: duckdb.DuckDBPyConnection, catalog: Catalog, name: str, values: Mapping[str, Any]
) -> None:
    """Adds an event: values by column, ours included. `_contact` and `_at` must be there; absent, `_visible_at`
    is `_at` and `_id` counts the events in the order added. The columns behind `_contact` and `_at` follow."""
    table = catalog.events[name]
    ((count,),) = connection.execute(
        f"SELECT count(*) FROM {identifier('memory', 'main', event_view(name))}"
    ).fetchall()
    row = {"_visible_at": values["_at"], "_id": f"{count + 1:08}", "at": values["_at"], **values}
    if table.key is not None:
        row.setdefault(table.key, row["_contact"])
    if table.at is not None:
        row.setdefault(table.at, row["_at"])
    _insert(connection, event_view(name), row)


def _create(connection: duckdb.DuckDBPyConnection, name: str, own: Mapping[str, str], table: Table) -> None:
    # Types come from DuckDB's own description of a table, so they are SQL already.
    columns = {**own, **{column.name: column.sql_type for column in table.columns.values()}}
    listed = ", ".join(f"{identifier(column)} {sql_type}" for column, sql_type in columns.items())
    connection.execute(f"CREATE TABLE {identifier('memory', 'main', name)} ({listed})")


def _insert(connection: duckdb.DuckDBPyConnection, table: str, row: Mapping[str, Any]) -> None:
    columns = ", ".join(identifier(column) for column in row)
    marks = ", ".join("?" for _ in row)
    connection.execute(
        f"INSERT INTO {identifier('memory', 'main', table)} ({columns}) VALUES ({marks})", list(row.values())
    )
