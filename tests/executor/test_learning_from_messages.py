"""P2: what became of the messages before is counted once a day, into the state; every tick of that day reckons with it."""

from decimal import Decimal

from world import World

JOURNEYS = """
journey ask
    enter on signup
    send hello by email
    exit asked

journey tell
    enter on visit
        again
    send offer by best of sms, email
"""


def world(text: str = JOURNEYS, policy: str = "") -> World:
    made = World(text + policy)
    for name in ("ann", "bob"):
        made.contact(name)
    made.tick("2026-03-01 00:00")
    return made


def counted(world: World) -> list[tuple[object, ...]]:
    return world.rows(
        "SELECT strftime(counted_at, '%m-%d'), journey, channel, outcome, sends, answered, lost FROM state.response "
        "ORDER BY ALL"
    )


def test_it_is_counted_by_journey_channel_and_outcome() -> None:
    made = world()
    made.event("signup", "ann", "2026-03-02 10:00")
    made.event("visit", "bob", "2026-03-02 10:00")
    made.tick("2026-03-02 10:00")
    made.event("opt_out", "bob", "2026-03-02 11:00", channel="sms")
    made.event("visit", "ann", "2026-03-03 10:00")
    made.tick("2026-03-03 10:00")
    assert counted(made) == [
        ("03-03", "ask", "email", "asked", 1, 0, 0),
        ("03-03", "tell", "sms", "finished", 1, 0, 1),
    ]


def test_later_ticks_of_a_day_do_not_count_again_and_days_without_a_send_not_at_all() -> None:
    made = world()
    made.event("signup", "ann", "2026-03-02 10:00")
    made.event("visit", "bob", "2026-03-03 10:00")
    made.event("visit", "ann", "2026-03-03 12:00")
    made.event("order", "bob", "2026-03-04 12:00")
    made.tick("2026-03-02 10:00", "2026-03-03 10:00", "2026-03-03 12:00", "2026-03-04 12:00")
    assert counted(made) == [("03-03", "ask", "email", "asked", 1, 0, 0)]


def test_a_process_that_begins_in_the_middle_of_the_day_reckons_with_the_same() -> None:
    made = world()
    made.event("signup", "ann", "2026-03-02 10:00")
    made.event("visit", "bob", "2026-03-03 10:00")
    made.event("visit", "ann", "2026-03-03 12:00")
    made.tick("2026-03-02 10:00", "2026-03-03 10:00")
    before = counted(made)
    made.restart()
    made.tick("2026-03-03 12:00")
    assert counted(made) == before


def test_where_nobody_asks_nothing_is_counted() -> None:
    made = world(JOURNEYS.replace("best of sms, email", "sms else email"))
    made.event("signup", "ann", "2026-03-02 10:00")
    made.event("visit", "ann", "2026-03-03 10:00")
    made.tick("2026-03-02 10:00", "2026-03-03 10:00")
    assert counted(made) == []
    assert made.rows("SELECT DISTINCT rates, value FROM state.outbox") == [(None, None)]


def test_the_pieces_of_the_value_are_kept_exactly() -> None:
    journey = """
        journey j
            enter on visit
                again
            goal bought: order worth 30 EUR
            send hello by letter
            wait 1 hour
        channel letter
            address country
            consent country is known
            cost 0.000000000001 EUR
        message hello
            letter "…"
        pressure
            arbitrate by value
            a lost contact costs 12 EUR
    """
    made = World(journey)
    made.contact("ann", country="FR")
    made.tick("2026-03-01 00:00")
    made.event("visit", "ann", "2026-03-02 10:00")
    made.event("visit", "ann", "2026-03-03 10:00")
    made.tick("2026-03-02 10:00", "2026-03-02 11:00", "2026-03-03 10:00")
    (first, second) = made.rows("SELECT value FROM state.outbox ORDER BY sent_at")
    assert first == (None,)
    assert second[0] == {
        "channel": "letter",
        # 1 / 21 in six digits, times 30, less a trillionth
        "expected": Decimal("1.428569999999000000"),
        "probability": Decimal("0.047619"),
        "worth": Decimal(30),
        "cost": Decimal("0.000000000001"),
        "risk": Decimal(0),
        "segment": None,
    }
