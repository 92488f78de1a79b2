"""What parcours.yaml maps, held against the tables as they are: the catalog, or all that is wrong."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from parcours.clock import is_zone, zone_names
from parcours.datamart.catalog import (
    Catalog,
    Column,
    ColumnKind,
    ContactType,
    Table,
    key_type,
    kind_of,
)
from parcours.datamart.received import with_received
from parcours.datamart.sources import Relation, Sources
from parcours.diagnostics import Diagnostic, nearest
from parcours.model.node import Name
from parcours.model.settings import ContactsMapping, EventMapping, ProductsMapping, Settings

_RESERVED = frozenset(
    {"_contact", "_zone", "_visible_at", "_household", "_at", "_id", "_send", "_product", "_key", "_text"}
)
_HISTORY = frozenset({"sent", "not_sent", "entered", "left"})
_WORDS: dict[ColumnKind, str] = {
    "text": "text",
    "number": "a number",
    "yes_no": "yes or no",
    "date": "a date",
    "instant": "an instant",
    "time": "a time of day",
    "other": "of a type that the language does not know",
}
_WITH_TYPES = "put a row into it, or write it as Parquet, which has types without rows"


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping without errors, and the relation behind each of its parts. `received` are the events that come by
    themselves, with the SQL types that their fields have in the view; an event may be in `events`, too."""

    catalog: Catalog
    contacts: Relation
    events: dict[str, tuple[EventMapping, Relation]] = field(default_factory=dict)
    received: dict[str, dict[str, str]] = field(default_factory=dict)
    products: tuple[ProductsMapping, Relation] | None = None


def map_tables(settings: Settings, sources: Sources, findings: list[Diagnostic]) -> Mapped | None:
    """The mapping held against `sources`. None when contacts cannot be read at all; whether the rest is
    right the findings say: every error is in them, not only the first."""
    _check_zone(settings.time_zone, findings)
    mapping = settings.datamart
    contacts, contact_type = _contacts(mapping.contacts, sources, findings)
    events: dict[str, tuple[EventMapping, Relation]] = {}
    for event in mapping.events:
        _check_event_name(event.name, events, findings)
        relation = _event(event, sources, contact_type, findings)
        if relation is not None:
            events[event.name.text] = (event, relation)
    tables = {
        name: _event_table(event, _table(event.table, relation, event.contact))
        for name, (event, relation) in events.items()
    }
    received: dict[str, dict[str, str]] = {}
    of_tables = {event.name.text for event in mapping.events}
    for comes in mapping.received:
        name = comes.name.text
        if name not in of_tables:
            _check_event_name(comes.name, [*of_tables, *received], findings)
        if name in tables or name not in of_tables:
            tables[name], received[name] = with_received(tables.get(name), comes, findings)
    products = _products(mapping.products, sources, findings) if mapping.products else None
    if contacts is None or contact_type is None:
        return None
    key = mapping.contacts
    catalog = Catalog(
        contacts=_table(key.table, contacts, key.key),
        contact_type=contact_type,
        events=tables,
        event_has_send=frozenset(
            [*received, *(name for name, (event, _) in events.items() if event.send is not None)]
        ),
        products=_table(products[0].table, products[1], products[0].key) if products else None,
        has_household=key.household is not None,
    )
    return Mapped(catalog, contacts, events, received, products)


def _contacts(
    mapping: ContactsMapping, sources: Sources, findings: list[Diagnostic]
) -> tuple[Relation | None, ContactType | None]:
    relation = sources.relation(mapping.table)
    if relation is None:
        return None, None
    _check_reserved(mapping.table, relation, findings)
    key = _check_key(mapping.key, relation, findings)
    _check_column(mapping.time_zone, relation, ("text",), findings)
    _check_column(mapping.loaded, relation, ("instant", "date"), findings)
    _check_column(mapping.household, relation, None, findings)
    return relation, key


