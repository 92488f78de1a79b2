"""A blank datamart: the same shape as a real one, filled row by row."""

from collections.abc import Callable
from datetime import datetime

import pytest

from parcours.datamart.blank import add_contact, add_event, add_zone, blank

At = Callable[[str], datetime]


@pytest.fixture
def catalog(shop):
    shop.fill(
        "CREATE TYPE mood AS ENUM ('fine', 'so so'); ALTER TABLE customers ADD COLUMN mood mood; "
        "ALTER TABLE customers ADD COLUMN tags VARCHAR[]; ALTER TABLE orders ADD COLUMN zoned TIMESTAMPTZ"
    )
    shop.contacts |= {"time_zone": "tz", "household": "household_id"}
    shop.events["order"] = {
        "table": "orders",
        "contact": "customer_id",
        "at": "ordered_at",
        "send": "order_id",
        "time_zone": "Europe/Paris",
    }
    shop.products = {"table": "goods", "key": "sku"}
    return shop.connect()[1]


@pytest.mark.parametrize("table", ["contact", "event_order", "product", "zone_period"])
def test_a_blank_table_is_empty_and_has_the_columns_and_types_of_the_real_one(shop, catalog, table) -> None:
    connection = blank(catalog)
    assert connection.execute(f"SELECT count(*) FROM {table}").fetchall() == [(0,)]
    described = [row[:2] for row in connection.execute(f"DESCRIBE {table}").fetchall()]
    assert described == [row[:2] for row in shop.rows(f"DESCRIBE {table}")]


def test_a_contact_has_a_zone_a_key_and_what_it_is_given(catalog, at: At) -> None:
    connection = blank(catalog)
    add_contact(connection, catalog, {"_contact": 1, "country": "FR", "_zone": "Europe/Paris"})
    add_contact(connection, catalog, {"_contact": 2})
    assert connection.execute(
        "SELECT _contact, _zone, _visible_at, customer_id, country FROM contact ORDER BY 1"
    ).fetchall() == [
        (1, "Europe/Paris", at("0001-01-02"), 1, "FR"),
        (2, "UTC", at("0001-01-02"), 2, None),
    ]
    assert connection.execute("SELECT DISTINCT zone FROM zone_period ORDER BY 1").fetchall() == [
        ("Europe/Paris",),
        ("UTC",),
    ]


def test_an_event_is_visible_at_once_and_numbered_in_the_order_added(catalog, at: At) -> None:
    connection = blank(catalog)
    moment, later = at("2026-01-01 10:00"), at("2026-01-02 10:00")
    add_event(connection, catalog, "order", {"_contact": 1, "_at": moment, "total": 12})
    add_event(connection, catalog, "order", {"_contact": 1, "_at": moment, "_visible_at": later})
    assert connection.execute(
        'SELECT _at, _visible_at, "at", ordered_at, _id, total FROM event_order ORDER BY _id'
    ).fetchall() == [
        (moment, moment, moment, moment, "00000001", 12),
        (moment, later, moment, moment, "00000002", None),
    ]


def test_a_zone_is_added_once(catalog) -> None:
    connection = blank(catalog)
    add_zone(connection, "Europe/Paris")
    ((once,),) = connection.execute("SELECT count(*) FROM zone_period").fetchall()
    add_zone(connection, "Europe/Paris")
    assert connection.execute("SELECT count(*) FROM zone_period").fetchall() == [(once,)]
