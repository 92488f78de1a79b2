"""What `check` warns of in the data: enough of it, and no less."""

import pytest

from parcours.datamart.doubts import doubted_addresses, doubts
from parcours.diagnostics import Place

ORDER = {
    "table": "orders",
    "contact": "customer_id",
    "at": "ordered_at",
    "id": "order_id",
    "loaded": "loaded_at",
}


def told(shop) -> list[tuple[str, int, str]]:
    connection, catalog, _ = shop.connect()
    return [(d.code, d.place.line, d.message) for d in doubts(connection, catalog, shop.settings())]


def codes(shop) -> list[str]:
    return [code for code, _, _ in told(shop)]


@pytest.fixture
def orders(shop):
    """100 orders of the four customers, in order in every way."""
    shop.fill(
        """CREATE OR REPLACE TABLE orders AS SELECT n % 4 + 1 AS customer_id, 'o' || n AS order_id,
        TIMESTAMP '2026-03-01' + INTERVAL 1 HOUR * n AS ordered_at, ordered_at + INTERVAL 1 HOUR AS loaded_at,
        n AS total FROM range(100) t(n)"""
    )
    shop.events["order"] = dict(ORDER)
    return shop


def test_nothing_is_said_when_all_is_well(orders) -> None:
    assert told(orders) == []


@pytest.mark.parametrize(("strangers", "found"), [(4, []), (5, ["events-of-strangers"])])
def test_events_of_strangers(orders, strangers: int, found: list[str]) -> None:
    orders.fill(f"UPDATE orders SET customer_id = 99 WHERE total < {strangers}")
    assert codes(orders) == found


def test_it_is_told_where_the_column_is_named(orders) -> None:
    orders.fill("UPDATE orders SET customer_id = 99")
    connection, catalog, _ = orders.connect()
    (found,) = doubts(connection, catalog, orders.settings())
    assert found.message == "all of the events `order` are of contacts that are not there"
    assert found.place.file == "parcours.yaml"
    assert found.severity == "warning"


@pytest.mark.parametrize(("late", "found"), [(49, []), (50, ["late-events"])])
def test_late_events(orders, late: int, found: list[str]) -> None:
    orders.fill(f"UPDATE orders SET loaded_at = ordered_at + INTERVAL 25 HOUR WHERE total < {late}")
    assert codes(orders) == found


def test_repeated_events_matter_where_no_id_tells_them_apart(orders) -> None:
    orders.fill("INSERT INTO orders SELECT * FROM orders LIMIT 2")
    assert codes(orders) == []
    del orders.events["order"]["id"]
    assert codes(orders) == ["repeated-events"]


def test_of_a_few_rows_nothing_is_told(orders) -> None:
    orders.fill("DELETE FROM orders WHERE total >= 19; UPDATE orders SET customer_id = 99")
    assert told(orders) == []


def test_a_users_table_of_our_name_is_not_read(orders) -> None:
    orders.fill('CREATE TABLE " doubted" AS SELECT 1 AS x')
    assert told(orders) == []


@pytest.mark.parametrize(("wrong", "found"), [(3, []), (4, ["unlikely-addresses"])])
def test_addresses_that_cannot_be_right(shop, wrong: int, found: list[str]) -> None:
    shop.fill(
        f"""CREATE OR REPLACE TABLE customers AS SELECT n AS customer_id,
        CASE WHEN n < {wrong} THEN 'none' ELSE 'c' || n || '@example.org' END AS email FROM range(20) t(n)"""
    )
    connection, catalog, _ = shop.connect()
    here = Place("policy.journey", 2, 13, 2, 18)
    told = doubted_addresses(connection, catalog, [("email", "email", here), ("push", "email", here)])
    assert [d.code for d in told] == found
    if found:
        assert told[0].message == "20% of the e-mail addresses in `email` cannot be right"
        assert told[0].place == here
