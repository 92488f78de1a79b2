"""Why a message was sent, held or not sent: each gate of P1, with what it looked at and counted."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import world as worlds
from telling import story_of, told
from telling_worlds import CART, DAY, event, happened

from parcours.datamart.catalog import Column, Table, kind_of

JOURNEY = """
journey j
    priority 50
    purpose loyalty
    enter on cart
        again
    {header}
    send hello by {by}
        {clauses}
"""
CHANNELS = """
channel email
    address email
    consent email_opt_in
    {}

channel sms
    address phone
    consent sms_opt_in
"""
TWICE = (CART, event("cart", f"{DAY} 11:00"))
NOON = (f"{DAY} 10:00", f"{DAY} 12:00")


def decided(
    *ticks: str,
    by: str = "email",
    clauses: str = "keep for 1 day",
    header: str = "",
    policy: str = "",
    contact: dict[str, Any] | None = None,
    events: tuple[Any, ...] = (CART,),
) -> list[list[str]]:
    """The sentences of everything that was decided about messages."""
    text = JOURNEY.format(by=by, clauses=clauses, header=header) + policy
    world = happened(text, *ticks, contact=contact, events=events)
    kinds = ("sent", "held", "not_sent")
    return [line for kind in kinds for line in told(world, kind)]


def pressed(rule: str) -> str:
    return f"\npressure\n    {rule}\n"


def test_a_message_that_is_sent_is_told_with_its_step() -> None:
    assert decided() == [["`hello` is sent by email (test.journey:7)"]]


# ---- the gates that are final


def test_p1_without_an_address() -> None:
    assert decided(contact={"email": None}) == [
        [
            "`hello` is not sent by email: no address, `address of email` (test.journey:11)",
            "`email`: unknown, as of today",
            "-> `email` of the contact would have to be known",
        ]
    ]


def test_p1_without_consent() -> None:
    assert decided(contact={"email_opt_in": False}) == [
        [
            "`hello` is not sent by email: no consent, `consent of email` (test.journey:12)",
            "email_opt_in: no, as of today",
            "-> needed: `email_opt_in` is yes",
        ]
    ]


def test_p1_after_an_opt_out() -> None:
    left = event("opt_out", f"{DAY} 09:00", channel="email")
    other = event("opt_out", f"{DAY} 09:30", channel="sms")
    assert decided(events=(CART, left, other)) == [
        [
            "`hello` is not sent by email: suppressed, `opt_out` (test.journey:10)",
            "the last `opt_out`: 2026-03-01 09:00",
            "-> no message goes by this channel any more: the contact would have to say yes again",
        ]
    ]


def test_p1_unless() -> None:
    assert decided(clauses="unless has cart") == [
        [
            "`hello` is not sent by email: `unless` holds, `unless of hello` (test.journey:7)",
            "has cart: yes (the only cart that counts: 2026-03-01 10:00)",
            "-> needed: `has cart` is no",
        ]
    ]


def test_p1_expired() -> None:
    message = '\nmessage hello\n    topic news\n    subject "…"\n    email "…"\n    expires after 2 hours\n'
    policy = message + CHANNELS.format("quiet from 09:00 to 20:00")
    assert decided(f"{DAY} 10:00", f"{DAY} 20:00", policy=policy)[-1] == [
        "`hello` is not sent by email: expired, `hello expires after 2 hours` (test.journey:10)",
        "wanted since: 2026-03-01 10:00",
        "good until: 2026-03-01 12:00",
        "held since: 2026-03-01 10:00",
        "-> it would have to be let through until then, or `hello` would have to expire later",
    ]


AGAIN = """
journey j
    enter on cart
    repeat up to 2 times
        send hello by email
            keep for {}
        wait 13 hours
