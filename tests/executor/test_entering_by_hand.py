"""Contacts who are asked into a journey by name (`enter by hand`, `parcours enter`)."""

import pytest
from world import World, instant

from parcours.diagnostics import Problem
from parcours.executor.entering import enter

HAND = """
journey j
    enter by hand
        if vip
    send hello by email
"""


def test_whoever_is_asked_in_enters_with_the_next_tick() -> None:
    world = World(HAND)
    for name, vip in (("ann", True), ("bob", False)):
        world.contact(name, vip=vip)
    world.tick("2026-03-01 00:00")
    enter(world.executor, instant("2026-03-01 10:00"), "j", ["ann", "bob", "ann"])
    world.tick("2026-03-01 11:00", "2026-03-01 12:00")
    assert world.entered() == [("ann", "2026-03-01 11:00")]
    assert world.refused() == [("bob", "not_eligible", "2026-03-01 11:00")]
    assert world.rows("SELECT entry_at::VARCHAR FROM state.ended") == [("2026-03-01 10:00:00",)]


def test_t8_whoever_is_asked_in_twice_enters_once() -> None:
    world = World(HAND)
    world.contact("ann", vip=True)
    world.tick("2026-03-01 00:00")
    enter(world.executor, instant("2026-03-01 10:00"), "j", ["ann"])
    enter(world.executor, instant("2026-03-01 10:30"), "j", ["ann"])
    world.tick("2026-03-01 11:00")
    assert world.messages() == ["hello"]
    assert world.refused() == [("ann", "same_tick", "2026-03-01 11:00")]


def test_a_stranger_is_said_and_nobody_is_asked() -> None:
    world = World(HAND)
    world.contact("ann", vip=True)
    world.tick("2026-03-01 00:00")
    with pytest.raises(Problem) as caught:
        enter(world.executor, instant("2026-03-01 10:00"), "j", ["ann", "zoe"])
    assert [d.code for d in caught.value.diagnostics] == ["unknown-contact"]
    world.tick("2026-03-01 11:00")
    assert world.entered() == []
