"""Rates as whole millionths, with twenty messages more than there were."""

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest
from sqlglot import exp

from parcours.compiler.expressions import number
from parcours.compiler.rates import as_rate, by_channel, rate


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        yield made


@pytest.mark.parametrize(
    ("answered", "sends", "millionths"),
    [
        ("NULL", "NULL", 50_000),  # nothing was sent: 1 of 20
        ("3", "80", 40_000),  # 4 of 100
        ("1", "2", 90_909),  # 2 of 22: what comes after six digits is cut off
        ("0", "999980", 1),
    ],
)
def test_one_success_more_among_twenty_more(
    connection: duckdb.DuckDBPyConnection, answered: str, sends: str, millionths: int
) -> None:
    counted = rate("answered", "sends", "c", 1).sql("duckdb")
    query = f"SELECT {counted} FROM (SELECT {answered}::BIGINT AS answered, {sends}::BIGINT AS sends) AS c"
    assert connection.execute(query).fetchall() == [(millionths,)]


def test_a_rate_is_shown_with_six_digits(connection: duckdb.DuckDBPyConnection) -> None:
    shown = exp.select(as_rate(number(90_909)), as_rate(number(1_000_000))).sql("duckdb")
    assert connection.execute(shown).fetchall() == [(Decimal("0.090909"), Decimal("1.000000"))]


def test_the_counts_of_a_channel_are_those_of_this_day_over_all_journeys_and_outcomes(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute("CREATE SCHEMA state")
    connection.execute(
        "CREATE TABLE state.response AS FROM (VALUES "
        "(TIMESTAMP '2026-03-01', 'email', 100, 20, 1), (TIMESTAMP '2026-03-01', 'email', 50, 5, 0), "
        "(TIMESTAMP '2026-03-01', 'sms', 10, 0, 2), (TIMESTAMP '2026-02-28', 'email', 999, 999, 999)) "
        "AS r(counted_at, channel, sends, answered, lost)"
    )
    for counted, expected in (
        ("answered", {("email", 150, 25), ("sms", 10, 0)}),
        ("lost", {("email", 150, 1), ("sms", 10, 2)}),
    ):
        query = by_channel(counted).sql("duckdb")
        found = connection.execute(query, {"since_day": "2026-03-01"}).fetchall()
        assert set(found) == expected