"""
HOURS = [f"2026-03-0{day} {hour}:00" for day in (1, 2) for hour in (10, 12, 21)]


def test_what_is_held_on_a_second_visit_to_a_step_is_told_anew() -> None:
    world = happened(AGAIN.format("1 day") + CHANNELS.format("quiet from 09:00 to 20:00"), *HOURS)
    held = [line for line in story_of(world).lines if line.kind == "held"]
    assert [f"{line.at:%d %H:%M}" for line in held] == ["01 10:00", "02 10:00"]


def test_what_was_kept_too_long_is_told_with_what_held_it_on_this_visit_to_the_step() -> None:
    rules = CHANNELS.format("quiet from 18:00 to 20:00\n    quiet from 11:00 to 13:00")
    ticks = (f"{DAY} 19:00", f"{DAY} 23:00", "2026-03-02 12:00", "2026-03-02 16:00")
    world = happened(AGAIN.format("2 hours") + rules, *ticks)
    assert [line[1:3] for line in told(world, "not_sent")] == [
        [
            "wanted since: 2026-03-01 19:00",
            "held at last because of: quiet hours, `email: quiet from 18:00 to 20:00`",
        ],
        [
            "wanted since: 2026-03-02 12:00",
            "held at last because of: quiet hours, `email: quiet from 11:00 to 13:00`",
        ],
    ]


def test_p1_never() -> None:
    assert decided(policy=pressed("never messages for points < 3"), contact={"points": 1}) == [
        [
            "`hello` is not sent by email: a rule says never, `never messages for points < 3` (test.journey:11)",
            "points < 3: yes (points: 1, as of today)",
            "-> needed: `points < 3` is no",
        ]
    ]


# ---- those that lift


def test_p1_stale_data_is_told_once_however_often_it_was_looked_at() -> None:
    header = "needs order fresh within 1 hour, else wait up to 3 hours"
    rule = f"the data is not fresh, `{header}` (test.journey:6)"
    newest = "the newest `order` of anybody became known: 2026-03-01 08:00"
    ticks = (f"{DAY} 10:00", f"{DAY} 11:00", f"{DAY} 14:00")
    events = (CART, event("order", f"{DAY} 08:00"))
    assert decided(*ticks, header=header, events=events) == [
        [
            f"`hello` is held by email: {rule}",
            newest,
            "looked at once more, the last time: 2026-03-01 11:00",
            "-> a newer `order` would have to be loaded",
        ],
        [
            f"`hello` is not sent by email: {rule}",
            newest,
            "held since: 2026-03-01 10:00",
            "-> a newer `order` would have to be loaded",
        ],
    ]


@pytest.mark.parametrize(
    ("rule", "reason", "free"),
    [
        ("quiet from 09:00 to 12:00", "quiet hours", "2026-03-01 12:00"),
        ("open weekdays from 09:00 to 12:00", "out of opening hours", "2026-03-02 09:00"),
    ],
)
def test_p1_hours(rule: str, reason: str, free: str) -> None:
    assert decided(policy=CHANNELS.format(rule)) == [
        [
            f"`hello` is held by email: {reason}, `email: {rule}` (test.journey:13)",
            "the contact's clock showed: Sunday 10:00",
            f"it is looked at again: {free}",
            f"-> it can go from {free} on, if nothing else closes it",
        ]
    ]


def test_p4_a_cap_is_told_with_the_messages_that_used_it_up() -> None:
    rule = "at most 1 message per 7 days"
    counted = "1 of 1 allowed in the 7 days before (hello by email: 2026-03-01 10:00)"
    ticks = (f"{DAY} 10:00", "2026-03-02 10:00", "2026-03-03 10:00")
    events = (CART, event("cart", "2026-03-02 09:00"))
    assert decided(*ticks, policy=pressed(rule), events=events)[1:] == [
        [
            f"`hello` is held by email: the cap is used up, `{rule}` (test.journey:11)",
            counted,
            "-> it can go from 2026-03-08 10:00 on, if nothing else closes it",
        ],
        [
            f"`hello` is not sent by email: the cap is used up, `{rule}` (test.journey:11)",
            counted,
            "held since: 2026-03-02 10:00",
            "-> kept for longer (`keep for`) it could go from 2026-03-08 10:00 on",
        ],
    ]


def test_p4_a_cap_of_nothing_for_some() -> None:
    rule = "at most 0 messages per 7 days for vip"
    assert decided(policy=pressed(rule), contact={"vip": True}) == [
        [
            f"`hello` is not sent by email: the cap is used up, `{rule}` (test.journey:11)",
            "vip: yes, as of today",
            "0 of 0 allowed in the 7 days before",
            "-> the rule would have to allow one",
        ]
    ]


def test_p6_what_is_kept_for_others() -> None:
    rule = "at most 2 messages per calendar week, keep 1 for priority from 70"
    assert decided(*NOON, policy=pressed(rule), events=TWICE)[1] == [
        f"`hello` is held by email: the cap is used up, `{rule}` (test.journey:11)",
        "1 of 1 allowed this week (1 of 2 kept for priority from 70, this one has 50) "
        "(hello by email: 2026-03-01 10:00)",
        "it is looked at again: 2026-03-02 00:00",
        "-> it can go from 2026-03-02 00:00 on, if nothing else closes it",
    ]


def test_p6_those_who_share_a_cap_are_counted_together() -> None:
    rule = "at most 1 message per 7 days per country"
    world = worlds.World(JOURNEY.format(by="email", clauses="keep for 1 day", header="") + pressed(rule))
    for name, country, at in (("ann", "FR", "11:00"), ("bob", "FR", "10:00"), ("cid", "DE", "10:00")):
        world.contact(name, country=country)
        world.event("cart", name, f"{DAY} {at}")
    world.tick(f"{DAY} 00:00", *NOON)
    assert told(world, "held")[0][1:3] == [
        "counted over all who share `country`",
        "1 of 1 allowed in the 7 days before (hello by email: 2026-03-01 10:00)",
    ]


def test_spacing() -> None:
    rule = "at least 2 days between messages and messages"
    assert decided(*NOON, policy=pressed(rule), events=TWICE)[1] == [
        f"`hello` is held by email: too soon after another message, `{rule}` (test.journey:11)",
        "1 message in the 2 days before (hello by email: 2026-03-01 10:00)",
        "it is looked at again: 2026-03-02 12:00",
        "-> it can go from 2026-03-03 10:00 on, if nothing else closes it",
    ]


def test_capacity_is_counted_over_all_contacts() -> None:
    policy = CHANNELS.format("at most 1 per day")
    assert decided(*NOON, policy=policy, events=TWICE)[1] == [
        "`hello` is held by email: the channel is full, `email: at most 1 per day` (test.journey:13)",
        "1 of 1 messages by email to all contacts in the day before",
        "it is looked at again: 2026-03-02 10:00",
        "-> the channel would have to take more, or the next period to begin",
    ]


def test_a_budget_is_told_with_what_was_spent() -> None:
    policy = CHANNELS.format("cost 2 EUR")
    assert decided(*NOON, header="budget 3 EUR per month", policy=policy, events=TWICE)[1] == [
        "`hello` is held by email: the budget is used up, `budget of j` (test.journey:6)",
        "2 of 3 spent in the month before",
        "it is looked at again: 2026-03-02 12:00",
        "-> the budget would have to be larger, or the next period to begin",
    ]


# ---- several channels


def test_p9_the_channels_that_were_closed_are_told_with_the_one_that_sends() -> None:
    closed = (
        "not by push: no address, `address of push` (test.journey:19) (`push_token`: unknown, as of today)"
    )
    assert decided(by="push else email", contact={"push_token": None}) == [
        ["`hello` is sent by email (test.journey:7)", closed]
    ]
    assert decided(by="best of push, email", contact={"push_token": None}) == [
        [
            "`hello` is sent by email (test.journey:7)",
            "best of the channels, by how well they are answered (push: 5.0 % answered, email: 5.0 % answered)",
            closed,
        ]
    ]


def test_p2_the_expected_value_is_told_with_its_pieces() -> None:
    text = """
    journey first
        enter on signup
        goal bought: order within 9 days worth 10 EUR
        send hello by email

    pressure
        a lost contact costs 40 EUR
        arbitrate by value
    """
    world = worlds.World(text)
    for name in ("ann", "bob"):
        world.contact(name)
    world.event("signup", "bob", f"{DAY} 09:00")
    world.event("signup", "ann", "2026-03-02 09:00")
    world.tick(f"{DAY} 00:00", f"{DAY} 10:00", "2026-03-02 10:00")
    (sent,) = told(world, "sent")
    assert sent == [
        "`hello` is sent by email (test.journey:4)",
        "ranked by its expected value: 0.47619 (the goal is reached by email: 4.8 %, the goal is worth: 10, "
        "the message costs: 0, the contact is lost: 0.0 %)",
    ]


# ---- preferences

_WISHES = {
    "frequency": "VARCHAR",
    "until": "DATE",
    "topic": "VARCHAR",
    "wanted": "BOOLEAN",
    "season": "VARCHAR",
}


@pytest.fixture
def wishes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Contacts can say what they prefer."""
    types = {"contact_id": "VARCHAR", **_WISHES, "at": "TIMESTAMP"}
    columns = {name: Column(name, kind_of(kind), kind) for name, kind in types.items()}
    events = {**worlds.CATALOG.events, "preference_changed": Table("preferences", columns, "contact_id")}
    monkeypatch.setattr(worlds, "CATALOG", replace(worlds.CATALOG, events=events))


