# ruff: noqa: S608 - every name goes through quoting.identifier, every value through quoting.literal
"""What the columns that somebody asks about hold: how often they are unknown, and their values when these are few.

A table is read once, for all columns that are asked about together, and never more than its first million rows. So
what is said about a column is true of these rows; whether a value is nowhere at all, `has` answers for the whole
column."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import duckdb

from parcours.datamart.catalog import Catalog, Column, Table, event_view
from parcours.datamart.mapping import Mapped
from parcours.datamart.memory import SOURCE, ask
from parcours.datamart.quoting import identifier, literal

ROWS = 1_000_000
"""How many rows of a table are looked at."""

MOST_VALUES = 50
FEWEST_ROWS = 100
ROWS_FOR_A_VALUE = 10


@dataclass(frozen=True, slots=True)
class ColumnStatistics:
    """`unknown` of `rows` have no value. `values` are those of a closed vocabulary, in order: of an ENUM all that it
    can hold, of another text those that were found, when they are at most 50, in at least 100 rows, and there are at
    least 10 rows for each on average; otherwise, as for a name, an address, or a key, None. `whole`: the table has no
    more rows than these."""

    rows: int
    unknown: int
    values: tuple[str, ...] | None
    whole: bool


class Statistics:
    """Looks at the data when asked, and remembers the answers. `connection` and `catalog` are of `connect`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
        self._connection = connection
        self._catalog = catalog
        self._columns: dict[tuple[str | None, str], ColumnStatistics] = {}

    def read(self, event: str | None, columns: Iterable[str]) -> None:
        """Reads these columns of an event, or of contacts (None), in one go. `Problem` when they cannot be read."""
        table = self._table(event)
        wanted = sorted(name for name in set(columns) if (event, name) not in self._columns)
        if not wanted:
            return
        sample, rows = identifier("memory", SOURCE, " sample"), rows_of(event)
        listed = ", ".join(identifier(name) for name in wanted)
        # which rows are the first is only certain while DuckDB keeps their order
        self._connection.execute("SET preserve_insertion_order = true")
        try:
            self._ask(f"CREATE TABLE {sample} AS SELECT {listed} FROM {rows} LIMIT {ROWS + 1}", table)
        finally:
            self._connection.execute("SET preserve_insertion_order = false")
        try:
            for name in wanted:
                self._columns[event, name] = self._look_at(sample, table.columns[name], table)
        finally:
            self._connection.execute(f"DROP TABLE {sample}")

    def column(self, event: str | None, name: str) -> ColumnStatistics:
        self.read(event, [name])
        return self._columns[event, name]

    def has(self, event: str | None, name: str, value: str) -> bool:
        """Whether the value is anywhere in a column, also beyond the rows that were looked at."""
        column = f"CAST({identifier(name)} AS VARCHAR)"
        query = f"SELECT 1 FROM {rows_of(event)} WHERE {column} = {literal(value)} LIMIT 1"
        return bool(self._ask(query, self._table(event)))

    def _look_at(self, sample: str, column: Column, table: Table) -> ColumnStatistics:
        name = identifier(column.name)
        ((rows, known),) = self._ask(f"SELECT count(*), count({name}) FROM {sample}", table)
        whole = rows <= ROWS
        values = self._values(sample, column, known, table) if column.kind == "text" else None
        return ColumnStatistics(rows, rows - known, values, whole)

    def _values(self, sample: str, column: Column, known: int, table: Table) -> tuple[str, ...] | None:
        if column.sql_type.startswith("ENUM"):
            # the type is DuckDB's own description of it, so it is SQL already
            kinds = f"SELECT CAST(unnest(enum_range(CAST(NULL AS {column.sql_type}))) AS VARCHAR)"
            return tuple(sorted(value for (value,) in self._ask(kinds, table)))
        name = identifier(column.name)
        some = f"SELECT DISTINCT CAST({name} AS VARCHAR) FROM {sample} WHERE {name} IS NOT NULL"
        found = self._ask(f"{some} LIMIT {MOST_VALUES + 1}", table)
        if len(found) > MOST_VALUES or known < max(FEWEST_ROWS, ROWS_FOR_A_VALUE * len(found)):
            return None
        return tuple(sorted(value for (value,) in found))

    def _table(self, event: str | None) -> Table:
        return self._catalog.contacts if event is None else self._catalog.events[event]

    def _ask(self, query: str, table: Table) -> list[Any]:
        return ask(self._connection, query, table.name, table.place)


def make_rows(connection: duckdb.DuckDBPyConnection, mapped: Mapped) -> None:
    """Keeps the tables as they are, without what the views of events add, for `Statistics` to read; of events that
    come by themselves, the view."""
    relations: dict[str | None, str] = {
        None: mapped.contacts.sql,
        **{name: relation.sql for name, (_, relation) in mapped.events.items()},
        **{name: identifier("memory", "main", event_view(name)) for name in mapped.received},
    }
    for event, sql in relations.items():
        connection.execute(f"CREATE VIEW {rows_of(event)} AS SELECT * FROM {sql}")


def rows_of(event: str | None) -> str:
    """The rows of an event's table, or of contacts (None), as they are: SQL to read from."""
    # no name of the user's has a space in front
    return identifier("memory", SOURCE, " contacts" if event is None else f" events {event}")
