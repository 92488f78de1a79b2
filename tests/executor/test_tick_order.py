"""The order inside a tick: T5, T6, goals and `leave when`."""

import pytest
from world import World

BUYING = """
    journey j
        enter on cart
        goal bought: order within 1 day
        wait 2 hours
        send hello by email
        wait 10 days
"""


def in_cart(text: str = BUYING, **values: object) -> World:
    """Ann filled a cart at 10:00 and waits until 12:00."""
    world = World(text)
    world.contact("ann", **values)
    world.event("cart", "ann", "2026-03-01 10:00", cart_id="c1")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    return world


def test_t6_a_goal_in_the_tick_in_which_a_step_is_due_beats_the_step() -> None:
    """T6: a goal or `leave when` of the same tick beats the step that was due."""
    world = in_cart()
    world.event("order", "ann", "2026-03-01 12:00")
    world.tick("2026-03-01 12:00")
    assert world.exits() == [("ann", "bought", "2026-03-01 12:00")]
    assert world.sent() == []


def test_t6_a_goal_that_comes_after_the_due_time_still_beats_the_step_of_a_late_tick() -> None:
    """T6: a goal or `leave when` of the same tick beats the step that was due."""
    world = in_cart()
    world.event("order", "ann", "2026-03-01 13:00")
    world.tick("2026-03-01 14:00")
    assert (world.exits(), world.sent()) == ([("ann", "bought", "2026-03-01 14:00")], [])


def test_t6_a_goal_ends_a_run_in_the_middle_of_its_wait() -> None:
    """T6: a goal or `leave when` of the same tick beats the step that was due."""
    world = in_cart()
    world.event("order", "ann", "2026-03-01 10:30")
    world.tick("2026-03-01 11:00")
    assert world.exits() == [("ann", "bought", "2026-03-01 11:00")]


def test_t6_in_the_tick_of_entry_itself_a_goal_beats_the_first_step() -> None:
    """T6: a goal or `leave when` of the same tick beats the step that was due."""
    # a coarse tick: cart at 10:00, order at 11:00, tick at 12:00
    world = World("""
        journey j
            enter on cart
            goal bought: order
            send hello by email
    """)
    world.contact("ann")
    world.event("cart", "ann", "2026-03-01 10:00")
    world.event("order", "ann", "2026-03-01 11:00")
    world.tick("2026-03-01 00:00", "2026-03-01 12:00")
    assert world.entered() == [("ann", "2026-03-01 12:00")]
    assert world.exits() == [("ann", "bought", "2026-03-01 12:00")]
    assert world.sent() == []


def test_t6_in_the_tick_of_entry_itself_leave_when_beats_the_first_step() -> None:
    """T6: a goal or `leave when` of the same tick beats the step that was due."""
    world = World("""
        journey j
            enter on cart
            leave when has complaint since entry as angry
            send hello by email
    """)
    for name in ("ann", "bob"):
        world.contact(name)
        world.event("cart", name, "2026-03-01 10:00")
    world.event("complaint", "ann", "2026-03-01 11:00")
    world.tick("2026-03-01 00:00", "2026-03-01 12:00")
    assert world.exits() == [("ann", "angry", "2026-03-01 12:00"), ("bob", "finished", "2026-03-01 12:00")]
    assert [contact for contact, *_ in world.sent()] == ["bob"]


def test_t6_leave_when_is_looked_at_whenever_an_event_of_the_contact_arrives() -> None:
    """T6: a goal or `leave when` of the same tick beats the step that was due."""
    world = in_cart(BUYING.replace("goal bought: order within 1 day", "leave when has visit since entry"))
    world.tick("2026-03-01 10:20")
    assert world.exits() == []
    world.event("visit", "ann", "2026-03-01 10:30")
    world.tick("2026-03-01 11:00")
    assert world.exits() == [("ann", "left", "2026-03-01 11:00")]


