"""Messages that are held: P7, and quiet hours on every clock."""

import pytest
from world import World, utc

PARIS, NEW_YORK = "Europe/Paris", "America/New_York"

NIGHT = """
    journey j
        enter on cart
{header}        send hello by email
{clauses}        exit told

    message hello
        email "…"
{message}
    channel email
        address email
        consent email_opt_in
        quiet {quiet}
{policy}
"""


def night(
    quiet: str = "from 21:00 to 08:00",
    header: str = "",
    clauses: str = "",
    message: str = "",
    policy: str = "",
) -> str:
    def line(text: str, depth: int) -> str:
        return "".join(" " * depth + part + "\n" for part in text.splitlines())

    return NIGHT.format(
        quiet=quiet,
        header=line(header, 8),
        clauses=line(clauses, 12),
        message=line(message, 8),
        policy=line(policy, 4),
    )


def sleeping(text: str, zone: str = "UTC", at: str = "2026-03-01 22:00") -> World:
    """Ann comes to her message at 22:00, when it is quiet until 08:00."""
    world = World(text)
    world.contact("ann", zone=zone, points=0)
    world.event("cart", "ann", at)
    world.tick("2026-01-01 00:00", at)
    return world


def test_p7_in_quiet_hours_a_message_is_held_until_they_end_by_the_contacts_clock() -> None:
    world = sleeping(night(), NEW_YORK, "2026-03-02 04:00")  # 23:00 there
    assert world.where("ann") == [("hello", utc(NEW_YORK, "2026-03-02 08:00"))]
    assert world.held() == [
        ("ann", "hello", "quiet_hours", "email: quiet from 21:00 to 08:00", "2026-03-02 04:00")
    ]
    world.tick("2026-03-02 12:59", "2026-03-02 13:00")
    assert world.sent() == [("ann", "hello", "email", "2026-03-02 13:00")]


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        ("2026-03-01 20:59:59", False),
        ("2026-03-01 21:00", True),
        ("2026-03-01 23:59:59", True),
        ("2026-03-02 00:00", True),
        ("2026-03-02 07:59:59.999999", True),
        ("2026-03-02 08:00", False),
    ],
)
def test_p7_quiet_hours_are_half_open_and_run_over_midnight(at: str, quiet: bool) -> None:
    world = sleeping(night(), at=at)
    assert bool(world.held()) is quiet
    if quiet:
        assert world.due("ann") == "2026-03-02 08:00"


@pytest.mark.parametrize(
    ("zone", "quiet", "at", "lifts"),
    [
        # 2026-03-01 is a sunday
        ("UTC", "on sunday", "2026-03-01 00:00", "2026-03-02 00:00"),
        ("UTC", "on saturday, sunday", "2026-02-28 12:00", "2026-03-02 00:00"),
        ("UTC", "on weekends", "2026-03-01 12:00", "2026-03-02 00:00"),
        (PARIS, "on sunday", "2026-02-28 23:00", "2026-03-01 23:00"),
        ("UTC", "from 09:00 to 17:30", "2026-03-02 10:00", "2026-03-02 17:30"),
        # 02:30 does not exist in Paris on 2026-03-29: quiet ends with the hour that is left out
        (PARIS, "from 22:00 to 02:30", "2026-03-28 22:00", "2026-03-29 01:00"),
        # and is there twice on 2026-10-25: seen from before it ends the first time …
        (PARIS, "from 22:00 to 02:30", "2026-10-24 22:00", "2026-10-25 00:30"),
        # … and when the clock is set back into the quiet, it ends the second time
        (PARIS, "from 22:00 to 02:30", "2026-10-25 01:10", "2026-10-25 01:30"),
        # over a change of summer time it ends by the clock
        (PARIS, "from 21:00 to 08:00", "2026-03-28 22:00", "2026-03-29 06:00"),
        (PARIS, "from 21:00 to 08:00", "2026-10-24 22:00", "2026-10-25 07:00"),
        # midnight does not exist in Santiago on 2026-09-06, a sunday
        ("America/Santiago", "on saturday", "2026-09-05 12:00", "2026-09-06 04:00"),
    ],
)
def test_t12_quiet_ends_at_the_right_instant(zone: str, quiet: str, at: str, lifts: str) -> None:
    world = sleeping(night(quiet), zone, at)
    assert world.due("ann") == lifts
    world.tick(lifts)
    assert world.sent() == [("ann", "hello", "email", lifts)]


