"""What the check holds to of waits for conditions, pauses, shared caps and preferences: T16, T19, P6 and P10."""

from dataclasses import replace

import pytest
from journey_check import POLICY, SHOP, checked, codes, events, findings, journey, only

from parcours.checking.checked import WaitCondition
from parcours.checking.terms import Attribute, Compare


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


def test_p6_keeping_back_and_sharing_are_kept_with_their_cap() -> None:  # P6
    rule = "at most 3 messages per 7 days per country, keep 1 for priority from 70"
    (cap,) = checked(pressure(rule)).policy.caps
    assert cap.keep == (1, 70)
    assert cap.per == Attribute("country", "text")


def test_p6_what_contacts_share_is_an_attribute() -> None:  # P6
    assert codes(pressure("at most 2 emails per 7 days per houshold")) == ["unknown-attribute"]


@pytest.mark.parametrize("kept", [4, 30])
def test_p6_no_more_is_kept_back_than_there_is(kept: int) -> None:  # P6
    assert codes(pressure(f"at most 3 messages per 7 days, keep {kept} for priority from 70")) == [
        "bad-number"
    ]


WISHES = {**SHOP.events, **events(preference_changed={"frequency": "VARCHAR", "until": "DATE"})}


def test_p10_only_what_the_event_has_fields_for_can_be_wished() -> None:  # P10
    mart = replace(SHOP, events=WISHES)
    wishes = checked(pressure("honour preferences"), datamart=mart).policy.wishes
    assert [wish.text for wish in wishes] == [
        "a break",
        "daily messages",
        "weekly messages",
        "monthly messages",
    ]


def test_p10_without_an_event_there_is_nothing_to_honour() -> None:  # P10
    assert codes(pressure("honour preferences")) == ["missing-mapping"]


def test_p10_a_field_of_another_type_says_nothing_about_a_preference() -> None:  # P10
    wrong = {**SHOP.events, **events(preference_changed={"frequency": "INTEGER"})}
    found = findings(pressure("honour preferences"), datamart=replace(SHOP, events=wrong))
    assert [d.code for d in found] == ["wrong-column-type"]


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        (("honour preferences of email",), "syntax"),
        (("honour preferences", "honour preferences"), "repeated-clause"),
    ],
)
def test_p10_it_is_said_once_and_for_everything(rules: tuple[str, ...], code: str) -> None:  # P10
    mart = replace(SHOP, events=WISHES)
    assert [d.code for d in findings(pressure(*rules), datamart=mart)] == [code]
