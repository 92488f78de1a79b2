"""`budget AMOUNT per PERIOD` of a journey: the last gate (P1), for all contacts together in the order of rank (P3)."""

from decimal import Decimal

import pytest
from world import FILE, World

CHANNELS = """
    channel email
        address email
        consent email_opt_in
        cost {email} EUR

    channel sms
        address phone
        consent sms_opt_in
        cost {sms} EUR

    channel push
        address push_token
        consent push_opt_in
"""

ONE = """
    journey j
        {header}
        budget {budget}
        enter on cart
            again
        send hello by {by}
            {clauses}
            if not sent
                exit nothing
        exit something
"""

START = "2026-03-01 00:00"


def one(
    budget: str = "10 EUR per 1 day",
    *,
    by: str = "sms",
    clauses: str = "keep for 2 days",
    header: str = "priority 50",
    email: str = "1",
    sms: str = "4",
    more: str = "",
    zone: str = "UTC",
) -> World:
    journey = ONE.format(budget=budget, by=by, clauses=clauses, header=header)
    return World(journey + CHANNELS.format(email=email, sms=sms) + more, zone)


def people(world: World, *names: str) -> World:
    for name in names:
        world.contact(name)
    world.tick(START)
    return world


def come(world: World, at: str, *names: str, kind: str = "cart") -> None:
    """They all come to their send in one tick."""
    for name in names:
        world.event(kind, name, at)
    world.tick(at)


def who(world: World) -> list[tuple[str, str, str | None]]:
    """(contact, channel, instant) of what was sent."""
    return [(contact, channel, at) for contact, _, channel, at in world.sent()]


def test_p3_the_budget_goes_to_contacts_in_their_order_as_far_as_it_reaches() -> None:
    """P3: in rank order over all contacts; of one rank, by priority, journey and contact."""
    world = people(one(), "cid", "ann", "bob")
    come(world, "2026-03-01 10:00", "cid", "bob", "ann")
    now = "2026-03-01 10:00"
    assert who(world) == [("ann", "sms", now), ("bob", "sms", now)]
    assert world.held() == [("cid", "hello", "budget", "budget of j", now)]


def test_p9_the_place_is_that_of_the_budget() -> None:
    world = people(one("1 EUR per 1 day"), "ann")
    come(world, "2026-03-01 10:00", "ann")
    assert world.rows("SELECT place, channel FROM state.not_sent") == [(f"{FILE}:3:5", "sms")]


def test_p4_exactly_the_budget_may_be_spent_and_cents_are_exact() -> None:
    for budget, sent in (("0.3", 3), ("0.29", 2)):
        world = people(one(f"{budget} EUR per 1 day", sms="0.1"), "ann", "bob", "cid")
        come(world, "2026-03-01 10:00", "ann", "bob", "cid")
        assert len(world.sent()) == sent


def test_p7_a_rolling_budget_opens_when_the_oldest_costs_fall_out_of_the_window() -> None:
    world = people(one(), "ann", "bob", "cid")
    come(world, "2026-03-01 10:00", "ann")
    come(world, "2026-03-01 12:00", "bob", "cid")
    assert world.where("cid") == [("hello", "2026-03-02 10:00")]
    world.tick("2026-03-02 09:59:59.999999")
    assert len(world.sent()) == 2
    world.tick("2026-03-02 10:00")
    assert who(world)[-1] == ("cid", "sms", "2026-03-02 10:00")


def test_p7_what_does_not_suffice_when_it_opens_is_held_until_the_next_costs_fall_out() -> None:
    world = people(one("5 EUR per 1 day", by="email", email="1"), *"abcdef")
    come(world, "2026-03-01 10:00", "a")
    come(world, "2026-03-01 11:00", "b", "c", "d", "e")
    world.restart(
        ONE.format(budget="5 EUR per 1 day", by="email", clauses="keep for 2 days", header="priority 50")
        + CHANNELS.format(email="2", sms="4")
    )
    come(world, "2026-03-01 12:00", "f")
    assert world.due("f") == "2026-03-02 10:00"
    world.tick("2026-03-02 10:00")
    assert world.due("f") == "2026-03-02 11:00"
    world.tick("2026-03-02 11:00")
    assert who(world)[-1][0] == "f"