@pytest.mark.parametrize(
    ("quiet", "at"),
    [
        ("from 02:00 to 03:00", "2026-03-29 01:00"),
        ("on sunday", "2026-03-01 23:00"),
        ("on monday", "2026-03-01 12:00"),
    ],
)
def test_t12_where_the_clock_shows_no_quiet_time_it_is_not_quiet(quiet: str, at: str) -> None:
    world = sleeping(night(quiet), PARIS, at)
    assert (world.held(), world.messages()) == ([], ["hello"])


def test_p7_two_quiet_rules_hold_one_after_the_other() -> None:
    world = sleeping(night("from 21:00 to 08:00\n        quiet on monday"), at="2026-03-01 22:00")
    world.tick("2026-03-02 08:00", "2026-03-02 23:00", "2026-03-03 00:00", "2026-03-03 08:00")
    assert [at for *_, at in world.held()][:2] == ["2026-03-01 22:00", "2026-03-02 08:00"]
    assert world.sent() == [("ann", "hello", "email", "2026-03-03 08:00")]


# ---- how long it is kept


def test_p7_keep_for_is_how_long_it_is_tried_and_past_that_it_is_not_sent() -> None:
    world = sleeping(night(clauses="keep for 2 hours\nif not sent\n    exit missed"))
    assert world.due("ann") == "2026-03-02 00:00"
    world.tick("2026-03-02 00:00")
    assert world.not_sent() == [
        ("ann", "hello", "quiet_hours", "email: quiet from 21:00 to 08:00", "2026-03-02 00:00")
    ]
    assert world.exits() == [("ann", "missed", "2026-03-02 00:00")]


def test_p7_at_the_very_end_of_keep_for_a_message_is_still_sent() -> None:
    world = sleeping(night(clauses="keep for 10 hours"))
    world.tick("2026-03-02 08:00")
    assert world.sent() == [("ann", "hello", "email", "2026-03-02 08:00")]


def test_p7_a_tick_after_keep_for_does_not_send_though_nothing_else_is_in_the_way() -> None:
    world = sleeping(night(clauses="keep for 2 hours"))
    world.tick("2026-03-02 09:00")
    assert world.not_sent() == [("ann", "hello", "kept_too_long", "keep for 2 hours", "2026-03-02 09:00")]
    ((place,),) = world.rows("SELECT place FROM state.not_sent WHERE decision = 'not_sent'")
    assert place == "test.journey:3:5"  # P9: the send


def test_p7_a_tick_after_keep_for_tells_what_is_in_the_way_when_something_is() -> None:
    for change, reason in (
        ("email_opt_in = false", "no_consent"),
        ("points = 1", "unless"),
        ("vip = true", "never"),
    ):
        world = sleeping(
            night(
                clauses="keep for 2 hours\nunless points > 0", policy="pressure\n    never messages for vip"
            )
        )
        world.rows(f"UPDATE contact SET {change}")
        world.tick("2026-03-02 09:00")
        assert world.reasons() == [reason]


def test_p7_the_policy_says_how_long_messages_are_kept_otherwise() -> None:
    world = sleeping(night(policy="pressure\n    keep held messages for 3 hours"))
    world.tick("2026-03-02 01:00:01", "2026-03-02 09:00")
    assert world.reasons() == ["quiet_hours"]
    own = sleeping(night(clauses="keep for 12 hours", policy="pressure\n    keep held messages for 3 hours"))
    own.tick("2026-03-02 08:00")
    assert own.messages() == ["hello"]


