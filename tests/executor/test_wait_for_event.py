"""Waits for an event: T15, and what `event.x` and `entry.x` are afterwards."""

from dataclasses import replace

import pytest
from world import World

from parcours.checking import checked
from parcours.clock.span import Span

WAIT = """
    journey j
        enter on cart
        wait for order[amount > 10] up to 2 hours
            then
                exit bought
            otherwise
                exit waited
"""


def waiting(text: str = WAIT) -> World:
    """Ann came to her wait at 10:00: it lasts until 12:00."""
    world = World(text)
    world.contact("ann")
    world.event("cart", "ann", "2026-03-01 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    return world


def test_t15_an_event_within_the_time_wins_in_the_tick_in_which_it_is_visible() -> None:
    world = waiting()
    world.event("order", "ann", "2026-03-01 10:30", amount=20)
    world.tick("2026-03-01 11:00")
    assert world.exits() == [("ann", "bought", "2026-03-01 11:00")]


def test_t15_without_an_event_the_wait_ends_at_its_time_and_not_before() -> None:
    world = waiting()
    world.tick("2026-03-01 11:59:59.999999")
    assert world.exits() == []
    world.tick("2026-03-01 12:00")
    assert world.exits() == [("ann", "waited", "2026-03-01 12:00")]


def test_t15_an_event_exactly_at_the_end_of_the_time_still_wins() -> None:
    world = waiting()
    world.event("order", "ann", "2026-03-01 12:00", amount=20)
    world.tick("2026-03-01 12:00")
    assert world.exits() == [("ann", "bought", "2026-03-01 12:00")]


def test_t15_an_event_after_the_time_does_not_win_however_late_the_tick_runs() -> None:
    world = waiting()
    world.event("order", "ann", "2026-03-01 12:00:00.000001", amount=20)
    world.tick("2026-03-01 15:00")
    assert world.exits() == [("ann", "waited", "2026-03-01 15:00")]


def test_t15_an_event_within_the_time_wins_however_late_the_tick_runs() -> None:
    world = waiting()
    world.event("order", "ann", "2026-03-01 11:59", amount=20)
    world.tick("2026-03-04 00:00")
    assert world.exits() == [("ann", "bought", "2026-03-04 00:00")]


def test_t15_an_event_at_the_very_arrival_or_before_it_does_not_count() -> None:
    world = World(WAIT)
    world.contact("ann")
    world.event("cart", "ann", "2026-03-01 10:00")
    world.event("order", "ann", "2026-03-01 09:00", amount=20)
    world.event("order", "ann", "2026-03-01 10:00", amount=20)
    world.tick("2026-03-01 00:00", "2026-03-01 10:00", "2026-03-01 11:00", "2026-03-01 12:00")
    assert world.exits() == [("ann", "waited", "2026-03-01 12:00")]


def test_t15_an_event_that_is_not_the_one_waited_for_changes_nothing() -> None:
    world = waiting()
    world.event("order", "ann", "2026-03-01 10:30", amount=5)
    world.event("order", "ann", "2026-03-01 10:31")  # E1: an unknown amount is not above 10
    world.event("click", "ann", "2026-03-01 10:32")
    before = world.where("ann")
    world.tick("2026-03-01 11:00")
    assert world.where("ann") == before == [("1 wait for order", "2026-03-01 12:00")]


def test_t15_an_event_visible_only_after_otherwise_was_taken_changes_nothing() -> None:
    world = waiting()
    world.event("order", "ann", "2026-03-01 10:30", loaded="2026-03-01 12:30", amount=20)
    world.tick("2026-03-01 12:00", "2026-03-01 13:00")
    assert world.exits() == [("ann", "waited", "2026-03-01 12:00")]


def test_t15_an_event_loaded_late_wins_when_the_tick_comes_later_still() -> None:
    world = waiting()
    world.event("order", "ann", "2026-03-01 10:30", loaded="2026-03-01 12:30", amount=20)
    world.tick("2026-03-01 13:00")
    assert world.exits() == [("ann", "bought", "2026-03-01 13:00")]


def test_t15_the_wait_in_days_ends_by_the_contacts_clock() -> None:
    world = World(WAIT.replace("2 hours", "1 day"), zone="Europe/Paris")
    for name in ("in_time", "too_late"):
        world.contact(name)
        world.event("cart", name, "2026-03-28 08:00")
    # 09:00 in Paris again, 23 hours later: the night in which summer time begins
    world.event("order", "in_time", "2026-03-29 07:00", amount=20)
    world.event("order", "too_late", "2026-03-29 07:00:01", amount=20)
    world.tick("2026-03-28 00:00", "2026-03-28 08:00", "2026-03-30 00:00")
    assert world.exits() == [
        ("in_time", "bought", "2026-03-30 00:00"),
        ("too_late", "waited", "2026-03-30 00:00"),
    ]


SINCE_ENTRY = """
    journey j
        enter on cart
        wait 3 hours
        wait for order since entry up to 2 hours
            then
                exit bought
            otherwise
                exit waited
"""


def test_t15_since_entry_an_event_that_came_before_the_wait_began_wins_at_once() -> None:
    world = waiting(SINCE_ENTRY)
    world.event("order", "ann", "2026-03-01 11:00")
    world.tick("2026-03-01 11:00")
    assert world.exits() == []
    world.tick("2026-03-01 13:00")
    assert world.exits() == [("ann", "bought", "2026-03-01 13:00")]


def test_t15_since_entry_begins_with_the_instant_of_entry_itself() -> None:
    world = World(SINCE_ENTRY)
    for name, at in (("with_entry", "2026-03-01 10:00"), ("before", "2026-03-01 09:59:59")):
        world.contact(name)
        world.event("cart", name, "2026-03-01 10:00")
        world.event("order", name, at)
    world.tick("2026-03-01 00:00", "2026-03-01 10:00", "2026-03-01 13:00", "2026-03-01 15:00")
    assert world.exits() == [
        ("with_entry", "bought", "2026-03-01 13:00"),
        ("before", "waited", "2026-03-01 15:00"),
    ]


def test_t15_since_entry_an_event_during_the_wait_wins_too_and_one_after_it_does_not() -> None:
    world = World(SINCE_ENTRY)
    for name, at in (("in_time", "2026-03-01 15:00"), ("too_late", "2026-03-01 15:00:01")):
        world.contact(name)
        world.event("cart", name, "2026-03-01 10:00")
        world.event("order", name, at)
    world.tick("2026-03-01 00:00", "2026-03-01 10:00", "2026-03-01 13:00", "2026-03-01 18:00")
    assert world.exits() == [
        ("in_time", "bought", "2026-03-01 18:00"),
        ("too_late", "waited", "2026-03-01 18:00"),
    ]


@pytest.mark.parametrize(("since", "then"), [("", "waited"), (" since entry", "bought")])
def test_t15_a_wait_of_no_time_is_decided_at_once(since: str, then: str) -> None:
    world = World(WAIT.replace("order[amount > 10]", f"order{since}"))
    # the checker takes no such wait; should one come to be, nobody may be lost in it
    (journey,) = world.project.journeys
    (wait, *others) = journey.steps
    assert isinstance(wait, checked.WaitEvent)
    steps = (replace(wait, up_to=Span(0, "hour")), *others)
    world.project = replace(world.project, journeys=(replace(journey, steps=steps),))
    world.contact("ann")
    for kind in ("cart", "order"):
        world.event(kind, "ann", "2026-03-01 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    assert world.exits() == [("ann", then, "2026-03-01 10:00")]


NAMED = """
    journey j
        enter on cart
        wait for order up to 1 day
            then
                if event.amount = 5 and event.cart_id = "first" and entry.cart_id = "c1"
                    exit the_first
                exit another
        wait for visit up to 1 day
            then
                exit visited
        if entry.cart_id = "c1" and entry.at = event.at and event.total = 7.50
            exit still_the_cart
        exit lost
"""


def test_t15_of_two_events_in_one_tick_the_first_in_time_is_the_one_that_woke() -> None:
    world = World(NAMED)
    world.contact("ann")
    world.event("cart", "ann", "2026-03-01 10:00", cart_id="c1", total=7.5)
    world.event("order", "ann", "2026-03-01 12:00", amount=99, cart_id="second")
    world.event("order", "ann", "2026-03-01 11:00", amount=5, cart_id="first")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00", "2026-03-01 13:00")
    assert world.exits() == [("ann", "the_first", "2026-03-01 13:00")]


def test_t15_of_two_events_at_one_instant_the_first_by_id_is_the_one_that_woke() -> None:
    world = World(NAMED)
    world.contact("ann")
    world.event("cart", "ann", "2026-03-01 10:00", cart_id="c1", total=7.5)
    world.event("order", "ann", "2026-03-01 11:00", event_id="b", amount=99, cart_id="second")
    world.event("order", "ann", "2026-03-01 11:00", event_id="a", amount=5, cart_id="first")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00", "2026-03-01 13:00")
    assert world.exits() == [("ann", "the_first", "2026-03-01 13:00")]


def test_t15_when_no_event_woke_the_instance_the_entry_is_what_it_knows() -> None:
    world = World(NAMED)
    world.contact("ann")
    world.event("cart", "ann", "2026-03-01 10:00", cart_id="c1", total=7.5)
    world.tick("2026-03-01 00:00", "2026-03-01 10:00", "2026-03-02 10:00", "2026-03-03 10:00")
    assert world.exits() == [("ann", "still_the_cart", "2026-03-03 10:00")]


def test_t15_the_second_wait_knows_its_own_event_and_not_the_first_waits() -> None:
    world = World("""
        journey j
            enter on signup
            wait for order up to 1 day
                then
                    wait for order up to 1 day
                        then
                            if event.amount = 2 and event.cart_id is unknown
                                exit the_second
            exit another
    """)
    world.contact("ann")
    world.event("signup", "ann", "2026-03-01 10:00")
    world.event("order", "ann", "2026-03-01 11:00", amount=1, cart_id="one")
    world.event("order", "ann", "2026-03-01 12:00", amount=2)
    world.tick("2026-03-01 00:00", "2026-03-01 10:00", "2026-03-01 11:00", "2026-03-01 12:00")
    assert world.exits() == [("ann", "the_second", "2026-03-01 12:00")]


def test_t15_an_order_that_ended_one_wait_cannot_end_the_next_that_began_in_a_late_tick() -> None:
    world = World("""
        journey j
            enter on signup
            wait for order up to 1 day
            wait for order up to 1 day
                then
                    exit twice
            exit once_only
    """)
    world.contact("ann")
    world.event("signup", "ann", "2026-03-01 10:00")
    world.event("order", "ann", "2026-03-01 11:00")
    world.event("order", "ann", "2026-03-01 12:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00", "2026-03-01 13:00", "2026-03-02 13:00")
    # both came before the second wait began at 13:00: `arrived < at`
    assert world.exits() == [("ann", "once_only", "2026-03-02 13:00")]
