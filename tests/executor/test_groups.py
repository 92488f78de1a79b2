"""Entries on joining, leaving and becoming: T10."""

from datetime import date

import pytest
from world import World

VIPS = """
    segment vips
        {refresh}points >= 100

    journey j
        enter on {trigger}
            again
        exit done
"""


def vips(trigger: str = "joining vips", refresh: str = "", zone: str = "UTC", **points: int) -> World:
    line = f"refresh every {refresh}\n        " if refresh else ""
    world = World(VIPS.format(trigger=trigger, refresh=line), zone=zone)
    for name, value in points.items():
        world.contact(name, points=value)
    return world


def earn(world: World, name: str, points: int | None) -> None:
    world.rows("UPDATE contact SET points = ? WHERE _contact = ?", points, name)


def test_t10_the_first_refresh_is_the_base_line_and_starts_nobody() -> None:
    world = vips(ann=500, bob=5)
    world.tick("2026-03-01 00:00", "2026-03-01 01:00", "2026-03-01 02:00")
    assert (world.entered(), world.refused()) == ([], [])


def test_t10_who_joins_after_the_base_line_enters_at_the_next_refresh_and_once() -> None:
    world = vips(ann=500, bob=5)
    world.tick("2026-03-01 00:00")
    earn(world, "bob", 100)
    world.tick("2026-03-01 00:59", "2026-03-01 01:00", "2026-03-01 02:00")
    assert world.entered() == [("bob", "2026-03-01 01:00")]


def test_t10_including_members_takes_those_of_the_base_line_too() -> None:
    world = vips("joining vips, including members", ann=500, bob=5)
    world.tick("2026-03-01 00:00", "2026-03-01 01:00")
    assert world.entered() == [("ann", "2026-03-01 00:00")]


def test_t10_including_members_holds_for_a_journey_that_is_added_to_a_segment_known_before() -> None:
    world = vips(ann=500, bob=5)
    world.tick("2026-03-01 00:00", "2026-03-01 01:00")
    world.restart(
        VIPS.format(trigger="joining vips", refresh="")
        + """
    journey k
        enter on joining vips, including members
        exit taken_along
    """
    )
    world.tick("2026-03-01 01:10", "2026-03-01 02:00", "2026-03-01 03:00")
    assert world.exits() == [("ann", "taken_along", "2026-03-01 01:10")]


def test_t10_the_new_base_line_of_an_edited_segment_starts_nobody_even_with_its_members() -> None:
    # O5 of the oracle's findings: the members are taken along in the journey's own first tick, and never again
    text = VIPS.format(trigger="joining vips, including members", refresh="")
    world = vips("joining vips, including members", ann=500, bob=50)
    world.tick("2026-03-01 00:00")
    world.restart(text.replace("100", "10"))
    world.tick("2026-03-01 01:00", "2026-03-01 02:00")
    assert world.entered() == [("ann", "2026-03-01 00:00")]
    earn(world, "bob", 5)
    world.tick("2026-03-01 03:00")
    earn(world, "bob", 50)
    world.tick("2026-03-01 04:00")
    assert world.entered() == [("ann", "2026-03-01 00:00"), ("bob", "2026-03-01 04:00")]


def test_t10_an_unknown_membership_is_none() -> None:
    world = vips(ann=500)
    world.tick("2026-03-01 00:00")
    earn(world, "ann", None)  # E1: unknown is no
    world.tick("2026-03-01 01:00")
    earn(world, "ann", 500)
    world.tick("2026-03-01 02:00")
    assert world.entered() == [("ann", "2026-03-01 02:00")]


def test_t10_a_segment_that_flickers_starts_each_joining_seen_by_a_refresh_and_no_other() -> None:
    world = vips(ann=5)
    world.tick("2026-03-01 00:00")
    for at, points in (
        ("00:10", 500),  # in and out again before the refresh: nobody saw it
        ("00:20", 5),
        ("01:00", 500),  # seen
        ("01:10", 5),
        ("01:20", 500),  # out and in again between two refreshes: no change
        ("02:00", 500),
        ("03:00", 5),
        ("04:00", 500),  # seen again
    ):
        earn(world, "ann", points)
        world.tick(f"2026-03-01 {at}")
    assert world.entered() == [("ann", "2026-03-01 01:00"), ("ann", "2026-03-01 04:00")]


def test_t10_leaving_is_the_other_way_round() -> None:
    world = vips("leaving vips", ann=500, bob=5)
    world.tick("2026-03-01 00:00")
    earn(world, "ann", 5)
    earn(world, "bob", 500)
    world.tick("2026-03-01 01:00")
    assert world.entered() == [("ann", "2026-03-01 01:00")]


def test_t10_a_contact_who_becomes_known_later_joins_then() -> None:
    world = vips(ann=5)
    world.contact("new", points=500, known_since="2026-03-01 00:30")
    world.tick("2026-03-01 00:00", "2026-03-01 01:00")
    assert world.entered() == [("new", "2026-03-01 01:00")]


def test_t10_the_default_is_the_first_tick_of_each_hour() -> None:
    world = vips(ann=5)
    world.tick("2026-03-01 00:40")
    earn(world, "ann", 500)
    world.tick("2026-03-01 00:59:59")
    assert world.entered() == []
    world.tick("2026-03-01 01:20")
    earn(world, "ann", 5)
    world.tick("2026-03-01 01:40")
    refreshes = world.rows("SELECT strftime(refreshed_at, '%H:%M') FROM state.refresh ORDER BY 1")
    assert refreshes == [("00:40",), ("01:20",)]


