"""`needs EVENT fresh within D, else wait up to W`: the gate for stale data (P1), for now or for good (P7)."""

from world import World

ONE = """
    journey j
        needs {needs}
        enter on cart
            again
        send hello by email
            {clauses}
            if not sent
                exit nothing
        exit something
    {policy}
"""
WAITING = "order fresh within 2 hours, else wait up to 6 hours"
RULE = f"needs {WAITING}"


def one(needs: str = WAITING, *, clauses: str = "keep for 2 days", policy: str = "") -> World:
    return World(ONE.format(needs=needs, clauses=clauses, policy=policy))


def begin(world: World, at: str = "2026-03-01 10:15", **values: object) -> World:
    world.contact("ann", **values)
    world.event("cart", "ann", at)
    world.tick("2026-03-01 00:00", at)
    return world


def outcome(world: World) -> list[tuple[str, str | None]]:
    return [(outcome, at) for _, outcome, at in world.exits()]


def test_p1_data_of_any_contact_is_fresh_data() -> None:
    world = one()
    world.event("order", "bob", "2026-03-01 09:00")
    begin(world)
    assert world.messages() == ["hello"]


def test_p1_the_data_is_as_fresh_as_the_last_event_that_became_known() -> None:
    """E2: known, not happened: an order of last week that is loaded now says that data comes in."""
    for loaded, fresh in (("2026-03-01 08:15:00.000001", True), ("2026-03-01 08:15", False)):
        world = one()
        world.event("order", "bob", "2026-02-22 09:00", loaded=loaded)
        begin(world)
        assert bool(world.sent()) is fresh


def test_p1_what_is_known_only_later_is_not_fresh_yet() -> None:
    world = one()
    world.event("order", "bob", "2026-03-01 10:00", loaded="2026-03-01 10:16")
    begin(world)
    assert world.sent() == []


def test_p1_without_else_stale_data_is_final_at_once() -> None:
    world = begin(one("order fresh within 2 hours"))
    assert world.not_sent() == [
        ("ann", "hello", "stale_data", "needs order fresh within 2 hours", "2026-03-01 10:15")
    ]
    assert outcome(world) == [("nothing", "2026-03-01 10:15")]


def test_p7_with_else_the_message_is_looked_at_again_at_each_full_hour() -> None:
    world = begin(one())
    assert world.where("ann") == [("hello", "2026-03-01 11:00")]
    world.tick("2026-03-01 11:00")
    assert world.due("ann") == "2026-03-01 12:00"
    world.event("order", "bob", "2026-03-01 11:30")
    world.tick("2026-03-01 11:30")
    assert world.sent() == []
    world.tick("2026-03-01 12:00")
    assert world.sent() == [("ann", "hello", "email", "2026-03-01 12:00")]
    assert [row[2:4] for row in world.held()] == [("stale_data", RULE)] * 2


def test_p7_ticks_that_are_late_look_at_it_when_they_come() -> None:
    world = begin(one())
    world.tick("2026-03-01 11:42")
    assert world.due("ann") == "2026-03-01 12:00"
    world.event("order", "bob", "2026-03-01 12:50")
    world.tick("2026-03-01 14:07")
    assert world.sent() == [("ann", "hello", "email", "2026-03-01 14:07")]


def test_p7_it_is_waited_for_no_longer_than_said_and_looked_at_at_the_very_end() -> None:
    """The wait is half-open: at its end stale data is final."""
    for at, outcome_ in (("2026-03-01 14:16", "something"), (None, "nothing")):
        world = begin(one())
        world.tick("2026-03-01 16:00")
        assert world.due("ann") == "2026-03-01 16:15"
        if at:
            world.event("order", "bob", at)
        world.tick("2026-03-01 16:15")
        assert outcome(world) == [(outcome_, "2026-03-01 16:15")]
        assert world.reasons() == ([] if at else ["stale_data"])


def test_p7_keep_for_ends_the_wait_when_it_is_shorter() -> None:
    world = begin(one(clauses="keep for 20 minutes"))
    assert world.due("ann") == "2026-03-01 10:35"
    world.tick("2026-03-01 10:35")
    assert world.reasons() == ["stale_data"]


