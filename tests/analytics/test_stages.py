"""The flow through a lifecycle: against counts worked out by hand, and what a flow must add up to."""

from world import World, instant

from parcours.analytics.stages import NONE, Flow, flow

TEXT = """
lifecycle buyer
    new: first order.at in last 30 days
    active: has order in last 60 days
    lost: has order

journey any
    enter on becoming new
    exit done
"""


def _flow(world: World, *dates: str) -> Flow:
    group = world.project.journeys[0].enter.trigger.group  # type: ignore[union-attr]
    return flow(world.engine, world.project, group, [instant(date) for date in dates])


def _world() -> World:
    world = World(TEXT)
    for contact in ("ann", "bob", "cid"):
        world.contact(contact)
    world.contact("dan", known_since="2026-02-15 00:00")
    world.event("order", "ann", "2026-01-20 00:00")
    world.event("order", "ann", "2026-03-10 00:00")
    world.event("order", "bob", "2025-11-25 00:00")
    world.event("order", "dan", "2026-02-15 00:00", loaded="2026-03-02 00:00")
    return world


def test_everybody_is_somewhere_and_comes_from_somewhere() -> None:
    found = _flow(_world(), "2026-01-01 00:00", "2026-02-01 00:00", "2026-03-01 00:00", "2026-04-01 00:00")
    assert found.stages == ("new", "active", "lost", NONE)
    assert found.counts == (
        {"active": 1, NONE: 2},
        {"new": 1, "lost": 1, NONE: 1},
        {"active": 1, "lost": 1, NONE: 2},  # dan is known, and his order is not yet
        {"active": 2, "lost": 1, NONE: 1},
    )
    assert found.moves == (
        {("active", "lost"): 1, (NONE, "new"): 1, (NONE, NONE): 1},
        {("new", "active"): 1, ("lost", "lost"): 1, (NONE, NONE): 1, (None, NONE): 1},
        {("active", "active"): 1, ("lost", "lost"): 1, (NONE, NONE): 1, (NONE, "active"): 1},
    )
    assert found.all_moves()[NONE, NONE] == 3


def test_what_moves_adds_up_to_what_is_there() -> None:
    found = _flow(_world(), *(f"2026-{month:02}-01 00:00" for month in range(1, 7)))
    for before, now, moves in zip(found.counts, found.counts[1:], found.moves, strict=False):
        for stage in found.stages:
            assert sum(n for (past, _), n in moves.items() if past == stage) == before.get(stage, 0)
            assert sum(n for (_, present), n in moves.items() if present == stage) == now.get(stage, 0)


def test_nobody_is_in_no_stage_when_the_lifecycle_takes_everybody() -> None:
    world = World(TEXT.replace("lost: has order", "lost: otherwise"))
    world.contact("ann")
    found = _flow(world, "2026-01-01 00:00")
    assert (found.stages, found.counts, found.moves) == (("new", "active", "lost"), ({"lost": 1},), ())


def test_without_contacts_nothing_flows() -> None:
    found = _flow(World(TEXT), "2026-01-01 00:00", "2026-02-01 00:00")
    assert (found.counts, found.moves) == (({}, {}), ({},))
