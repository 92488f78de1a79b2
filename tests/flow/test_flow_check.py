"""Findings about journeys as a whole."""

import pytest
from journey_check import POLICY, SHOP, project

from parcours.checking.check import check
from parcours.flow.check import check_flow

SECOND = 'message offer\n    email "Offer"\n\n'


def found(*texts: str) -> list[tuple[str, int, str]]:
    declared, read = project(*texts)
    whole = check(declared, SHOP, read).project
    assert whole is not None, check(declared, SHOP, read).diagnostics
    return [(d.code, d.place.line, d.message) for d in check_flow(whole)]


def journey(steps: str, header: str = "", name: str = "j") -> str:
    body = "".join(f"    {line}\n" for line in (header + steps).split("\n") if line)
    return f"journey {name}\n    enter on order\n        again\n{body}"


def test_a_plain_journey_has_nothing_wrong_with_it() -> None:
    assert found(journey("send hello by email\nwait 3 days"), POLICY) == []


def test_a_message_that_no_journey_sends_is_told() -> None:
    assert found(journey("send hello by email"), SECOND, POLICY) == [
        ("unused-message", 1, "no journey sends the message `offer`")
    ]


LOOP = "again_here:\nsend hello by email\n{}if has click since entry\n    go to again_here"


def test_steps_that_are_gone_round_without_a_wait_are_told_at_the_jump() -> None:
    assert [f[:2] for f in found(journey(LOOP.format("")), POLICY)] == [("endless-loop", 7)]


@pytest.mark.parametrize("wait", ["wait 1 day\n", "wait for click up to 1 day\n"])
def test_a_wait_between_them_is_enough(wait) -> None:
    assert "endless-loop" not in [f[0] for f in found(journey(LOOP.format(wait)), POLICY)]


@pytest.mark.parametrize(
    "wait",
    [
        "wait until 10:00\n",
        "wait until 2020-01-01\n",
        "wait until between 09:00 and 18:00\n",
        "wait until age > 18 up to 1 day\n",
        "wait for click since entry up to 1 day\n",
    ],
)
def test_a_wait_for_what_may_be_there_already_is_not_enough(wait) -> None:
    # at 10:00 `wait until 10:00` is no wait (T13), and the tick of that instant would go round for ever
    (finding,) = found(journey(LOOP.format(wait)), POLICY)
    assert finding == ("endless-loop", 8, "this goes round and round: what it waits for may be there already")


def test_a_repeat_ends_by_itself() -> None:
    assert found(journey("repeat up to 3 times\n    set age to 3\nsend hello by email"), POLICY) == []


def test_a_wait_that_every_way_through_a_repeat_meets_is_enough() -> None:
    steps = "again_here:\nrepeat up to 3 times\n    wait 1 day\nsend hello by email\nif has click since entry\n    go to again_here"
    assert found(journey(steps), POLICY) == []


def test_journeys_that_start_each_other_at_once_are_told_once() -> None:
    one = journey("send hello by email\nstart other", name="one")
    other = journey("start one", name="other")
    assert [f[0] for f in found(one, other, POLICY)] == ["endless-loop"]


def test_journeys_that_start_each_other_after_a_wait_are_not() -> None:
    one = journey("send hello by email\nstart other", name="one")
    other = journey("wait 1 day\nstart one", name="other")
    assert found(one, other, POLICY) == []


def test_a_goal_about_a_message_that_nobody_sends_cannot_be_reached() -> None:
    text = journey("send hello by email", "goal read: click of offer within 3 days\n")
    assert found(text, SECOND, POLICY) == [
        ("impossible-goal", 4, "the goal `read` cannot be reached: nobody sends the message `offer`")
    ]


@pytest.mark.parametrize(
    ("goals", "told"),
    [
        ("goal g: click within 3 days\n", True),
        ("goal g: click within 4 days\n", False),
        ("goal g: click within 1 month\n", False),
        ("goal g: click\n", False),
        ("goal g: click within 3 days\ngoal h: order within 5 days\n", False),
    ],
)
def test_a_wait_that_outlasts_every_goal_is_told(goals, told) -> None:
    codes = [f[0] for f in found(journey("send hello by email\nwait 4 days", goals), POLICY)]
    assert codes == ["wait-past-goal"] * told


def test_a_cap_that_can_be_exceeded_is_a_warning_with_the_way() -> None:
    text = journey("send hello by email\nwait 1 day\nif has click since entry\n    send hello by sms")
    pressure = "pressure\n    at most 1 message per 3 days\n"
    declared, read = project(text, pressure, POLICY)
    whole = check(declared, SHOP, read).project
    assert whole is not None
    (warned,) = check_flow(whole)
    assert (warned.code, warned.severity) == ("pressure-possible", "warning")
    assert warned.message == "the journey `j` can want 2 messages where `at most 1 message per 3 days`"
    assert warned.help == ("`hello` first, `hello` after 1 day; what is too much is held back: b.journey:2:5")


def test_one_message_is_told_as_one() -> None:
    text = journey("if has click since entry\n    send hello by sms")
    (warned,) = found(text, 'pressure\n    at most 0 sms per day for country = "BE"\n', POLICY)
    assert warned[2] == 'the journey `j` can want 1 message where `at most 0 sms per day for country = "BE"`'


def test_a_cap_that_no_run_keeps_to_is_an_error() -> None:
    text = journey("send hello by email\nsend hello by sms")
    assert [f[0] for f in found(text, "pressure\n    at most 1 message per 3 days\n", POLICY)] == [
        "pressure-exceeded"
    ]


def test_exempt_messages_are_no_pressure() -> None:
    text = journey("send hello by email\nsend hello by sms")
    pressure = "pressure\n    exempt topic news\n    at most 1 message per 3 days\n"
    assert found(text, pressure, POLICY) == []
