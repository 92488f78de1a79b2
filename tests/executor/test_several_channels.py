"""`send M by email and push`: each channel is a candidate of its own (P2, P3), held and tried again by itself (P7)."""

import json

from world import World

BOTH = """
    journey j
        {header}
        enter on cart
            again
        send hello by {by}
            {clauses}
            if not sent
                exit nothing
        exit something
    {policy}
"""

AT_NIGHT = """
    channel email
        address email
        consent email_opt_in

    channel sms
        address phone
        consent sms_opt_in
        quiet from 21:00 to 07:00

    channel push
        address push_token
        consent push_opt_in
        quiet from 22:00 to 08:00
"""


def both(
    by: str = "email and push",
    *,
    clauses: str = "keep for 1 day",
    header: str = "priority 50",
    policy: str = "",
) -> World:
    return World(BOTH.format(by=by, clauses=clauses, header=header, policy=policy))


def sent_to(world: World, contact: str = "ann") -> list[tuple[str, str | None]]:
    """(channel, instant)."""
    return [(channel, at) for who, _, channel, at in world.sent() if who == contact]


def told(world: World, decision: str) -> list[tuple[str, str, str]]:
    """(channel, reason, instant) of what was held or not sent."""
    return [
        (channel, reason, str(at)[:16])
        for channel, reason, at in world.rows(
            "SELECT channel, reason, decided_at FROM state.not_sent WHERE decision = ? ORDER BY decided_at, channel",
            decision,
        )
    ]


def tried(world: World) -> list[dict[str, str] | None]:
    """What the runs that rest carry along of their channels."""
    rows = world.rows("SELECT tried FROM state.instance ORDER BY contact")
    return [None if text is None else json.loads(text) for (text,) in rows]


def begin(world: World, at: str = "2026-03-01 10:00", **values: object) -> World:
    world.contact("ann", **values)
    world.event("cart", "ann", at)
    world.tick("2026-03-01 00:00", at)
    return world


def test_p3_every_channel_that_is_possible_sends_in_the_same_tick() -> None:
    world = begin(both("email and push and sms"))
    now = "2026-03-01 10:00"
    assert sent_to(world) == [("email", now), ("push", now), ("sms", now)]
    assert world.exits() == [("ann", "something", now)]
    assert world.rows("SELECT count(*) FROM state.instance") == [(0,)]


def test_p1_one_channel_that_is_closed_leaves_the_others_open_and_has_a_reason_of_its_own() -> None:
    """P1, P9: the reason is that of the channel."""
    world = begin(both("email and push and sms"), push_opt_in=False, phone=None)
    now = "2026-03-01 10:00"
    assert sent_to(world) == [("email", now)]
    assert told(world, "not_sent") == [("push", "no_consent", now), ("sms", "unreachable", now)]
    assert world.exits() == [("ann", "something", now)]


def test_p7_when_none_was_granted_the_steps_under_if_not_sent_run() -> None:
    world = begin(both(), email_opt_in=False, push_opt_in=False)
    assert sent_to(world) == []
    assert world.exits() == [("ann", "nothing", "2026-03-01 10:00")]
    assert [channel for channel, *_ in told(world, "not_sent")] == ["email", "push"]


def test_p3_the_channels_are_weighed_in_the_order_written_each_seeing_what_was_granted_before() -> None:
    for by, first in (("email and push", "email"), ("push and email", "push")):
        world = begin(both(by, policy="pressure\n        at most 1 message per 1 day"))
        assert sent_to(world) == [(first, "2026-03-01 10:00")]
        assert [reason for _, reason, _ in told(world, "held")] == ["cap"]
        assert tried(world) == [{first: "granted"}]


def test_p7_only_the_channel_that_is_held_is_tried_again() -> None:
    world = begin(both(policy=AT_NIGHT), "2026-03-01 23:00")
    assert sent_to(world) == [("email", "2026-03-01 23:00")]
    assert world.where("ann") == [("hello", "2026-03-02 08:00")]
    assert tried(world) == [{"email": "granted"}]
    world.tick("2026-03-02 08:00")
    assert sent_to(world) == [("email", "2026-03-01 23:00"), ("push", "2026-03-02 08:00")]
    assert world.exits() == [("ann", "something", "2026-03-02 08:00")]


def test_p7_two_held_channels_are_tried_at_the_earliest_instant_at_which_one_can_pass() -> None:
    """Both are looked at then; the one that is held still keeps its own reason."""
    world = begin(both("sms and push", policy=AT_NIGHT), "2026-03-01 23:00")
    assert (world.due("ann"), tried(world)) == ("2026-03-02 07:00", [None])
    world.tick("2026-03-02 07:00")
    assert (sent_to(world), world.due("ann")) == ([("sms", "2026-03-02 07:00")], "2026-03-02 08:00")
    world.tick("2026-03-02 08:00")
    assert sent_to(world)[1:] == [("push", "2026-03-02 08:00")]
    assert told(world, "held") == [
        ("push", "quiet_hours", "2026-03-01 23:00"),
        ("sms", "quiet_hours", "2026-03-01 23:00"),
        ("push", "quiet_hours", "2026-03-02 07:00"),
    ]


def test_p7_one_tick_after_a_long_gap_sends_all_that_were_held() -> None:
    world = begin(both("sms and push", policy=AT_NIGHT), "2026-03-01 23:00")
    world.tick("2026-03-02 11:17")
    assert sent_to(world) == [("push", "2026-03-02 11:17"), ("sms", "2026-03-02 11:17")]


