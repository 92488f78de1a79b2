"""Why a contact is not in a journey now: the first thing that keeps it out, and what would have to be otherwise."""

from datetime import date
from typing import Any

import pytest
from telling import absence_of, sentences, stopped_by
from telling_worlds import DAY, event, happened
from world import World, instant

from parcours.executor.pausing import pause

ORDER = event("order", f"{DAY} 09:00", amount=500)
BIG = "enter on order[amount > 50]"
RICH = "segment rich\n    points > 5\n\n"
STORED = "in `rich` the contact is stored as: `rich` since 2026-03-01 00:00"
IN_RICH = "in segment rich: yes (points > 5: yes (points: 7, as of today))"


def out_of(header: str, events: tuple[Any, ...] = (), before: str = "", **contact: Any) -> World:
    return happened(f"{before}journey j\n    {header}\n    exit done\n", contact=contact, events=events)


CASES = {
    "there is no event of the kind": (
        out_of,
        (BIG,),
        {},
        ["no `order` of the contact is known (test.journey:1)", "-> needed: an event `order[amount > 50]`"],
    ),
    "E2: there is one that is dated later than the last tick": (
        out_of,
        (BIG, (event("order", "2026-03-05 09:00", amount=500), event("order", "2026-03-04 09:00", amount=5))),
        {},
        [
            "no `order` of the contact is known (test.journey:1)",
            "the datamart has one of 2026-03-05 09:00: no tick before 2026-03-05 09:00 sees it",
            "-> needed: an event `order[amount > 50]`",
        ],
    ),
    "there is none that fits": (
        out_of,
        (BIG, (event("order", f"{DAY} 09:00", amount=5),)),
        {},
        [
            "there is no `order[amount > 50]` (test.journey:1)",
            "the last `order`: 2026-03-01 09:00",
            "amount > 50: no (amount: 5)",
            "-> needed: one for which `amount > 50` is yes",
        ],
    ),
    "T2: it was before the journey": (
        out_of,
        (BIG, (event("order", "2026-02-01 09:00", amount=500),)),
        {},
        [
            "no `order[amount > 50]` has become known since the journey runs (test.journey:1)",
            "the last `order[amount > 50]`: 2026-02-01 09:00",
            "the journey runs since: 2026-03-01 00:00",
            "-> needed: a new event `order[amount > 50]`",
        ],
    ),
    "T9: it was too old": (
        out_of,
        (BIG, (event("order", "2026-02-20 09:00", amount=500, loaded=f"{DAY} 09:00"),)),
        {},
        [
            "`order[amount > 50]` of 2026-02-20 09:00 is a trigger, but the event was too old when it became known "
            "(test.journey:1)",
            "it happened: 2026-02-20 09:00",
            "it became known: 2026-03-01 09:00",
            "-> it would have to be known within 1 day (`within` allows for more)",
        ],
    ),
    "if": (
        out_of,
        (f"{BIG}\n        if vip", (ORDER,)),
        {},
        [
            "`if` of the entry does not hold now (test.journey:1)",
            "vip: unknown, as of today",
            "-> needed: `vip` is yes",
        ],
    ),
    "T8: once": (
        out_of,
        (BIG, (ORDER,)),
        {},
        [
            "a run has ended before, and the journey is entered once (test.journey:1)",
            "the last run left as `done`: 2026-03-01 10:00",
            "-> the journey would have to be entered `again`",
        ],
    ),
    "T8: again after": (
        out_of,
        (f"{BIG}\n        again after 3 days", (ORDER,)),
        {},
        [
            "the last run left too short a time ago (test.journey:1)",
            "the last run left as `done`: 2026-03-01 10:00",
            "-> from 2026-03-04 10:00 on the next trigger starts a run",
        ],
    ),
    "T17: held out": (
        out_of,
        (f"{BIG}\n        hold out 99%", (ORDER,)),
        {},
        [
            "the contact is held out (test.journey:1)",
            "the share of the contact, always the same: 72.1160%",
            "held out is who is below: 99.0000%",
            "-> nothing that the contact does: fewer would have to be held out",
        ],
    ),
    "by hand": (
        out_of,
        ("enter by hand",),
        {},
        [
            "it is entered by hand, and nobody has asked for this contact (test.journey:1)",
            "-> needed: `parcours enter j ann`",
        ],
    ),
    "for": (
        out_of,
        ("enter every day at 09:00 for vip",),
        {},
        [
            "`for` of the entry does not hold now (test.journey:1)",
            "it fired last: 2026-03-01 09:00",
            "it fires next: 2026-03-02 09:00",
            "vip: unknown, as of today",
            "-> needed: `vip` is yes",
        ],
    ),
    "T11: the schedule has not come": (
        out_of,
        ("enter every day at 11:00",),
        {},
        [
            "its schedule has not come since the journey runs (test.journey:1)",
            "it fires next: 2026-03-01 11:00",
            "-> it comes on 2026-03-01 11:00",
        ],
    ),
    "not in the segment": (
        out_of,
        ("enter on joining rich", (), RICH),
        {"points": 3},
        [
            "the contact is not in `rich` (test.journey:4)",
            "in `rich` the contact is stored as: nothing",
            "in segment rich: no (points > 5: no (points: 3, as of today))",
            "-> needed: `points > 5` is yes, at a refresh",
        ],
    ),
    "T10: in the segment before": (
        out_of,
        ("enter on joining rich", (), RICH),
        {"points": 7},
        [
            "the contact is in `rich` since 2026-03-01 00:00, and only a change starts a run (test.journey:4)",
            STORED,
            IN_RICH,
            "-> needed: to leave `rich`, and to come back",
        ],
    ),
    "still in the segment": (
        out_of,
        ("enter on leaving rich", (), RICH),
        {"points": 7},
        [
            "the contact has not left `rich` since the journey runs (test.journey:4)",
            STORED,
            IN_RICH,
            "-> needed: to be in `rich`, and to leave it",
        ],
    ),
    "no date": (
        out_of,
        ("enter on anniversary of birth_date at 09:00",),
        {},
        [
            "`birth_date` is unknown (test.journey:1)",
            "`birth_date`: unknown, as of today",
            "-> `birth_date` would have to be known",
        ],
    ),
    "T11: the day is to come": (
        out_of,
        ("enter on anniversary of birth_date at 09:00",),
        {"birth_date": date(2000, 2, 29)},
        [
            "its day has not come (test.journey:1)",
            "`birth_date`: 2000-02-29, as of today",
            "-> on 2027-02-28 its day comes, and starts a run",
        ],
    ),
    "the day has passed": (
        out_of,
        ("enter 7 days before contract_end at 09:00",),
        {"contract_end": date(2026, 3, 2)},
        [
            "its day has passed (test.journey:1)",
            "`contract_end`: 2026-03-02, as of today",
            "-> `contract_end` must be later",
        ],
    ),
}