HONOUR = "\nseason summer\n    from 06-01 to 08-31\n" + pressed("honour preferences")


@pytest.mark.usefixtures("wishes")
def test_p10_a_break_is_told_with_its_end() -> None:
    asked = event("preference_changed", f"{DAY} 08:00", until=date(2026, 4, 1))
    assert decided(policy=HONOUR, events=(CART, asked)) == [
        [
            "`hello` is held by email: the contact prefers otherwise, `honour preferences: a break` (test.journey:14)",
            "the contact asked for a break until: 2026-04-01",
            "it is looked at again: 2026-03-02 10:00",
            "-> it can go from 2026-04-01 00:00 on, if nothing else closes it",
        ]
    ]


@pytest.mark.usefixtures("wishes")
@pytest.mark.parametrize(
    ("said", "rule", "facts"),
    [
        (
            {"topic": "news", "wanted": False},
            "no topic news",
            ["the contact said `wanted`: no (2026-03-01 08:00)"],
        ),
        ({"season": "summer"}, "only in summer", ['the contact said `season`: "summer" (2026-03-01 08:00)']),
    ],
)
def test_p10_what_a_contact_does_not_want_is_told(said: dict[str, Any], rule: str, facts: list[str]) -> None:
    asked = event("preference_changed", f"{DAY} 08:00", **said)
    (held,) = decided(policy=HONOUR, events=(CART, asked))
    assert held[0] == (
        f"`hello` is held by email: the contact prefers otherwise, `honour preferences: {rule}` (test.journey:14)"
    )
    assert held[1:2] == facts