def test_p7_when_nothing_was_spent_and_it_is_too_dear_it_is_held_as_long_as_it_is_kept() -> None:
    world = people(one("3 EUR per 1 day", clauses="keep for 5 hours"), "ann")
    come(world, "2026-03-01 10:00", "ann")
    assert world.due("ann") == "2026-03-01 15:00"
    world.tick("2026-03-01 15:00")
    assert world.reasons() == ["budget"]
    assert world.exits() == [("ann", "nothing", "2026-03-01 15:00")]


@pytest.mark.parametrize(
    ("period", "spent", "next_"),
    [
        # Paris is an hour ahead of UTC, and two from 29 March 2026 on
        ("calendar day", "2026-03-01 10:00", "2026-03-01 23:00"),
        ("calendar week", "2026-03-03 10:00", "2026-03-08 23:00"),
        ("calendar month", "2026-03-20 10:00", "2026-03-31 22:00"),
        ("calendar year", "2026-12-31 22:30", "2026-12-31 23:00"),
        ("calendar month", "2026-12-30 10:00", "2026-12-31 23:00"),
    ],
)
def test_p4_a_budget_of_the_calendar_is_that_of_the_project_and_opens_with_the_next_period(
    period: str, spent: str, next_: str
) -> None:
    world = people(one(f"4 EUR per {period}", clauses="keep for 40 days", zone="Europe/Paris"), "ann", "bob")
    come(world, spent, "ann", "bob")
    assert [name for name, *_ in who(world)] == ["ann"]
    assert world.due("bob") == next_
    world.tick(next_)
    assert who(world)[-1] == ("bob", "sms", next_)


def test_p4_what_was_spent_in_the_period_before_does_not_count() -> None:
    world = people(one("4 EUR per calendar day", zone="Europe/Paris"), "ann", "bob")
    come(world, "2026-03-01 22:59", "ann")
    come(world, "2026-03-01 23:00", "bob")
    assert [name for name, *_ in who(world)] == ["ann", "bob"]


@pytest.mark.parametrize("period", ["1 month", "4 weeks"])
def test_p7_the_lift_is_the_first_instant_at_which_the_costs_are_out_of_the_window(period: str) -> None:
    """A month after 31 January is 28 February, but a month before that is 28 January: it is out on 1 March."""
    world = people(one(f"4 EUR per {period}", clauses="keep for 60 days"), "ann", "bob")
    come(world, "2026-03-31 10:00", "ann", "bob")
    lift = {"1 month": "2026-05-01 00:00", "4 weeks": "2026-04-28 10:00"}[period]
    assert world.due("bob") == lift
    world.tick(lift)
    assert [name for name, *_ in who(world)] == ["ann", "bob"]
    assert len(world.held()) == 1


def test_p3_nobody_overtakes_one_whom_the_budget_has_stopped() -> None:
    """bob's message is too dear, and cid's would fit; but cid stands behind."""
    world = people(one("5 EUR per 1 day", by="sms else email"), "ann", "bob", "cid")
    world.rows("UPDATE contact SET phone = NULL WHERE _contact IN ('ann', 'cid')")
    come(world, "2026-03-01 10:00", "ann", "bob", "cid")
    assert [name for name, *_ in who(world)] == ["ann", "bob"]
    world = people(one("4 EUR per 1 day", by="sms else email"), "ann", "bob", "cid")
    world.rows("UPDATE contact SET phone = NULL WHERE _contact IN ('ann', 'cid')")
    come(world, "2026-03-01 10:00", "ann", "bob", "cid")
    assert who(world) == [("ann", "email", "2026-03-01 10:00")]
    assert [name for name, *_ in world.held()] == ["bob", "cid"]