def test_p7_without_a_rule_messages_are_kept_for_two_days() -> None:
    text = night(quiet="on weekdays")
    for at, sent in (
        ("2026-03-05 00:00", True),
        ("2026-03-04 23:59:59", False),
    ):  # quiet until saturday, 03-07
        world = sleeping(text, at=at)
        world.tick("2026-03-06 23:59:59", "2026-03-07 00:00")
        assert bool(world.sent()) is sent, at


def test_p7_after_a_message_that_was_not_sent_the_journey_goes_on() -> None:
    world = sleeping(night(clauses="keep for 1 hour"))
    world.tick("2026-03-02 09:00")
    assert world.exits() == [("ann", "told", "2026-03-02 09:00")]


def test_p7_the_steps_under_if_not_sent_run_and_then_the_journey_goes_on() -> None:
    world = sleeping(night(clauses="keep for 1 hour\nif not sent\n    wait 1 hour"))
    world.tick("2026-03-02 09:00", "2026-03-02 10:00")
    assert world.exits() == [("ann", "told", "2026-03-02 10:00")]


# ---- everything is looked at again


def test_p7_unless_is_looked_at_again_when_the_message_is_tried_again() -> None:
    world = sleeping(night(clauses="unless points > 0"))
    world.rows("UPDATE contact SET points = 1")
    world.tick("2026-03-02 08:00")
    assert (world.sent(), world.reasons()) == ([], ["unless"])


def test_p7_leave_when_is_looked_at_while_a_message_is_held() -> None:
    world = sleeping(night(header="leave when has order since entry as bought"))
    world.event("order", "ann", "2026-03-02 01:00")
    world.tick("2026-03-02 02:00")
    assert world.exits() == [("ann", "bought", "2026-03-02 02:00")]
    world.tick("2026-03-02 08:00")
    assert world.sent() == []


def test_p7_leave_when_of_an_attribute_is_looked_at_before_the_message_is_tried_again() -> None:
    world = sleeping(night(header="leave when points > 0 as rich"))
    world.rows("UPDATE contact SET points = 1")
    world.tick("2026-03-02 08:00")
    assert (world.exits(), world.sent()) == ([("ann", "rich", "2026-03-02 08:00")], [])


def test_p7_a_goal_ends_a_run_whose_message_is_held() -> None:
    world = sleeping(night(header="goal bought: order"))
    world.event("order", "ann", "2026-03-02 07:59")
    world.tick("2026-03-02 08:00")
    assert (world.exits(), world.sent()) == ([("ann", "bought", "2026-03-02 08:00")], [])


def test_p7_an_event_of_the_contact_does_not_make_a_held_message_be_tried_before_its_time() -> None:
    world = sleeping(night(header="leave when points > 0"))
    world.event("click", "ann", "2026-03-02 03:00")
    world.tick("2026-03-02 03:00")
    assert len(world.held()) == 1
    assert world.due("ann") == "2026-03-02 08:00"


def test_p1_a_message_expires_while_it_is_held() -> None:
    """P1: the gates in their order; the first that fails is the reason."""
    for at, sent in (("2026-03-01 22:00", True), ("2026-03-01 21:59", False)):
        world = sleeping(night(message="expires after 10 hours"), at=at)
        world.tick("2026-03-02 08:00")
        assert bool(world.sent()) is sent
        assert world.reasons() == ([] if sent else ["expired"])


def test_p7_held_for_one_reason_and_then_for_another_it_keeps_its_time() -> None:
    world = sleeping(
        night(
            clauses="keep for 1 day",
            policy="pressure\n    at most 1 sms per 1 day\n    at most 1 message per 1 day",
        )
        + """
    channel sms
        address phone
        consent sms_opt_in

    message offer
        sms "…"

    journey k
        enter on visit
        send offer by sms
    """
    )
    world.event("visit", "ann", "2026-03-01 23:00")
    world.tick("2026-03-01 23:00", "2026-03-02 08:00")
    assert [reason for _, _, reason, *_ in world.held()] == ["quiet_hours", "cap"]
    # kept from 22:00 on, whatever the reason
    assert world.due("ann") == "2026-03-02 22:00"
    world.tick("2026-03-02 22:00")
    assert world.reasons() == ["quiet_hours"]
