"""How long, how dear and how pressing a journey can be, told before anybody is in it."""

from decimal import Decimal

import pytest
from journey_check import POLICY, SHOP, project

from parcours.checking.check import check
from parcours.flow.explain import Explained, explain
from parcours.flow.words import duration

HOUR, DAY = 60, 1440
PRICED = POLICY.replace("consent sms_opt_in\n", "consent sms_opt_in\n    cost 0.06 EUR\n").replace(
    "consent email_opt_in\n", "consent email_opt_in\n    cost 0.002 EUR\n"
)


def explained(steps: str) -> Explained:
    body = "".join(f"    {line}\n" for line in steps.split("\n"))
    declared, read = project(f"journey j\n    enter on order\n{body}", PRICED)
    whole = check(declared, SHOP, read).project
    assert whole is not None, check(declared, SHOP, read).diagnostics
    found = explain(whole.journeys[0], whole)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("steps", "shortest", "longest"),
    [
        ("exit", 0, 0),
        ("wait 3 days", 3 * DAY, 3 * DAY),
        ("wait 1 month", 28 * DAY, 31 * DAY),
        ("send hello by email\n    keep for 1 day", 0, DAY),
        ("wait for click up to 2 days", 0, 2 * DAY),
        ("wait for click up to 2 days\n    then\n        wait 1 day\n    otherwise\n        exit", DAY, 3 * DAY),
        ("if age > 60\n    wait 3 days\nelse\n    wait 1 hour", HOUR, 3 * DAY),
        ("repeat up to 3 times\n    wait 1 day", 3 * DAY, 3 * DAY),
        ("repeat up to 3 times until age > 60\n    wait 1 day", 0, 3 * DAY),
        ("wait until 3 days after entry.at", 3 * DAY, 3 * DAY),
        ("wait until monday at 10:00\nwait until tuesday at 10:00", DAY, 8 * DAY),
        ("split s\n    50% a\n        exit\n    50% b\n        wait 2 weeks", 0, 14 * DAY),
    ],
)  # fmt: skip
def test_a_run_takes_so_long_at_the_least_and_at_the_most(steps, shortest, longest) -> None:
    found = explained(steps)
    assert (found.shortest, found.longest.minutes) == (shortest, longest)


def test_a_loop_has_no_longest_duration() -> None:
    found = explained("again_here:\nwait 1 day\nif has click since entry\n    go to again_here")
    assert (found.shortest, found.longest.minutes) == (DAY, None)


@pytest.mark.parametrize(
    ("steps", "cost"),
    [
        ("exit", "0"),
        ("send hello by email", "0.002"),
        ("send hello by email else sms", "0.06"),
        ("send hello by email and sms", "0.062"),
        ("if age > 60\n    send hello by sms\nelse\n    send hello by email", "0.06"),
        ("repeat up to 3 times\n    send hello by sms\n    wait 1 day", "0.18"),
        ("send hello by email\n    if not sent\n        send hello by sms", "0.06"),
    ],
)
def test_a_run_costs_so_much_at_the_most(steps, cost) -> None:
    assert explained(steps).cost == Decimal(cost)


def test_a_loop_that_sends_has_no_greatest_cost_and_one_that_does_not_has() -> None:
    loop = "again_here:\n{}wait 1 day\nif has click since entry\n    go to again_here"
    assert explained(loop.format("send hello by email\n")).cost is None
    assert explained("send hello by sms\n" + loop.format("")).cost == Decimal("0.06")


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "no time"),
        (1, "1 minute"),
        (90, "1 hour and 30 minutes"),
        (3 * DAY, "3 days"),
        (3 * DAY + HOUR + 5, "3 days and 1 hour"),
    ],
)
def test_a_duration_is_told_in_its_two_largest_units(minutes, said) -> None:
    assert duration(minutes) == said