def test_p1_it_stands_between_expired_and_never() -> None:
    policy = """
    message hello
        email "…"
        expires after {expires}

    pressure
        never messages for country = "FR"
    """
    for expires, country, reason in (
        ("1 hour", "FR", "expired"),
        ("9 hours", "FR", "stale_data"),
        ("9 hours", "DE", "stale_data"),
    ):
        world = begin(one(policy=policy.format(expires=expires)), country=country)
        world.tick("2026-03-01 16:15")
        assert world.reasons() == [reason]
    world = one(policy=policy.format(expires="9 hours"))
    world.event("order", "bob", "2026-03-01 09:00")
    assert begin(world, country="FR").reasons() == ["never"]


def test_p1_of_several_needs_the_first_in_the_order_written_is_the_reason() -> None:
    two = "order fresh within 2 hours, else wait up to 6 hours\n        needs visit fresh within 1 day"
    world = begin(one(two))
    assert [row[3] for row in world.held()] == [RULE]
    world.event("order", "bob", "2026-03-01 10:30")
    world.tick("2026-03-01 11:00")
    assert world.not_sent() == [
        ("ann", "hello", "stale_data", "needs visit fresh within 1 day", "2026-03-01 11:00")
    ]


def test_p7_each_run_waits_from_when_it_came_to_its_send() -> None:
    """Several contacts, one tick: for one the wait is over, for the other it is not."""
    world = one()
    world.contact("bob")
    begin(world)
    world.event("cart", "bob", "2026-03-01 12:10")
    world.tick("2026-03-01 12:10", "2026-03-01 16:15")
    assert [(who, reason) for who, _, reason, *_ in world.not_sent()] == [("ann", "stale_data")]
    assert world.due("bob") == "2026-03-01 17:00"


def test_p1_what_one_journey_needs_is_nothing_to_another() -> None:
    world = World("""
        journey a
            needs order fresh within 2 hours
            enter on cart
            send hello by email

        journey b
            enter on cart
            send offer by email

        journey c
            needs cart fresh within 1 minute
            enter on cart
            send reminder by sms
    """)
    begin(world)
    assert world.messages() == ["offer", "reminder"]
    assert [row[1:3] for row in world.not_sent()] == [("hello", "stale_data")]


def test_p1_a_channel_with_another_reason_before_it_leaves_the_next_one_waiting() -> None:
    """P1: the first channel is closed for good, the second only for now."""
    text = ONE.replace("by email", "by push else email")
    world = World(text.format(needs=WAITING, clauses="keep for 2 days", policy=""))
    begin(world, push_token=None)
    assert world.rows("SELECT channel, reason FROM state.not_sent") == [("email", "stale_data")]
    world.event("order", "bob", "2026-03-01 10:50")
    world.tick("2026-03-01 11:00")
    assert world.sent() == [("ann", "hello", "email", "2026-03-01 11:00")]


def test_p7_each_of_several_channels_waits() -> None:
    text = ONE.replace("by email", "by push and email")
    world = World(text.format(needs=WAITING, clauses="keep for 2 days", policy=""))
    begin(world)
    assert (len(world.held()), world.due("ann")) == (2, "2026-03-01 11:00")
    world.event("order", "bob", "2026-03-01 10:50")
    world.tick("2026-03-01 11:00")
    assert [row[2] for row in world.sent()] == ["email", "push"]


def test_e2_months_are_calendar_steps_in_the_zone_of_the_project() -> None:
    for at, fresh in (("2026-02-14 23:00", False), ("2026-02-14 23:00:01", True)):
        world = World(
            ONE.format(needs="order fresh within 1 month", clauses="keep for 1 day", policy=""),
            "Europe/Paris",
        )
        world.event("order", "bob", at)
        world.contact("ann")
        world.event("cart", "ann", "2026-03-14 23:00")
        world.tick("2026-03-14 00:00", "2026-03-14 23:00")
        assert bool(world.sent()) is fresh


def test_e2_a_wait_of_months_is_a_step_in_the_calendar_of_the_project() -> None:
    """From 14 March 23:30 in Paris to 14 April 23:30, which is an hour less."""
    world = World(
        ONE.format(
            needs="order fresh within 1 hour, else wait up to 1 month", clauses="keep for 2 months", policy=""
        ),
        "Europe/Paris",
    )
    begin(world, "2026-03-14 22:30")
    world.tick("2026-04-14 21:29:59")
    assert world.due("ann") == "2026-04-14 21:30"
    world.tick("2026-04-14 21:30")
    assert world.reasons() == ["stale_data"]
