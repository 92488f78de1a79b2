"""Products as texts fill them in."""

import duckdb
import pytest

from parcours.delivery.offered import Products, offers_of, products_of
from parcours.engines.duckdb.engine import DuckDBEngine

LAMP = ("lamp", "A-1", None), ("lamp", "A-2", 5), ("lamp", "A-2", None)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_of_a_product_that_is_there_twice_it_is_always_the_same_row(order: tuple[int, ...]) -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE product (_product VARCHAR, sku VARCHAR, price INTEGER)")
        connection.executemany("INSERT INTO product VALUES (?, ?, ?)", [LAMP[n] for n in order])
        listed = '["lamp", "gone"]'
        products = products_of(DuckDBEngine(connection), [listed, None])
    assert offers_of(listed, products) == (
        {"product": "lamp", "sku": "A-1", "price": None},
        {"product": "gone"},
    )


def test_without_products_nothing_is_offered() -> None:
    with duckdb.connect() as connection:
        assert products_of(DuckDBEngine(connection), ['["lamp"]']) == Products()
    assert offers_of(None, Products()) == ()
