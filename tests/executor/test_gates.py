"""Who may not be written to, and what is told of it: P1 and P9; opt-outs: P8."""

from collections.abc import Callable

import pytest
from world import FILE, World

ONE = """
    journey j
        purpose {purpose}
        enter on cart
        send hello by {by}{more}
    {policy}
"""


def one(by: str = "email", more: str = "", policy: str = "", purpose: str = "newsletter") -> World:
    return World(ONE.format(by=by, more=more, policy=policy, purpose=purpose))


def try_to_send(world: World, at: str = "2026-03-01 10:00") -> World:
    world.event("cart", "ann", at)
    world.tick("2026-03-01 00:00", at)
    return world


@pytest.mark.parametrize("address", [None, ""])
def test_p1_without_an_address_a_contact_is_unreachable(address: str | None) -> None:
    """P1: the gates in their order; the first that fails is the reason."""
    world = one()
    world.contact("ann", email=address)
    try_to_send(world)
    assert world.sent() == []
    assert world.not_sent() == [("ann", "hello", "unreachable", "address of email", "2026-03-01 10:00")]


@pytest.mark.parametrize("consent", [False, None])
def test_p1_a_consent_that_is_no_or_unknown_is_none(consent: bool | None) -> None:
    """P1: the gates in their order; the first that fails is the reason."""
    world = one()
    world.contact("ann", email_opt_in=consent)
    try_to_send(world)
    assert world.sent() == []
    assert world.not_sent() == [("ann", "hello", "no_consent", "consent of email", "2026-03-01 10:00")]


def opted_out(world: World) -> None:
    world.event("opt_out", "ann", "2026-02-01 10:00", channel="email")


def without_consent(world: World) -> None:
    world.rows("UPDATE contact SET email_opt_in = false")


def without_address(world: World) -> None:
    world.rows("UPDATE contact SET email = NULL")


ALL_GATES = """
    pressure
        at most 0 messages per 1 day
        never messages for country = "FR"

    message hello
        email "…"
        expires after 1 hour

    channel email
        address email
        consent email_opt_in
        quiet from 09:00 to 11:00
"""


@pytest.mark.parametrize(
    ("also", "reason"),
    [
        ([], "cap"),  # the quiet hours are over: the loop below comes at 11:00 as well
        (["FR"], "never"),
        (["FR", "vip"], "unless"),
        (["FR", "vip", opted_out], "suppressed"),
        (["FR", "vip", opted_out, without_consent], "no_consent"),
        (["FR", "vip", opted_out, without_consent, without_address], "unreachable"),
    ],
)
def test_p1_the_first_gate_in_the_order_that_fails_is_the_reason(
    also: list[str | Callable[[World], None]], reason: str
) -> None:
    """P1: the gates in their order; the first that fails is the reason."""
    world = one(more="\n            unless vip", policy=ALL_GATES)
    world.contact("ann", country="FR" if "FR" in also else "DE", vip="vip" in also)
    for change in also:
        if callable(change):
            change(world)
    try_to_send(world, "2026-03-01 12:00")
    assert world.reasons() == [reason]


def test_p1_quiet_hours_come_before_caps() -> None:
    """P1: the gates in their order; the first that fails is the reason."""
    world = one(policy=ALL_GATES)
    world.contact("ann")
    try_to_send(world)
    assert [(reason, rule) for _, _, reason, rule, _ in world.held()] == [
        ("quiet_hours", "email: quiet from 09:00 to 11:00")
    ]


def test_p1_an_unknown_unless_or_never_stops_nothing() -> None:
    """P1: the gates in their order; the first that fails is the reason."""
    world = one(more="\n            unless vip", policy='pressure\n        never messages for country = "FR"')
    world.contact("ann", country=None, vip=None)
    assert try_to_send(world).messages() == ["hello"]


