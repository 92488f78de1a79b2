"""When goals and `leave when` are looked at: as an event of the contact arrives, and before a step moves the run (T6).

Found by the differential tests (D3, D4, D5)."""

from world import World


def carts(text: str, **values: object) -> World:
    """Ann puts something into her cart at 10:15, which she has done already at the first tick of interest, 10:20."""
    world = World(text)
    world.contact("ann", **values)
    world.tick("2026-03-01 09:00")
    world.event("cart", "ann", "2026-03-01 10:15")
    world.tick("2026-03-01 10:20")
    return world


SLEEPY = """
journey sleepy
    enter on cart
    leave when no cart in last 30 minutes as asleep
    wait until {condition} up to 3 hours
        then
            exit seen
        otherwise
            exit awake
"""


def test_t6_the_hour_looks_at_the_condition_that_is_waited_for_and_at_nothing_else() -> None:
    world = carts(SLEEPY.format(condition="has visit since entry"))
    world.tick("2026-03-01 11:00", "2026-03-01 12:30")
    assert world.exits() == []


def test_t6_who_leaves_leaves_before_the_condition_moves_him() -> None:
    world = carts(SLEEPY.format(condition="no cart in last 1 hour"))
    world.tick("2026-03-01 11:00", "2026-03-01 12:30")
    assert world.exits() == [("ann", "asleep", "2026-03-01 12:30")]


def test_t6_who_leaves_leaves_before_the_end_of_the_wait_moves_him() -> None:
    world = carts(SLEEPY.format(condition="has visit since entry"))
    world.tick("2026-03-01 11:00", "2026-03-01 13:20")
    assert world.exits() == [("ann", "asleep", "2026-03-01 13:20")]


def test_t6_an_event_of_the_contact_has_leaving_looked_at() -> None:
    world = carts(SLEEPY.format(condition="has visit since entry"))
    world.event("click", "ann", "2026-03-01 11:30")
    world.tick("2026-03-01 11:00", "2026-03-01 11:40")
    assert world.exits() == [("ann", "asleep", "2026-03-01 11:40")]


def test_t6_leaving_is_not_looked_at_in_the_middle_of_a_tick() -> None:
    world = carts(
        """
        journey watch
            enter on cart
            leave when vip as important
            set vip to yes
            wait until vip up to 1 day
                then
                    wait 1 hour
                    exit seen
        """,
        vip=False,
    )
    assert world.exits() == []
    world.tick("2026-03-01 11:20")
    assert world.exits() == [("ann", "important", "2026-03-01 11:20")]


def test_t6_a_goal_about_the_contact_is_looked_at_with_every_event() -> None:
    world = carts(
        """
        journey watch
            enter on cart
            goal bought: order[contact.vip] within 1 day
            wait 1 hour
            set vip to yes
            wait 2 days
        """,
        vip=False,
    )
    world.event("order", "ann", "2026-03-01 10:30")
    world.tick("2026-03-01 10:40", "2026-03-01 11:20")
    assert world.exits() == []
    world.event("visit", "ann", "2026-03-01 12:00")
    world.tick("2026-03-01 12:10")
    assert world.exits() == [("ann", "bought", "2026-03-01 12:10")]
