"""A tick dies at each of its operations in turn, each time while it mends the death before: it is as if it had never been.

PARCOURS_CRASH_POINTS says at how many operations, spread over all; 0 is each of them."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from busy_world import TICKS, busy_world, change_points
from world import World, instant

from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.integrity import check_rows

POINTS = int(os.environ.get("PARCOURS_CRASH_POINTS", "4"))
BEFORE, TICK = TICKS[:9], TICKS[9]


class Killed(BaseException):
    """The process is gone."""


class Mortal(DuckDBEngine):
    """Dies before an operation of the store, or of the datamart: those before it have happened."""

    left = 0
    done = 0

    def _execute(self, text: Any, values: Any) -> list[tuple[Any, ...]]:
        self.done += 1
        if self.done == self.left:
            raise Killed
        return super()._execute(text, values)


@pytest.fixture
def world() -> Iterator[World]:
    """A tick is to come that has something of everything to do."""
    world = busy_world()
    world.tick(*BEFORE)
    change_points(world)
    yield world
    world.close()


def anew(world: World) -> Mortal:
    """Another process begins on the same state, and takes it as it finds it."""
    world.engine = engine = Mortal(world.connection)
    world.restart()
    engine.done = 0
    return engine


def rows(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """The state without what the ticks cost."""
    return {name: found for name, found in world.state().items() if name != "cost"}


def copied(world: World, source: str, to: str) -> None:
    for name in world.state():
        world.rows(f"CREATE TABLE IF NOT EXISTS {to}.{name} AS FROM {source}.{name} LIMIT 0")
        world.rows(f"DELETE FROM {to}.{name}")
        world.rows(f"INSERT INTO {to}.{name} FROM {source}.{name}")


def test_whatever_the_operation_at_which_it_dies_it_has_never_been(world: World) -> None:
    world.rows("ATTACH ':memory:' AS kept")
    copied(world, "state", "kept")
    before, counted = rows(world), anew(world)
    result = world.executor.tick(instant(TICK))
    operations, undisturbed = counted.done, rows(world)
    assert min(result.entered, result.ended, result.granted, result.held, result.not_sent) > 0
    assert operations > 50
    copied(world, "kept", "state")
    assert rows(world) == before
    step = max(operations // POINTS, 1) if POINTS else 1
    for at in range(1, operations + 1, step):
        anew(world).left = at
        with pytest.raises(Killed):
            world.executor.tick(instant(TICK))
        assert rows(world) == before
        check_rows(world.engine, "memory")
    anew(world)
    assert world.executor.tick(instant(TICK)) == result
    assert rows(world) == undisturbed
