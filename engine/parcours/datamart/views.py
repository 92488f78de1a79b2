# ruff: noqa: S608 - every name goes through quoting.identifier, every value through quoting.literal
"""The SELECTs behind `contact`, `event_<name>` and `product`: our columns in front, the user's behind."""

from collections.abc import Collection, Mapping

from parcours.clock import BEGINNING
from parcours.datamart.catalog import ContactType, kind_of
from parcours.datamart.local_time import LocalTimes
from parcours.datamart.quoting import identifier, literal
from parcours.datamart.received import received_rows
from parcours.datamart.sources import Relation
from parcours.model.settings import ContactsMapping, EventMapping, ProductsMapping

ROW = "_t"


def contact_query(
    mapping: ContactsMapping,
    relation: Relation,
    contact_type: ContactType,
    project_zone: str,
    zones: Collection[str],
) -> str:
    """T1: `zones` are the valid ones among the contacts' own; any other becomes the project's."""
    times = LocalTimes(ROW, "UTC")
    zone = literal(project_zone)
    if mapping.time_zone is not None and zones:
        own = f"CAST({identifier(ROW, mapping.time_zone.text)} AS VARCHAR)"
        listed = ", ".join(literal(name) for name in sorted(zones))
        zone = f"CASE WHEN {own} IN ({listed}) THEN {own} ELSE {zone} END"
    visible = literal(BEGINNING)
    if mapping.loaded is not None:
        loaded = times.instant(mapping.loaded.text, relation.columns[mapping.loaded.text])
        visible = f"coalesce({loaded}, {visible})"
    columns = [
        f"CAST({identifier(ROW, mapping.key.text)} AS {contact_type}) AS _contact",
        f"{zone} AS _zone",
        f"{visible} AS _visible_at",
    ]
    if mapping.household is not None:
        columns.append(f"CAST({identifier(ROW, mapping.household.text)} AS VARCHAR) AS _household")
    columns += [_own(times, name, sql_type) for name, sql_type in relation.columns.items()]
    return f"SELECT {', '.join(columns)} FROM {relation.sql} AS {ROW}{times.joins}"


def event_query(
    mapping: EventMapping,
    relation: Relation,
    contact_type: ContactType,
    *,
    ids_are_unique: bool,
    received: tuple[str, Mapping[str, str]] | None = None,
) -> str:
    """Events that have a contact and a time, each id once. `ids_are_unique` says that there is nothing to
    remove, which saves a pass over the table in every statement. `received`: the name under which events come by
    themselves, besides those of the table, and their fields."""
    times = LocalTimes(ROW, mapping.time_zone.text if mapping.time_zone else "UTC")
    at = times.instant(mapping.at.text, relation.columns[mapping.at.text])
    visible = at
    if mapping.loaded:
        loaded = times.instant(mapping.loaded.text, relation.columns[mapping.loaded.text])
        visible = f"greatest({at}, {loaded})"  # E2: at <= T and loaded <= T; greatest skips NULL
    whole = ", ".join(identifier(ROW, name) for name in relation.columns)
    key = f"CAST({identifier(ROW, mapping.id.text)} AS VARCHAR)" if mapping.id else "NULL"
    inner = [
        f"{_contact(mapping, contact_type)} AS _contact",
        f"{at} AS _at",
        f"{visible} AS _visible_at",
        f"{key} AS _key",
        f"CAST(row({whole}) AS VARCHAR) AS _text",
    ]
    outer = ["_contact", "_at", "_visible_at", "coalesce(_key, md5(_text)) AS _id"]
    if mapping.send is not None:
        inner.append(f"CAST({identifier(ROW, mapping.send.text)} AS VARCHAR) AS _send")
    if mapping.send is not None or received:
        outer.append("_send")
    own = {name: sql_type for name, sql_type in relation.columns.items() if name.lower() != "at"}
    inner += [_own(times, name, sql_type) for name, sql_type in own.items()]
    rows = f"SELECT {', '.join(inner)} FROM {relation.sql} AS {ROW}{times.joins}"
    if received:
        rows += f" UNION ALL BY NAME {received_rows(*received, contact_type)}"
        own |= received[1]
    outer += [*(identifier(name) for name in own), '_at AS "at"']
    # T4: one event for an id, the first loaded; the rest of the order only makes the choice the same always.
    once = (
        " QUALIFY _key IS NULL OR "
        "row_number() OVER (PARTITION BY _key ORDER BY _visible_at, _at, _contact, _text) = 1"
    )
    return (
        f"SELECT {', '.join(outer)} FROM ({rows})"
        f" WHERE _contact IS NOT NULL AND _at IS NOT NULL{once if mapping.id and not ids_are_unique else ''}"
    )


def received_query(name: str, fields: Mapping[str, str], contact_type: ContactType) -> str:
    """Events that only come by themselves. Each id is there once: the inbox sees to it."""
    own = ["_contact", "_at", "_visible_at", "_key AS _id", "_send", *map(identifier, fields), '_at AS "at"']
    rows = received_rows(name, fields, contact_type)
    return f"SELECT {', '.join(own)} FROM ({rows}) WHERE _contact IS NOT NULL"


def product_query(mapping: ProductsMapping, relation: Relation) -> str:
    times = LocalTimes(ROW, "UTC")
    columns = [f"CAST({identifier(ROW, mapping.key.text)} AS VARCHAR) AS _product"]
    columns += [_own(times, name, sql_type) for name, sql_type in relation.columns.items()]
    return f"SELECT {', '.join(columns)} FROM {relation.sql} AS {ROW}{times.joins}"


def _contact(mapping: EventMapping, contact_type: ContactType) -> str:
    # A text that is no number belongs to no contact when contacts are numbers: it is counted, not an error.
    return f"TRY_CAST({identifier(ROW, mapping.contact.text)} AS {contact_type})"


def _own(times: LocalTimes, name: str, sql_type: str) -> str:
    expression = times.instant(name, sql_type) if kind_of(sql_type) == "instant" else identifier(ROW, name)
    return f"{expression} AS {identifier(name)}"
