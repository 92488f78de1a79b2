"""Steps: their names, their blocks, what can be reached, what is refused."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from journey_check import findings, journey, only, told

from parcours.checking import checked
from parcours.checking.terms import Attribute, Compare, Constant, Events, Field, Window
from parcours.clock.span import Span


def steps(body: str) -> tuple[checked.Step, ...]:
    return only(journey(body)).steps


def said(body: str) -> list[tuple[str, str, int, int, str]]:
    return told(findings(journey(body)))


def names(body: str) -> list[str]:
    def walk(block: tuple[checked.Step, ...]) -> Iterator[str]:
        for step in block:
            yield step.name
            match step:
                case checked.WaitEvent():
                    yield from walk((*step.then, *step.otherwise))
                case checked.Send():
                    yield from walk(step.if_not_sent)
                case checked.If():
                    yield from walk((*(s for _, inner in step.branches for s in inner), *step.otherwise))
                case checked.Split():
                    yield from walk(tuple(s for _, _, inner in step.arms for s in inner))

    return list(walk(steps(body)))


BODY = """\
    wait 1 day
    send hello by email
        if not sent
            wait 2 days
    if age > 2
        wait 1 day
    else if age > 1
        wait 1 day
    else
        wait 1 day
    split tone
        50% warm
            send hello by email
        50% cold
            exit cold
    wait for click up to 1 day
        then
            wait until 10:00
        otherwise
            exit cold
