"""The state does not grow by more than what its logs hold, however many ticks there are.

`PARCOURS_TICKS` and `PARCOURS_CONTACTS` make it longer: 10000 and 200, say."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from world import World, instant

TICKS = int(os.environ.get("PARCOURS_TICKS", "50"))
CONTACTS = int(os.environ.get("PARCOURS_CONTACTS", "20000"))

MEGABYTE = 2**20
SLACK = 4 * MEGABYTE
"""A few blocks of 256 kB that are begun and not full, for each table that a tick writes."""
LOG = 17 * MEGABYTE
"""Beside the file, as long as it is open: DuckDB takes its log into the file when that has 16 MB."""
ROW_GROUP = 122_880

TEXT = """
segment rich
    points >= 50

journey round_and_round
    enter on cart
    repeat up to 1000 times
        repeat up to 1000 times
            wait 1 hour
            wait for click up to 2 hours
            set points to 100 - points

journey riches
    enter on joining rich
        again
    exit seen
"""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Everybody moves in each tick that comes an hour after the one before; points and membership change as well."""
    world = World(TEXT, state=tmp_path / "state.duckdb")
    world.contact("c")
    world.event("cart", "c", "2026-01-01 00:30")
    for name in ("contact", "event_cart"):
        world.rows(
            f"INSERT INTO {name} SELECT t.* REPLACE ('c' || r.range AS _contact) FROM {name} AS t, range({CONTACTS - 1}) AS r"
        )
    world.rows("UPDATE contact SET points = length(_contact) * 20 % 100")
    world.rows("UPDATE event_cart SET _id = _contact")
    world.tick("2026-01-01 00:00")
    yield world
    world.close()


def run(world: World, ticks: int, step: timedelta = timedelta(hours=1)) -> None:
    start = instant("2026-01-01 01:00")
    for number in range(ticks):
        world.executor.tick(start + number * step)


def file_size(path: Path) -> int:
    """With the log beside it."""
    log = path.with_name(f"{path.name}.wal")
    return path.stat().st_size + (log.stat().st_size if log.exists() else 0)


def fresh_size(world: World, path: Path) -> int:
    """Of a new file with the same rows in it."""
    world.rows(f"ATTACH '{path}' AS fresh")
    world.rows("COPY FROM DATABASE state TO fresh")
    world.rows("DETACH fresh")
    return file_size(path)


def stored(world: World, table: str) -> int:
    """The rows that a table takes place for, also those that are deleted."""
    ((rows,),) = world.rows(
        f"""SELECT coalesce(sum(count), 0) FROM pragma_storage_info('state.{table}')
        WHERE column_id = 0 AND segment_type <> 'VALIDITY'"""
    )
    return int(rows)


def test_the_file_holds_what_its_logs_hold_and_little_else(world: World, tmp_path: Path) -> None:
    run(world, TICKS)
    ((moves,),) = world.rows("SELECT count(*) FROM state.journal")
    assert moves > TICKS * CONTACTS / 2
    rows = fresh_size(world, tmp_path / "fresh.duckdb")
    assert file_size(tmp_path / "state.duckdb") <= rows + SLACK + LOG
    for table in ("instance", "attribute", "membership"):
        ((alive,),) = world.rows(f"SELECT count(*) FROM state.{table}")
        # what was deleted since the log was taken into the file the last time is still there
        assert stored(world, table) <= 2 * alive + LOG / 100 + ROW_GROUP, table
    world.rows("DETACH state")
    assert file_size(tmp_path / "state.duckdb") <= rows + SLACK


def test_it_does_so_too_when_each_tick_is_a_process_of_its_own(world: World, tmp_path: Path) -> None:
    path = tmp_path / "state.duckdb"
    start = instant("2026-01-01 01:00")
    for number in range(TICKS // 2):
        world.executor.tick(start + timedelta(hours=number))
        world.rows("DETACH state")
        world.engine.attach_state(path)
        world.restart()
    rows = fresh_size(world, tmp_path / "fresh.duckdb")
    world.rows("DETACH state")
    assert file_size(path) <= rows + SLACK


def test_ticks_in_which_nothing_happens_take_a_line_of_the_log_each(world: World, tmp_path: Path) -> None:
    run(world, 1)
    world.rows("CHECKPOINT state")
    before = file_size(tmp_path / "state.duckdb")
    for number in range(TICKS):
        world.executor.tick(instant("2026-01-01 01:00") + timedelta(seconds=number + 1))
    world.rows("CHECKPOINT state")
    assert file_size(tmp_path / "state.duckdb") <= before + MEGABYTE + 100 * TICKS


def test_these_tests_would_see_it_if_nothing_were_ever_taken_back(world: World, tmp_path: Path) -> None:
    world.rows("SET wal_autocheckpoint = '1TB'")
    run(world, TICKS)
    rows = fresh_size(world, tmp_path / "fresh.duckdb")
    assert file_size(tmp_path / "state.duckdb") > rows + SLACK + LOG
    # each row in the log takes some 100 bytes
    assert stored(world, "instance") > 2 * CONTACTS + LOG / 100 + ROW_GROUP
