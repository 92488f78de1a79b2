"""Which kinds of events may wake somebody: T6, T16."""

import pytest
from world import checked_project

from parcours.compiler.listening import listened_kinds

JOURNEY = """
    journey one
        enter on visit
        {lines}
        wait 2 days
        exit over
"""


def kinds(*lines: str) -> tuple[str, ...]:
    project = checked_project(JOURNEY.format(lines="\n        ".join(lines)))
    found = listened_kinds(project, project.journeys)
    return ("all",) if found == project.events else found


def test_an_entry_alone_wakes_nobody_who_is_inside() -> None:
    assert kinds() == ()


def test_goals_and_waits_are_listened_for_each_kind_once() -> None:
    assert kinds(
        "goal bought: order within 9 days", "wait for order up to 2 days", "wait for click up to 2 days"
    ) == (
        "click",
        "order",
    )


@pytest.mark.parametrize(
    "line",
    [
        "leave when count of cart since entry > 0",
        'wait until country = "FR" up to 2 days',
        "goal bought: order[amount > contact.points] within 9 days",
        "goal bought: order[hour of at = 9] within 9 days",
    ],
    ids=["leave", "wait for a condition", "an attribute between brackets", "an hour on the contact's clock"],
)
def test_what_may_come_true_by_another_event_is_looked_at_with_each(line: str) -> None:
    assert kinds(line) == ("all",)
