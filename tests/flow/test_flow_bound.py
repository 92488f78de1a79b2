"""The pressure bound is exact: it is what every path, tried one after the other, gives at the most.

PARCOURS_BOUND_CASES says how many journeys are tried."""

import os

import pytest
from dice import Dice
from every_path import most_in_any_window, paths
from journey_check import SHOP, project
from small_journeys import held_hours, project_text

from parcours.checking import checked as made
from parcours.checking.check import check
from parcours.flow.bound import Bound, bounds
from parcours.flow.states import states
from parcours.model.journey import Journey

CASES = int(os.environ.get("PARCOURS_BOUND_CASES", "100"))
MOST_PATHS = 60_000
MESSAGE_TOPICS = {"hello": "news", "offer": "promotion", "news": "news"}


def _bounds(text: str) -> tuple[Bound, ...]:
    declared, found = project(text)
    whole = check(declared, SHOP, found).project
    assert whole is not None, text
    (journey,) = whole.journeys
    unfolded = states(journey, whole.policy.keep_held)
    assert unfolded is not None
    return bounds(unfolded, whole.policy, {m.name: m.topic for m in whole.messages})


def _written(text: str) -> Journey:
    declared, _ = project(text)
    (journey,) = (d for d in declared.declarations if isinstance(d, Journey))
    return journey


def _hours(cap: made.Cap) -> int:
    return int(cap.period.span.exact.total_seconds()) // 3600


def _counts(cap: made.Cap, message: str) -> bool:
    match cap.selector.kind:
        case "all":
            return True
        case "message":
            return cap.selector.name == message
        case "topic":
            return cap.selector.name == MESSAGE_TOPICS[message]
    raise AssertionError(cap.selector.kind)


def _cases() -> list[str]:
    found: list[str] = []
    number = 0
    while len(found) < CASES:
        number += 1
        text = project_text(Dice(f"bound {number}"))
        tried = 0
        for _ in paths(_written(text), held_hours(text)):
            tried += 1
            if tried > MOST_PATHS:
                break
        if 0 < tried <= MOST_PATHS:
            found.append(text)
    return found


@pytest.fixture(scope="module")
def cases() -> list[tuple[str, list[tuple[tuple[int, str], ...]], tuple[Bound, ...]]]:
    return [(text, list(paths(_written(text), held_hours(text))), _bounds(text)) for text in _cases()]


def test_no_run_sends_more_than_the_bound_and_one_sends_as_many(cases) -> None:
    compared = 0
    for text, runs, found in cases:
        for bound in found:
            if bound.cap.selector.kind == "channel":
                continue  # which channel a message takes is not among the paths
            most = max(
                most_in_any_window([at for at, m in run if _counts(bound.cap, m)], _hours(bound.cap))
                for run in runs
            )
            assert bound.most == most, f"{bound.cap.text}\n{text}"
            compared += most > 1
    assert compared > len(cases) // 2


def test_where_no_run_can_keep_to_a_cap_that_is_so_on_every_path(cases) -> None:
    certain = 0
    for text, runs, found in cases:
        for bound in found:
            if bound.must and bound.cap.selector.kind != "channel":
                least = min(
                    most_in_any_window([at for at, m in run if _counts(bound.cap, m)], _hours(bound.cap))
                    for run in runs
                )
                assert least > bound.limit, f"{bound.cap.text}\n{text}"
                certain += 1
    assert certain > 0


def test_the_way_that_is_told_sends_one_message_too_many(cases) -> None:
    for text, _, found in cases:
        for bound in found:
            if bound.exceeds:
                sent = sum(passage.move.sent for passage in bound.way)
                assert sent > bound.limit, text
                assert bound.way[-1].at < _hours(bound.cap) * 60


HEAD = "pressure\n    {}\n\nmessage hello\n    email \"Hello\"\n    sms \"Hello\"\n\nmessage offer\n    topic promotion\n    email \"Offer\"\n    sms \"Offer\"\n\nchannel email\n    address email\n    consent email_opt_in\n\nchannel sms\n    address phone\n    consent sms_opt_in\n\n"  # fmt: skip


def _one(cap: str, steps: str, header: str = "") -> Bound:
    body = "".join(f"    {line}\n" for line in steps.split("\n"))
    (bound,) = _bounds(f"{HEAD.format(cap)}journey j\n    enter on order\n        again\n{header}{body}")
    return bound


@pytest.mark.parametrize(
    ("cap", "steps", "most"),
    [
        ("at most 1 message per day", "send hello by email\nwait 1 day\nsend offer by email", 1),
        ("at most 1 message per day", "send hello by email\nwait 23 hours\nsend offer by email", 2),
        ("at most 1 message per calendar day", "send hello by email\nwait 23 hours\nsend offer by email", 2),
        ("at most 1 message per calendar day", "send hello by email\nwait 1 day\nsend offer by email", 1),
        ("at most 1 message per calendar week", "send hello by email\nwait 6 days\nsend offer by email", 2),
        ("at most 1 message per calendar week", "send hello by email\nwait 7 days\nsend offer by email", 1),
        ("at most 1 message per calendar day", "wait until 10:00\nsend hello by email\nwait until 09:00\nsend offer by email", 2),
        ("at most 1 email per day", "send hello by email and sms", 1),
        ("at most 1 message per day", "send hello by email and sms", 2),
        ("at most 1 topic promotion per day", "send hello by email\nsend offer by email", 1),
        ("at most 1 message per 30 days", "repeat up to 5 times\n    send hello by email\n    wait 10 days", 3),
        ("at most 1 message per 1 month", "repeat up to 5 times\n    send hello by email\n    wait 1 month", 2),
        ("at most 1 purpose service per day", "send hello by email", 0),
    ],
)  # fmt: skip
def test_known_journeys_have_known_bounds(cap, steps, most) -> None:
    assert _one(cap, steps).most == most


def test_a_loop_with_an_event_in_it_has_no_bound() -> None:
    steps = (
        "again_here:\nsend hello by email\nwait for click up to 3 days\n    then\n        go to again_here"
    )
    bound = _one("at most 3 messages per day", steps)
    assert bound.most is None
    assert bound.exceeds


def test_what_is_kept_for_important_journeys_is_not_for_others() -> None:
    cap = "at most 2 messages per day, keep 1 for priority from 70"
    steps = "send hello by email\nsend offer by email"
    assert _one(cap, steps, "    priority 80\n").limit == 2
    assert _one(cap, steps, "    priority 60\n").limit == 1


def test_a_message_that_may_be_skipped_must_not_exceed() -> None:
    steps = "send hello by email\nsend offer by email\n    unless age > 60"
    bound = _one("at most 1 message per day", steps)
    assert (bound.exceeds, bound.must) == (True, False)


def test_a_chain_of_two_hundred_branches_is_looked_at_in_one_go() -> None:
    branch = (
        'if has click[link = "{}"] ever\n    send hello by email\nelse\n    send offer by email\nwait 1 day'
    )
    steps = "\n".join(branch.format(n) for n in range(200))
    assert _one("at most 3 messages per 7 days", steps).most == 7
