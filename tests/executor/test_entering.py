"""Who enters and who does not: T7, T8 and T9, and what is new (T4)."""

from decimal import Decimal

import pytest
from world import World

from parcours.clock.chance import share_of, threshold

CART = """
    journey j
        enter on cart
            {clause}
        wait 2 hours
        send hello by email
"""


def entering(clause: str, *carts: str, text: str = CART) -> World:
    """Ann fills carts at these instants; ticks come every hour from 00:00 on."""
    world = World(text.format(clause=clause))
    world.contact("ann")
    for number, at in enumerate(carts):
        world.event("cart", "ann", at, cart_id=f"c{number}", total=number)
    return world


def hours(first: int, last: int, day: str = "2026-03-01") -> list[str]:
    return [f"{day} {hour:02}:00" for hour in range(first, last + 1)]


# ---- T7: an entry moves in its own tick


def test_t7_an_entry_moves_in_the_tick_in_which_it_is_made() -> None:
    world = World("""
        journey j
            enter on cart
            send hello by email
    """)
    world.contact("ann")
    world.event("cart", "ann", "2026-03-01 09:30")
    world.tick("2026-03-01 09:00", "2026-03-01 10:00")
    assert world.sent() == [("ann", "hello", "email", "2026-03-01 10:00")]
    assert world.exits() == [("ann", "finished", "2026-03-01 10:00")]


def test_t7_an_entry_goes_through_every_instantaneous_step_up_to_its_first_rest() -> None:
    world = World("""
        journey j
            enter on cart
            if country = "FR"
                send hello by email
            else
                send offer by sms
            if vip
                exit vip
            send reminder by push
            wait 1 hour
    """)
    world.contact("ann", country="FR", vip=False)
    world.contact("bob", vip=True)
    for name in ("ann", "bob"):
        world.event("cart", name, "2026-03-01 09:30")
    world.tick("2026-03-01 09:00", "2026-03-01 10:00")
    assert [row[:2] for row in world.sent()] == [("ann", "hello"), ("ann", "reminder"), ("bob", "offer")]
    assert world.where("ann") == [("4 wait", "2026-03-01 11:00")]
    assert world.exits() == [("bob", "vip", "2026-03-01 10:00")]


# ---- T8: how often


def test_t8_once_is_the_default_and_means_once_for_ever() -> None:
    world = entering("once", "2026-03-01 01:30", "2026-03-01 02:30", "2026-03-20 02:30")
    silent = World(CART.replace("            {clause}\n", ""))
    silent.contact("ann")
    for at in ("2026-03-01 01:30", "2026-03-01 02:30", "2026-03-20 02:30"):
        silent.event("cart", "ann", at)
    for each in (world, silent):
        each.tick(*hours(0, 6), "2026-03-20 02:00", "2026-03-20 03:00")
        assert each.entered() == [("ann", "2026-03-01 02:00")]
        assert each.refused() == [
            ("ann", "already_running", "2026-03-01 03:00"),
            ("ann", "already_ran", "2026-03-20 03:00"),
        ]


def test_t8_again_enters_as_soon_as_no_run_is_there() -> None:
    world = entering("again", "2026-03-01 01:30", "2026-03-01 02:30", "2026-03-01 04:30")
    world.tick(*hours(0, 6))
    assert world.entered() == [("ann", "2026-03-01 02:00"), ("ann", "2026-03-01 05:00")]
    assert world.refused() == [("ann", "already_running", "2026-03-01 03:00")]


def test_t8_a_run_that_ends_in_the_same_tick_by_its_last_step_is_still_there_when_others_enter() -> None:
    # T5: entries come before those that are due
    world = entering("again", "2026-03-01 01:30", "2026-03-01 03:30")
    world.tick(*hours(0, 4))
    assert world.refused() == [("ann", "already_running", "2026-03-01 04:00")]
    assert world.exits() == [("ann", "finished", "2026-03-01 04:00")]