@pytest.mark.parametrize(
    ("refresh", "ticks", "expected"),
    [
        # midnight of Paris is 23:00 UTC in winter
        ("1 day", ["2026-03-01 12:00", "2026-03-01 22:59", "2026-03-01 23:00", "2026-03-02 22:00"], [0, 2]),
        # weeks and months begin at that midnight too
        ("1 month", ["2026-03-15 12:00", "2026-03-31 21:59", "2026-03-31 22:00", "2026-04-30 21:00"], [0, 2]),
        # 2026-03-02 is a monday
        ("1 week", ["2026-02-25 12:00", "2026-03-01 22:59", "2026-03-01 23:00", "2026-03-08 22:59"], [0, 2]),
        (
            "30 minutes",
            ["2026-03-01 12:10", "2026-03-01 12:29", "2026-03-01 12:31", "2026-03-01 13:00"],
            [0, 2, 3],
        ),
        ("6 hours", ["2026-03-01 05:00", "2026-03-01 05:59", "2026-03-01 06:00", "2026-03-01 11:59"], [0, 2]),
    ],
)
def test_t10_refresh_every_changes_that_in_the_projects_zone(
    refresh: str, ticks: list[str], expected: list[int]
) -> None:
    world = vips(refresh=refresh, zone="Europe/Paris", ann=5)
    world.tick(*ticks)
    found = world.rows(
        "SELECT tick FROM state.refresh JOIN state.tick ON ticked_at = refreshed_at ORDER BY 1"
    )
    assert [number for (number,) in found] == expected


STAGES = """
    lifecycle customer
        lost: points < 0
        new: points = 0
        active: points >= 1

    journey j
        enter on becoming {stage}
            again
        exit done
"""


def test_t10_becoming_a_stage_is_a_change_into_it_from_any_other() -> None:
    world = World(STAGES.format(stage="active"))
    for name, points in (("was", 9), ("new", 0), ("lost", -1), ("none", None)):
        world.contact(name, points=points)
    world.tick("2026-03-01 00:00")
    world.rows("UPDATE contact SET points = 5")
    world.tick("2026-03-01 01:00")
    assert [name for name, _ in world.entered()] == ["lost", "new", "none"]


def test_t10_becoming_after_looks_at_the_stage_before() -> None:
    world = World(STAGES.format(stage="active after new"))
    for name, points in (("was", 9), ("new", 0), ("lost", -1), ("none", None)):
        world.contact(name, points=points)
    world.tick("2026-03-01 00:00")
    world.rows("UPDATE contact SET points = 5")
    world.tick("2026-03-01 01:00")
    assert [name for name, _ in world.entered()] == ["new"]


def test_t10_a_stage_is_the_first_line_that_holds() -> None:
    world = World("""
        lifecycle customer
            big: points >= 10
            any: points >= 1
            rest: otherwise

        journey j
            enter on cart
            if customer is big
                exit big
            if customer is any
                exit any
            if customer is rest
                exit rest
    """)
    for name, points in (("a", 10), ("b", 9), ("c", None)):
        world.contact(name, points=points)
        world.event("cart", name, "2026-03-01 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    assert [outcome for _, outcome, _ in world.exits()] == ["big", "any", "rest"]


def test_t10_time_alone_can_make_somebody_join() -> None:
    world = World("""
        segment quiet
            has order ever and no order in last 30 days

        journey j
            enter on joining quiet
            exit done
    """)
    world.contact("ann")
    world.event("order", "ann", "2026-03-01 10:00")
    world.tick("2026-03-01 11:00", "2026-03-31 09:00", "2026-03-31 10:00")
    assert world.entered() == [("ann", "2026-03-31 10:00")]


def test_t10_a_changed_definition_is_a_new_base_line() -> None:
    world = vips(ann=50, bob=500)
    world.tick("2026-03-01 00:00", "2026-03-01 01:00")
    world.restart(VIPS.format(trigger="joining vips", refresh="").replace(">= 100", ">= 20"))
    world.tick("2026-03-01 02:00")
    assert world.entered() == []
    earn(world, "bob", 5)
    earn(world, "ann", 5)
    world.tick("2026-03-01 03:00")
    earn(world, "ann", 20)
    world.tick("2026-03-01 04:00")
    assert world.entered() == [("ann", "2026-03-01 04:00")]


def test_t10_two_journeys_listen_to_one_segment() -> None:
    world = World("""
        segment young
            birth_date > 2000-01-01

        journey j
            enter on joining young
            exit one

        journey k
            enter on leaving young
            exit two
    """)
    world.contact("ann", birth_date=date(1990, 1, 1))
    world.contact("bob", birth_date=date(2005, 1, 1))
    world.tick("2026-03-01 00:00")
    world.rows("UPDATE contact SET birth_date = CASE _contact WHEN 'ann' THEN DATE '2005-01-01' END")
    world.tick("2026-03-01 01:00")
    assert world.exits() == [("ann", "one", "2026-03-01 01:00"), ("bob", "two", "2026-03-01 01:00")]