def test_p1_it_is_judged_on_the_channel_that_the_other_gates_have_chosen() -> None:
    """The cheaper one behind is not taken."""
    world = people(one("3 EUR per 1 day", by="sms else email"), "ann")
    come(world, "2026-03-01 10:00", "ann")
    assert world.sent() == []
    assert [row[2] for row in world.held()] == ["budget"]


def test_p1_it_is_the_last_gate_and_who_is_stopped_before_spends_nothing() -> None:
    cap = "\n    pressure\n        at most 1 sms per 1 day for vip\n"
    world = people(one("8 EUR per 1 day", more=cap), "ann", "bob", "cid")
    world.rows("UPDATE contact SET vip = true WHERE _contact = 'ann'")
    come(world, "2026-03-01 10:00", "ann")
    world.rows("UPDATE contact SET sms_opt_in = false WHERE _contact = 'bob'")
    come(world, "2026-03-01 11:00", "ann", "bob", "cid")
    assert [(name, at) for name, _, at in who(world)] == [
        ("ann", "2026-03-01 10:00"),
        ("cid", "2026-03-01 11:00"),
    ]
    assert [(name, reason) for name, _, reason, *_ in world.held()] == [("ann", "cap")]
    assert world.reasons() == ["no_consent"]


def test_p3_of_several_candidates_of_a_contact_all_first_ones_go_before_all_second_ones() -> None:
    """ann's second message waits for bob's first."""
    text = ONE.replace("again\n", "again\n            per event.cart_id\n")
    world = World(
        text.format(budget="12 EUR per 1 day", by="sms", clauses="keep for 1 day", header="priority 50")
        + CHANNELS.format(email="1", sms="4")
    )
    people(world, "ann", "bob")
    for name in ("ann", "bob"):
        for cart in ("c1", "c2"):
            world.event("cart", name, "2026-03-01 10:00", cart_id=cart)
    world.tick("2026-03-01 10:00")
    assert [name for name, *_ in who(world)] == ["ann", "ann", "bob"]
    assert [name for name, *_ in world.held()] == ["bob"]


def test_p3_each_of_several_channels_is_paid_for_by_itself() -> None:
    world = people(one("9 EUR per 1 day", by="sms and email"), "ann", "bob")
    come(world, "2026-03-01 10:00", "ann", "bob")
    assert [row[:2] for row in who(world)] == [("ann", "email"), ("ann", "sms"), ("bob", "sms")]
    assert world.rows("SELECT contact, channel FROM state.not_sent") == [("bob", "email")]
    world.tick("2026-03-02 10:00")
    assert [row[:2] for row in who(world)][3:] == [("bob", "email")]


TWO = """
    journey a
        priority {a}
        budget 4 EUR per 1 day
        enter on cart
            again
        send hello by sms
            keep for 1 hour

    journey b
        priority 50
        budget 8 EUR per 1 day
        enter on cart
            again
        send offer by sms
            keep for 1 hour

    journey c
        priority 10
        enter on visit
            again
        send reminder by sms
"""


def test_p3_each_journey_has_its_own_and_one_without_has_none() -> None:
    world = World(TWO.format(a=90) + CHANNELS.format(email="1", sms="4"))
    people(world, "ann", "bob", "cid")
    for name in ("ann", "bob", "cid"):
        world.event("visit", name, "2026-03-01 10:00")
    come(world, "2026-03-01 10:00", "ann", "bob", "cid")
    assert [row[:2] for row in world.sent()] == [
        *(("ann", "hello"), ("ann", "offer"), ("ann", "reminder")),
        *(("bob", "offer"), ("bob", "reminder")),
        ("cid", "reminder"),
    ]
    assert [(row[0], row[3]) for row in world.held()] == [
        *(("bob", "budget of a"), ("cid", "budget of a"), ("cid", "budget of b"))
    ]