def test_t8_a_run_that_a_goal_ends_in_the_same_tick_makes_room_for_the_next() -> None:
    # T5: goals come before entries
    world = entering("again\n        goal bought: order", "2026-03-01 01:30", "2026-03-01 02:40")
    world.event("order", "ann", "2026-03-01 02:30")
    world.tick(*hours(0, 3))
    assert world.exits() == [("ann", "bought", "2026-03-01 03:00")]
    assert world.entered() == [("ann", "2026-03-01 02:00"), ("ann", "2026-03-01 03:00")]


def test_t8_a_run_that_a_goal_ends_in_the_same_tick_counts_as_a_run_that_left() -> None:
    for clause, reason in (("once", "already_ran"), ("again after 1 day", "too_soon")):
        world = entering(f"{clause}\n        goal bought: order", "2026-03-01 01:30", "2026-03-01 02:40")
        world.event("order", "ann", "2026-03-01 02:30")
        world.tick(*hours(0, 3))
        assert world.refused() == [("ann", reason, "2026-03-01 03:00")]


def test_t8_again_after_counts_from_when_the_last_run_left() -> None:
    # entered at 02:00, left at 04:00
    world = entering("again after 1 day", "2026-03-01 01:30", "2026-03-02 03:59", "2026-03-02 04:00")
    world.tick(*hours(0, 6), "2026-03-02 03:59:30", "2026-03-02 04:00")
    assert world.exits() == [("ann", "finished", "2026-03-01 04:00")]
    assert world.refused() == [("ann", "too_soon", "2026-03-02 03:59:30")]
    assert world.entered() == [("ann", "2026-03-01 02:00"), ("ann", "2026-03-02 04:00")]


def test_t8_months_are_counted_from_when_the_last_run_left() -> None:
    # O4 of the oracle's findings: a month after 31 January is the 28th of February, a month before that the 28th of January
    world = World("""
        journey j
            enter on cart
                again after 1 month
            exit
    """)
    world.contact("ann")
    for at in ("2026-01-31 10:00", "2026-02-28 09:59", "2026-02-28 10:00"):
        world.event("cart", "ann", at)
    world.tick("2026-01-31 09:00", "2026-01-31 10:00", "2026-02-28 09:59", "2026-02-28 10:00")
    assert world.refused() == [("ann", "too_soon", "2026-02-28 09:59")]
    assert world.entered() == [("ann", "2026-01-31 10:00"), ("ann", "2026-02-28 10:00")]


def test_t8_a_month_that_ends_at_a_time_that_does_not_exist() -> None:
    # in Paris there is no 02:30 on 29 March: a month before 29 April 02:30 is 03:00, and a month after that is 03:00
    world = World(
        """
        journey j
            enter on cart
                again after 1 month
            exit
    """,
        zone="Europe/Paris",
    )
    world.contact("ann")
    world.event("cart", "ann", "2026-03-29 01:00")
    world.event("cart", "ann", "2026-04-29 00:30")
    world.event("cart", "ann", "2026-04-29 01:00")
    world.tick("2026-03-29 00:00", "2026-03-29 01:00", "2026-04-29 00:30", "2026-04-29 01:00")
    assert world.refused() == [("ann", "too_soon", "2026-04-29 00:30")]
    assert world.entered() == [("ann", "2026-03-29 01:00"), ("ann", "2026-04-29 01:00")]


