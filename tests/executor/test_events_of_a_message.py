"""`EVENT of MESSAGE`: events that a message caused, by the mapping's `send` column (LANGUAGE.md sections 2 and 3)."""

from dataclasses import replace

import pytest
import world as small
from world import World

JOURNEY = """
    journey j
        enter on cart
            again
        send hello by email
        wait for click of hello up to 3 days
            then
                exit read
        exit unread
"""


@pytest.fixture(autouse=True)
def mapped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shop in which clicks say what caused them."""
    monkeypatch.setattr(small, "CATALOG", replace(small.CATALOG, event_has_send=frozenset({"click"})))


def begin(text: str = JOURNEY, *names: str) -> World:
    made = World(text)
    for name in names or ("ann",):
        made.contact(name)
        made.event("cart", name, "2026-03-01 10:00")
    made.tick("2026-03-01 00:00", "2026-03-01 10:00")
    return made


def ids(world: World) -> list[str]:
    """What was sent, as history has it."""
    found = world.rows(
        "SELECT concat_ws(':', journey, key, epoch_us(entry_at), message, channel) FROM state.outbox ORDER BY contact"
    )
    return [text for (text,) in found]


@pytest.mark.parametrize(
    ("send", "is_read"),
    [
        ("hello", True),
        ("j::1772359200000000:hello:email", True),
        ("k:c1:1772359200000000:hello:sms", True),
        ("offer", False),
        ("j::1772359200000000:offer:email", False),
        ("hello:offer:email", False),
        ("hello there", False),
        ("Hello", False),
        ("", False),
        (None, False),
    ],
)
def test_the_column_holds_the_name_of_the_message_or_the_id_of_one_that_was_sent(
    send: str | None, is_read: bool
) -> None:
    world = begin()
    world.event("click", "ann", "2026-03-02 10:00", _send=send)
    world.tick("2026-03-02 10:00", "2026-03-04 10:00")
    assert [outcome for _, outcome, _ in world.exits()] == ["read" if is_read else "unread"]


def test_the_id_is_that_of_history() -> None:
    world = begin()
    assert ids(world) == ["j::1772359200000000:hello:email"]
    world.event("click", "ann", "2026-03-02 10:00", _send=ids(world)[0])
    world.tick("2026-03-02 10:00")
    assert world.exits() == [("ann", "read", "2026-03-02 10:00")]


def test_a_click_of_another_message_moves_nobody_and_one_of_another_contact_neither() -> None:
    world = begin(JOURNEY, "ann", "bob")
    world.event("click", "ann", "2026-03-02 09:00", _send="offer")
    world.event("click", "bob", "2026-03-02 10:00", _send="hello")
    world.tick("2026-03-02 10:00")
    assert world.exits() == [("bob", "read", "2026-03-02 10:00")]
    assert world.due("ann") == "2026-03-04 10:00"


def test_a_goal_can_be_an_event_of_a_message() -> None:
    world = begin(
        JOURNEY.replace("enter on", 'goal read: click of hello[link = "buy"] within 5 days\n        enter on')
    )
    world.event("click", "ann", "2026-03-01 11:00", _send="hello", link="home")
    world.event("click", "ann", "2026-03-01 12:00", _send="hello", link="buy")
    world.tick("2026-03-01 12:00")
    assert world.exits() == [("ann", "read", "2026-03-01 12:00")]


def test_a_run_can_begin_with_an_event_of_a_message() -> None:
    world = World("""
        journey j
            enter on click of hello
                again
            exit
    """)
    world.contact("ann")
    world.tick("2026-03-01 00:00")
    world.event("click", "ann", "2026-03-01 10:00", _send="offer")
    world.event("click", "ann", "2026-03-01 11:00", _send="hello")
    world.tick("2026-03-01 10:00", "2026-03-01 11:00")
    assert world.entered() == [("ann", "2026-03-01 11:00")]


def test_conditions_count_them_and_look_at_the_last() -> None:
    world = World("""
        journey j
            enter on cart
            if count of click of hello = 2 and last click.link = "c" and no click of reminder ever
                if last click.link of hello = "b" and has click of offer in last 1 day
                    exit right
            exit wrong
    """)
    world.contact("ann")
    for hour, send, link in ((7, "hello", "a"), (8, "hello", "b"), (9, "offer", "c")):
        world.event("click", "ann", f"2026-03-01 0{hour}:00", _send=send, link=link)
    world.event("cart", "ann", "2026-03-01 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    assert world.exits() == [("ann", "right", "2026-03-01 10:00")]


def test_t7_what_was_sent_is_an_event_of_its_message() -> None:
    world = World("""
        journey j
            enter on cart
            send hello by email
            wait 1 hour
            if has sent of hello since entry and no sent of offer ever and no not_sent of hello ever
                exit right
            exit wrong
    """)
    world.contact("ann")
    world.event("cart", "ann", "2026-03-01 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00", "2026-03-01 11:00")
    assert world.exits() == [("ann", "right", "2026-03-01 11:00")]


def test_without_the_column_it_is_an_error_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(small, "CATALOG", replace(small.CATALOG, event_has_send=frozenset()))
    assert small.refusals(JOURNEY) == [("missing-mapping", 5)]
