"""Several messages at once: P2 and P3."""

import pytest
from world import World

TWO = """
    journey a_low
        priority {low}
        enter on cart
        send hello by email

    journey b_high
        priority {high}
        enter on cart
        send offer by sms

    pressure
        at most 1 message per 1 day
"""


def test_p2_of_two_journeys_the_one_of_higher_priority_sends_and_the_other_is_held() -> None:
    world = World(TWO.format(low=10, high=70))
    world.contact("ann")
    world.event("cart", "ann", "2026-03-01 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    assert world.sent() == [("ann", "offer", "sms", "2026-03-01 10:00")]
    assert world.where("ann") == [("hello", "2026-03-02 10:00")]
    world.tick("2026-03-02 09:59:59", "2026-03-02 10:00")
    assert world.sent()[-1] == ("ann", "hello", "email", "2026-03-02 10:00")


def test_p2_of_equal_priority_the_name_of_the_journey_decides() -> None:
    world = World(TWO.format(low=50, high=50))
    world.contact("ann")
    world.event("cart", "ann", "2026-03-01 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    assert world.messages() == ["hello"]


def test_p2_a_priority_that_is_not_written_is_50() -> None:
    for other, first in ((49, "hello"), (51, "offer")):
        world = World(TWO.format(low="50", high=other).replace("        priority 50\n", ""))
        world.contact("ann")
        world.event("cart", "ann", "2026-03-01 10:00")
        world.tick("2026-03-01 00:00", "2026-03-01 10:00")
        assert world.messages() == [first]


def test_p3_each_later_candidate_sees_what_was_granted_before_it_in_the_same_tick() -> None:
    """P3: every contact's best candidate goes first, each later one seeing what was granted before."""
    world = World("""
        journey a
            priority 90
            enter on cart
            send hello by email

        journey b
            priority 80
            enter on cart
            send offer by email

        journey c
            priority 70
            enter on cart
            send reminder by sms

        journey d
            priority 60
            enter on cart
            send hello by push

        pressure
            at most 1 email per 1 day
            at most 2 messages per 1 day
    """)
    for name in ("ann", "bob"):
        world.contact(name)
        world.event("cart", name, "2026-03-01 10:00")
    world.rows("UPDATE contact SET email_opt_in = false WHERE _contact = 'bob'")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    assert [row[:3] for row in world.sent()] == [
        ("ann", "hello", "email"),
        ("ann", "reminder", "sms"),
        ("bob", "hello", "push"),
        ("bob", "reminder", "sms"),
    ]
    assert {(step, rule) for contact, step, _, rule, _ in world.held() if contact == "ann"} == {
        ("offer", "at most 1 email per 1 day"),
        ("hello", "at most 2 messages per 1 day"),
    }


def test_p3_a_candidate_of_a_later_round_sees_what_the_earlier_rounds_granted() -> None:
    """P3: every contact's best candidate goes first, each later one seeing what was granted before."""
    # the low one stands at its send at once; the high one only after its first message
    world = World("""
        journey a
            priority 90
            enter on cart
            send hello by email
            send offer by email

        journey b
            priority 10
            enter on cart
            send reminder by email

        pressure
            at most 2 messages per 1 day
    """)
    world.contact("ann")
    world.event("cart", "ann", "2026-03-01 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    assert sorted(world.messages()) == ["hello", "reminder"]
    assert world.where("ann") == [("offer", "2026-03-02 10:00")]


def test_p2_a_held_message_that_is_due_competes_with_new_ones_by_priority() -> None:
    world = World(TWO.format(low=10, high=70))
    world.contact("ann")
    for at in ("2026-03-01 10:00", "2026-03-02 10:00"):
        world.event("cart", "ann", at)
    text = TWO.format(low=10, high=70).replace("enter on cart\n", "enter on cart\n            again\n")
    world.restart(text)
    world.tick("2026-03-01 00:00", "2026-03-01 10:00", "2026-03-02 10:00", "2026-03-03 10:00")
    assert world.messages() == ["offer", "offer", "hello"]


def test_p3_two_runs_of_one_journey_are_ranked_by_their_keys() -> None:
    """P3: every contact's best candidate goes first, each later one seeing what was granted before."""
    world = World("""
        journey j
            enter on cart
                per event.cart_id
            send hello by email
            exit done

        pressure
            at most 1 message per 1 day
    """)
    world.contact("ann")
    for key in ("b", "a", "c"):
        world.event("cart", "ann", "2026-03-01 10:00", cart_id=key)
    world.tick("2026-03-01 00:00", "2026-03-01 10:00", "2026-03-02 10:00", "2026-03-03 10:00")
    assert world.rows("SELECT key FROM state.outbox ORDER BY sent_at") == [("a",), ("b",), ("c",)]


LONGER_WAY = """
    journey a_high
        priority 90
        enter on cart
        {way}
        send offer by sms

    journey b_low
        priority 10
        enter on cart
        send hello by email

    pressure
        at most 1 message per 1 day
"""
# more branches in a row than one statement holds, so that the way is cut at a junction
BRANCHES = "\n        ".join(f"split s{n}\n            50% a\n            50% b" for n in range(7))


@pytest.mark.parametrize(
    "way",
    [
        "wait until between 08:00 and 20:00",
        "wait until 2026-02-01 at 09:00",
        "wait for order since entry up to 3 days",
        BRANCHES,
    ],
    ids=["inside a window", "a moment that has passed", "an event that has come", "many branches"],
)
def test_t5_a_longer_way_to_the_send_does_not_lose_the_cap_to_a_shorter_one(way: str) -> None:
    """T5 (6) and P2: everybody comes to his send before any send is arbitrated."""
    world = World(LONGER_WAY.format(way=way))
    world.contact("ann", age=50)
    world.event("order", "ann", "2026-03-01 10:00")
    world.event("cart", "ann", "2026-03-01 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 11:00")
    assert world.messages() == ["offer"]
    assert world.held() != []