def test_t8_again_after_is_refused_while_inside_however_long_ago_it_entered() -> None:
    world = World("""
        journey j
            enter on cart
                again after 1 day
            wait 10 days
    """)
    world.contact("ann")
    for at in ("2026-03-01 01:30", "2026-03-06 01:30"):
        world.event("cart", "ann", at)
    world.tick("2026-03-01 00:00", "2026-03-01 02:00", "2026-03-06 02:00")
    assert world.refused() == [("ann", "already_running", "2026-03-06 02:00")]


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("once", {"a": ["2026-03-01 02:00"], "b": ["2026-03-01 03:00"]}),
        ("again", {"a": ["2026-03-01 02:00", "2026-03-01 06:00"], "b": ["2026-03-01 03:00"]}),
        ("again after 3 hours", {"a": ["2026-03-01 02:00"], "b": ["2026-03-01 03:00"]}),
    ],
)
def test_t8_with_a_key_every_rule_holds_for_each_key_and_runs_go_side_by_side(
    clause: str, expected: dict[str, list[str]]
) -> None:
    world = World(CART.format(clause=f"{clause}\n            per event.cart_id"))
    world.contact("ann")
    for key, at in (("a", "01:30"), ("b", "02:30"), ("a", "02:40"), ("a", "05:30")):
        world.event("cart", "ann", f"2026-03-01 {at}", cart_id=key)
    world.tick(*hours(0, 3))
    assert [name for name, _ in world.where("ann")] == ["1 wait", "1 wait"]
    world.tick(*hours(4, 6))
    found = world.rows("""
        SELECT j.key, list(strftime(t.ticked_at, '%Y-%m-%d %H:%M') ORDER BY t.ticked_at)
        FROM state.journal AS j JOIN state.tick AS t USING (tick) WHERE j.route = 0 GROUP BY j.key
    """)
    assert dict(found) == expected


def test_t8_without_a_value_of_the_key_nobody_enters() -> None:
    world = World(CART.format(clause="per event.cart_id"))
    world.contact("ann")
    world.event("cart", "ann", "2026-03-01 01:30")
    world.tick(*hours(0, 2))
    assert (world.entered(), world.refused()) == ([], [("ann", "no_key", "2026-03-01 02:00")])


def test_t8_a_refused_trigger_has_no_other_effect() -> None:
    world = entering("if vip", "2026-03-01 01:30")
    world.tick(*hours(0, 1))
    before = world.state()
    world.tick("2026-03-01 02:00")
    after = world.state()
    assert world.refused() == [("ann", "not_eligible", "2026-03-01 02:00")]
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"refused", "tick"}


def test_t8_the_condition_sees_the_event_and_takes_unknown_as_no() -> None:
    world = World(CART.format(clause="if event.total > 50 and age >= 18"))
    for name, age, total in (("ann", 30, 80), ("bob", 30, 50), ("cid", None, 80), ("dan", 30, None)):
        world.contact(name, age=age)
        world.event("cart", name, "2026-03-01 01:30", total=total)
    world.tick(*hours(0, 2))
    assert world.entered() == [("ann", "2026-03-01 02:00")]
    assert {reason for _, reason, _ in world.refused()} == {"not_eligible"}


# ---- T9: old events, and several at once


def test_t9_an_event_older_than_a_day_when_it_becomes_visible_starts_nothing() -> None:
    world = World(CART.format(clause="once"))
    for name, loaded in (("a_day", "2026-03-02 01:30"), ("more", "2026-03-02 01:30:01")):
        world.contact(name)
        world.event("cart", name, "2026-03-01 01:30", loaded=loaded)
    world.tick("2026-03-01 00:00", "2026-03-02 02:00")
    assert world.entered() == [("a_day", "2026-03-02 02:00")]
    assert world.refused() == [("more", "too_old", "2026-03-02 02:00")]


def test_t9_a_late_tick_does_not_make_an_event_old() -> None:
    world = entering("once", "2026-03-01 01:30")
    world.tick("2026-03-01 00:00", "2026-03-09 00:00")
    assert world.entered() == [("ann", "2026-03-09 00:00")]


def test_t9_within_changes_what_old_means() -> None:
    world = World(CART.format(clause="within 2 hours"))
    for name, loaded in (("fresh", "2026-03-01 03:30"), ("stale", "2026-03-01 03:31")):
        world.contact(name)
        world.event("cart", name, "2026-03-01 01:30", loaded=loaded)
    world.tick("2026-03-01 00:00", "2026-03-01 05:00")
    assert world.entered() == [("fresh", "2026-03-01 05:00")]


def test_t9_a_month_of_age_is_a_calendar_step_in_the_projects_zone() -> None:
    # E2: from 10:00 in winter to 10:00 in summer, an hour less by the clock of UTC
    world = World(CART.format(clause="within 1 month"), zone="Europe/Paris")
    for name, loaded in (("fresh", "2026-04-15 08:00"), ("stale", "2026-04-15 08:01")):
        world.contact(name)
        world.event("cart", name, "2026-03-15 09:00", loaded=loaded)
    world.tick("2026-03-01 00:00", "2026-04-16 00:00")
    assert world.entered() == [("fresh", "2026-04-16 00:00")]


