"""Why a run began, and why a trigger started nobody (T8-T11)."""

from datetime import date

import pytest
from telling import told
from telling_worlds import DAY, Event, event, happened
from world import World, instant

from parcours.executor.entering import enter
from parcours.executor.pausing import pause

ORDER = event("order", f"{DAY} 09:30", amount=80, cart_id="c1", loaded=f"{DAY} 09:45")
FRENCH = """
journey j
    enter on order[amount > 50]
        if country = "FR" and not vip
        per event.cart_id
    wait 2 days
"""


def entered(text: str, *ticks: str, **more: object) -> list[str]:
    """The sentences of the only entry."""
    (found,) = told(happened(text, *ticks, **more), "entered")  # type: ignore[arg-type]
    return found


def refused(text: str, *ticks: str, **more: object) -> list[str]:
    (found,) = told(happened(text, *ticks, **more), "refused")  # type: ignore[arg-type]
    return found


def test_an_event_is_told_with_its_fields_when_it_was_known_and_what_the_entry_asked() -> None:
    assert entered(FRENCH, contact={"country": "FR", "vip": False}, events=(ORDER,)) == [
        "enters `j` because of `order` of 2026-03-01 09:30 (test.journey:1)",
        'its `cart_id`: "c1"',
        "its `amount`: 80",
        "known since: 2026-03-01 09:45",
        '(country = "FR") and not vip: yes (country = "FR": yes (country: "FR", as of today), vip: no, as of today)',
    ]


def test_of_two_events_of_one_instant_each_run_is_told_with_its_own() -> None:
    text = "journey j\n    enter on cart\n        per event.cart_id\n    wait 1 day\n"
    carts = tuple(event("cart", f"{DAY} 10:00", cart_id=name, total=1) for name in ("c1", "c2"))
    found = told(happened(text, events=carts), "entered")
    assert [line[1] for line in found] == ['its `cart_id`: "c1"', 'its `cart_id`: "c2"']


def test_a_schedule_is_told_with_whom_it_is_for() -> None:
    text = "journey j\n    enter every day at 09:00 for age > 18\n    wait 1 hour\n"
    assert entered(text, contact={"age": 30.5}, events=()) == [
        "enters `j`, every day at 09:00 for age > 18 (test.journey:1)",
        "age > 18: yes (age: 30.5, as of today)",
    ]


def test_who_joins_a_segment_is_told_by_what() -> None:
    text = "segment rich\n    points > 5\n\njourney j\n    enter on joining rich, including members\n    wait 1 hour\n"
    assert entered(text, contact={"points": 7}, events=()) == [
        "enters `j` on joining rich, including members (test.journey:4)",
        "points > 5: yes (points: 7, as of today)",
    ]


def test_a_date_is_told() -> None:
    text = "journey j\n    enter on anniversary of birth_date at 09:00\n    wait 1 hour\n"
    assert entered(text, contact={"birth_date": date(1990, 3, 1)}, events=()) == [
        "enters `j` on anniversary of birth_date at 09:00 (test.journey:1)",
        "`birth_date`: 1990-03-01, as of today",
    ]


def test_who_was_asked_in_by_hand_or_started_by_a_journey_is_told_by_whom() -> None:
    world = happened(
        """
        journey j
            enter by hand
            start k
            wait 1 hour

        journey k
            enter by hand
            wait 1 hour
        """,
        events=(),
    )
    enter(world.executor, instant(f"{DAY} 11:00"), "j", ["ann"])
    world.tick(f"{DAY} 12:00", f"{DAY} 12:30")
    assert told(world, "entered") == [
        ["enters `j`: asked for by `parcours enter` (test.journey:1)"],
        ["enters `k`: started by `j` at test.journey:3 (test.journey:6)"],
    ]


def test_an_event_that_is_gone_from_the_datamart_is_said_to_be() -> None:
    world = happened(FRENCH, contact={"country": "FR", "vip": False}, events=(ORDER,))
    world.connection.execute("DELETE FROM memory.main.event_order")
    (found,) = told(world, "entered")
    assert found[:2] == [
        "enters `j` because of `order` (test.journey:1)",
        "the `order` is not in the datamart any more",
    ]


def test_whoever_is_not_eligible_is_told_what_would_have_to_be() -> None:
    assert refused(FRENCH, contact={"country": "DE"}, events=(ORDER,)) == [
        "does not enter `j` in spite of `order` of 2026-03-01 09:30: `if` does not hold (test.journey:1)",
        '(country = "FR") and not vip: no '
        '(country = "FR": no (country: "DE", as of today), vip: unknown, as of today)',
        '-> needed: `country = "FR"` is yes and `not vip` is yes',
    ]


TWICE = (event("order", f"{DAY} 09:30"), event("order", f"{DAY} 11:30"))


