"""Caps that never stop anything: said where it is certain, and only there."""

import pytest
from journey_check import POLICY, findings


def idle(*rules: str) -> list[int]:
    """The lines of the rules, from 1, that have no effect."""
    text = "pressure\n" + "".join(f"    {rule}\n" for rule in rules)
    found = findings(text + POLICY)
    assert {d.code for d in found} <= {"rule-without-effect"}
    return [d.place.line - 1 for d in found]


@pytest.mark.parametrize(
    "rules",
    [
        ("at most 2 messages per 7 days", "at most 3 messages per day"),
        ("at most 2 messages per 7 days", "at most 2 emails per 7 days"),
        ("at most 1 message per 7 days", "at most 1 message per 7 days"),
        ("at most 1 message per 7 days", "at most 2 messages per day, keep 1 for priority from 70"),
        ("at most 2 messages per 7 days per country", "at most 2 messages per 7 days"),
        ("at most 1 message per calendar week", 'at most 2 emails per calendar week for country = "FR"'),
    ],
)
def test_of_two_the_one_that_is_never_reached_is_told(rules: tuple[str, str]) -> None:  # P4
    assert idle(*rules) == [2]


@pytest.mark.parametrize(
    "rules",
    [
        ("at most 2 messages per 7 days", "at most 1 message per day"),
        ('at most 1 message per 7 days for country = "FR"', "at most 2 messages per day"),
        ("at most 1 email per 7 days", "at most 2 messages per day"),
        ("at most 2 messages per 7 days", "at most 3 messages per day counting exempt"),
        ("at most 2 messages per calendar week", "at most 3 messages per 5 days"),
        ("at most 2 messages per 7 days", "at most 1 message per 1 month"),
        ("at most 2 messages per 7 days", "at most 4 messages per 7 days per country"),
    ],
)
def test_what_may_stop_something_is_left_alone(rules: tuple[str, str]) -> None:  # P4
    assert idle(*rules) == []
