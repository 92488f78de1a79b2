"""Opt-outs between every two steps: after it, nothing leaves, whether it was granted or not."""

from collections.abc import Iterator

import pytest
from relay_world import Shop

STEPS = 5
JOURNEY = """
    journey j
        enter on cart
            again
""" + "".join(
    """
        send hello by email
            if not sent
                exit unsent
        wait 1 hour
    """.rstrip()
    for _ in range(STEPS)
)
CONTACTS = [f"c{n}" for n in range(STEPS + 1)]


@pytest.fixture
def shop() -> Iterator[Shop]:
    """Everybody is granted a message each hour from nine o'clock on."""
    shop = Shop(JOURNEY)
    for name in CONTACTS:
        shop.contact(name)
    yield shop
    shop.close()


def sent(shop: Shop) -> dict[str, int]:
    """How many messages have left, by contact."""
    return {name: sum(send.contact == name for send in shop.email.sends) for name in CONTACTS}


def test_before_a_tick_it_stops_what_would_be_granted(shop: Shop) -> None:
    shop.granted(*CONTACTS)
    shop.relay()
    for step in range(1, STEPS):
        shop.event("opt_out", f"c{step}", f"2026-03-02 {8 + step:02}:30", event_id=f"x{step}")
        shop.tick(f"2026-03-02 {9 + step:02}:00")
        shop.relay(f"2026-03-02 {9 + step:02}:00")
    assert sent(shop) == {"c0": 5, "c1": 1, "c2": 2, "c3": 3, "c4": 4, "c5": 5}
    assert {rule for *_, rule, _ in shop.not_sent()} == {"opt_out"}


def test_between_a_tick_and_the_relay_it_stops_what_was_granted(shop: Shop) -> None:
    shop.granted(*CONTACTS)
    for step in range(STEPS):
        if step:
            shop.tick(f"2026-03-02 {9 + step:02}:00")
        at = f"2026-03-02 {9 + step:02}:01"
        shop.event("opt_out", f"c{step}", at, event_id=f"x{step}")
        shop.relay(f"2026-03-02 {9 + step:02}:02")
    assert sent(shop) == {f"c{n}": n for n in range(STEPS)} | {"c5": STEPS}
    assert shop.rows("SELECT contact, rule FROM state.receipt WHERE outcome = 'cancelled' ORDER BY 1") == [
        (f"c{n}", "opt_out") for n in range(STEPS)
    ]


def test_while_a_message_waits_to_be_tried_again_it_stops_it(shop: Shop) -> None:
    from parcours.delivery.send import TransientFailure

    usual = shop.email.answer
    shop.email.answer = lambda send: TransientFailure("busy")
    shop.granted(*CONTACTS)
    shop.relay()
    shop.event("opt_out", "c1", "2026-03-02 09:00:30", event_id="x")
    shop.email.answer, shop.email.sends = usual, []
    shop.relay("2026-03-02 09:02")
    assert sent(shop) == {name: int(name != "c1") for name in CONTACTS}