def test_t6_leave_when_of_an_attribute_is_looked_at_before_the_step_and_at_no_other_time() -> None:
    """T6: a goal or `leave when` of the same tick beats the step that was due."""
    world = in_cart(BUYING.replace("goal bought: order within 1 day", "leave when points > 10 as rich"))
    world.rows("UPDATE contact SET points = 11")
    world.tick("2026-03-01 11:00")
    assert world.exits() == []
    world.tick("2026-03-01 12:00")
    assert (world.exits(), world.sent()) == ([("ann", "rich", "2026-03-01 12:00")], [])


def test_t6_leave_when_of_an_attribute_is_looked_at_when_an_event_of_another_kind_arrives() -> None:
    """T6: a goal or `leave when` of the same tick beats the step that was due."""
    world = in_cart(BUYING.replace("goal bought: order within 1 day", "leave when points > 10 as rich"))
    world.rows("UPDATE contact SET points = 11")
    world.event("click", "ann", "2026-03-01 10:40")
    world.tick("2026-03-01 11:00")
    assert world.exits() == [("ann", "rich", "2026-03-01 11:00")]


def test_t6_an_unknown_leave_when_is_no_reason_to_leave() -> None:
    """T6: a goal or `leave when` of the same tick beats the step that was due."""
    world = in_cart(BUYING.replace("goal bought: order within 1 day", "leave when points > 10 as rich"))
    world.tick("2026-03-01 12:00")
    assert world.messages() == ["hello"]


def test_t5_a_goal_comes_before_leave_when() -> None:
    world = in_cart(
        BUYING.replace(
            "goal bought: order within 1 day",
            "leave when has order since entry as left_first\n        goal bought: order",
        )
    )
    world.event("order", "ann", "2026-03-01 10:30")
    world.tick("2026-03-01 11:00")
    assert world.exits() == [("ann", "bought", "2026-03-01 11:00")]


def test_t5_of_several_goals_the_first_that_is_written_counts() -> None:
    world = in_cart(
        BUYING.replace(
            "goal bought: order within 1 day", "goal big: order[amount > 100]\n        goal any: order"
        )
    )
    world.event("order", "ann", "2026-03-01 10:30", amount=5)
    world.event("order", "ann", "2026-03-01 10:40", amount=500)
    world.tick("2026-03-01 11:00")
    assert world.exits() == [("ann", "big", "2026-03-01 11:00")]


def test_t5_a_goal_beats_the_event_that_was_waited_for() -> None:
    world = in_cart("""
        journey j
            enter on cart
            goal bought: order
            wait for order up to 1 day
                then
                    send hello by email
    """)
    world.event("order", "ann", "2026-03-01 10:30")
    world.tick("2026-03-01 11:00")
    assert (world.exits(), world.sent()) == ([("ann", "bought", "2026-03-01 11:00")], [])


@pytest.mark.parametrize(
    ("ordered", "reached"),
    [
        ("2026-03-01 09:00", False),  # before the entry
        ("2026-03-01 10:00", False),  # with the entry: strictly after it
        ("2026-03-01 10:00:00.000001", True),
        ("2026-03-02 10:00", True),  # a day later to the microsecond
        ("2026-03-02 10:00:00.000001", False),
    ],
)
def test_t6_a_goal_needs_its_event_after_the_entry_and_within_its_time(ordered: str, reached: bool) -> None:
    """T6: a goal or `leave when` of the same tick beats the step that was due."""
    world = World(BUYING)
    world.contact("ann")
    world.event("cart", "ann", "2026-03-01 10:00")
    world.event("order", "ann", ordered)
    world.tick("2026-03-01 00:00", "2026-03-01 10:00", "2026-03-01 11:00", "2026-03-03 00:00")
    assert [outcome for _, outcome, _ in world.exits()] == (["bought"] if reached else [])


