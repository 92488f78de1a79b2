"""`wait until CONDITION up to TIME` (T16)."""

from world import World

TEXT = """
journey watch
    enter on cart
    wait until count of visit since entry >= 2 up to 2 days
        then
            exit seen
        otherwise
            exit gone
"""


def carts(text: str, **values: object) -> World:
    world = World(text)
    world.contact("ann", **values)
    world.tick("2026-03-01 09:00")
    world.event("cart", "ann", "2026-03-01 10:15")
    return world


def test_t16_a_condition_that_holds_on_arrival_is_no_wait() -> None:
    world = carts(TEXT)
    for minute in (16, 17):
        world.event("visit", "ann", f"2026-03-01 10:{minute}")
    world.tick("2026-03-01 10:20")
    assert world.exits() == [("ann", "seen", "2026-03-01 10:20")]


def test_t16_it_is_looked_at_when_an_event_of_the_contact_became_new() -> None:
    world = carts(TEXT)
    world.event("visit", "ann", "2026-03-01 10:16")
    world.event("visit", "ann", "2026-03-01 10:40")
    world.tick("2026-03-01 10:20", "2026-03-01 10:30", "2026-03-01 10:45")
    assert world.exits() == [("ann", "seen", "2026-03-01 10:45")]


def test_t16_what_time_alone_makes_true_is_noticed_in_the_first_tick_of_the_hour() -> None:
    world = carts("""
        journey sleepy
            enter on cart
            wait until no cart in last 30 minutes up to 1 day
                then
                    exit asleep
                otherwise
                    exit awake
    """)
    world.tick("2026-03-01 10:20", "2026-03-01 10:50", "2026-03-01 10:59", "2026-03-01 11:05")
    assert world.exits() == [("ann", "asleep", "2026-03-01 11:05")]


def test_t16_at_its_end_the_condition_is_looked_at_once_more() -> None:
    world = carts("""
        journey sleepy
            enter on cart
            wait until no cart in last 30 minutes up to 30 minutes
                then
                    exit asleep
                otherwise
                    exit awake
    """)
    world.tick("2026-03-01 10:20", "2026-03-01 10:50")
    assert world.exits() == [("ann", "asleep", "2026-03-01 10:50")]


def test_t16_without_it_the_wait_ends_at_its_time() -> None:
    world = carts(TEXT)
    world.tick("2026-03-01 10:15", "2026-03-01 12:00", "2026-03-03 10:14")
    assert world.exits() == []
    world.tick("2026-03-03 10:15")
    assert world.exits() == [("ann", "gone", "2026-03-03 10:15")]
