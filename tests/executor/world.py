"""A small world for tests: journeys as text, contacts and events as rows, and a clock that the test turns.

Instants are text in UTC, `2026-03-01 10:00`, on the way in and on the way out; `utc` turns a local time into one."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from textwrap import dedent
from typing import Any

from parcours.checking.check import check
from parcours.checking.checked import CheckedProject
from parcours.clock import BEGINNING, to_utc
from parcours.datamart.blank import add_contact, add_event, add_zone, blank
from parcours.datamart.catalog import Catalog, Column, Table, kind_of
from parcours.diagnostics import Diagnostic, Place
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.result import TickResult
from parcours.executor.tick import Executor
from parcours.language.parser import parse
from parcours.model.node import Name
from parcours.model.project import Project
from parcours.model.settings import ContactsMapping, DatamartMapping, Settings

FILE = "test.journey"

_CONTACT = {
    "contact_id": "VARCHAR",
    "email": "VARCHAR",
    "phone": "VARCHAR",
    "push_token": "VARCHAR",
    "email_opt_in": "BOOLEAN",
    "sms_opt_in": "BOOLEAN",
    "push_opt_in": "BOOLEAN",
    "country": "VARCHAR",
    "birth_date": "DATE",
    "contract_end": "DATE",
    "signed_up_at": "TIMESTAMP",
    "age": "DOUBLE",
    "points": "INTEGER",
    "balance": "DECIMAL(18,2)",
    "vip": "BOOLEAN",
    'it\'s "odd"': "VARCHAR",
}
_EVENTS = {
    "order": {
        "amount": "DECIMAL(18,2)",
        "cart_id": "VARCHAR",
        "status": "VARCHAR",
        "quantity": "INTEGER",
        "weight": "DOUBLE",
        "ship_at": "TIMESTAMP",
        "gift": "BOOLEAN",
    },
    "cart": {"cart_id": "VARCHAR", "total": "DECIMAL(18,2)", "reminder_at": "TIMESTAMP"},
    "click": {"link": "VARCHAR"},
    "visit": {"page": "VARCHAR"},
    "signup": {"source": "VARCHAR"},
    "opt_out": {"channel": "VARCHAR"},
    "bounce": {"channel": "VARCHAR"},
    "complaint": {"reason": "VARCHAR"},
    "line": {"product": "VARCHAR", "order_id": "VARCHAR"},
}
_PRODUCT = {"sku": "VARCHAR", "category": "VARCHAR", "price": "DECIMAL(18,2)", "stock": "INTEGER"}

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
    subject "…"
    email "…"
    sms "…"
    push "…"
"""
    for name, topic in (("hello", "news"), ("reminder", "service"), ("offer", "sales"))
)


def _columns(types: dict[str, str]) -> dict[str, Column]:
    return {name: Column(name, kind_of(sql_type), sql_type) for name, sql_type in types.items()}


CATALOG = Catalog(
    Table("customers", _columns(_CONTACT), "contact_id"),
    "VARCHAR",
    {
        name: Table(
            f"{name}s", _columns({"contact_id": "VARCHAR", **fields, "at": "TIMESTAMP"}), "contact_id"
        )
        for name, fields in _EVENTS.items()
    },
    products=Table("products", _columns(_PRODUCT), "sku"),
)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def shown(moment: datetime | None) -> str | None:
    """As it is written in tests: seconds only when there are some."""
    if moment is None:
        return None
    return str(moment).removesuffix(":00") if not moment.second and not moment.microsecond else str(moment)


def utc(zone: str, local: str) -> str:
    """The instant of a local time, as text."""
    return str(shown(to_utc(zone, instant(local))))


