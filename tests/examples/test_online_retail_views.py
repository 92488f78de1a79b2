"""The views of examples/online_retail over the real file; skipped where the file is not there."""

import pathlib
from collections.abc import Iterator

import duckdb
import pytest

ROOT = pathlib.Path(__file__).parents[2]
PROJECT = ROOT / "examples" / "online_retail"
DATA = ROOT.parent / "shared" / "data" / "online_retail" / "online_retail.parquet"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the Online Retail data set is not here")


def query(name: str) -> str:
    return (PROJECT / f"{name}.sql").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def retail() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TEMP VIEW invoices AS FROM '{DATA}'")
        # tables here, so that each view is computed once for all tests
        for name in ("purchases", "orders", "customers"):
            connection.execute(f"CREATE TEMP TABLE {name} AS {query(name)}")
        yield connection


def test_each_file_is_one_select_statement() -> None:
    for name in ("purchases", "purchases_dropped", "orders", "customers"):
        (statement,) = duckdb.extract_statements(query(name))
        assert statement.type == duckdb.StatementType.SELECT


def test_every_line_is_kept_or_dropped_for_one_reason(retail: duckdb.DuckDBPyConnection) -> None:
    dropped = dict(retail.execute(query("purchases_dropped")).fetchall())
    assert dropped == {"no customer": 135_080, "cancelled": 8_905, "no price": 40}
    assert retail.execute("SELECT count(*) FROM purchases").fetchall() == [(397_884,)]
    assert sum(dropped.values()) + 397_884 == 541_909


def test_a_line_has_a_number_of_its_own(retail: duckdb.DuckDBPyConnection) -> None:
    assert retail.execute("SELECT count(DISTINCT line_id) FROM purchases").fetchall() == [(397_884,)]


def test_an_invoice_is_one_order_and_its_amount_is_decimal(retail: duckdb.DuckDBPyConnection) -> None:
    ((orders, distinct, kind, total),) = retail.execute(
        "SELECT count(*), count(DISTINCT order_id), typeof(min(amount)), sum(amount)::VARCHAR FROM orders"
    ).fetchall()
    assert (orders, distinct, kind, total) == (18_532, 18_532, "DECIMAL(14,2)", "8911407.90")


def test_a_customer_is_known_before_its_first_order(retail: duckdb.DuckDBPyConnection) -> None:
    assert retail.execute("SELECT count(DISTINCT customer_id) FROM customers").fetchall() == [(4_338,)]
    # British time is UTC or an hour ahead of it: both readings of the order's time are after `known_since`
    orders = "FROM customers JOIN orders USING (customer_id)"
    late = f"SELECT count(*) {orders} WHERE ordered_at - INTERVAL 1 HOUR < known_since"
    assert retail.execute(late).fetchall() == [(0,)]


def test_a_customer_that_moved_has_the_country_of_its_last_order(retail: duckdb.DuckDBPyConnection) -> None:
    last = (
        "SELECT DISTINCT ON (customer_id) * FROM orders ORDER BY customer_id, ordered_at DESC, order_id DESC"
    )
    both = f"FROM customers c JOIN ({last}) l USING (customer_id)"
    assert retail.execute(f"SELECT count(*) {both} WHERE c.country != l.country").fetchall() == [(0,)]