@pytest.mark.usefixtures("wishes")
def test_p10_fewer_messages_are_told_with_the_one_that_has_gone() -> None:
    asked = event("preference_changed", f"{DAY} 08:00", frequency="weekly")
    held = decided(*NOON, policy=HONOUR, events=(*TWICE, asked))[1]
    assert held[1:3] == [
        'the contact said `frequency`: "weekly" (2026-03-01 08:00)',
        "1 of 1 wanted in the week before (hello by email: 2026-03-01 10:00)",
    ]
    assert held[-1] == "-> it can go from 2026-03-08 10:00 on, if nothing else closes it"


# ---- rules that were another then


def test_p9_a_rule_that_is_gone_from_the_files_keeps_its_words_and_place() -> None:
    text = JOURNEY.format(by="email", clauses="keep for 1 day", header="")
    world = happened(text + pressed("at most 1 message per 7 days"), *NOON, events=TWICE)
    world.restart(text)
    assert told(world, "held") == [
        [
            "`hello` is held by email: the cap is used up, `at most 1 message per 7 days` (test.journey:11)",
            "the rule is not in the files any more: what it counted cannot be told",
            "it is looked at again: 2026-03-02 12:00",
        ]
    ]


def test_a_channel_that_is_gone_from_the_files() -> None:
    text = JOURNEY.format(by="sms", clauses="", header="wait 1 day").replace(
        "\n    wait 1 day\n    send", "\n    wait 1 day\n    send"
    )
    world = happened(text)
    world.restart(
        JOURNEY.format(by="email", clauses="", header="") + CHANNELS.format("").split("channel sms")[0]
    )
    world.tick("2026-03-02 10:00")
    assert told(world, "not_sent") == [
        [
            "`hello` is not sent by sms: gone from the files, `channel sms` (test.journey:7)",
            "-> the files would have to have it again",
        ]
    ]
