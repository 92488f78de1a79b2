"""What the check already holds to of the rules of which the executor does not know yet: T16, T19, P6 and P10."""

import pytest
from journey_check import POLICY, codes, journey, only, unsupported

from parcours.checking.checked import WaitCondition
from parcours.checking.terms import Compare


def test_t16_a_wait_for_a_condition_keeps_its_term_and_its_end() -> None:  # T16
    text = journey("    wait until count of order since entry >= 3 up to 7 days\n")
    (step,) = only(text).steps
    assert isinstance(step, WaitCondition)
    assert isinstance(step.predicate, Compare)
    assert str(step.up_to) == "7 days"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("wait until count of order since entry >= 3", "syntax"),
        ("wait until sum of order.amount up to 7 days", "not-a-condition"),
        ("wait until nobody_knows up to 7 days", "unknown-attribute"),
    ],
)
def test_t16_a_wait_for_what_is_no_condition_or_has_no_end_is_refused(line: str, code: str) -> None:  # T16
    assert codes(journey(f"    {line}\n")) == [code]


@pytest.mark.parametrize("line", ["pause", "pause 3 days", "pause until monday at 09:00"])
def test_t19_a_journey_has_no_word_for_a_pause(line: str) -> None:  # T19
    assert codes(journey(f"    {line}\n")) == ["syntax"]


def test_t19_what_is_called_a_pause_is_a_name_like_any_other() -> None:  # T19
    assert codes(journey("    pause:\n    wait 1 day\n    exit pause\n")) == []


def pressure(*rules: str) -> str:
    return POLICY + "\npressure\n" + "".join(f"    {rule}\n" for rule in rules)


@pytest.mark.parametrize(
    "rule",
    [
        "at most 3 messages per 7 days, keep 1 for priority from 70",
        "at most 2 emails per 7 days per household",
    ],
)
def test_p6_keeping_back_and_sharing_are_understood(rule: str) -> None:  # P6
    household = journey("    send hello by email\n").removeprefix(POLICY)
    assert len(unsupported(pressure(rule), household)) == 1


@pytest.mark.parametrize("kept", [4, 30])
def test_p6_no_more_is_kept_back_than_there_is(kept: int) -> None:  # P6
    assert codes(pressure(f"at most 3 messages per 7 days, keep {kept} for priority from 70")) == [
        "bad-number"
    ]


def test_p10_preferences_are_honoured_by_one_line() -> None:  # P10
    assert len(unsupported(pressure("honour preferences"), journey("    exit\n").removeprefix(POLICY))) == 1


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        (("honour preferences of email",), "syntax"),
        (("honour preferences", "honour preferences"), "repeated-clause"),
    ],
)
def test_p10_it_is_said_once_and_for_everything(rules: tuple[str, ...], code: str) -> None:  # P10
    assert codes(pressure(*rules)) == [code]
