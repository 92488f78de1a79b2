"""Names and values in SQL text: whatever they hold, they stay names and values."""

from datetime import datetime, timedelta
from typing import Any

import duckdb
import pytest

from parcours.datamart.quoting import identifier, literal

AWKWARD = [
    *("plain", "o'clock", "''", 'say "x"', '""', "a.b", "select", "🙂"),
    *("'; DROP TABLE x; --", "/*", "é\n\t", "\\'", "$1", "?"),
]
texts = pytest.mark.parametrize("text", AWKWARD)


def rows(query: str) -> list[Any]:
    with duckdb.connect() as connection:
        return connection.execute(query).fetchall()


@texts
def test_a_text_comes_back_from_sql_as_it_went_in(text: str) -> None:
    assert rows(f"SELECT {literal(text)}") == [(text,)]


@texts
def test_a_name_comes_back_from_sql_as_it_went_in(text: str) -> None:
    assert rows(f"DESCRIBE SELECT 1 AS {identifier(text)}")[0][0] == text


@pytest.mark.parametrize(
    "value",
    [7, -1, datetime(2026, 1, 2, 3, 4, 5, 6), datetime(1, 1, 2), timedelta(hours=-4, microseconds=3)],
)
def test_numbers_instants_and_intervals_come_back_too(value: int | datetime | timedelta) -> None:
    assert rows(f"SELECT {literal(value)}") == [(value,)]


def test_the_parts_of_a_name_are_quoted_one_by_one() -> None:
    assert identifier("a.b", 'c"d') == '"a.b"."c""d"'
