# ruff: noqa: S608 - every name goes through quoting.identifier, every value through quoting.literal
"""Opens a datamart: the user's tables as our views, or everything that is wrong with the mapping at once."""

from pathlib import Path

import duckdb

from parcours.clock import is_zone
from parcours.datamart.catalog import Catalog, event_view
from parcours.datamart.inbox import InboxReader, inbox_folder
from parcours.datamart.mapping import Mapped, map_tables
from parcours.datamart.memory import ask, fill_zones, open_memory
from parcours.datamart.quality import make_notes
from parcours.datamart.quoting import identifier
from parcours.datamart.sources import Relation, Sources
from parcours.datamart.statistics import make_rows
from parcours.datamart.views import contact_query, event_query, product_query, received_query
from parcours.diagnostics import Diagnostic, Problem, problem
from parcours.model.node import Name
from parcours.model.settings import EventMapping, Settings


def connect(
    settings: Settings, folder: Path
) -> tuple[duckdb.DuckDBPyConnection, Catalog, tuple[Diagnostic, ...]]:
    """The datamart of a project whose parcours.yaml lies in `folder`, read-only, with warnings.

    The connection's in-memory database holds the views `contact`, `event_<name>` and, when mapped,
    `product`, and the table `zone_period`; the user's own database is attached as `datamart`. Instants are
    naive UTC. `Problem` with every error of the mapping."""
    connection = open_memory()
    try:
        catalog, warnings = _set_up(connection, settings, folder)
    except BaseException:
        connection.close()
        raise
    return connection, catalog, warnings


def _set_up(
    connection: duckdb.DuckDBPyConnection, settings: Settings, folder: Path
) -> tuple[Catalog, tuple[Diagnostic, ...]]:
    findings: list[Diagnostic] = []
    sources = Sources(connection, settings.datamart, folder, findings)
    mapped = map_tables(settings, sources, findings)
    if mapped is None or any(finding.severity == "error" for finding in findings):
        raise Problem(findings)
    _check_contact_key(connection, settings.datamart.contacts.key, mapped)
    zones = _zones_of_contacts(connection, settings.datamart.contacts.time_zone, mapped.contacts)
    if mapped.received:
        InboxReader(connection, inbox_folder(settings, folder))
    _make_views(connection, settings, mapped, zones)
    make_rows(connection, mapped)
    make_notes(connection, settings, mapped, zones)
    return mapped.catalog, tuple(findings)


def _make_views(
    connection: duckdb.DuckDBPyConnection, settings: Settings, mapped: Mapped, zones: frozenset[str]
) -> None:
    project = settings.time_zone.text
    events = mapped.events.values()
    fill_zones(connection, {project, *zones, *(e.time_zone.text for e, _ in events if e.time_zone)})
    contact_type = mapped.catalog.contact_type
    queries = {
        "contact": contact_query(settings.datamart.contacts, mapped.contacts, contact_type, project, zones)
    }
    for name, (event, relation) in mapped.events.items():
        fields = mapped.received.get(name)
        comes = None if fields is None else (name, fields)
        unique = comes is None and _ids_are_unique(connection, event, relation)
        queries[event_view(name)] = event_query(
            event, relation, contact_type, ids_are_unique=unique, received=comes
        )
    for name in sorted(mapped.received.keys() - mapped.events.keys()):
        queries[event_view(name)] = received_query(name, mapped.received[name], contact_type)
    if mapped.products:
        queries["product"] = product_query(*mapped.products)
    for view, query in queries.items():
        connection.execute(f"CREATE VIEW {identifier('memory', 'main', view)} AS {query}")


def _check_contact_key(connection: duckdb.DuckDBPyConnection, key: Name, mapped: Mapped) -> None:
    column = identifier(key.text)
    ((rows, known, distinct),) = ask(
        connection,
        f"SELECT count(*), count({column}), count(DISTINCT CAST({column} AS {mapped.catalog.contact_type})) "
        f"FROM {mapped.contacts.sql}",
        key.text,
        key.place,
    )
    if known < rows:
        raise problem("duplicate-key", f"{rows - known} contacts have no `{key}`", key.place)
    if distinct < known:
        raise problem(
            "duplicate-key", f"`{key}` is no key: {known - distinct} of its values repeat", key.place
        )


def _zones_of_contacts(
    connection: duckdb.DuckDBPyConnection, column: Name | None, contacts: Relation
) -> frozenset[str]:
    """The valid zones among the contacts' own (T1)."""
    if column is None:
        return frozenset()
    zone = f"CAST({identifier(column.text)} AS VARCHAR)"
    rows = ask(connection, f"SELECT DISTINCT {zone} FROM {contacts.sql}", column.text, column.place)
    return frozenset(zone for (zone,) in rows if is_zone(zone))


def _ids_are_unique(connection: duckdb.DuckDBPyConnection, event: EventMapping, relation: Relation) -> bool:
    """Whether it is certain now, and stays so while we are connected, that no id comes twice."""
    if event.id is None or not relation.settled:
        return False
    column = f"CAST({identifier(event.id.text)} AS VARCHAR)"
    ((unique,),) = ask(
        connection,
        f"SELECT count({column}) = count(DISTINCT {column}) FROM {relation.sql}",
        event.id.text,
        event.id.place,
    )
    return bool(unique)