def project_of(text: str, zone: str = "UTC") -> tuple[Project, tuple[Diagnostic, ...]]:
    """The declarations of a text, and what is wrong with their form."""
    declarations, found = parse(text, FILE)
    here = Place("parcours.yaml")

    def name(word: str) -> Name:
        return Name(place=here, text=word)

    mapping = DatamartMapping(
        place=here, contacts=ContactsMapping(place=here, table=name("customers"), key=name("contact_id"))
    )
    settings = Settings(place=here, name="test", time_zone=name(zone), datamart=mapping)
    return Project(place=here, settings=settings, declarations=declarations, sources={FILE: text}), found


def full_text(text: str) -> str:
    """The text with plain channels and messages where it declares none."""
    text = dedent(text).strip("\n") + "\n"
    lines = text.splitlines()
    more = "" if any(line.startswith("channel ") for line in lines) else CHANNELS
    return text + more + ("" if any(line.startswith("message ") for line in lines) else MESSAGES)


def refusals(text: str, zone: str = "UTC") -> list[tuple[str, int]]:
    """What the reader and the checker find wrong in a text: code and line."""
    whole = full_text(text)
    project, found = project_of(whole, zone)
    return [(d.code, d.place.line) for d in (*found, *check(project, CATALOG).diagnostics)]


def checked_project(text: str, zone: str = "UTC") -> CheckedProject:
    """The checked project of a text that must be right."""
    project, found = project_of(full_text(text), zone)
    result = check(project, CATALOG)
    checked = result.project
    assert checked is not None and not found, [d.message for d in (*found, *result.diagnostics)]
    return checked


