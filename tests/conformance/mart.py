"""The datamart of all cases: its tables, its mapping, and the channels and messages that a case need not write."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from types import MappingProxyType
from typing import Any

import duckdb
from cases import Event

from parcours.clock import BEGINNING
from parcours.datamart.catalog import Catalog
from parcours.datamart.connection import connect
from parcours.language.project import read_project

CONTACT = {
    "time_zone": "VARCHAR",
    "known_since": "TIMESTAMP",
    "household": "VARCHAR",
    "email": "VARCHAR",
    "phone": "VARCHAR",
    "push_token": "VARCHAR",
    "email_opt_in": "BOOLEAN",
    "sms_opt_in": "BOOLEAN",
    "push_opt_in": "BOOLEAN",
    "country": "VARCHAR",
    "birth_date": "DATE",
    "contract_end": "DATE",
    "age": "DOUBLE",
    "points": "INTEGER",
    "vip": "BOOLEAN",
}
EVENTS = {
    "order": {"amount": "DECIMAL(18,2)", "cart_id": "VARCHAR", "ship_at": "TIMESTAMP"},
    "cart": {"cart_id": "VARCHAR", "total": "DECIMAL(18,2)"},
    "visit": {"page": "VARCHAR", "pages": "INTEGER"},
    "click": {"link": "VARCHAR", "caused_by": "VARCHAR"},
    "signup": {"source": "VARCHAR"},
    "line": {"product": "VARCHAR", "order_id": "VARCHAR"},
    "opt_out": {"channel": "VARCHAR"},
    "bounce": {"channel": "VARCHAR"},
    "complaint": {"reason": "VARCHAR"},
    # P10: a wish holds until the next one of the same field
    "preference_changed": {
        "frequency": "VARCHAR",
        "topic": "VARCHAR",
        "wanted": "BOOLEAN",
        "until": "DATE",
        "season": "VARCHAR",
    },
}

PRODUCT = {"category": "VARCHAR", "price": "DECIMAL(18,2)", "stock": "INTEGER"}
SENDS = {"click": "caused_by"}
"""Of these kinds a column says which message caused the event."""

CHANNELS = """
channel email
    address email
    consent email_opt_in

channel sms
    address phone
    consent sms_opt_in

channel push
    address push_token
    consent push_opt_in
"""
MESSAGES = "".join(
    f"""
message {name}
    topic {topic}
    email "…"
    sms "…"
    push "…"
"""
    for name, topic in (("hello", "news"), ("reminder", "service"), ("offer", "sales"))
)

_SETTINGS = """
name: conformance
time_zone: {zone}
holidays: FR
datamart:
  database: mart.duckdb
  contacts: {{table: contacts, key: contact_id, time_zone: time_zone, loaded: known_since, household: household}}
  events:
"""
_EVENT = "    {name}: {{table: {name}_events, contact: contact_id, at: happened_at, loaded: loaded_at, id: event_id{send}}}\n"


def settings_text(zone: str) -> str:
    events = "".join(
        _EVENT.format(name=name, send=f", send: {SENDS[name]}" if name in SENDS else "") for name in EVENTS
    )
    return f"{_SETTINGS.format(zone=zone)}{events}  products: {{table: products, key: sku}}\n"


def full_text(journeys: str, policy: str) -> str:
    """The case's own text first, so that its lines keep their numbers; then what it does not declare itself."""
    own = f"{journeys.rstrip()}\n\n{policy.rstrip()}\n"
    lines = own.splitlines()
    missing = [
        f"\n{block}\n"
        for block in (CHANNELS + MESSAGES).strip().split("\n\n")
        if block.splitlines()[0] not in lines
    ]
    return own + "".join(missing)


def reachable(name: str) -> dict[str, Any]:
    """A contact whom every channel may reach."""
    addresses = {"email": f"{name}@example.org", "phone": f"+1{name}", "push_token": f"token {name}"}
    return {
        **addresses,
        "email_opt_in": True,
        "sms_opt_in": True,
        "push_opt_in": True,
        "known_since": BEGINNING,
    }


@cache
def _empty() -> bytes:
    """The file of a datamart without a row."""
    path = Path(mkdtemp()) / "mart.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"CREATE TABLE contacts (contact_id VARCHAR, {_columns(CONTACT)})")
        connection.execute(f"CREATE TABLE products (sku VARCHAR, {_columns(PRODUCT)})")
        for name, fields in EVENTS.items():
            connection.execute(
                f"CREATE TABLE {name}_events (contact_id VARCHAR, happened_at TIMESTAMP, loaded_at TIMESTAMP, "
                f"event_id VARCHAR, {_columns(fields)})"
            )
    return path.read_bytes()


def _columns(types: Mapping[str, str]) -> str:
    return ", ".join(f'"{name}" {sql_type}' for name, sql_type in types.items())


def write_mart(
    folder: Path,
    contacts: Mapping[str, Mapping[str, Any]],
    events: tuple[Event, ...],
    products: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> None:
    """A folder with parcours.yaml's database in it."""
    path = folder / "mart.duckdb"
    path.write_bytes(_empty())
    with duckdb.connect(str(path)) as connection:
        connection.begin()
        for name, own in contacts.items():
            _insert(connection, "contacts", {"contact_id": name, **reachable(name), **own})
        for name, own in products.items():
            _insert(connection, "products", {"sku": name, **own})
        for event in events:
            row = {
                "contact_id": event.contact,
                "happened_at": event.at,
                "loaded_at": event.loaded,
                "event_id": event.id,
            }
            _insert(connection, f"{event.kind}_events", {**row, **event.fields})
        connection.commit()


def _insert(connection: duckdb.DuckDBPyConnection, table: str, row: Mapping[str, Any]) -> None:
    columns = ", ".join(f'"{column}"' for column in row)
    marks = ", ".join("?" for _ in row)
    connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(row.values()))


@cache
def catalog() -> Catalog:
    """The names and types of all cases."""
    folder = Path(mkdtemp())
    (folder / "parcours.yaml").write_text(settings_text("UTC"))
    write_mart(folder, {}, ())
    project, found = read_project(folder, {})
    assert project is not None, [d.message for d in found]
    connection, names, _ = connect(project.settings, folder)
    connection.close()
    return names