def test_p7_the_run_was_sent_to_when_one_was_granted_earlier_and_the_rest_was_kept_too_long() -> None:
    world = begin(both(clauses="keep for 2 hours", policy=AT_NIGHT), "2026-03-01 23:00")
    world.tick("2026-03-02 01:00")
    assert sent_to(world) == [("email", "2026-03-01 23:00")]
    assert told(world, "not_sent") == [("push", "quiet_hours", "2026-03-02 01:00")]
    assert world.exits() == [("ann", "something", "2026-03-02 01:00")]


def test_p7_later_than_it_was_kept_a_channel_is_free_too_late() -> None:
    world = begin(both("sms and push", clauses="keep for 2 hours", policy=AT_NIGHT), "2026-03-01 23:00")
    world.tick("2026-03-02 09:00")
    assert [(channel, reason) for channel, reason, _ in told(world, "not_sent")] == [
        ("push", "kept_too_long"),
        ("sms", "kept_too_long"),
    ]
    assert world.exits() == [("ann", "nothing", "2026-03-02 09:00")]


def test_p7_unless_is_looked_at_again_for_the_channels_that_are_held() -> None:
    world = begin(both(clauses="unless has order", policy=AT_NIGHT), "2026-03-01 23:00")
    world.event("order", "ann", "2026-03-02 03:00")
    world.tick("2026-03-02 03:00", "2026-03-02 08:00")
    assert sent_to(world) == [("email", "2026-03-01 23:00")]
    assert told(world, "not_sent") == [("push", "unless", "2026-03-02 08:00")]
    assert world.exits() == [("ann", "something", "2026-03-02 08:00")]


def test_t6_a_goal_ends_a_run_of_which_a_channel_is_held() -> None:
    world = begin(both(header="goal bought: order", policy=AT_NIGHT), "2026-03-01 23:00")
    world.event("order", "ann", "2026-03-02 07:30")
    world.tick("2026-03-02 08:00")
    assert world.exits() == [("ann", "bought", "2026-03-02 08:00")]
    assert sent_to(world) == [("email", "2026-03-01 23:00")]


def test_p2_the_channels_stand_together_at_the_place_of_their_run_in_the_ranking() -> None:
    """The second channel of the important message goes before the less important one."""
    world = World("""
        journey a
            priority 90
            enter on cart
            send hello by email and push

        journey b
            priority 10
            enter on cart
            send offer by sms

        pressure
            at most 2 messages per 1 day
    """)
    begin(world)
    assert [row[1:3] for row in world.sent()] == [("hello", "email"), ("hello", "push")]
    assert [step for _, step, *_ in world.held()] == ["offer"]


def test_p2_one_channel_beside_several_in_one_tick_with_a_contact_for_whom_all_is_different() -> None:
    """Several contacts and journeys, some runs of one channel and some of several."""
    world = World("""
        journey a
            enter on cart
            send hello by email and push
            exit a

        journey b
            enter on cart
            send offer by email else sms
                if not sent
                    exit not_b
            exit b

        pressure
            at most 1 email per 1 day
    """)
    world.contact("ann")
    world.contact("bob", push_opt_in=False)
    world.contact("cid", email=None, phone=None)
    for name in ("ann", "bob", "cid"):
        world.event("cart", name, "2026-03-01 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    assert [row[:3] for row in world.sent()] == [
        ("ann", "hello", "email"),
        ("ann", "hello", "push"),
        ("ann", "offer", "sms"),
        ("bob", "hello", "email"),
        ("bob", "offer", "sms"),
        ("cid", "hello", "push"),
    ]
    assert [row[:2] for row in world.exits()] == [
        *(("ann", "a"), ("ann", "b"), ("bob", "a"), ("bob", "b"), ("cid", "a"), ("cid", "not_b")),
    ]


def test_t7_a_second_send_of_the_run_begins_with_nothing_tried() -> None:
    world = World(
        """
    journey j
        enter on cart
        send hello by email and push
        send offer by email and push
        exit
    """
        + AT_NIGHT
    )
    begin(world, "2026-03-01 23:00")
    world.tick("2026-03-02 08:00")
    assert [row[1:] for row in world.sent()] == [
        ("hello", "email", "2026-03-01 23:00"),
        ("hello", "push", "2026-03-02 08:00"),
        ("offer", "email", "2026-03-02 08:00"),
        ("offer", "push", "2026-03-02 08:00"),
    ]


def test_p9_sent_and_not_sent_are_events_of_each_channel() -> None:
    """What history has of a message has its channel in its id."""
    world = World("""
        journey j
            enter on cart
            send hello by email and push and sms
            wait 1 hour
            if count of sent = 2 and count of not_sent[channel = "sms"] = 1
                exit right
            exit wrong
    """)
    begin(world, phone=None)
    world.tick("2026-03-01 11:00")
    assert world.exits() == [("ann", "right", "2026-03-01 11:00")]


def test_t3_a_state_survives_the_process_with_what_was_tried() -> None:
    world = begin(both("email and push and sms", policy=AT_NIGHT), "2026-03-01 23:00")
    world.restart()
    world.tick("2026-03-02 07:00")
    world.restart()
    world.tick("2026-03-02 08:00")
    assert [channel for channel, _ in sent_to(world)] == ["email", "sms", "push"]
    assert world.exits() == [("ann", "something", "2026-03-02 08:00")]
