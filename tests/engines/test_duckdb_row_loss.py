"""DuckDB loses rows silently under one setting; ours is another. To be looked at with each version of DuckDB.

In one transaction an insert of no rows followed by a large one into the same table: scans see none of the new
rows, `count(*)` counts them all, and there is no error."""

from pathlib import Path

import duckdb
import pytest

from parcours.datamart.memory import open_memory

ROWS = 600_000
TOTAL = ROWS * (ROWS - 1) // 2


def insert_nothing_and_then_much(connection: duckdb.DuckDBPyConnection, schema: str) -> int | None:
    """The sum of what can be read afterwards: TOTAL when nothing is lost."""
    connection.execute(f"CREATE TABLE {schema}.src AS SELECT range AS x FROM range({ROWS})")
    connection.execute(f"CREATE TABLE {schema}.t (x BIGINT)")
    connection.execute("BEGIN")
    connection.execute(f"INSERT INTO {schema}.t SELECT x FROM {schema}.src WHERE false")
    connection.execute(f"INSERT INTO {schema}.t SELECT x FROM {schema}.src")
    connection.execute("COMMIT")
    ((total,),) = connection.execute(f"SELECT sum(x) FROM {schema}.t").fetchall()
    return None if total is None else int(total)


@pytest.mark.parametrize("threads", [1, 4])
def test_our_connections_lose_nothing_in_memory(threads: int) -> None:
    connection = open_memory()
    connection.execute(f"SET threads = {threads}")
    assert insert_nothing_and_then_much(connection, "memory.main") == TOTAL


def test_our_connections_lose_nothing_in_a_state_file(tmp_path: Path) -> None:
    connection = open_memory()
    connection.execute(f"ATTACH '{tmp_path / 'state.duckdb'}' AS state")
    assert insert_nothing_and_then_much(connection, "state") == TOTAL
    connection.close()


def test_the_setting_that_protects_us_is_on_in_every_connection_of_ours() -> None:
    ((kept,),) = open_memory().execute("SELECT current_setting('preserve_insertion_order')").fetchall()
    assert kept is False
