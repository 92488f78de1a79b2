"""What is counted about the data."""

import pytest

from parcours.datamart.quality import Note, dropped_rows, quality
from parcours.diagnostics import Problem


def test_what_is_not_as_it_should_be_is_counted(shop) -> None:
    """T1: contacts with an invalid zone are counted and reported; those without one are in order."""
    shop.fill(
        "INSERT INTO orders VALUES (NULL, 'x', '2026-03-05', NULL, 1), (1, 'y', NULL, NULL, 1), "
        "(NULL, 'z', NULL, NULL, 1), (77, 'w', '2026-03-05', NULL, 1)"
    )
    shop.contacts["time_zone"] = "tz"
    shop.events["order"] = {"table": "orders", "contact": "customer_id", "at": "ordered_at", "id": "order_id"}
    connection, catalog, _ = shop.connect()
    assert quality(connection, catalog) == [
        Note("contacts with an invalid time zone, taken as Europe/Paris", 1),
        Note("events `order` without a contact or a time, left out", 3),
        Note("events `order` of contacts that are not there", 1),
    ]


def test_nothing_is_noted_when_all_is_well(shop) -> None:
    shop.events["order"] = {"table": "orders", "contact": "customer_id", "at": "ordered_at"}
    connection, catalog, _ = shop.connect()
    assert quality(connection, catalog) == []


def test_every_zone_is_counted_when_none_is_valid(shop) -> None:
    """T1."""
    shop.fill("UPDATE customers SET tz = 'nowhere' WHERE tz IS NOT NULL")
    shop.contacts["time_zone"] = "tz"
    connection, catalog, _ = shop.connect()
    assert [note.count for note in quality(connection, catalog)] == [3]


def test_a_view_says_what_it_leaves_out(shop) -> None:
    shop.write("v.sql", "SELECT * FROM customers WHERE country IS NOT NULL")
    shop.write("d.sql", "SELECT 'no country', count(*) FROM customers WHERE country IS NULL")
    shop.views["v"] = ("v.sql", "d.sql")
    connection, _, _ = shop.connect()
    assert dropped_rows(connection, shop.settings()) == [("v", "no country", 1)]


def test_a_count_that_fails_over_the_data_is_the_datas_problem(shop) -> None:
    shop.write("v.sql", "SELECT * FROM customers")
    shop.write("d.sql", "SELECT 'x', CAST(country AS INTEGER) FROM customers")
    shop.views["v"] = ("v.sql", "d.sql")
    connection, _, _ = shop.connect()
    with pytest.raises(Problem, match=r"`d\.sql` cannot be read"):
        dropped_rows(connection, shop.settings())
