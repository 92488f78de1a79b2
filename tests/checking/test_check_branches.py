"""Branches that can never be taken, because of what was asked before or around them (LANGUAGE.md section 8, T7)."""

from textwrap import indent

import pytest
from journey_check import checked, findings, journey


def said(steps: str, header: str = "    enter on order\n") -> list[tuple[str, str, int]]:
    """Code, message and line of the steps, for each finding."""
    text = journey(indent(steps, "    "), header)
    head = len(journey("", header).splitlines())
    return [(d.code, d.message, d.place.line - head) for d in findings(text)]


def test_a_branch_after_one_that_takes_everybody_for_whom_it_holds() -> None:
    steps = "if age > 20\n    exit a\nelse if age > 30\n    exit b\n"
    message = (
        "`age > 30` can never hold here: `age > 20` comes before it and takes everybody for whom it holds"
    )
    assert said(steps) == [("never-true", message, 3)]


def test_several_branches_may_leave_nobody_for_the_next() -> None:
    steps = "if age > 20\n    exit a\nelse if age <= 20\n    exit b\nelse if age is known\n    exit c\n"
    message = "`age is known` can never hold here, after the conditions that come before it"
    assert said(steps) == [("never-true", message, 5)]


def test_unknown_falls_through_to_else() -> None:
    """E1: a condition that is unknown was not met."""
    assert said("if age > 20\n    exit a\nelse if age <= 20\n    exit b\nelse\n    exit c\n") == []
    steps = "if age > 20\n    exit a\nelse if age <= 20\n    exit b\nelse if age is unknown\n    exit c\nelse\n    exit d\n"
    message = "`age is unknown` always holds here, so that what comes after it is never done"
    assert said(steps) == [("always-true", message, 5)]


def test_the_last_of_branches_that_take_everybody_may_be_spelled_out() -> None:
    assert said("if has order\n    exit a\nelse if no order\n    exit b\n") == []


def test_nothing_more_is_said_of_branches_that_are_never_done() -> None:
    steps = "if yes\n    exit a\nelse if age > 3\n    if age < 2\n        exit b\nelse\n    exit c\n"
    assert [(code, line) for code, _, line in said(steps)] == [("always-true", 1)]


def test_a_branch_inside_another() -> None:
    steps = 'if country = "FR"\n    if country = "DE"\n        exit a\n    exit b\n'
    assert said(steps) == [("never-true", '`country = "DE"` can never hold here, inside `country = "FR"`', 2)]


def test_whoever_has_left_does_not_come_by() -> None:
    steps = 'if country = "FR"\n    exit a\nif country = "FR"\n    exit b\n'
    assert [(code, line) for code, _, line in said(steps)] == [("never-true", 3)]
    assert said(steps.replace("exit a", "record seen")) == []


@pytest.mark.parametrize(
    "between",
    [
        "wait 1 day",
        "wait until 10:00",
        "wait for click up to 1 day",
        "send hello by email",
        'set country to "DE"',
        "repeat up to 2 times\n    wait 1 day",
    ],
)
def test_where_time_may_pass_everything_may_change(between: str) -> None:
    """T7, P7: a message may be held for days."""
    steps = f'if country = "FR"\n{indent(between, "    ")}\n    if country = "DE"\n        exit a\nexit b\n'
    assert said(steps) == []


def test_a_step_with_a_label_may_be_reached_from_elsewhere() -> None:
    steps = 'if country = "FR"\n    exit a\nagain_here:\nif country = "FR"\n    exit b\nwait 1 day\ngo to again_here\n'
    assert said(steps) == []


def test_time_that_passes_on_one_way_passes_for_all_that_come_after() -> None:
    steps = 'if country = "FR"\n    exit a\nif email_opt_in\n    wait 1 day\nif country = "FR"\n    exit b\n'
    assert said(steps) == []
    assert [line for _, _, line in said(steps.replace("wait 1 day", "record seen"))] == [5]


def test_arms_of_a_split_know_what_was_asked_before() -> None:
    steps = (
        'if country = "FR"\n    split s\n        50% x\n            if country = "DE"\n                exit a\n'
        "        50% y\n            exit b\n"
    )
    assert [(code, line) for code, _, line in said(steps)] == [("never-true", 4)]


def test_what_the_entry_asks_is_so_until_time_passes() -> None:
    header = '    enter on order\n        if country = "FR"\n'
    steps = 'if country = "DE"\n    exit a\nwait 1 day\nif country = "DE"\n    exit b\n'
    assert said(steps, header) == [
        ("never-true", '`country = "DE"` can never hold here: whoever enters has `country = "FR"`', 1)
    ]
    daily = "    enter every day for email_opt_in\n"
    assert [line for _, _, line in said("if not email_opt_in\n    exit a\n", daily)] == [1]


def test_what_the_entering_event_is_stays_so() -> None:
    header = "    enter on order[amount > 50]\n"
    steps = "wait 3 days\nif entry.amount < 20\n    exit a\n"
    assert said(steps, header) == [
        ("never-true", "`entry.amount < 20` can never hold here: whoever enters has `amount > 50`", 2)
    ]
    assert [line for _, _, line in said("if event.amount < 20\n    exit a\n", header)] == [1]
    woken = "wait for order up to 1 day\n    then\n        if event.amount < 20\n            exit a\n"
    assert said(woken, header) == []


def test_the_entry_may_contradict_itself() -> None:
    header = "    enter on order[amount > 50]\n        if event.amount < 20\n"
    assert [(code, line) for code, _, line in said("exit a\n", header)] == [("never-true", 0)]


def test_a_never_and_its_branches_give_one_finding() -> None:
    steps = 'if age < 3 and age > 5\n    if country = "FR"\n        exit a\n    else\n        exit b\nelse\n    exit c\n'
    assert [(code, line) for code, _, line in said(steps)] == [("never-true", 1)]


def test_what_a_marketer_writes_every_day_is_fine() -> None:
    checked(
        journey(
            indent(
                'if country = "FR"\n    send hello by email\nelse if country = "DE"\n    if age > 60\n        send hello by sms\n'
                '    else\n        send hello by email\nelse\n    exit a\nif country = "FR"\n    send hello by sms\n'
                "if has order in last 30 days\n    exit b\nelse if has order in last 90 days\n    exit c\nelse if has order\n    exit d\n",
                "    ",
            )
        )
    )
