"""What the stages of a tick cost is kept where somebody measures, and is no part of what ticks mean."""

from itertools import count

from busy_world import TICKS, busy_world
from world import CATALOG, World, instant

from parcours.executor.costs import Costs
from parcours.executor.tick import Executor

TEXT = """
    journey j
        enter on cart
            again
        wait 1 hour
        send hello by email
"""


def measured() -> tuple[World, Executor]:
    """A world whose meter goes on by 10 microseconds of wall clock and 1 of CPU each time that it is asked."""
    world = World(TEXT)
    world.contact("ann")
    world.event("cart", "ann", "2026-03-01 10:00")
    asked = count()

    def meter() -> tuple[int, int]:
        times = next(asked)
        return times * 10, times

    return world, Executor(world.engine, world.project, CATALOG.contact_type, "memory", meter)


def test_a_tick_in_which_something_happens_keeps_what_each_stage_cost() -> None:
    world, executor = measured()
    for at in ("2026-03-01 09:00", "2026-03-01 10:00", "2026-03-01 11:00"):
        executor.tick(instant(at))
    found = world.rows("SELECT tick, stage, wall_us, cpu_us FROM state.cost ORDER BY rowid")
    assert [row for row in found if row[0] == 1] == [
        (1, "look", 10, 1),
        (1, "refresh", 10, 1),
        (1, "wake", 10, 1),
        (1, "enter", 10, 1),
        (1, "check", 20, 2),
        (1, "move", 10, 1),
        (1, "write", 10, 1),
        (1, "commit", 10, 1),
    ]
    # the send, and the exit behind it; the cost of this commit comes with the next tick
    assert {stage: wall for tick, stage, wall, _ in found if tick == 2} == {
        "look": 10,
        "refresh": 10,
        "wake": 10,
        "enter": 10,
        "check": 20,
        "move": 20,
        "arbitrate": 10,
        "write": 10,
    }


def test_an_empty_tick_keeps_no_costs() -> None:
    world, executor = measured()
    executor.tick(instant("2026-03-01 09:00"))
    executor.tick(instant("2026-03-01 09:30"))
    assert world.rows("FROM state.cost") == []


def test_the_cost_of_a_commit_is_kept_by_the_next_tick_that_keeps_costs() -> None:
    world, executor = measured()
    for at in ("2026-03-01 09:00", "2026-03-01 10:00", "2026-03-01 10:20", "2026-03-01 11:00"):
        executor.tick(instant(at))
    assert world.rows("SELECT tick FROM state.cost WHERE stage = 'commit'") == [(1,)]


def test_without_a_meter_nothing_is_kept_and_the_rest_is_the_same() -> None:
    """T3"""
    plain, timed = busy_world(), busy_world()
    asked = count()
    executor = Executor(
        timed.engine, timed.project, CATALOG.contact_type, "memory", lambda: (next(asked), next(asked))
    )
    for at in TICKS[:8]:
        plain.tick(at)
        executor.tick(instant(at))
    without, with_costs = plain.state(), timed.state()
    assert without.pop("cost") == [] and with_costs.pop("cost") != []
    assert without == with_costs


def test_costs_of_a_stage_add_up_and_begin_anew_with_each_tick() -> None:
    asked = count()
    costs = Costs(lambda: (2 * next(asked), 0))
    with costs.of("move"):
        pass
    with costs.of("move"):
        pass
    assert costs.rows(7) == [(7, "move", 4, 0)]
    with costs.of("commit"):
        pass
    costs.end(7)
    costs.begin()
    assert costs.rows(8) == [(7, "commit", 2, 0)]