def test_p5_costs_are_those_of_the_time_and_what_costs_nothing_takes_nothing() -> None:
    world = people(one("8 EUR per 1 day"), "ann", "bob", "cid")
    come(world, "2026-03-01 10:00", "ann")
    world.restart(
        ONE.format(budget="8 EUR per 1 day", by="sms", clauses="keep for 2 days", header="priority 50")
        + CHANNELS.format(email="1", sms="0")
    )
    come(world, "2026-03-01 11:00", "bob", "cid")
    assert len(world.sent()) == 3
    costs = world.rows("SELECT cost FROM state.outbox ORDER BY sent_at, contact")
    assert costs == [(Decimal(4),), (Decimal(0),), (Decimal(0),)]


def test_t18_the_budget_counts_over_all_versions_of_a_journey_and_each_version_has_its_own() -> None:
    def text(budget: int) -> str:
        held = "priority 50\n        leave when points > 5"
        return ONE.format(
            budget=f"{budget} EUR per 1 day", by="sms", clauses="keep for 2 days", header=held
        ).replace("send hello", "wait 1 hour\n        send hello") + CHANNELS.format(email="1", sms="4")

    world = World(text(8))
    people(world, "ann", "bob", "cid", "dan")
    come(world, "2026-03-01 10:00", "bob", "dan")
    world.restart(text(12))
    come(world, "2026-03-01 10:10", "ann", "cid")
    world.tick("2026-03-01 11:10")
    # ann 4, bob 8, cid 12 of 12; dan's own version has 8
    assert [name for name, *_ in who(world)] == ["ann", "bob", "cid"]
    assert [name for name, *_ in world.held()] == ["dan"]


def test_p1_an_exempt_purpose_has_to_keep_to_its_budget_all_the_same() -> None:
    exempt = "\n    pressure\n        exempt purpose service\n"
    world = people(one("3 EUR per 1 day", header="purpose service", more=exempt), "ann")
    come(world, "2026-03-01 10:00", "ann")
    assert [row[2] for row in world.held()] == ["budget"]


def test_p7_who_comes_too_late_spends_nothing() -> None:
    """Both are tried in one late tick: ann's time is over, bob's is not."""
    quiet = CHANNELS.replace(
        "consent sms_opt_in\n", "consent sms_opt_in\n        quiet from 21:00 to 08:00\n"
    )
    world = World(
        ONE.format(budget="4 EUR per 1 day", by="sms", clauses="keep for 10 hours", header="priority 50")
        + quiet.format(email="1", sms="4")
    )
    people(world, "ann", "bob")
    come(world, "2026-03-01 21:30", "ann")
    come(world, "2026-03-01 22:30", "bob")
    world.tick("2026-03-02 08:10")
    assert who(world) == [("bob", "sms", "2026-03-02 08:10")]
    assert world.reasons() == ["kept_too_long"]


def test_p7_leave_when_is_looked_at_before_a_message_is_tried_again() -> None:
    world = people(one("4 EUR per 1 day", header="leave when points > 5"), "ann", "bob")
    come(world, "2026-03-01 10:00", "ann", "bob")
    world.rows("UPDATE contact SET points = 9")
    assert world.due("bob") == "2026-03-02 10:00"
    world.tick("2026-03-02 10:00")
    assert world.exits()[-1] == ("bob", "left", "2026-03-02 10:00")


def test_t2_uneven_ticks_spend_it_in_the_order_of_the_contacts_who_wait() -> None:
    world = people(one("8 EUR per calendar day", zone="UTC"), "ann", "bob", "cid", "dan", "eve")
    come(world, "2026-03-01 10:00", "eve", "dan", "cid")
    come(world, "2026-03-01 17:43", "bob")
    world.tick("2026-03-02 03:17")
    come(world, "2026-03-02 03:18", "ann")
    assert [(name, at) for name, _, at in who(world)] == [
        ("cid", "2026-03-01 10:00"),
        ("dan", "2026-03-01 10:00"),
        ("bob", "2026-03-02 03:17"),
        ("eve", "2026-03-02 03:17"),
    ]
    assert world.due("ann") == "2026-03-03 00:00"