"""
NAMES = [
    *("1 wait", "hello", "2.if not sent.1 wait"),
    *("3 if", "3.if.1 wait", "3.else if 2.1 wait", "3.else.1 wait"),
    *("split tone", "hello #2", "exit cold"),
    *("5 wait for click", "5.then.1 wait until", "exit cold #2"),
]


def test_a_step_is_named_by_its_message_its_outcome_or_its_place() -> None:
    assert names(BODY) == NAMES


def test_a_step_further_down_renames_none_above() -> None:
    more = (
        "    hello:\n    send hello by sms\n    wait 3 days\n    split tone\n        100% a\n    exit cold\n"
    )
    assert names(BODY + more)[: len(NAMES)] == NAMES


def test_a_label_is_the_name_and_keeps_it_when_other_steps_move() -> None:
    pause = "    pause:\n    wait 1 day\n"
    assert names(pause) == ["pause"]
    assert names(f"    wait 2 days\n{pause}") == ["1 wait", "pause"]


def test_a_name_of_the_graph_itself_is_not_taken_by_a_step() -> None:
    assert names("    end:\n    wait 1 day\n    enter:\n    wait 2 days\n") == ["end #2", "enter #2"]


def test_two_steps_have_no_label_in_common() -> None:
    found = said("    a:\n    wait 1 day\n    if age > 1\n        a:\n        wait 2 days\n")
    assert found == [("duplicate-name", "the label `a` is there twice", 20, 9, "")]


# ---- what a step holds


def test_waits_hold_their_lengths_and_windows() -> None:
    """T12, T15."""
    body = "    wait 4 hours\n    wait for order[amount > 5] since entry up to 20 hours\n    wait for click up to 1 day\n"
    plain, since, click = steps(body)
    assert isinstance(plain, checked.Wait)
    assert isinstance(since, checked.WaitEvent)
    assert isinstance(click, checked.WaitEvent)
    above = Compare(">", Field("amount", "number"), Constant(Decimal(5), "number"))
    assert plain.span == Span(4, "hour")
    assert (since.events, since.up_to) == (
        Events("order", above, Window("arrived_since_entry")),
        Span(20, "hour"),
    )
    assert click.events == Events("click", None, Window("arrived"))


def test_a_wait_keeps_of_its_event_what_is_read_later() -> None:
    body = "    wait for cart up to 1 day\n    if event.at > 2026-01-01 and event.order_id is known\n        exit\n"
    (found,) = findings(journey(body))
    assert found.code == "wrong-type"
    wait, _ = steps(
        "    wait for cart up to 1 day\n        otherwise\n            exit\n    if event.order_id = 1\n        exit\n"
    )
    assert isinstance(wait, checked.WaitEvent)
    assert wait.captures == (("order_id", "BIGINT"),)


def test_a_send_holds_its_channels_in_order() -> None:
    body = "    send hello by email else sms\n        unless email_opt_in\n        keep for 2 days\n"
    (send,) = steps(body)
    assert isinstance(send, checked.Send)
    assert (send.message, send.channels) == ("hello", ("email", "sms"))
    assert (send.unless, send.keep_for) == (Attribute("email_opt_in", "yes_no"), Span(2, "day"))


def test_a_split_is_keyed_by_journey_and_name() -> None:
    """T17."""
    (split,) = steps("    split tone\n        33.4% a\n        66.6% b\n")
    assert isinstance(split, checked.Split)
    assert split.key == "j/tone"
    assert [(percent, name) for percent, name, _ in split.arms] == [
        (Decimal("33.4"), "a"),
        (Decimal("66.6"), "b"),
    ]


def test_an_exit_without_a_name_is_finished() -> None:
    assert [step.outcome for step in steps("    exit\n") if isinstance(step, checked.Exit)] == ["finished"]


# ---- what is wrong


@pytest.mark.parametrize(
    ("body", "code", "message", "place", "mark"),
    [
        ("    wait for crt up to 1 day\n", "unknown-event", "`crt` is no event of the datamart", (17, 14), "did you mean `cart`?"),
        ("    wait for cart[totl > 1] up to 1 day\n", "unknown-field", "`totl` is no field of `cart`", (17, 19), "did you mean `total`?"),
        ("    wait for cart since lunch up to 1 day\n", "bad-number", "a wait for an event takes no window but `since entry`", (17, 19), ""),
        ("    if ag > 1\n        wait 1 day\n", "unknown-attribute", "`ag` is no attribute of a contact", (17, 8), "did you mean `age`?"),
        ("    if age > 1\n        wait 1 day\n    else if ag > 1\n        wait 1 day\n", "unknown-attribute", "`ag` is no attribute of a contact", (19, 13), "did you mean `age`?"),
        ("    split s\n        50% a\n        40% b\n", "share-sum", "the shares of `s` add up to 90%, not 100%", (17, 11), ""),
        ("    split s\n        33.3% a\n        66.6% b\n", "share-sum", "the shares of `s` add up to 99.9%, not 100%", (17, 11), ""),
        ("    split s\n        50% a\n        50% a\n", "duplicate-name", "the arm `a` is there twice", (19, 13), ""),
        ("    exit\n    wait 1 day\n    wait 2 days\n", "unreachable-step", "this step can never be reached", (18, 5), ""),
        ("    if age > 1\n        exit a\n    else\n        exit b\n    wait 1 day\n", "unreachable-step", "this step can never be reached", (21, 5), ""),
        ("    split s\n        50% a\n            exit a\n        50% b\n            exit b\n    wait 1 day\n", "unreachable-step", "this step can never be reached", (22, 5), ""),
        ("    wait for cart up to 1 day\n        then\n            exit a\n        otherwise\n            exit b\n    wait 1 day\n", "unreachable-step", "this step can never be reached", (22, 5), ""),
        ("    send hello by email\n        unless ag > 1\n", "unknown-attribute", "`ag` is no attribute of a contact", (18, 16), "did you mean `age`?"),
        ("    send hello by email\n        keep for 101 years\n", "bad-number", "`101 years` is more than 100 years", (18, 18), ""),
    ],
)  # fmt: skip
def test_a_step_that_makes_no_sense_is_said_at_its_place(
    body: str, code: str, message: str, place: tuple[int, int], mark: str
) -> None:
    assert said(body) == [(code, message, *place, mark)]


@pytest.mark.parametrize(
    "body",
    [
        "    if age > 1\n        exit a\n    wait 1 day\n",
        "    send hello by email\n        if not sent\n            exit a\n    wait 1 day\n",
        "    wait for cart up to 1 day\n        then\n            exit a\n    wait 1 day\n",
        "    split s\n        50% a\n            exit a\n        50% b\n    wait 1 day\n",
    ],
)
def test_a_step_that_some_way_leads_to_can_be_reached(body: str) -> None:
    assert said(body) == []


def test_what_cannot_be_reached_is_checked_all_the_same() -> None:
    assert [code for code, *_ in said("    exit\n    wait 0 days\n    wait 1 day\n")] == [
        "unreachable-step",
        "bad-number",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "    repeat up to 2 times until {}\n        wait 1 day\n",
        "    repeat up to 2 times\n        if {}\n            wait 1 day\n",
        "    wait until {} up to 2 days\n",
        "    wait until age > 1 up to 2 days\n        then\n            if {}\n                wait 1 day\n",
        "    wait until age > 1 up to 2 days\n        otherwise\n            if {}\n                wait 1 day\n",
        "    test t measured by g\n        50% b\n        50% a\n            if {}\n                wait 1 day\n",
    ],
)
def test_what_stands_in_a_step_is_checked_too(body: str) -> None:
    header = "    enter on order\n    goal g: click\n"
    found = findings(journey(body.format("contry = 1"), header))
    assert sorted(d.code for d in found) == ["unknown-attribute"]


def test_a_test_is_measured_by_a_goal_of_the_journey() -> None:
    found = said("    test t measured by g\n        60% a\n        30% b\n")
    assert [(code, message, column) for code, message, _, column, _ in found] == [
        ("share-sum", "the shares of `t` add up to 90%, not 100%", 10),
        ("unknown-name", "`g` is no goal of this journey", 24),
    ]


def test_values_of_a_set_and_record_are_checked_too() -> None:
    found = said("    set age to event.amout\n    record y with z = contry\n")
    assert [code for code, *_ in found] == ["unknown-field", "unknown-attribute"]