def test_e2_the_days_of_a_goal_are_exactly_24_hours() -> None:
    # Paris springs forward in the night: 24 hours after 10:00 it is 11:00
    world = World(BUYING.replace("wait 2 hours", "wait 5 days"), zone="Europe/Paris")
    for name, at in (("in_time", "2026-03-29 09:00"), ("too_late", "2026-03-29 09:00:01")):
        world.contact(name)
        world.event("cart", name, "2026-03-28 09:00")
        world.event("order", name, at)
    world.tick("2026-03-28 00:00", "2026-03-28 09:00", "2026-03-30 00:00")
    assert world.exits() == [("in_time", "bought", "2026-03-30 00:00")]


def test_e2_a_month_of_a_goal_is_a_calendar_step() -> None:
    world = World(BUYING.replace("within 1 day", "within 1 month").replace("wait 2 hours", "wait 5 months"))
    for name, at in (("in_time", "2026-02-28 10:00"), ("too_late", "2026-02-28 10:00:01")):
        world.contact(name)
        world.event("cart", name, "2026-01-31 10:00")
        world.event("order", name, at)
    world.tick("2026-01-31 00:00", "2026-01-31 10:00", "2026-03-10 00:00")
    assert world.exits() == [("in_time", "bought", "2026-03-10 00:00")]


def test_t6_a_goal_counts_from_the_instant_of_the_event_that_entered_not_from_the_tick() -> None:
    """T6: a goal or `leave when` of the same tick beats the step that was due."""
    world = World(BUYING)
    world.contact("ann")
    world.event("cart", "ann", "2026-03-01 10:00", loaded="2026-03-01 20:00")
    world.event("order", "ann", "2026-03-01 11:00", loaded="2026-03-01 21:00")
    world.tick("2026-03-01 00:00", "2026-03-01 20:00", "2026-03-01 21:00")
    assert world.exits() == [("ann", "bought", "2026-03-01 21:00")]


def test_t6_a_goal_speaks_of_the_entry_of_its_own_run() -> None:
    """T6: a goal or `leave when` of the same tick beats the step that was due."""
    world = World("""
        journey j
            enter on cart
                again
                per event.cart_id
            goal bought: order[cart_id = entry.cart_id]
            wait 5 days
    """)
    world.contact("ann")
    for key in ("a", "b"):
        world.event("cart", "ann", "2026-03-01 10:00", cart_id=key)
    world.event("order", "ann", "2026-03-01 10:30", cart_id="b")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00", "2026-03-01 11:00")
    assert world.exits() == [("ann", "bought", "2026-03-01 11:00")]
    assert world.rows("SELECT key FROM state.instance") == [("a",)]


def test_t5_an_opt_out_of_the_tick_is_in_force_before_its_messages() -> None:
    world = in_cart()
    world.event("opt_out", "ann", "2026-03-01 11:59", channel="email")
    world.tick("2026-03-01 12:00")
    assert world.sent() == []
    assert [(step, reason) for _, step, reason, *_ in world.not_sent()] == [("hello", "suppressed")]


def test_t5_instances_whose_branches_multiply_still_come_to_rest_in_one_tick() -> None:
    # more ways through than one statement holds: the journey is cut where it branches
    splits = "\n".join(
        f"""            split s{n}
                50% a
                50% b"""
        for n in range(9)
    )
    world = World(f"""
        journey j
            enter on cart
{splits}
            send hello by email
    """)
    for n in range(40):
        world.contact(f"c{n}")
        world.event("cart", f"c{n}", "2026-03-01 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    assert len(world.sent()) == len(world.exits()) == 40


def test_t7_what_a_tick_sends_is_one_message_for_each_send_on_the_way() -> None:
    world = World("""
        journey j
            enter on cart
            send hello by email
            send reminder by email
            send offer by email
    """)
    world.contact("ann")
    world.event("cart", "ann", "2026-03-01 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    assert sorted(world.messages()) == ["hello", "offer", "reminder"]
