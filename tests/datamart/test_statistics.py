"""What columns hold: read once, never more than is needed, and told exactly."""

from pathlib import Path

import duckdb
import pytest

from parcours.datamart.connection import connect
from parcours.datamart.statistics import Statistics
from parcours.language.settings import read_settings

SETTINGS = """\
name: shop
time_zone: Europe/Paris
datamart:
  database: shop.duckdb
  contacts: {table: people, key: id}
  events:
    order: {table: orders, contact: who, at: at}
"""


@pytest.fixture
def statistics(tmp_path: Path):
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as made:
        made.execute(
            "CREATE TABLE people AS SELECT n AS id, CASE n % 4 WHEN 0 THEN 'FR' WHEN 1 THEN 'BE' END AS country, "
            "'p' || n AS email, (CASE n % 2 WHEN 0 THEN 'yes' END)::ENUM ('no', 'yes', 'maybe') AS answer, "
            "n % 10 AS age FROM range(400) AS r(n)"
        )
        made.execute("CREATE TABLE orders AS SELECT 1 AS who, now()::TIMESTAMP AS at, 'web' AS source")
    settings, found = read_settings(SETTINGS, "parcours.yaml", {})
    assert settings is not None and found == ()
    connection, catalog, _ = connect(settings, tmp_path)
    yield Statistics(connection, catalog)
    connection.close()


def test_a_closed_vocabulary_has_its_values_and_the_share_of_unknowns(statistics) -> None:
    seen = statistics.column(None, "country")
    assert (seen.rows, seen.unknown, seen.values, seen.whole) == (400, 200, ("BE", "FR"), True)


def test_a_column_of_many_values_has_none(statistics) -> None:
    assert statistics.column(None, "email").values is None
    assert statistics.column(None, "age").values is None


def test_an_enum_has_all_that_it_can_hold(statistics) -> None:
    assert statistics.column(None, "answer").values == ("maybe", "no", "yes")


def test_a_few_rows_say_nothing_about_values(statistics) -> None:
    assert statistics.column("order", "source").values is None


def test_a_value_is_looked_for_in_the_whole_column(statistics) -> None:
    assert statistics.has(None, "country", "FR")
    assert not statistics.has(None, "country", "F' OR 1=1 --")