class World:
    """Journeys over an empty datamart in memory, with the state in memory or a file. The first tick comes when the test says so, after the contacts."""

    def __init__(self, text: str, zone: str = "UTC", threads: int = 1, state: Path | None = None) -> None:
        self.project = checked_project(text, zone)
        self.connection = blank(CATALOG)
        self.connection.execute(f"SET threads = {threads}")
        self.engine = DuckDBEngine(self.connection)
        self.engine.attach_state(state)
        add_zone(self.connection, zone)
        self._zone = zone
        self._executor: Executor | None = None
        self._lost: set[str] = set()

    def close(self) -> None:
        self.engine.close()

    # ---- the datamart

    def contact(
        self, name: str, *, zone: str | None = None, known_since: str | None = None, **values: Any
    ) -> None:
        """A contact whom every channel may reach, unless `values` say otherwise."""
        reachable = {
            "email": f"{name}@example.org",
            "phone": f"+1{name}",
            "push_token": f"token {name}",
            "email_opt_in": True,
            "sms_opt_in": True,
            "push_opt_in": True,
        }
        visible = instant(known_since) if known_since else BEGINNING
        own = {"_contact": name, "_zone": zone or self._zone, "_visible_at": visible}
        add_contact(self.connection, CATALOG, {**reachable, **values, **own})

    def event(
        self,
        kind: str,
        contact: str,
        at: str,
        *,
        loaded: str | None = None,
        event_id: str | None = None,
        **values: Any,
    ) -> None:
        moment = instant(at)
        row = {"_contact": contact, "_at": moment, **values}
        if loaded is not None:
            row["_visible_at"] = max(moment, instant(loaded))
        if event_id is not None:
            row["_id"] = event_id
        add_event(self.connection, CATALOG, kind, row)

    def lose_event(self, kind: str) -> None:
        """The datamart has no such events any more, and the mapping from the next restart on does not speak of them."""
        self.connection.execute(f"DROP TABLE event_{kind}")
        self._lost.add(kind)

    # ---- the clock

    @property
    def executor(self) -> Executor:
        if self._executor is None:
            self.restart()
        assert self._executor is not None
        return self._executor

    def restart(self, text: str | None = None) -> None:
        """The process ends and another begins on the same state, maybe with other journeys."""
        if text is not None:
            self.project = checked_project(text, self._zone)
        mapped = tuple(event for event in self.project.events if event not in self._lost)
        self.project = replace(self.project, events=mapped)
        self._executor = Executor(self.engine, self.project, CATALOG.contact_type, "memory")

    def tick(self, *instants: str) -> TickResult:
        """Ticks at each of the instants; the result of the last."""
        for at in instants:
            result = self.executor.tick(instant(at))
        return result

    # ---- what came of it

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.engine.run_text(query, values)

    def sent(self) -> list[tuple[str, str, str, str | None]]:
        """(contact, message, channel, instant) in order."""
        found = self.rows(
            "SELECT contact, message, channel, sent_at FROM state.outbox ORDER BY sent_at, contact, message, channel"
        )
        return [(contact, message, channel, shown(at)) for contact, message, channel, at in found]

    def messages(self) -> list[str]:
        """The names of the messages sent, in order."""
        return [message for _, message, _, _ in self.sent()]

    def not_sent(self, decision: str = "not_sent") -> list[tuple[str, str, str, str, str | None]]:
        """(contact, step, reason, rule, instant) in order."""
        found = self.rows(
            """SELECT s.contact, n.name, s.reason, s.rule, t.ticked_at FROM state.not_sent AS s
            JOIN state.tick AS t USING (tick) JOIN state.node AS n USING (version, node)
            WHERE s.decision = ? ORDER BY t.ticked_at, s.contact, n.name""",
            decision,
        )
        return [(*row, shown(at)) for *row, at in found]  # type: ignore[misc]

    def held(self) -> list[tuple[str, str, str, str, str | None]]:
        """(contact, step, reason, rule, instant) of every time that a message was held."""
        return self.not_sent("held")

    def reasons(self) -> list[str]:
        return [reason for _, _, reason, _, _ in self.not_sent()]

    def exits(self) -> list[tuple[str, str, str | None]]:
        """(contact, outcome, instant) in order."""
        found = self.rows(
            """SELECT j.contact, n.outcome, t.ticked_at FROM state.journal AS j JOIN state.tick AS t USING (tick)
            JOIN state.route AS r USING (version, route) JOIN state.node AS n ON n.version = r.version AND n.node = r.target
            WHERE n.outcome IS NOT NULL ORDER BY t.ticked_at, j.contact, n.outcome"""
        )
        return [(contact, outcome, shown(at)) for contact, outcome, at in found]

    def entered(self) -> list[tuple[str, str | None]]:
        """(contact, instant of the tick) of every run that began, in order."""
        found = self.rows(
            """SELECT j.contact, t.ticked_at FROM state.journal AS j JOIN state.tick AS t USING (tick)
            JOIN state.route AS r USING (version, route) JOIN state.node AS n ON n.version = r.version AND n.node = r.source
            WHERE n.kind = 'enter' ORDER BY t.ticked_at, j.contact, j.entry_at"""
        )
        return [(contact, shown(at)) for contact, at in found]

    def refused(self) -> list[tuple[str, str, str | None]]:
        """(contact, reason, instant) in order."""
        found = self.rows(
            """SELECT f.contact, f.reason, t.ticked_at FROM state.refused AS f JOIN state.tick AS t USING (tick)
            ORDER BY t.ticked_at, f.contact, f.reason"""
        )
        return [(contact, reason, shown(at)) for contact, reason, at in found]

    def where(self, contact: str) -> list[tuple[str, str | None]]:
        """(step, when it is due) of every run of a contact."""
        found = self.rows(
            """SELECT n.name, i.due_at FROM state.instance AS i JOIN state.node AS n USING (version, node)
            WHERE i.contact = ? ORDER BY n.name, i.due_at""",
            contact,
        )
        return [(name, shown(due)) for name, due in found]

    def due(self, contact: str) -> str | None:
        """When the only run of a contact is due."""
        ((_, due),) = self.where(contact)
        return due

    def state(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every table of the state, as rows in the order in which they are stored."""
        tables = self.rows("SELECT table_name FROM duckdb_tables() WHERE database_name = 'state' ORDER BY 1")
        return {name: self.rows(f"SELECT * FROM state.{name} ORDER BY rowid") for (name,) in tables}
