"""The datamart of scripts: opened by the real `connect` once for each project zone, and filled anew for every script.

`connect` reads a file. To open one for each of many scripts would take longer than to run them, so the file makes room
for a database in memory of the same tables, which the views of `connect` read in its place. Most datamarts are frozen
besides, as the simulator does it: the rows of the views are copied into tables once for each script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import duckdb

from differential.cases import Script
from differential.instants import PROJECT_ZONES, ZONES
from differential.shop import ALONE, PACKED, SENDS, Lane, contact_columns, event_tables
from parcours.datamart.catalog import Catalog, event_view
from parcours.datamart.connection import connect
from parcours.datamart.quoting import identifier
from parcours.language.settings import read_settings

Where = Literal["pack", "lone", "live"]
"""Which datamart: that of a pack, that of a script that stands alone, or that of one whose views are read live."""

_SETTINGS = """
name: differential
time_zone: {zone}
holidays: FR
datamart:
  database: mart.duckdb
  contacts: {{table: contacts, key: contact_id, time_zone: time_zone, loaded: known_since}}
  events:
"""
_EVENT = "    {name}: {{table: {name}_events, contact: contact_id, at: happened_at, loaded: loaded_at, id: event_id{send}}}\n"


@dataclass(frozen=True)
class Shape:
    """The tables of a datamart, and the mapping of them."""

    lanes: tuple[Lane, ...]

    def settings(self, zone: str) -> str:
        causes = {lane(kind): f", send: {column}" for lane in self.lanes for kind, column in SENDS.items()}
        return _SETTINGS.format(zone=zone) + "".join(
            _EVENT.format(name=name, send=causes.get(name, "")) for name in event_tables(self.lanes)
        )

    def tables(self) -> dict[str, dict[str, str]]:
        """SQL types by table and column."""
        own = {"contact_id": "VARCHAR", "time_zone": "VARCHAR", "known_since": "TIMESTAMP"}
        front = {
            "contact_id": "VARCHAR",
            "happened_at": "TIMESTAMP",
            "loaded_at": "TIMESTAMP",
            "event_id": "VARCHAR",
        }
        events = {f"{kind}_events": {**front, **fields} for kind, fields in event_tables(self.lanes).items()}
        return {"contacts": {**own, **contact_columns(self.lanes)}, **events}


PACK: Where = "pack"
LONE: Where = "lone"
LIVE: Where = "live"
MAPPED: Mapping[Where, Shape] = {PACK: Shape(PACKED), LONE: Shape((ALONE,)), LIVE: Shape((ALONE,))}


@dataclass(frozen=True)
class Mart:
    """An open datamart, without a row until it is filled."""

    connection: duckdb.DuckDBPyConnection
    catalog: Catalog
    shape: Shape
    is_frozen: bool

    def fill(self, script: Script) -> None:
        """The rows of this script and no others."""
        tables = self.shape.tables()
        for name in tables:
            self.connection.execute(f"DELETE FROM {identifier('datamart', 'main', name)}")
        people = [
            {
                "contact_id": person.name,
                "time_zone": person.zone,
                "known_since": person.known_since,
                **person.values,
            }
            for person in script.contacts
        ]
        self._insert("contacts", tables["contacts"], people)
        rows: dict[str, list[dict[str, Any]]] = {}
        for event in script.events:
            front = {
                "contact_id": event.contact,
                "happened_at": event.at,
                "loaded_at": event.loaded,
                "event_id": event.id,
            }
            rows.setdefault(f"{event.kind}_events", []).append({**front, **event.values})
        for name, found in rows.items():
            self._insert(name, tables[name], found)
        if self.is_frozen:
            self._freeze({name.removesuffix("_events") for name in rows})

    def _freeze(self, filled: set[str]) -> None:
        for view in self.views():
            table, source = identifier("memory", "main", view), identifier("memory", "main", f" {view}")
            self.connection.execute(f"DELETE FROM {table}")
            if view == "contact" or view.removeprefix("event_") in filled:
                self.connection.execute(f"INSERT INTO {table} SELECT * FROM {source}")

    def views(self) -> list[str]:
        return ["contact", *(event_view(name) for name in self.catalog.events)]

    def freeze(self) -> None:
        """Tables take the place of the views, which go on under other names."""
        for view in self.views():
            table, source = identifier("memory", "main", view), identifier("memory", "main", f" {view}")
            self.connection.execute(f"ALTER VIEW {table} RENAME TO {identifier(f' {view}')}")
            self.connection.execute(f"CREATE TABLE {table} AS SELECT * FROM {source}")

    def _insert(self, name: str, columns: dict[str, str], rows: Sequence[dict[str, Any]]) -> None:
        if not rows:
            return
        listed = ", ".join(identifier(column) for column in columns)
        lists = ", ".join(f"unnest(${n}::{kind}[])" for n, kind in enumerate(columns.values(), 1))
        self.connection.execute(
            f"INSERT INTO {identifier('datamart', 'main', name)} ({listed}) SELECT {lists}",
            [[row.get(column) for row in rows] for column in columns],
        )


@cache
def mart(where: Where, zone: str) -> Mart:
    """Opened once in a process."""
    shape = MAPPED[where]
    settings, found = read_settings(shape.settings(zone), "parcours.yaml", {})
    assert settings is not None and not found
    with TemporaryDirectory() as name:
        folder = Path(name)
        with duckdb.connect(str(folder / "mart.duckdb")) as file:
            _make_tables(file, shape, "")
            _let_connect_see_what_may_come(file, shape)
        connection, catalog, _ = connect(settings, folder)
        connection.execute("DETACH datamart")
    connection.execute("ATTACH ':memory:' AS datamart")
    _make_tables(connection, shape, "datamart.main.")
    opened = Mart(connection, catalog, shape, is_frozen=where != LIVE)
    if opened.is_frozen:
        opened.freeze()
    return opened


def _make_tables(connection: duckdb.DuckDBPyConnection, shape: Shape, where: str) -> None:
    for name, columns in shape.tables().items():
        listed = ", ".join(f"{identifier(column)} {kind}" for column, kind in columns.items())
        connection.execute(f"CREATE TABLE {where}{identifier(name)} ({listed})")


def _let_connect_see_what_may_come(file: duckdb.DuckDBPyConnection, shape: Shape) -> None:
    """`connect` looks which zones there are, and whether an id may come twice: here they may."""
    zones = [*dict.fromkeys((*ZONES, *PROJECT_ZONES)), "Mars/Olympus", None]
    file.executemany(
        "INSERT INTO contacts (contact_id, time_zone) VALUES (?, ?)",
        [[str(number), zone] for number, zone in enumerate(zones)],
    )
    for name in shape.tables():
        if name != "contacts":
            twice = ["0", "2026-01-01", "x"]
            file.executemany(
                f"INSERT INTO {identifier(name)} (contact_id, happened_at, event_id) VALUES (?, ?, ?)",
                [twice, twice],
            )


@cache
def catalog(where: Where) -> Catalog:
    """Names and types, the same in every zone."""
    return mart(where, "UTC").catalog
