"""Each step of a journey as a model (LANGUAGE.md section 4)."""

from decimal import Decimal

import pytest
from journey_text import declaration, findings, journey, step, words


@pytest.mark.parametrize(
    ("written", "choice", "names"),
    [
        ("email", "one", ["email"]),
        ("push else sms else email", "first_of", ["push", "sms", "email"]),
        ("email and push", "all_of", ["email", "push"]),
        ("best of email, push, sms", "best_of", ["email", "push", "sms"]),
    ],
)
def test_a_send_chooses_its_channels(written: str, choice: str, names: list[str]) -> None:
    channels = step(f"    send m by {written}\n").channels
    assert (channels.choice, [str(name) for name in channels.names]) == (choice, names)


def test_the_clauses_of_a_send() -> None:
    send = step(
        "    send m by email\n"
        "        keep for 3 days\n"
        "        offering 3 from cross_sell where product.stock > 0\n"
        "        unless has order since entry\n"
        "        at best hour within 24 hours\n"
        "        if not sent\n"
        "            exit missed\n"
    )
    assert (str(send.keep_for), str(send.best_hour.within), send.unless.kind) == ("3 days", "24 hours", "has")
    assert (send.offering.count, str(send.offering.rules), send.offering.where.kind) == (
        3,
        "cross_sell",
        "compare",
    )
    assert [str(s.outcome) for s in send.if_not_sent] == ["missed"]


def test_a_clause_of_a_send_is_said_once() -> None:
    (finding,) = findings("journey j\n    send m by e\n        unless a\n        unless b\n")
    assert (finding.code, finding.place.line) == ("repeated-clause", 4)


def test_a_wait_is_for_a_time() -> None:
    assert str(step("    wait 4 hours\n").duration) == "4 hours"


def test_a_wait_until_a_time_of_day_may_name_days() -> None:
    """T13"""
    plain, on, at = (
        step(f"    wait until {m}\n").moment for m in ("10:00", "10:00 on weekdays", "thursday at 05:00")
    )
    assert (str(plain.time), plain.days) == ("10:00", None)
    assert on.days.numbers == (1, 2, 3, 4, 5)
    assert (str(at.time), at.days.numbers) == ("05:00", (4,))


def test_a_wait_until_a_window_may_run_over_midnight() -> None:
    """T13"""
    moment = step("    wait until between 22:00 and 06:00 on friday\n").moment
    assert (moment.kind, str(moment.start), str(moment.end), moment.days.days) == (
        "window",
        "22:00",
        "06:00",
        ("friday",),
    )


def test_a_wait_until_a_date() -> None:
    moment = step("    wait until 2026-12-01 at 09:00\n").moment
    assert (moment.kind, moment.date.text, str(moment.time)) == ("date", "2026-12-01", "09:00")
    assert step("    wait until 2026-12-01\n").moment.time is None


def test_a_wait_until_so_long_before_or_after_a_moment() -> None:
    before = step("    wait until 2 days before entry.at + 60 days\n").moment
    after = step("    wait until 3 days after event.at\n").moment
    assert (before.kind, before.direction, before.value.kind) == ("offset", "before", "arithmetic")
    assert (after.direction, str(after.value)) == ("after", "event.at")


def test_a_wait_until_a_condition_has_an_end_and_two_ways_on() -> None:
    """T16"""
    wait = step(
        "    wait until no order and a = 3 up to 5 days\n        then\n            exit x\n"
        "        otherwise\n            exit y\n            exit z\n"
    )
    assert (wait.kind, wait.predicate.kind, str(wait.up_to)) == ("wait_condition", "and", "5 days")
    assert (len(wait.then), len(wait.otherwise)) == (1, 2)


def test_a_condition_may_begin_with_a_duration_or_a_date() -> None:
    assert step("    wait until 3 days < age up to 5 days\n").predicate.left.kind == "duration"
    assert step("    wait until 2026-12-01 < a up to 5 days\n").predicate.left.kind == "date"


def test_a_wait_for_an_event_has_an_end_and_two_ways_on() -> None:
    """T15"""
    wait = step("    wait for open of m[a] since entry up to 20 hours\n        otherwise\n            exit\n")
    assert (wait.kind, str(wait.event.of), wait.window.kind, str(wait.up_to)) == (
        "wait_event",
        "m",
        "since",
        "20 hours",
    )
    assert (wait.then, len(wait.otherwise)) == ((), 1)


def test_a_wait_for_an_event_may_go_on_in_the_same_way() -> None:
    wait = step("    wait for order up to 1 day\n    exit\n")
    assert (wait.window, wait.then, wait.otherwise) == (None, (), ())
    only_then = step("    wait for order up to 1 day\n        then\n            exit\n")
    assert (len(only_then.then), only_then.otherwise) == (1, ())


def test_an_if_has_branches_in_their_order_and_may_have_an_else() -> None:
    read = step(
        "    if a\n        exit one\n    else if b\n        exit two\n    else if c\n        exit three\n"
        "    else\n        exit four\n"
    )
    assert [str(branch.predicate.value) for branch in read.branches] == ["a", "b", "c"]
    assert [str(branch.steps[0].outcome) for branch in read.branches] == ["one", "two", "three"]
    assert [str(s.outcome) for s in read.otherwise] == ["four"]
    assert step("    if a\n        exit\n").otherwise == ()


def test_a_split_has_arms_with_exact_shares() -> None:
    """T17"""
    split = step("    split wave\n        33.4% first\n        66.6% second\n            wait 1 day\n")
    assert [(arm.percent, str(arm.name), len(arm.steps)) for arm in split.arms] == [
        (Decimal("33.4"), "first", 0),
        (Decimal("66.6"), "second", 1),
    ]


def test_a_test_is_measured_by_a_goal() -> None:
    test = step("    test gift measured by bought\n        50% a\n            exit\n        50% b\n")
    assert (test.kind, str(test.name), str(test.goal), len(test.arms)) == ("test", "gift", "bought", 2)


def test_a_repeat_has_a_number_of_times_and_may_end_earlier() -> None:
    repeat = step("    repeat up to 3 times until has click since entry\n        wait 7 days\n")
    assert (repeat.times, repeat.until.kind, len(repeat.steps)) == (3, "has", 1)
    assert step("    repeat up to 3 times\n        wait 7 days\n").until is None


def test_short_steps() -> None:
    steps = journey(
        "    set a to event.b + 1\n    record given with gift = event.gift, price = 3\n    record seen\n"
        "    start referral\n    go to end\n    exit done\n    exit\n"
    ).steps
    assert [s.kind for s in steps] == ["set", "record", "record", "start", "go_to", "exit", "exit"]
    assert [str(binding.name) for binding in steps[1].bindings] == ["gift", "price"]  # type: ignore[union-attr]
    assert steps[6].outcome is None  # type: ignore[union-attr]


def test_a_label_names_the_step_after_it() -> None:
    read = journey("    again_:\n    wait 1 day\n    if a\n        `exit`:\n        exit\n    go to again_\n")
    assert [s.label and str(s.label) for s in read.steps] == ["again_", None, None]
    assert str(read.steps[1].branches[0].steps[0].label) == "exit"  # type: ignore[union-attr]


def test_a_step_is_placed_at_its_first_line() -> None:
    source = (
        "journey j\n    top: # here\n    if a > 3 # why\n        exit x\n    else if b\n        wait  1 day\n"
    )
    (read,) = declaration(source).steps
    assert words(read.place, source) == "if a > 3"
    assert words(read.label.place, source) == "top"
    assert words(read.branches[1].place, source) == "else if b"
    assert words(read.branches[1].steps[0].place, source) == "wait  1 day"