@pytest.mark.parametrize(
    ("clause", "steps", "sentences"),
    [
        (
            "once",
            "exit done",
            [
                "a run has ended before, and the journey is entered once (test.journey:1)",
                "the last run left as `done`: 2026-03-01 10:00",
                "-> the journey would have to be entered `again`",
            ],
        ),
        (
            "again after 3 days",
            "exit done",
            [
                "the last run left too short a time ago (test.journey:1)",
                "the last run left as `done`: 2026-03-01 10:00",
                "-> from 2026-03-04 10:00 on the next trigger starts a run",
            ],
        ),
        (
            "again",
            "wait 5 days",
            ["a run is going on (test.journey:1)", "-> the run would have to end first"],
        ),
    ],
)
def test_t8_who_comes_too_soon_is_told_until_when(clause: str, steps: str, sentences: list[str]) -> None:
    text = f"journey j\n    enter on order\n        {clause}\n    {steps}\n"
    first, *rest = refused(text, f"{DAY} 10:00", f"{DAY} 12:00", events=TWICE)
    assert first == f"does not enter `j` in spite of `order` of 2026-03-01 11:30: {sentences[0]}"
    assert rest == sentences[1:]


def test_t9_triggers_of_one_tick_are_told_once_with_their_number() -> None:
    events: tuple[Event, ...] = (*TWICE, event("order", f"{DAY} 11:40"))
    text = "journey j\n    enter on order\n    wait 1 day\n"
    assert refused(text, f"{DAY} 12:00", events=events) == [
        "does not enter `j` in spite of `order` of 2026-03-01 11:40: "
        "another trigger of the same tick started the run (test.journey:1)",
        "the same for 2 triggers",
    ]


def test_t9_an_event_of_the_instant_of_a_run_that_is_over_is_told_with_that_run() -> None:
    events = (event("order", f"{DAY} 09:30"), event("order", f"{DAY} 09:30", loaded=f"{DAY} 11:00"))
    text = "journey j\n    enter on order\n        again\n    exit done\n"
    assert refused(text, f"{DAY} 10:00", f"{DAY} 12:00", events=events) == [
        "does not enter `j` in spite of `order` of 2026-03-01 09:30: "
        "a run that began by a trigger of the same instant is over (test.journey:1)",
        "that run left as `done`: 2026-03-01 10:00",
        "-> a trigger of another instant starts a run",
    ]


def test_t9_an_event_that_became_known_too_late_is_told_with_both_instants() -> None:
    late = event("order", "2026-02-25 09:30", loaded=f"{DAY} 09:00")
    assert refused("journey j\n    enter on order\n    exit done\n", events=(late,)) == [
        "does not enter `j` in spite of `order` of 2026-02-25 09:30: "
        "the event was too old when it became known (test.journey:1)",
        "it happened: 2026-02-25 09:30",
        "it became known: 2026-03-01 09:00",
        "-> it would have to be known within 1 day (`within` allows for more)",
    ]


def test_t17_who_is_held_out_is_told_the_share() -> None:
    text = "journey j\n    enter on order\n        hold out 99%\n    exit done\n"
    assert refused(text, events=TWICE[:1]) == [
        "does not enter `j` in spite of `order` of 2026-03-01 09:30: the contact is held out (test.journey:1)",
        "the share of the contact, always the same: 72.1160%",
        "held out is who is below: 99.0000%",
        "-> nothing that the contact does: fewer would have to be held out",
    ]


def test_a_cap_on_entries_is_told_with_its_count() -> None:
    world = World("journey j\n    enter on order\n        at most 1 per day\n    exit done\n")
    for name, at in (("abe", "09:00"), ("ann", "09:30")):
        world.contact(name)
        world.event("order", name, f"{DAY} {at}")
    world.tick(f"{DAY} 00:00", f"{DAY} 10:00")
    assert told(world, "refused") == [
        [
            "does not enter `j` in spite of `order` of 2026-03-01 09:30: as many have entered as may (test.journey:1)",
            "1 of 1 have entered since 2026-02-28 10:00",
            "-> the cap would have to be larger, or the next period to begin",
        ]
    ]


def test_t19_whoever_comes_in_a_pause_is_told_so() -> None:
    world = World("journey j\n    enter on order\n    exit done\n")
    world.contact("ann")
    world.event("order", "ann", f"{DAY} 09:30")
    world.tick(f"{DAY} 00:00")
    pause(world.executor, instant(f"{DAY} 01:00"), "j")
    world.tick(f"{DAY} 10:00")
    assert told(world) == [
        [
            "does not enter `j` in spite of `order` of 2026-03-01 09:30: the journey is paused (test.journey:1)",
            "-> needed: `parcours resume j`",
        ]
    ]
