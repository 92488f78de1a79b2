"""Freezing: the same rows with the same meaning, in tables."""

from decimal import Decimal

import pytest

from parcours.clock.chance import WHOLE, share_of, threshold
from parcours.datamart.freeze import freeze

EVENTS = """
CREATE OR REPLACE TABLE customers AS SELECT n AS customer_id, 'FR' AS country, n % 3 AS level FROM range(2000) t(n);
CREATE OR REPLACE TABLE orders AS SELECT n % 2000 AS customer_id, n AS order_id, n % 7 AS total,
    TIMESTAMP '2026-01-01' + to_minutes((n * 7919) % 100000) AS ordered_at FROM range(5000) t(n);
"""


@pytest.fixture
def busy(shop):
    shop.fill(EVENTS)
    shop.events["order"] = {"table": "orders", "contact": "customer_id", "at": "ordered_at", "id": "order_id"}
    return shop


def test_frozen_tables_hold_the_rows_of_the_views_and_only_the_columns_named(busy) -> None:
    connection, catalog, _ = busy.connect()
    contacts = "SELECT _contact, _zone, _visible_at, country FROM contact ORDER BY ALL"
    orders = 'SELECT _contact, _at, _visible_at, _id, total, "at" FROM event_order ORDER BY ALL'
    before = busy.rows(contacts), busy.rows(orders)
    freeze(connection, catalog, {"order": ["total", "at"]}, ["country"])
    assert (busy.rows(contacts), busy.rows(orders)) == before
    assert [row[0] for row in busy.rows("DESCRIBE contact")] == [*catalog.own_contact_columns(), "country"]
    assert [row[0] for row in busy.rows("DESCRIBE event_order")] == [
        *catalog.own_event_columns("order"),
        "total",
        "at",
    ]


def test_frozen_events_stand_in_the_order_in_which_they_become_visible(busy) -> None:
    connection, catalog, _ = busy.connect()
    freeze(connection, catalog, {"order": []}, [])
    seen = busy.rows("SELECT _visible_at, _id FROM event_order ORDER BY rowid")
    assert seen == sorted(seen)
    assert busy.rows("SELECT value FROM duckdb_settings() WHERE name = 'preserve_insertion_order'") == [
        ("false",)
    ]


def test_frozen_tables_are_no_longer_read_from_the_users_files(busy) -> None:
    connection, catalog, _ = busy.connect()
    freeze(connection, catalog, {"order": []}, [])
    connection.execute("DETACH datamart")
    assert busy.rows("SELECT count(*) FROM contact JOIN event_order USING (_contact)") == [(5000,)]


def test_a_sample_keeps_the_contacts_whose_share_is_below_it_and_their_events(busy) -> None:
    """T17."""
    limit = threshold(Decimal(10))
    chosen = {n for n in range(2000) if share_of(f"sample:{n}") < limit}
    connection, catalog, _ = busy.connect()
    freeze(connection, catalog, {"order": []}, [], limit)
    assert {row[0] for row in busy.rows("SELECT _contact FROM contact")} == chosen
    assert {row[0] for row in busy.rows("SELECT _contact FROM event_order")} == chosen
    assert busy.rows("SELECT count(*) FROM event_order") == [
        (sum(1 for n in range(5000) if n % 2000 in chosen),)
    ]


@pytest.mark.parametrize(("sample", "contacts"), [(0, 0), (WHOLE, 2000), (None, 2000)])
def test_a_sample_of_nothing_or_of_all(busy, sample: int | None, contacts: int) -> None:
    connection, catalog, _ = busy.connect()
    freeze(connection, catalog, {}, [], sample)
    assert busy.rows("SELECT count(*) FROM contact") == [(contacts,)]