def test_t9_of_several_events_in_one_tick_the_earliest_starts_the_run() -> None:
    world = World("""
        journey j
            enter on cart
                again
            if entry.cart_id = "first"
                exit the_first
    """)
    world.contact("ann")
    for at, key in (("01:50", "late"), ("01:10", "first"), ("01:30", "between")):
        world.event("cart", "ann", f"2026-03-01 {at}", cart_id=key)
    world.tick(*hours(0, 2))
    assert world.exits() == [("ann", "the_first", "2026-03-01 02:00")]
    assert world.refused() == [("ann", "same_tick", "2026-03-01 02:00")] * 2


def test_t9_of_several_events_the_earliest_that_is_not_refused_starts_the_run() -> None:
    world = entering("if event.total >= 1", "2026-03-01 01:10", "2026-03-01 01:30", "2026-03-01 01:20")
    world.tick(*hours(0, 2))
    assert world.entered() == [("ann", "2026-03-01 02:00")]
    ((entry_at,),) = world.rows("SELECT CAST(entry_at AS VARCHAR) FROM state.instance")
    assert entry_at == "2026-03-01 01:20:00"
    assert sorted(reason for _, reason, _ in world.refused()) == ["not_eligible", "same_tick"]


def test_t9_of_two_events_at_one_instant_the_first_by_id_starts_the_run() -> None:
    world = World("""
        journey j
            enter on cart
            if entry.cart_id = "one"
                exit one
    """)
    world.contact("ann")
    world.event("cart", "ann", "2026-03-01 01:30", event_id="b", cart_id="two")
    world.event("cart", "ann", "2026-03-01 01:30", event_id="a", cart_id="one")
    world.tick(*hours(0, 2))
    assert world.exits() == [("ann", "one", "2026-03-01 02:00")]


# ---- T4: what is new


def test_t4_an_event_is_new_once_in_the_first_tick_that_sees_it() -> None:
    world = entering("again", "2026-03-01 01:00")
    world.tick(*hours(0, 6))
    assert world.entered() == [("ann", "2026-03-01 01:00")]


def test_t4_an_event_loaded_late_is_new_when_it_becomes_visible() -> None:
    world = World(CART.format(clause="once"))
    world.contact("ann")
    world.event("cart", "ann", "2026-03-01 01:30", loaded="2026-03-01 04:10")
    world.tick(*hours(0, 5))
    assert world.entered() == [("ann", "2026-03-01 05:00")]
    # the wait begins with the tick, but what started the run is the event's own instant
    ((entry_at,),) = world.rows("SELECT CAST(entry_at AS VARCHAR) FROM state.instance")
    assert entry_at == "2026-03-01 01:30:00"


def test_t4_an_event_dated_in_the_future_is_new_when_its_time_has_come() -> None:
    world = World(CART.format(clause="once"))
    world.contact("ann")
    world.event("cart", "ann", "2026-03-01 03:30", loaded="2026-03-01 00:30")
    world.tick(*hours(0, 3))
    assert world.entered() == []
    world.tick("2026-03-01 04:00")
    assert world.entered() == [("ann", "2026-03-01 04:00")]


def test_t4_an_event_of_nobody_who_is_known_starts_nothing() -> None:
    world = World(CART.format(clause="once"))
    world.contact("late", known_since="2026-03-05 00:00")
    for name in ("late", "nobody"):
        world.event("cart", name, "2026-03-01 01:30")
    world.tick(*hours(0, 2))
    assert world.entered() == []
    assert world.refused() == [
        ("late", "unknown_contact", "2026-03-01 02:00"),
        ("nobody", "unknown_contact", "2026-03-01 02:00"),
    ]


# ---- T2: ticks


