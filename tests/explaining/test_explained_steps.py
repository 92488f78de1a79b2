"""What a run waited for, which way it took and how it left, with the values of that instant."""

from telling import told
from telling_worlds import CART, DAY, event, happened

ENTERS = ["enters `j` because of `cart` of 2026-03-01 10:00 (test.journey:1)"]


def steps(text: str, *ticks: str, **more: object) -> list[list[str]]:
    """Of everything behind the entry."""
    first, *rest = told(happened(text, *ticks, **more))  # type: ignore[arg-type]
    assert first == ENTERS
    return rest


CHOICE = """
journey j
    enter on cart
    if country = "FR"
        exit fr
    else if country = "DE" or count of visit > 0
        exit de
    exit other
"""


def test_a_branch_is_told_with_everything_that_was_asked_on_the_way() -> None:
    assert steps(CHOICE, contact={"country": "DE"}) == [
        [
            '`country = "DE" or count of visit > 0` holds (test.journey:3)',
            'country = "FR": no (country: "DE", as of today)',
            'country = "DE" or count of visit > 0: yes (country = "DE": yes (country: "DE", as of today), '
            "has visit: no (no visit was known then))",
        ],
        ["leaves `j` as `de` (test.journey:6)"],
    ]


def test_the_way_without_a_condition_is_told_by_those_that_did_not_hold() -> None:
    (text, *facts), left = steps(CHOICE, contact={"country": "IT"})
    assert text == "none of 2 conditions holds (test.journey:3)"
    assert [fact.partition(" (")[0] for fact in facts] == [
        'country = "FR": no',
        'country = "DE" or count of visit > 0: no',
    ]
    assert left == ["leaves `j` as `other` (test.journey:7)"]


def test_e2_what_became_known_later_is_not_in_the_reasons() -> None:
    late = event("visit", f"{DAY} 09:00", loaded="2026-03-05 00:00")
    text = "journey j\n    enter on cart\n    if has visit\n        exit seen\n    exit unseen\n"
    assert steps(text, f"{DAY} 10:00", "2026-03-06 00:00", events=(CART, late))[0] == [
        "`has visit` does not hold (test.journey:3)",
        "has visit: no (no visit was known then)",
    ]


def test_an_attribute_that_has_changed_since_is_said_to_have() -> None:
    text = "journey j\n    enter on cart\n    if points > 5\n        exit rich\n    exit poor\n"
    world = happened(text, contact={"points": 7})
    world.connection.execute("UPDATE memory.main.contact SET points = 1")
    assert told(world, "branch") == [
        [
            "`points > 5` holds (test.journey:3)",
            "points > 5: no (points: 1, as of today)",
            "what it reads has changed since: asked today it gives another answer",
        ]
    ]


def test_t17_the_arm_of_a_split_is_told_with_the_share() -> None:
    text = "journey j\n    enter on cart\n    split half\n        50% a\n            wait 1 day\n        50% b\n            wait 2 days\n"
    assert steps(text)[0] == [
        "is in the arm `a` (50%) of `split half` (test.journey:3)",
        "the share of the contact, always the same: 12.6868%",
        "the arm goes: from 0.0000% to 50.0000%",
    ]


def test_the_arm_of_an_experiment_is_told_with_what_measures_it() -> None:
    text = """
    journey j
        enter on cart
        goal bought: order within 9 days
        test half measured by bought
            50% a
                wait 1 day
            50% b
                wait 2 days
    """
    assert steps(text)[0][0] == (
        "is in the arm `a` (50%) of `test half`, measured by `bought` (test.journey:4)"
    )


def test_every_kind_of_wait_is_told_with_until_when_and_how_it_ended() -> None:
    text = """
    journey j
        enter on cart
        wait for click[link = "x"] up to 2 days
            then
                wait for visit up to 1 day
        wait until age > 3 up to 1 day
        wait until 09:00
        wait until 2026-03-01
        exit done
    """
    ticks = [f"{DAY} 10:00", f"{DAY} 12:00", "2026-03-02 13:00", "2026-03-03 14:00", "2026-03-04 09:00"]
    events = (CART, event("click", f"{DAY} 11:00", link="x"))
    assert steps(text, *ticks, events=events) == [
        ['waits for `click[link = "x"]` up to 2 days, until 2026-03-03 10:00 (test.journey:3)'],
        ["`click` of 2026-03-01 11:00 came (test.journey:3)", 'link = "x": yes (link: "x")'],
        ["waits for `visit` up to 1 day, until 2026-03-02 12:00 (test.journey:5)"],
        ["no `visit` came until 2026-03-02 12:00 (test.journey:5)"],
        ["waits until `age > 3` up to 1 day, until 2026-03-03 13:00 (test.journey:6)"],
        [
            "`age > 3` did not come true until 2026-03-03 13:00 (test.journey:6)",
            "age > 3: unknown (age: unknown, as of today)",
        ],
        ["waits until 09:00: that is 2026-03-04 09:00 (test.journey:7)"],
        ["does not wait until 2026-03-01: that has come already (test.journey:8)"],
        ["leaves `j` as `done` (test.journey:9)"],
    ]


def test_steps_that_repeat_are_counted() -> None:
    text = "journey j\n    enter on cart\n    repeat up to 2 times until vip\n        wait 1 day\n"
    found = steps(text, f"{DAY} 10:00", "2026-03-02 10:00", "2026-03-03 10:00")
    unknown = "vip: unknown, as of today"
    assert found == [
        ["begins the steps that repeat, 1 of at most 2 (test.journey:3)", unknown],
        ["waits 1 day, until 2026-03-02 10:00 (test.journey:4)"],
        ["begins the steps that repeat, 2 of at most 2 (test.journey:3)", unknown],
        ["waits 1 day, until 2026-03-03 10:00 (test.journey:4)"],
        ["the steps do not repeat: they have been gone through 2 times (test.journey:3)", unknown],
        ["leaves `j` as `finished`: the steps come to their end (test.journey:1)"],
    ]


def test_t6_a_goal_is_told_with_the_event_that_reached_it() -> None:
    text = (
        "journey j\n    enter on cart\n    goal bought: order[amount > 10] within 9 days\n    wait 9 days\n"
    )
    events = (CART, event("order", "2026-03-02 11:00", amount=20))
    assert steps(text, f"{DAY} 10:00", "2026-03-02 13:00", events=events)[-1] == [
        "leaves `j` as `bought`: the goal is reached (test.journey:3)",
        "`order`: 2026-03-02 11:00",
    ]


def test_t6_leave_when_is_told_with_its_condition() -> None:
    text = "journey j\n    enter on cart\n    leave when count of order > 0 as buyer\n    wait 9 days\n"
    events = (CART, event("order", "2026-03-02 11:00"))
    assert steps(text, f"{DAY} 10:00", "2026-03-02 13:00", events=events)[-1] == [
        "leaves `j` as `buyer`: `has order` holds (test.journey:3)",
        "has order: yes (the only order that counts: 2026-03-02 11:00)",
    ]


def test_t7_what_a_run_sets_and_records_is_told_and_its_next_step_sees_it() -> None:
    text = """
    journey j
        enter on cart
        set points to 3 + 4
        record bonus with size = entry.total
        if points > 5
            exit many
        exit few
    """
    world = happened(text, contact={"points": 1})
    assert told(world)[1:] == [
        ["`points` is set to 7 (test.journey:3)"],
        ["`bonus` is recorded (test.journey:4)", "its `size`: 120"],
        ["`points > 5` holds (test.journey:5)", "points > 5: yes (points: 7)"],
        ["leaves `j` as `many` (test.journey:6)"],
    ]