@pytest.mark.parametrize("why", CASES)
def test_what_keeps_a_contact_out(why: str) -> None:
    made, arguments, contact, expected = CASES[why]
    assert stopped_by(made(*arguments, **contact)) == expected


def test_t19_a_pause() -> None:
    world = World(f"journey j\n    {BIG}\n    exit done\n")
    world.contact("ann")
    world.event("order", "ann", f"{DAY} 09:00", amount=500)
    world.tick(f"{DAY} 00:00")
    pause(world.executor, instant(f"{DAY} 01:00"), "j")
    world.tick(f"{DAY} 10:00")
    assert stopped_by(world) == ["the journey is paused (test.journey:1)", "-> needed: `parcours resume j`"]


def test_t2_a_journey_that_no_tick_knows_yet() -> None:
    world = out_of(BIG)
    world.restart("journey k\n    enter on order\n    exit done\n")
    assert stopped_by(world, "k") == [
        "no tick has run since the journey was written (test.journey:1)",
        "-> the next tick takes it up, and what is newer than that starts runs",
    ]


def test_who_could_come_in_again_is_told_what_became_of_the_last_run_and_what_was_asked() -> None:
    world = out_of(f"{BIG}\n        again", (ORDER,))
    found = absence_of(world)
    assert found.text == (
        "is not in `j` now: the last run left as `done` on 2026-03-01 10:00, "
        "and nothing would keep the next trigger from starting a run"
    )
    assert [check.text for check in found.checks] == [
        "the contact is in the datamart",
        "`order[amount > 50]` of 2026-03-01 09:00 is a trigger",
        "the journey is not paused",
        "it may be entered again",
    ]


def test_what_would_stop_its_messages_is_told_besides() -> None:
    text = "journey j\n    enter on order\n    send hello by email and sms and push\n"
    policy = "\npressure\n    never pushs for points < 3\n"
    world = happened(text + policy, contact={"email": None, "sms_opt_in": False, "points": 1}, events=())
    assert [sentences(check) for check in absence_of(world).sends] == [
        [
            "a message by email would not go: no address (test.journey:9)",
            "`email`: unknown, as of today",
            "-> `email` would have to be known",
        ],
        [
            "a message by push would not go: a rule says never (test.journey:6)",
            "points < 3: yes (points: 1, as of today)",
            "-> needed: `points < 3` is no",
        ],
        [
            "a message by sms would not go: no consent (test.journey:14)",
            "sms_opt_in: no, as of today",
            "-> needed: `sms_opt_in` is yes",
        ],
    ]
