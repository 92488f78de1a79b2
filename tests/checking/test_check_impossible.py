"""Conditions that nobody can meet, told at the part that is at fault (LANGUAGE.md section 8)."""

import pytest
from journey_check import checked, findings, journey, told

NEVER, ALWAYS = "never-true", "always-true"


def places(text: str) -> list[tuple[str, str, str]]:
    """Code, message, and the words at the place, of each finding."""
    lines = text.split("\n")
    return [
        (d.code, d.message, lines[d.place.line - 1][d.place.column - 1 : d.place.end_column - 1])
        for d in findings(text)
    ]


def segment(condition: str) -> list[tuple[str, str, str]]:
    return places(f"segment s\n    {condition}\n")


@pytest.mark.parametrize(
    ("condition", "message", "said"),
    [
        ("count of order < 0", "`count of order < 0` can never hold", "count of order < 0"),
        ("age between 50 and 30", "`age between 50 and 30` can never hold", "age between 50 and 30"),
        ("email_opt_in and age < 3 and age > 5", "`age > 5` can never hold together with `age < 3`", "age > 5"),
        ("country is FR or (age < 3 and age > 5)", "`age > 5` can never hold together with `age < 3`", "age > 5"),
        ("not (age < 3 and age > 5)", "`age > 5` can never hold together with `age < 3`", "age > 5"),
        ("not count of order >= 0", "`not count of order >= 0` can never hold", "not count of order >= 0"),
        ("has order[amount < 3 and amount > 5]", "`amount > 5` can never hold together with `amount < 3`", "amount > 5"),
        ("(age < 3 or age > 9) and (age > 3 or age = 11) and age < 9", "these conditions can never hold together",
         "age < 3 or age > 9) and (age > 3 or age = 11) and age < 9"),
    ],
)  # fmt: skip
def test_what_can_never_hold_is_told_at_its_smallest_part(condition: str, message: str, said: str) -> None:
    (found,) = segment(condition)
    assert found[:2] == (NEVER, message)
    assert said in found[2]


def test_two_mistakes_are_two_findings() -> None:
    assert [found[2] for found in segment("count of order < 0 and age < age")] == [
        "count of order < 0",
        "age < age",
    ]


def test_a_condition_that_always_holds_is_told_and_a_plain_yes_is_meant() -> None:
    assert segment("count of order >= 0") == [
        (ALWAYS, "`count of order >= 0` always holds", "count of order >= 0")
    ]
    checked("segment s\n    yes\n")


def test_a_group_that_nobody_is_in_is_told_where_it_is_declared_and_not_where_it_is_used() -> None:
    text = journey("    if in segment s and email_opt_in\n        exit\n    if customer is b\n        exit\n")
    text += "segment s\n    age < 3 and age > 5\n"
    text += "lifecycle customer\n    a: yes\n    b: age > 3\n    c: age < 3 and age > 5\n"
    assert [(d.code, d.place.line) for d in findings(text)] == [
        (NEVER, 22),
        ("unreachable-stage", 25),
        (NEVER, 26),
    ]


def test_a_stage_is_judged_after_the_stages_before_it() -> None:
    text = "lifecycle customer\n    new: has order in last 90 days\n    active: has order in last 30 days\n    lost: otherwise\n"
    assert told(findings(text)) == [
        (
            "unreachable-stage",
            "nobody can be in the stage `active`: the stages before it take everybody",
            *(3, 5, ""),
        )
    ]
    checked(text.replace("90", "9"))


def test_what_is_left_for_otherwise_may_be_nobody() -> None:
    text = "lifecycle customer\n    buyer: has order\n    visitor: no order\n    other: otherwise\n"
    assert [(d.code, d.place.line) for d in findings(text)] == [("unreachable-stage", 4)]
    checked(text.replace("has order", "has order[paid]"))


@pytest.mark.parametrize(
    "text",
    [
        journey("    exit\n", "    enter on order[amount < 3 and amount > 5]\n"),
        journey("    exit\n", "    enter on order\n        if age < 3 and age > 5\n"),
        journey("    exit\n", "    enter every day for age < 3 and age > 5\n"),
        journey("    exit\n", "    enter on order\n    leave when age < 3 and age > 5\n"),
        journey("    exit\n", "    enter on order\n    goal g: order[amount < 3 and amount > 5]\n"),
        journey("    send hello by email\n        unless age < 3 and age > 5\n"),
        journey("    wait until age < 3 and age > 5 up to 3 days\n"),
        journey("    wait for order[amount < 3 and amount > 5] up to 3 days\n"),
        journey("    repeat up to 3 times until age < 3 and age > 5\n        wait 1 day\n"),
        "pressure\n    never messages for age < 3 and age > 5\n",
        "pressure\n    at most 1 message per 7 days for age < 3 and age > 5\n",
        "channel c\n    address email\n    consent age < 3 and age > 5\n",
    ],
)
def test_every_condition_of_the_language_is_judged(text: str) -> None:
    assert [d.code for d in findings(text)] == [NEVER]


def test_conditions_of_two_files_are_told_once_each() -> None:
    dead = "segment s\n    age < 3 and age > 5\n"
    found = findings(
        dead, journey("    if in segment s\n        exit\n"), "segment t\n    in segment s or email_opt_in\n"
    )
    assert [(d.code, d.place.file) for d in found] == [(NEVER, "a.journey")]
