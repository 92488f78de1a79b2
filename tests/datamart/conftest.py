"""A small shop in a DuckDB file, and settings as they are read from a parcours.yaml."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import pytest

from parcours.datamart.catalog import Catalog
from parcours.datamart.connection import connect
from parcours.diagnostics import Diagnostic, Place, Problem
from parcours.model.node import Name
from parcours.model.settings import (
    ContactsMapping,
    DataFile,
    DatamartMapping,
    EventMapping,
    ProductsMapping,
    Settings,
    View,
)

TABLES = """
CREATE TABLE customers AS FROM (VALUES
    (1, 'FR', 'Europe/Paris', 10, TIMESTAMP '2026-01-01 00:00'),
    (2, 'US', 'America/New_York', 10, NULL),
    (3, 'XX', 'Mars/Olympus', NULL, NULL),
    (4, NULL, NULL, NULL, NULL)
) AS c(customer_id, country, tz, household_id, created_at);
CREATE TABLE orders AS FROM (VALUES
    (1, 'a', TIMESTAMP '2026-03-01 10:00', TIMESTAMP '2026-03-02 10:00', 10.50::DECIMAL(10, 2)),
    (2, 'b', TIMESTAMP '2026-03-01 11:00', NULL, 20.00)
) AS o(customer_id, order_id, ordered_at, loaded_at, total);
CREATE TABLE goods AS FROM (VALUES (100, 'tea', true), (200, 'cup', NULL)) AS g(sku, label, in_stock);
"""

Rows = Callable[[str], list[Any]]


class Shop:
    """Builds settings piece by piece; each name gets a line of its own, so that places can be told apart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lines = count(1)
        self.lines: dict[str, int] = {}
        self.time_zone = "Europe/Paris"
        self.contacts: dict[str, str] = {"table": "customers", "key": "customer_id"}
        self.events: dict[str, dict[str, str]] = {}
        self.products: dict[str, str] | None = None
        self.tables: dict[str, str] = {}
        self.views: dict[str, tuple[str, str | None]] = {}
        self.database: str | None = "shop.duckdb"
        self.missing = ""
        self.connection: duckdb.DuckDBPyConnection | None = None

    def fill(self, sql: str) -> None:
        """Runs statements in the shop's own database, which is closed again."""
        with duckdb.connect(str(self.folder / "shop.duckdb")) as connection:
            connection.execute(sql)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def copy(self, query: str, name: str) -> None:
        """Writes the rows of a query to a Parquet or CSV file in the folder."""
        with duckdb.connect() as connection:
            connection.execute(f"COPY ({query}) TO '{self.folder / name}'")

    def settings(self) -> Settings:
        mapping = DatamartMapping(
            place=Place("parcours.yaml"),
            database=self._name(self.database),
            tables=tuple(
                DataFile(place=Place("parcours.yaml"), name=self._name(name), path=self._name(path))
                for name, path in self.tables.items()
            ),
            views=tuple(
                View(
                    place=Place("parcours.yaml"),
                    name=self._name(name),
                    file=self._name(file),
                    dropped=self._name(dropped),
                )
                for name, (file, dropped) in self.views.items()
            ),
            contacts=ContactsMapping(place=Place("parcours.yaml"), **self._names(self.contacts)),
            events=tuple(
                EventMapping(place=Place("parcours.yaml"), **self._names({"name": name, **columns}))
                for name, columns in self.events.items()
            ),
            products=ProductsMapping(place=Place("parcours.yaml"), **self._names(self.products))
            if self.products
            else None,
            missing=self.missing,
        )
        return Settings(
            place=Place("parcours.yaml"), name="shop", time_zone=self._name(self.time_zone), datamart=mapping
        )

    def connect(self) -> tuple[duckdb.DuckDBPyConnection, Catalog, tuple[Diagnostic, ...]]:
        self.connection, catalog, warnings = connect(self.settings(), self.folder)
        return self.connection, catalog, warnings

    def rows(self, query: str) -> list[Any]:
        """The rows of a query over the connected shop, connecting first when need be."""
        if self.connection is None:
            self.connect()
        assert self.connection is not None
        return self.connection.execute(query).fetchall()

    def errors(self) -> list[tuple[str, int, str]]:
        """What is wrong: code, line and message of each finding."""
        return [(found.code, found.place.line, found.message) for found in self.findings()]

    def findings(self) -> tuple[Diagnostic, ...]:
        with pytest.raises(Problem) as caught:
            self.connect()
        return caught.value.diagnostics

    def _names(self, columns: dict[str, str] | None) -> dict[str, Any]:
        return {key: self._name(text) for key, text in (columns or {}).items()}

    def _name(self, text: str | None) -> Any:
        if text is None:
            return None
        line = next(self._lines)
        self.lines[text] = line
        return Name(text=text, place=Place("parcours.yaml", line, 1, line, 1 + len(text)))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop with four customers, two orders and two goods; only contacts are mapped."""
    made = Shop(tmp_path)
    made.fill(TABLES)
    yield made
    if made.connection is not None:
        made.connection.close()


@pytest.fixture
def at() -> Callable[[str], datetime]:
    return datetime.fromisoformat
