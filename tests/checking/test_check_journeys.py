"""The header of a journey: purpose, priority, goals, `leave when`."""

import pytest
from journey_check import findings, only, told

from parcours.checking.checked import Goal, Leave
from parcours.checking.terms import Attribute, Captured, Compare, Constant, Events, Field, Window
from parcours.clock.span import Span

ENTER = "    enter on cart\n"


def text(*header: str, enter: str = ENTER) -> str:
    lines = "".join(f"    {line}\n" for line in header)
    return f"journey j\n{enter}{lines}    exit\n"


def test_what_is_not_said_has_its_default() -> None:
    made = only(text())
    assert (made.purpose, made.priority, made.goals, made.leaves) == ("", 50, (), ())
    assert made.enter_text == "on cart"


def test_goal_and_leave_when_are_kept() -> None:
    made = only(
        text(
            "purpose loyalty",
            "priority 100",
            "goal bought: order[order_id = entry.cart_id] within 5 days",
            "goal came: click",
            "leave when email_opt_in is no as opted_out",
            "leave when email_opt_in",
        )
    )
    same = Compare("=", Field("order_id", "text"), Captured("entry", "cart_id", "text", "VARCHAR"))
    opted_in = Attribute("email_opt_in", "yes_no")
    bought, came = made.goals
    assert (made.purpose, made.priority) == ("loyalty", 100)
    in_time = Window("within_entry", Span(5, "day"))
    assert bought == Goal("bought", Events("order", same, in_time), bought.place)
    assert came == Goal("came", Events("click", None, Window("within_entry")), came.place)
    assert [(leave.outcome, leave.place.line) for leave in made.leaves] == [("opted_out", 7), ("left", 8)]
    assert made.leaves[0] == Leave(
        "opted_out", Compare("=", opted_in, Constant(False, "yes_no")), made.leaves[0].place
    )
    assert (came.place.line, came.place.column) == (6, 10)


@pytest.mark.parametrize(
    ("line", "code", "message", "place", "mark"),
    [
        ("purpose loyality", "unknown-purpose", "`loyality` is no purpose", (3, 13), "did you mean `loyalty`?"),
        ("priority 101", "bad-number", "a priority is 0 to 100, not 101", (3, 5), ""),
        ("goal g: ordr", "unknown-event", "`ordr` is no event of the datamart", (3, 13), "did you mean `order`?"),
        ("goal g: order[amout > 1]", "unknown-field", "`amout` is no field of `order`", (3, 19), "did you mean `amount`?"),
        ("goal g: order[event.total > 1]", "no-event-here", "`event.total`: no event woke this step", (3, 19), ""),
        ("goal g: order within 0 days", "bad-number", "`0 days` is no time at all", (3, 26), ""),
        ("leave when event.total > 1", "no-event-here", "`event.total`: no event woke this step", (3, 16), ""),
        ("leave when age", "not-a-condition", "`age` is a number, not a condition", (3, 16), "compare it with something"),
    ],
)  # fmt: skip
def test_a_line_of_the_header_that_makes_no_sense_is_said_at_its_place(
    line: str, code: str, message: str, place: tuple[int, int], mark: str
) -> None:
    assert told(findings(text(line))) == [(code, message, *place, mark)]


def test_leave_when_and_goals_may_read_the_entry() -> None:
    assert findings(text("leave when entry.total > 100", "goal g: order[amount > entry.total]")) == ()


def test_a_goal_is_there_once() -> None:
    found = findings(text("goal g: order", "goal g: click"))
    assert told(found) == [("duplicate-name", "the goal `g` is there twice", 4, 10, "first in line 3")]


def test_a_journey_says_who_enters_and_what_it_reads_is_not_held_against_it() -> None:
    found = findings(
        "journey j\n    leave when entry.x > 1\n    if event.x = 1\n        exit a\n    if contry = 1\n        exit b\n"
    )
    assert told(found) == [
        ("missing-enter", "the journey `j` does not say who enters", 1, 9, ""),
        ("unknown-attribute", "`contry` is no attribute of a contact", 5, 8, "did you mean `country`?"),
    ]
