# ruff: noqa: S608 - every name goes through quoting.identifier, every value through quoting.literal
"""The mapped tables, looked at one by one: what their columns hold, how fresh they are, and what in them is not right."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import duckdb

from parcours.datamart.catalog import Catalog, Table, event_view
from parcours.datamart.column_profile import ColumnProfile, profile_columns
from parcours.datamart.memory import SOURCE, ask
from parcours.datamart.quality import Note, noted
from parcours.datamart.quoting import identifier, literal
from parcours.datamart.statistics import rows_of
from parcours.model.settings import EventMapping, Settings

DAY = timedelta(days=1)

TableKind = Literal["contacts", "event", "products"]


@dataclass(frozen=True, slots=True)
class Freshness:
    """The newest event, and the newest to become known; half of them become known within `delay`, and so many later than a
    day after they happened: these start nothing (T9). `coming`: they happen after the instant of the profile."""

    newest: datetime | None
    newest_known: datetime | None
    delay: timedelta | None
    late: int
    coming: int


@dataclass(frozen=True, slots=True)
class TableProfile:
    """`name` is that of the event, or `contacts` or `products`; `table` the one behind it. Columns are of `looked_at` rows:
    all of them, or a sample; everything else is of all `rows`."""

    kind: TableKind
    name: str
    table: str
    rows: int
    looked_at: int
    columns: tuple[ColumnProfile, ...]
    freshness: Freshness | None
    notes: tuple[Note, ...]


class Profiler:
    """Looks at the tables of a connection that `connect` made, as of an instant. `messages` are the declared ones, which the
    `send` of an event may name; `sample`: of how many rows the columns are told, None for all."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        catalog: Catalog,
        settings: Settings,
        at: datetime,
        messages: Collection[str] = (),
        sample: int | None = None,
    ) -> None:
        self._connection = connection
        self._catalog = catalog
        self._settings = settings
        self._at = at
        self._messages = messages
        self._sample = sample
        self._noted = noted(connection, catalog)
        self._keys = _keys(settings)

    def tables(self) -> tuple[tuple[str, Table], ...]:
        """(name, table) of all that is mapped: contacts, the events in the order of parcours.yaml, products."""
        products = [] if self._catalog.products is None else [("products", self._catalog.products)]
        return (("contacts", self._catalog.contacts), *self._catalog.events.items(), *products)

    def contacts(self) -> TableProfile:
        return self._profile("contacts", "contacts", self._catalog.contacts, rows_of(None), None, ())

    def event(self, name: str) -> TableProfile:
        mapping = next(event for event in self._settings.datamart.events if event.name.text == name)
        notes = self._notes_of(mapping)
        return self._profile(
            "event", name, self._catalog.events[name], rows_of(name), self._freshness(name), tuple(notes)
        )

    def products(self) -> TableProfile:
        table = self._catalog.products
        assert table is not None and table.key is not None
        source = identifier("memory", "main", "product")
        key = identifier(table.key)
        ((unknown, repeated),) = self._ask(
            f"SELECT count(*) - count({key}), count({key}) - count(DISTINCT {key}) FROM {source}", table
        )
        notes = [
            Note("products without a key", unknown),
            Note("products whose key another one has too", repeated),
        ]
        return self._profile("products", "products", table, source, None, tuple(n for n in notes if n.count))

    # ---- one table

    def _profile(
        self,
        kind: TableKind,
        name: str,
        table: Table,
        source: str,
        freshness: Freshness | None,
        notes: tuple[Note, ...],
    ) -> TableProfile:
        ((rows,),) = self._ask(f"SELECT count(*) FROM {source}", table)
        looked_at = rows if self._sample is None else min(rows, self._sample)
        plain = _without_ours(table, kind)
        with_notes = (
            (*self._noted.get(None if kind == "contacts" else name, ()), *notes)
            if kind != "products"
            else notes
        )
        if looked_at == rows:
            columns = profile_columns(self._connection, plain, source, rows, self._keys)
        else:
            columns = self._of_sample(plain, source, looked_at)
        return TableProfile(kind, name, table.name, rows, looked_at, columns, freshness, with_notes)

    def _of_sample(self, table: Table, source: str, size: int) -> tuple[ColumnProfile, ...]:
        """The rows whose text comes first when it is hashed: the same ones each time, whatever their order."""
        sample = identifier("memory", SOURCE, " profiled")
        whole = ", ".join(identifier(name) for name in table.columns)
        self._ask(
            f"CREATE TABLE {sample} AS SELECT {whole} FROM {source} "
            f"ORDER BY md5(CAST(row({whole}) AS VARCHAR)) LIMIT {literal(size)}",
            table,
        )
        try:
            return profile_columns(self._connection, table, sample, size, self._keys)
        finally:
            self._connection.execute(f"DROP TABLE {sample}")

    def _freshness(self, name: str) -> Freshness:
        view = identifier("memory", "main", event_view(name))
        now = literal(self._at)
        query = f"""SELECT max(_at), max(_visible_at), quantile_disc(_visible_at - _at, 0.5),
            count(*) FILTER (WHERE _visible_at > _at + {literal(DAY)}), count(*) FILTER (WHERE _at > {now})
            FROM {view}"""
        ((newest, known, delay, late, coming),) = self._ask(query, self._catalog.events[name])
        return Freshness(newest, known, delay, late, coming)

    def _notes_of(self, mapping: EventMapping) -> Iterator[Note]:
        table = self._catalog.events[mapping.name.text]
        source = rows_of(mapping.name.text)
        if mapping.id is None:
            repeated = self._repeated(table, source)
            yield from _if_any(
                "rows that are there once more, each an event of its own without `id`", repeated
            )
        else:
            key = identifier(mapping.id.text)
            ((unknown, repeated),) = self._ask(
                f"SELECT count(*) - count({key}), count({key}) - count(DISTINCT {key}) FROM {source}", table
            )
            yield from _if_any("events without an id, told apart by their whole rows", unknown)
            yield from _if_any("events whose id was there before, taken once", repeated)
        if mapping.loaded is not None:
            loaded, at = identifier(mapping.loaded.text), identifier(mapping.at.text)
            ((unknown, before),) = self._ask(
                f"SELECT count(*) - count({loaded}), count(*) FILTER (WHERE CAST({loaded} AS TIMESTAMP) < "
                f"CAST({at} AS TIMESTAMP)) FROM {source}",
                table,
            )
            yield from _if_any(
                "events that do not say when they were loaded, taken as known at once", unknown
            )
            yield from _if_any("events loaded before they happened", before)
        if mapping.send is not None:
            yield from self._sends(mapping.send.text, table, source)
        yield from self._unknown_products(table, source)

    def _repeated(self, table: Table, source: str) -> int:
        whole = ", ".join(
            identifier(name) for name in table.columns if name.lower() != "at" or table.at == name
        )
        ((repeated,),) = self._ask(
            f"SELECT count(*) - count(DISTINCT md5(CAST(row({whole}) AS VARCHAR))) FROM {source}", table
        )
        return int(repeated)

    def _sends(self, column: str, table: Table, source: str) -> Iterator[Note]:
        """`send` holds a message's name, an id of ours: JOURNEY:KEY:ENTRY:MESSAGE:CHANNEL, or the id of another event, which
        says what was sent before there were journeys."""
        name = f"CAST({identifier(column)} AS VARCHAR)"
        listed = ", ".join(literal(message) for message in sorted(self._messages)) or "''"
        others = [
            f"SELECT DISTINCT CAST({identifier(column)} AS VARCHAR) AS id FROM {rows_of(event.name.text)}"
            for event in self._settings.datamart.events
            if event.id is not None and event.id.text == column
        ]
        known = f" ANTI JOIN ({' UNION '.join(others)}) AS o ON o.id = e.send" if others else ""
        ((unknown,),) = self._ask(f"SELECT count(*) - count({name}) FROM {source}", table)
        ((strange,),) = self._ask(
            f"SELECT count(*) FROM (SELECT {name} AS send FROM {source}) AS e{known} "
            f"WHERE e.send NOT IN ({listed}) AND split_part(e.send, ':', -2) NOT IN ({listed})",
            table,
        )
        yield from _if_any(f"events without a send in `{column}`", unknown)
        yield from _if_any(
            f"events whose `{column}` is no message of this project and no id of an event", strange
        )

    def _unknown_products(self, table: Table, source: str) -> Iterator[Note]:
        products = self._catalog.products
        if products is None or products.key is None or products.key not in table.columns:
            return
        key = f"CAST({identifier(products.key)} AS VARCHAR)"
        ((strange,),) = self._ask(
            f"SELECT count(*) FROM (SELECT {key} AS product FROM {source} WHERE {key} IS NOT NULL) AS e "
            "ANTI JOIN memory.main.product AS p ON e.product = p._product",
            table,
        )
        yield from _if_any(f"events whose `{products.key}` is no product", strange)

    def _ask(self, query: str, table: Table) -> list[tuple]:  # type: ignore[type-arg]
        return ask(self._connection, query, table.name, table.place)


def _keys(settings: Settings) -> frozenset[str]:
    """The columns that the mapping names as keys, whatever table they stand in."""
    mapping = settings.datamart
    named = [mapping.contacts.key, mapping.contacts.household]
    named += [mapping.products.key] if mapping.products is not None else []
    for event in mapping.events:
        named += [event.contact, event.id, event.send]
    return frozenset(name.text for name in named if name is not None)


def _if_any(text: str, count: int) -> Iterator[Note]:
    if count:
        yield Note(text, count)


def _without_ours(table: Table, kind: TableKind) -> Table:
    """Without the field `at` that every event has besides its own columns."""
    if kind != "event" or table.at is None or table.at.lower() == "at":
        return table
    columns = {name: column for name, column in table.columns.items() if name.lower() != "at"}
    return Table(table.name, columns, table.key, table.at, table.place)