def _event(
    mapping: EventMapping, sources: Sources, contact_type: ContactType | None, findings: list[Diagnostic]
) -> Relation | None:
    if mapping.time_zone is not None:
        _check_zone(mapping.time_zone, findings)
    relation = sources.relation(mapping.table)
    if relation is None:
        return None
    _check_reserved(mapping.table, relation, findings)
    _check_column(mapping.at, relation, ("instant", "date"), findings)
    _check_column(mapping.loaded, relation, ("instant", "date"), findings)
    _check_column(mapping.id, relation, None, findings)
    _check_column(mapping.send, relation, None, findings)
    if mapping.at.text.lower() != "at" and "at" in {column.lower() for column in relation.columns}:
        # `event.at` would have two meanings.
        message = (
            f"`at` is the event's time, here `{mapping.at}`, but `{mapping.table}` has a column `at` too"
        )
        advice = "give the column another name in a view"
        findings.append(Diagnostic("reserved-name", message, mapping.table.place, help=advice))
    key = _check_key(mapping.contact, relation, findings)
    if key and contact_type and key != contact_type and not relation.untyped:
        ours, theirs = ("numbers", "text") if contact_type == "BIGINT" else ("text", "numbers")
        message = f"contacts have {ours} as keys, `{mapping.contact}` holds {theirs}"
        findings.append(Diagnostic("different-keys", message, mapping.contact.place))
    return relation


def _products(
    mapping: ProductsMapping, sources: Sources, findings: list[Diagnostic]
) -> tuple[ProductsMapping, Relation] | None:
    relation = sources.relation(mapping.table)
    if relation is None:
        return None
    _check_reserved(mapping.table, relation, findings)
    _check_column(mapping.key, relation, None, findings)
    return mapping, relation


# ---- single checks


def _check_event_name(name: Name, others: Iterable[str], findings: list[Diagnostic]) -> None:
    if name.text in _HISTORY:
        message = f"`{name}` is an event of the executor's own history"
        findings.append(Diagnostic("reserved-name", message, name.place))
    if name.text.lower() in {known.lower() for known in others}:
        findings.append(Diagnostic("duplicate-name", f"there is an event `{name}` already", name.place))


def _check_zone(zone: Name, findings: list[Diagnostic]) -> None:
    if not is_zone(zone.text):
        near = nearest(zone.text, zone_names())
        findings.append(_wrong("bad-time-zone", f"`{zone}` is no time zone", zone, near))


def _check_column(
    name: Name | None, relation: Relation, kinds: tuple[ColumnKind, ...] | None, findings: list[Diagnostic]
) -> bool:
    """Whether the column is there and of one of the kinds (any when None)."""
    if name is None:
        return False
    if name.text not in relation.columns:
        near = nearest(name.text, relation.columns)
        findings.append(_wrong("unknown-column", f"there is no column `{name}` in the table", name, near))
        return False
    kind = kind_of(relation.columns[name.text])
    if kinds is not None and kind not in kinds:
        wanted = " or ".join(_WORDS[wanted] for wanted in kinds)
        if relation.untyped:
            message = f"`{name}` is to be {wanted}, and the file has no row from which its type could be told"
            findings.append(Diagnostic("wrong-column-type", message, name.place, help=_WITH_TYPES))
        else:
            findings.append(_wrong("wrong-column-type", f"`{name}` is {_WORDS[kind]}, not {wanted}", name))
        return False
    return True


def _check_key(name: Name, relation: Relation, findings: list[Diagnostic]) -> ContactType | None:
    if not _check_column(name, relation, None, findings):
        return None
    found = key_type(relation.columns[name.text])
    if found is None:
        kind = relation.columns[name.text]
        message = f"`{name}` cannot say which contact it is: {kind} is neither a whole number nor text"
        findings.append(_wrong("wrong-column-type", message, name))
    return found


def _check_reserved(table: Name, relation: Relation, findings: list[Diagnostic]) -> None:
    for column in relation.columns:
        if column.lower() in _RESERVED:
            message = f"`{table}` has a column `{column}`, a name that Parcours gives to a column of its own"
            advice = "give the column another name in a view"
            findings.append(Diagnostic("reserved-name", message, table.place, help=advice))


def _wrong(code: str, message: str, name: Name, near: str | None = None) -> Diagnostic:
    return Diagnostic(code, message, name.place, f"did you mean `{near}`?" if near else "")


# ---- the catalog


def _table(table: Name, relation: Relation, key: Name) -> Table:
    columns = {
        name: Column(name, kind_of(sql_type), _type_in_view(sql_type), table.place)
        for name, sql_type in relation.columns.items()
    }
    return Table(table.text, columns, key.text, place=table.place)


def _event_table(mapping: EventMapping, table: Table) -> Table:
    own = {name: column for name, column in table.columns.items() if name.lower() != "at"}
    at = Column("at", "instant", "TIMESTAMP", mapping.at.place)
    time = mapping.at.text if mapping.at.text.lower() != "at" else "at"
    return Table(table.name, {**own, "at": at}, table.key, time, table.place)


def _type_in_view(sql_type: str) -> str:
    return "TIMESTAMP" if kind_of(sql_type) == "instant" else sql_type