def test_p1_unless_that_holds_is_final_and_the_journey_goes_on() -> None:
    """P1: the gates in their order; the first that fails is the reason."""
    world = World("""
        journey j
            enter on cart
            send hello by email
                unless has order in last 30 days
                if not sent
                    exit had_bought
            exit told
    """)
    for name in ("ann", "bob"):
        world.contact(name)
        world.event("cart", name, "2026-03-01 10:00")
    world.event("order", "ann", "2026-02-20 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    assert world.exits() == [("ann", "had_bought", "2026-03-01 10:00"), ("bob", "told", "2026-03-01 10:00")]
    assert world.not_sent() == [("ann", "hello", "unless", "unless of hello", "2026-03-01 10:00")]


def test_p1_never_looks_at_what_the_rule_speaks_of() -> None:
    """P1: the gates in their order; the first that fails is the reason."""
    for what, stops in (
        ("messages", True),
        ("emails", True),
        ("sms", False),
        ("purpose newsletter", True),
        ("purpose survey", False),
        ("topic news", True),
        ("topic sales", False),
        ("message hello", True),
        ("message offer", False),
        ("journey j", True),
    ):
        world = one(policy=f'pressure\n        never {what} for country = "FR"')
        world.contact("ann", country="FR")
        try_to_send(world)
        assert (world.sent() == []) is stops, what


def test_p1_exempt_messages_still_need_address_consent_and_hours_and_no_suppression() -> None:
    """P1: the gates in their order; the first that fails is the reason."""
    policy = """
    pressure
        exempt purpose service
        at most 0 messages per 1 day
        never messages for points > 0

    channel email
        address email
        consent email_opt_in
        quiet from 20:00 to 08:00
    """
    world = one(policy=policy, purpose="service", more="\n            keep for 1 hour")
    changes = {
        "free": {},
        "no_address": {"email": None},
        "no_consent": {"email_opt_in": None},
        "opted_out": {},
        "asleep": {"zone": "Asia/Tokyo"},
    }
    for name, values in changes.items():
        world.contact(name, points=5, **values)
        world.event("cart", name, "2026-03-01 12:00")
    world.event("opt_out", "opted_out", "2026-02-01 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 12:00", "2026-03-01 13:00")
    assert [contact for contact, *_ in world.sent()] == ["free"]
    assert {contact: reason for contact, _, reason, *_ in world.not_sent()} == {
        "no_address": "unreachable",
        "no_consent": "no_consent",
        "opted_out": "suppressed",
        "asleep": "quiet_hours",
    }


# ---- else between channels


def test_p1_a_else_b_takes_b_when_a_is_closed() -> None:
    """P1: the gates in their order; the first that fails is the reason."""
    world = one(by="push else sms")
    for name, values in (
        ("both", {}),
        ("no_push", {"push_opt_in": False}),
        ("no_token", {"push_token": None}),
    ):
        world.contact(name, **values)  # type: ignore[arg-type]
        world.event("cart", name, "2026-03-01 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    assert [(contact, channel) for contact, _, channel, _ in world.sent()] == [
        ("both", "push"),
        ("no_push", "sms"),
        ("no_token", "sms"),
    ]


QUIET_PUSH = """
    channel push
        address push_token
        consent push_opt_in
        quiet from 09:00 to 11:00

    channel sms
        address phone
        consent sms_opt_in
        quiet from 09:00 to {end}
"""


def test_p1_a_else_b_takes_b_now_rather_than_a_later() -> None:
    """P1: the gates in their order; the first that fails is the reason."""
    world = World(
        ONE.format(by="push else sms", more="", purpose="survey", policy=QUIET_PUSH.format(end="09:30"))
    )
    world.contact("ann")
    try_to_send(world)
    assert world.sent() == [("ann", "hello", "sms", "2026-03-01 10:00")]


def test_p7_a_else_b_waits_for_the_first_of_the_two_that_lifts() -> None:
    world = World(
        ONE.format(by="push else sms", more="", purpose="survey", policy=QUIET_PUSH.format(end="10:30"))
    )
    world.contact("ann")
    try_to_send(world)
    assert world.where("ann") == [("hello", "2026-03-01 10:30")]
    world.tick("2026-03-01 10:30")
    assert world.sent() == [("ann", "hello", "sms", "2026-03-01 10:30")]


def test_p7_a_else_b_with_a_closed_for_good_waits_for_b_and_tells_bs_reason() -> None:
    world = World(
        ONE.format(by="push else sms", more="", purpose="survey", policy=QUIET_PUSH.format(end="11:00"))
    )
    world.contact("ann", push_opt_in=False)
    try_to_send(world)
    assert [reason for _, _, reason, *_ in world.held()] == ["quiet_hours"]
    assert world.held()[0][3] == "sms: quiet from 09:00 to 11:00"


def test_p9_with_both_closed_for_good_the_reason_is_the_firsts() -> None:
    world = one(by="push else sms")
    world.contact("ann", push_opt_in=False, phone=None)
    try_to_send(world)
    assert world.not_sent() == [("ann", "hello", "no_consent", "consent of push", "2026-03-01 10:00")]


# ---- P8: opt-outs


@pytest.mark.parametrize(
    ("kind", "channel", "closed"),
    [
        ("opt_out", "email", {"email"}),
        ("opt_out", "sms", {"sms"}),
        ("opt_out", None, {"email", "sms"}),
        ("bounce", "email", {"email"}),
        ("complaint", "no field", {"email", "sms"}),
    ],
)
def test_p8_an_opt_out_visible_at_t_stops_the_messages_of_t(
    kind: str, channel: str | None, closed: set[str]
) -> None:
    world = World("""
        journey j
            enter on cart
            send hello by email
            send offer by sms
    """)
    world.contact("ann")
    values = {} if channel == "no field" else {"channel": channel}
    world.event(kind, "ann", "2026-03-01 10:00", **values)
    try_to_send(world)
    assert {c for _, _, c, _ in world.sent()} == {"email", "sms"} - closed
    assert [(reason, rule) for _, _, reason, rule, _ in world.not_sent()] == [("suppressed", kind)] * len(
        closed
    )


def test_p8_an_opt_out_that_is_not_visible_yet_stops_nothing() -> None:
    world = one()
    world.contact("ann")
    world.event("opt_out", "ann", "2026-03-01 09:00", loaded="2026-03-01 10:01")
    assert try_to_send(world).messages() == ["hello"]


def test_p8_an_opt_out_stops_a_message_that_is_held() -> None:
    world = World(ONE.format(by="push", more="", purpose="survey", policy=QUIET_PUSH.format(end="11:00")))
    world.contact("ann")
    try_to_send(world)
    world.event("opt_out", "ann", "2026-03-01 10:59")
    world.tick("2026-03-01 11:00")
    assert (world.sent(), world.reasons()) == ([], ["suppressed"])


# ---- P9: one reason, with the rule and its place


def test_p9_every_reason_has_the_rules_words_and_its_place_in_the_file() -> None:
    policy = """
    pressure
        at most 0 sms per 1 day
        never messages for country = "FR"
    """
    text = ONE.format(by="sms", more="\n            unless vip", policy=policy, purpose="survey")
    world = World(text)
    for name, values in (("a", {}), ("b", {"country": "FR"}), ("c", {"vip": True}), ("d", {"phone": None})):
        world.contact(name, **values)  # type: ignore[arg-type]
        world.event("cart", name, "2026-03-01 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    found = world.rows("SELECT reason, rule, place FROM state.not_sent ORDER BY contact")
    lines = [line.strip() for line in text.strip("\n").splitlines()]
    assert [(reason, rule) for reason, rule, _ in found[:3]] == [
        ("cap", "at most 0 sms per 1 day"),
        ("never", 'never messages for country = "FR"'),
        ("unless", "unless of hello"),
    ]
    for (_, rule, place), start in zip(found[:3], (found[0][1], found[1][1], "send hello"), strict=True):
        file, line, _ = place.split(":")
        assert file == FILE and lines[int(line) - 1].startswith(start), rule


def test_p9_there_is_exactly_one_record_for_each_message_that_was_not_sent() -> None:
    world = one(by="push else sms", policy="pressure\n        at most 1 message per 1 day")
    for n in range(8):
        world.contact(f"c{n}", push_opt_in=bool(n & 1), sms_opt_in=bool(n & 2), phone="1" if n & 4 else None)
        world.event("cart", f"c{n}", "2026-03-01 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00")
    told = [contact for contact, *_ in world.not_sent()]
    assert sorted(told + [contact for contact, *_ in world.sent()]) == [f"c{n}" for n in range(8)]
