"""Events that come by themselves, alone and beside a table."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from parcours.datamart.connection import connect
from parcours.datamart.freeze import freeze
from parcours.datamart.inbox import InboxReader
from parcours.datamart.quality import Note, quality
from parcours.delivery.inbox import Inbox, Received
from parcours.diagnostics import Problem
from parcours.language.settings import read_settings

AT = datetime(2026, 3, 2, 10)
SETTINGS = """\
name: shop
datamart:
  tables: {contacts: contacts.csv, opt_outs: opt_outs.csv}
  contacts: {table: contacts, key: contact_id}
  events:
    opt_out:
      table: opt_outs
      contact: contact_id
      at: left_at
      id: left_id
      received: {channel: text, why: text}
    order: {received: {amount: number, gift: yes_no, day: date, paid_at: instant, note: text}}
"""
CONTACTS = "contact_id\n1\n2\n"
OPT_OUTS = "left_id,contact_id,left_at,channel\na,1,2026-03-01 10:00:00,email\nb,2,2026-03-01 11:00:00,\n"


class Mart:
    def __init__(self, folder: Path, settings: str = SETTINGS) -> None:
        (folder / "contacts.csv").write_text(CONTACTS)
        (folder / "opt_outs.csv").write_text(OPT_OUTS)
        self.inbox = folder / "state" / "inbox"
        read, found = read_settings(settings, "parcours.yaml")
        assert read is not None, found
        self.settings = read
        self.connection, self.catalog, _ = connect(read, folder)

    def receive(self, *events: Received) -> None:
        with Inbox(self.inbox, lambda: AT) as inbox:
            inbox.append(events)
        InboxReader(self.connection, self.inbox).take_in(None)

    def rows(self, columns: str, view: str) -> list[Any]:
        return self.connection.execute(f"SELECT {columns} FROM {view} ORDER BY ALL").fetchall()


@pytest.fixture
def mart(tmp_path: Path) -> Mart:
    return Mart(tmp_path)


def test_the_fields_are_of_the_types_that_were_said(mart: Mart) -> None:
    order = mart.catalog.events["order"]
    assert {name: (c.kind, c.sql_type) for name, c in order.columns.items()} == {
        "at": ("instant", "TIMESTAMP"),
        "amount": ("number", "DECIMAL(38,6)"),
        "gift": ("yes_no", "BOOLEAN"),
        "day": ("date", "DATE"),
        "paid_at": ("instant", "TIMESTAMP"),
        "note": ("text", "VARCHAR"),
    }
    assert mart.catalog.event_has_send == {"order", "opt_out"}
    described = mart.connection.execute("DESCRIBE event_order").fetchall()
    own = mart.catalog.own_event_columns("order")
    assert {row[0]: row[1] for row in described} == {
        **own,
        **{name: column.sql_type for name, column in order.columns.items()},
    }


def test_what_was_received_is_an_event_like_all_others(mart: Mart) -> None:
    fields = {
        "amount": "12.5",
        "gift": "true",
        "day": "2026-02-28",
        "paid_at": "2026-03-01 09:30:00",
        "note": '"é"',
    }
    mart.receive(Received("order", "1", datetime(2026, 3, 1, 9), "x", fields, "welcome:hello"))
    assert mart.rows('_contact, _at, _visible_at, _id, _send, "at"', "event_order") == [
        (1, datetime(2026, 3, 1, 9), AT, "x", "welcome:hello", datetime(2026, 3, 1, 9))
    ]
    ((amount, *others),) = mart.rows("amount, gift, day, paid_at, note", "event_order")
    assert (float(amount), others) == (12.5, [True, date(2026, 2, 28), datetime(2026, 3, 1, 9, 30), '"é"'])


def test_what_does_not_fit_its_type_any_more_is_unknown(mart: Mart) -> None:
    mart.receive(Received("order", "1", AT, "x", {"amount": "much", "day": "", "more": "1"}))
    assert mart.rows("amount, day, note", "event_order") == [(None, None, None)]


def test_a_table_and_what_is_received_are_one_event(mart: Mart) -> None:
    mart.receive(
        Received("opt_out", "2", AT, "c", {"channel": "sms", "why": "too many"}),
        Received("order", "1", AT, "c"),
    )
    assert mart.rows("_id, _contact, channel, why, contact_id", "event_opt_out") == [
        ("a", 1, "email", None, 1),
        ("b", 2, None, None, 2),
        ("c", 2, "sms", "too many", None),
    ]
    assert list(mart.catalog.events["opt_out"].columns) == [
        *("left_id", "contact_id", "left_at", "channel", "at", "why")
    ]


def test_what_was_received_and_is_loaded_later_is_one_event(mart: Mart) -> None:
    # T4: the first that was loaded wins
    mart.receive(Received("opt_out", "2", datetime(2026, 2, 1), "a", {"channel": "sms"}))
    assert mart.rows("_id, _contact, channel", "event_opt_out") == [("a", 1, "email"), ("b", 2, None)]


def test_contacts_that_cannot_be_are_counted(mart: Mart) -> None:
    mart.receive(Received("order", "ann", AT, "x"), Received("order", "7", AT, "y"))
    assert mart.rows("_id", "event_order") == [("y",)]
    assert quality(mart.connection, mart.catalog) == [
        Note("events `order` received of what can be no contact, left out", 1),
        Note("events `order` of contacts that are not there", 1),
    ]


def test_it_can_be_frozen(mart: Mart) -> None:
    mart.receive(Received("order", "1", AT, "x", {"amount": "1"}), Received("order", "2", AT, "y"))
    freeze(mart.connection, mart.catalog, {"order": ["amount"]}, [])
    assert mart.rows("_id, amount IS NULL", "event_order") == [("x", False), ("y", True)]


@pytest.mark.parametrize(
    ("old", "new", "code", "message"),
    [
        (
            "channel: text",
            "channel: number",
            "wrong-column-type",
            "`channel` is received as number, and `opt_outs` has it as VARCHAR",
        ),
        ("channel: text", "Channel: text", "unknown-column", "there is no column `Channel` in the table"),
        ("    order:", "    sent:", "reserved-name", "`sent` is an event of the executor's own history"),
        ("    order:", "    Opt_out:", "duplicate-name", "there is an event `Opt_out` already"),
    ],
)
def test_what_cannot_be_received_is_told(tmp_path: Path, old: str, new: str, code: str, message: str) -> None:
    assert old in SETTINGS
    with pytest.raises(Problem) as told:
        Mart(tmp_path, SETTINGS.replace(old, new))
    assert [(d.code, d.message) for d in told.value.diagnostics] == [(code, message)]
