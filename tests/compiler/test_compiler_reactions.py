"""The events that a report on messages counts, gathered into one table."""

from collections.abc import Iterator

import pytest
from world import World, instant

from parcours.compiler.reactions import Told, reactions


@pytest.fixture
def world() -> Iterator[World]:
    made = World("journey j\n    enter on cart\n    send hello by email\n")
    made.contact("ann")
    yield made
    made.close()


def rows(world: World, *told: Told) -> list[tuple[object, ...]]:
    statement = reactions(told)
    values = {"first": instant("2026-03-01 00:00"), "now": instant("2026-03-02 00:00")}
    world.engine.run(statement, {name: values[name] for name in statement.parameters})
    return world.rows('SELECT kind, contact, "at"::VARCHAR, cause, channel FROM _reaction ORDER BY ALL')


def test_what_happened_in_time_and_was_known_in_time_is_there(world: World) -> None:
    for at, known in (
        ("2026-02-28 23:59", "2026-03-01 12:00"),
        ("2026-03-01 00:00", "2026-03-02 00:00"),
        ("2026-03-01 10:00", "2026-03-02 00:01"),
    ):
        world.event("opt_out", "ann", at, loaded=known, channel="email")
    assert rows(world, Told("opt_out", "opt_out", names_send=False, channel="channel")) == [
        ("opt_out", "ann", "2026-03-01 00:00:00", None, "email")
    ]


def test_a_kind_may_be_told_by_an_event_of_another_name(world: World) -> None:
    world.event("visit", "ann", "2026-03-01 10:00")
    world.event("complaint", "ann", "2026-03-01 11:00")
    told = (Told("open", "visit", False, None), Told("complaint", "complaint", False, None))
    assert [(row[0], row[2]) for row in rows(world, *told)] == [
        ("complaint", "2026-03-01 11:00:00"),
        ("open", "2026-03-01 10:00:00"),
    ]


def test_without_such_events_the_table_is_empty(world: World) -> None:
    assert rows(world) == []