def test_t2_the_first_tick_takes_only_what_is_newer_than_itself() -> None:
    world = entering("again", "2026-02-28 23:00", "2026-03-01 00:00", "2026-03-01 00:00:01")
    world.tick("2026-03-01 00:00")
    assert (world.entered(), world.refused()) == ([], [])
    world.tick("2026-03-01 00:01")
    ((entry_at,),) = world.rows("SELECT CAST(entry_at AS VARCHAR) FROM state.instance")
    assert entry_at == "2026-03-01 00:00:01"


def test_t2_a_journey_that_is_added_later_takes_only_what_comes_after_its_first_tick() -> None:
    world = entering("once", "2026-03-01 01:30", "2026-03-01 02:30")
    world.tick(*hours(0, 1))
    world.restart(
        CART.format(clause="once")
        + """
    journey k
        enter on cart
            again
        exit second
    """
    )
    world.tick(*hours(2, 3))
    assert world.exits() == [("ann", "second", "2026-03-01 03:00")]


def test_t2_one_tick_after_a_long_gap_catches_up_and_replays_nothing() -> None:
    world = World("""
        journey j
            enter on cart
                again
            wait 1 hour
            send hello by email
            wait 1 hour
            send offer by email
    """)
    world.contact("ann")
    for day in range(1, 8):
        world.event("cart", "ann", f"2026-03-{day:02} 01:30")
    world.tick("2026-03-01 00:00", "2026-03-01 02:00", "2026-03-08 00:00")
    assert world.messages() == ["hello"]
    assert world.due("ann") == "2026-03-08 01:00"
    assert [reason for _, reason, _ in world.refused()] == ["already_running"] * 6


def test_t2_everything_in_a_tick_happens_at_its_instant() -> None:
    world = entering("once", "2026-03-01 01:30")
    world.tick("2026-03-01 00:00", "2026-03-01 02:17:05.123456")
    assert world.entered() == [("ann", "2026-03-01 02:17:05.123456")]
    assert world.due("ann") == "2026-03-01 04:17:05.123456"  # T1: microseconds


def test_t17_whoever_is_held_out_never_enters() -> None:
    world = World("""
        journey letters
            enter on cart
                again
                hold out 30%
            send hello by email
    """)
    names = [f"c{n:02}" for n in range(40)]
    for name in names:
        world.contact(name)
    world.tick("2026-03-01 09:00")
    for day in (1, 2):
        for name in names:
            world.event("cart", name, f"2026-03-0{day} 10:00")
    world.tick("2026-03-01 10:00", "2026-03-02 10:00")
    out = {name for name in names if share_of(f"letters/hold out:{name}") < threshold(Decimal(30))}
    assert 0 < len(out) < 40
    assert {contact for contact, *_ in world.sent()} == set(names) - out
    assert sorted(world.rows("SELECT contact, reason FROM state.refused")) == sorted(
        2 * [(name, "held_out") for name in out]
    )


def test_t8_a_cap_on_entries_takes_the_earliest_and_counts_all_that_began_in_the_window() -> None:
    world = World("""
        journey letters
            enter on cart
                again
                at most 3 per 2 hours
            exit done
    """)
    for n in range(9):
        world.contact(f"c{n}")
        world.event("cart", f"c{n}", f"2026-03-01 10:0{9 - n}")
    world.tick("2026-03-01 09:00", "2026-03-01 10:05", "2026-03-01 10:30")
    entered = [contact for contact, _, _ in world.exits()]
    assert sorted(entered) == ["c6", "c7", "c8"]
    assert {reason for (reason,) in world.rows("SELECT reason FROM state.refused")} == {"full"}
    for n in range(4):
        world.event("cart", f"c{n}", f"2026-03-01 12:0{n}")
    world.tick("2026-03-01 12:04", "2026-03-01 12:05")
    assert sorted(contact for contact, _, _ in world.exits()) == ["c6", "c7", "c8"]
    world.event("cart", "c4", "2026-03-01 12:06")
    world.tick("2026-03-01 12:06")
    assert sorted(contact for contact, _, _ in world.exits()) == ["c4", "c6", "c7", "c8"]
