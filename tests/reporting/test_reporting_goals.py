"""How many runs reached a goal, by what, and whether that is more than without the journey."""

from collections.abc import Callable
from hashlib import md5

import pytest
from post_office import PostOffice

from parcours.reporting.report import Report

Make = Callable[..., PostOffice]
LEAD = """\
journey lead
    purpose loyalty
    enter on visit[channel != "x"]
        again
    goal opened: open within 3 days
    goal clicked: click within 3 days
    send hello by email
    wait 1 day
    send offer by push
    wait 5 days

journey aimless
    enter on visit
        again
    send hello by push
"""
GROUPS = """
segment grown
    age >= 26
"""


def goals(made: Report, by: str) -> list[tuple[str, str, int, int]]:
    return [(one.name, one.goal, one.runs, one.reached) for one in made.goals if one.by == by]


@pytest.fixture(scope="module")
def lead(tmp_path_factory: pytest.TempPathFactory) -> PostOffice:
    """Six enter on 2 March: three reach a goal within a day, one later; a seventh enters the day after."""
    office = PostOffice(tmp_path_factory.mktemp("lead") / "post", LEAD, GROUPS)
    for person in (1, 2, 3, 4, 5, 6):
        office.event("visits", person, "2026-03-02 09:30", channel="web")
    office.event("visits", 7, "2026-03-03 09:30", channel="web")
    office.event("opens", 1, "2026-03-02 12:00", "hello")
    office.event("clicks", 2, "2026-03-02 12:00", "hello")
    office.event("opens", 6, "2026-03-02 12:00", "hello")
    office.event("opens", 3, "2026-03-04 11:00", "hello")
    office.event("opens", 7, "2026-03-03 12:00", "hello")
    office.simulate("2026-03-02 00:00", "2026-03-05 00:00")
    return office


def test_runs_that_began_in_the_span_count_with_the_goal_that_they_reached(lead: PostOffice) -> None:
    made = lead.report("2026-03-02 00:00", "2026-03-03 00:00")
    assert goals(made, "journey") == [("lead", "opened", 6, 2), ("lead", "clicked", 6, 1)]
    assert goals(made, "channel") == [("email", "", 6, 3)]
    assert goals(made, "purpose") == [("loyalty", "", 6, 3)]
    assert goals(made, "segment") == [("grown", "", 1, 1)]


def test_a_goal_that_is_reached_later_counts_when_it_is_asked_for_then(lead: PostOffice) -> None:
    made = lead.report("2026-03-02 00:00", "2026-03-03 00:00", as_of="2026-03-05 00:00")
    assert goals(made, "journey") == [("lead", "opened", 6, 3), ("lead", "clicked", 6, 1)]
    # what was sent by push after the span is no part of it
    assert goals(made, "channel") == [("email", "", 6, 4)]


def test_without_a_run_a_goal_has_no_rate(lead: PostOffice) -> None:
    made = lead.report("2026-03-04 00:00", "2026-03-05 00:00")
    assert goals(made, "journey") == [("lead", "opened", 0, 0), ("lead", "clicked", 0, 0)]
    assert [one.rate for one in made.goals if one.by == "journey"] == [None, None]


HELD = """\
journey lead
    enter on visit
        again
        hold out 40%
    goal opened: open within 1 day
    send hello by email
    wait 2 days
"""
PEOPLE = 600


def is_held_out(person: int) -> bool:
    """T17, by hand."""
    return int(md5(f"lead/hold out:{person}".encode()).hexdigest()[:8], 16) / 2**32 < 0.4


def test_those_held_out_are_counted_beside_those_taken_of_the_span_alone(post_office: Make) -> None:
    office = post_office(HELD, "", PEOPLE)
    days = {person: "2026-03-02" if person % 3 else "2026-03-03" for person in range(1, PEOPLE + 1)}
    for person, day in days.items():
        office.event("visits", person, f"{day} 09:30")
        if person % 10 < (2 if is_held_out(person) else 5):
            office.event("opens", person, f"{day} 15:00", "hello")
    office.simulate("2026-03-02 00:00", "2026-03-06 00:00", hours=6)
    made = office.report("2026-03-02 00:00", "2026-03-03 00:00", as_of="2026-03-06 00:00")
    (one,) = made.hold_outs
    for name, held in (("held_out", True), ("treated", False)):
        meant = [p for p, day in days.items() if day == "2026-03-02" and is_held_out(p) == held]
        arm = next(arm for arm in one.analysis.arms if arm.figures.arm == name)
        assert (arm.figures.contacts, arm.open) == (len(meant), 0)
        assert arm.figures.reached == sum(p % 10 < (2 if held else 5) for p in meant)
    assert one.comparison is not None and one.comparison.rate is not None
    assert one.comparison.arm == "treated" and one.comparison.rate.low > 0
    assert one.analysis.verdict.winner == "treated"
    # all who came at any time are those of the whole state
    (whole,) = office.report().hold_outs
    assert whole.analysis.contacts == PEOPLE and whole.analysis.earlier == one.analysis.earlier == 0
