"""What an older version sends and the files do not have any more: a message, a channel (T18, P1)."""

import pytest
from world import World

OLD = """
    journey j
        enter on cart
        rest:
        wait 1 hour
        send {message} by {by}
            if not sent
                exit nothing
        exit something
"""
NEW = """
    journey j
        enter on cart
        exit new
"""
CHANNELS = {
    name: f"\n    channel {name}\n        address {address}\n        consent {name}_opt_in\n"
    for name, address in (("email", "email"), ("sms", "phone"), ("push", "push_token"))
}
MESSAGES = {
    name: f'\n    message {name}\n        topic news\n        email "…"\n        sms "…"\n        push "…"\n'
    for name in ("hello", "offer")
}


def files(journey: str, *, without: str = "") -> str:
    declared = {**CHANNELS, **MESSAGES}
    return journey + "".join(text for name, text in declared.items() if name != without)


def inside(by: str = "email", message: str = "hello", more: str = "") -> World:
    """ann rests before her send, in the version that is to become old."""
    world = World(files(OLD.format(by=by, message=message) + more))
    world.contact("ann")
    world.event("cart", "ann", "2026-03-01 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    return world


def edited(world: World, without: str, more: str = "", *, at: str = "2026-03-01 11:00") -> World:
    world.restart(files(NEW + more, without=without))
    world.tick(at)
    return world


def told(world: World) -> list[tuple[str, str, str, str]]:
    """(channel, decision, reason, rule)."""
    return world.rows(
        "SELECT channel, decision, reason, rule FROM state.not_sent ORDER BY decided_at, channel"
    )  # type: ignore[return-value]


def test_t18_a_message_that_is_gone_is_not_sent_for_good() -> None:
    world = edited(inside(), "hello")
    assert world.sent() == []
    assert told(world) == [("email", "not_sent", "gone", "message hello")]
    assert world.exits() == [("ann", "nothing", "2026-03-01 11:00")]


def test_p9_the_place_is_that_of_the_send_and_the_rest_of_what_was_known_of_it_is_kept() -> None:
    world = edited(inside(), "hello")
    assert world.rows("SELECT place, message, topic, journey FROM state.not_sent") == [
        ("test.journey:5:5", "hello", "", "j")
    ]


def test_t18_a_channel_that_is_gone_is_not_sent_by_and_the_next_one_is_taken() -> None:
    world = edited(inside("email else sms"), "email")
    assert [row[1:3] for row in world.sent()] == [("hello", "sms")]
    assert world.exits() == [("ann", "something", "2026-03-01 11:00")]


def test_t18_with_no_other_channel_the_send_is_not_sent() -> None:
    world = edited(inside("sms"), "sms")
    assert told(world) == [("sms", "not_sent", "gone", "channel sms")]
    assert world.exits() == [("ann", "nothing", "2026-03-01 11:00")]


def test_t18_of_several_channels_only_the_one_that_is_gone_is_not_sent_by() -> None:
    world = edited(inside("email and sms"), "sms")
    assert [row[1:3] for row in world.sent()] == [("hello", "email")]
    assert told(world) == [("sms", "not_sent", "gone", "channel sms")]
    assert world.exits() == [("ann", "something", "2026-03-01 11:00")]


@pytest.mark.parametrize("without", ["hello", "email"])
def test_p1_gone_is_the_first_of_all_reasons(without: str) -> None:
    world = inside()
    world.rows("UPDATE contact SET email = NULL, email_opt_in = false")
    assert [reason for _, _, reason, _ in told(edited(world, without))] == ["gone"]


def test_p7_a_held_message_that_goes_meanwhile_is_not_sent_when_it_is_tried_again() -> None:
    cap = "\n    pressure\n        at most 1 message per 1 day\n"
    hurry = "\n    journey a\n        priority 90\n        enter on cart\n        wait 1 hour\n        send offer by email\n"
    world = inside(more=hurry + cap)
    world.tick("2026-03-01 11:00")
    assert [row[:3] for row in world.held()] == [("ann", "hello", "cap")]
    edited(world, "hello", hurry + cap, at="2026-03-02 11:00")
    assert [row[1:3] for row in told(world)] == [("held", "cap"), ("not_sent", "gone")]
    assert world.messages() == ["offer"]


def test_t18_journeys_that_have_what_they_send_go_on_as_ever() -> None:
    """Several contacts and journeys; only what is gone stops."""
    more = "\n    journey k\n        enter on cart\n        wait 1 hour\n        send offer by email\n"
    world = inside("push", more=more)
    world.contact("bob")
    world.event("cart", "bob", "2026-03-01 10:10")
    world.tick("2026-03-01 10:10")
    edited(world, "push", more, at="2026-03-01 11:30")
    assert [row[:3] for row in world.sent()] == [("ann", "offer", "email"), ("bob", "offer", "email")]
    assert [row[:3] for row in world.not_sent()] == [("ann", "hello", "gone"), ("bob", "hello", "gone")]
