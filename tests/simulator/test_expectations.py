"""What an example expects, held against a story."""

from datetime import datetime
from typing import Any

import pytest

from parcours.diagnostics import Place
from parcours.model.example import ExpectExit, ExpectMessage, ExpectNoEntry, ExpectNoMessage
from parcours.model.node import Name
from parcours.model.values import DateLiteral, InstantLiteral, TimeOfDay
from parcours.simulator.expectations import differences, local_text
from parcours.simulator.story import Departure, Grant, Story

HERE = Place("a.journey", 1, 1, 1, 2)
TEN, ELEVEN = datetime(2026, 3, 2, 9), datetime(2026, 3, 2, 10)  # in Paris


def at(hour: int) -> InstantLiteral:
    day = DateLiteral(place=HERE, text="2026-03-02")
    return InstantLiteral(place=HERE, date=day, time=TimeOfDay(place=HERE, hour=hour, minute=0))


def name(text: str) -> Name:
    return Name(place=HERE, text=text)


def message(what: str, channel: str, hour: int | None = None) -> ExpectMessage:
    when = None if hour is None else at(hour)
    return ExpectMessage(place=HERE, message=name(what), channel=name(channel), at=when)


def leaving(outcome: str, hour: int | None = None) -> ExpectExit:
    return ExpectExit(place=HERE, outcome=name(outcome), at=None if hour is None else at(hour))


STORY = Story(
    entries=(TEN,),
    grants=(Grant("hello", "email", TEN), Grant("hello", "sms", ELEVEN), Grant("bye", "email", ELEVEN)),
    exits=(Departure("done", ELEVEN),),
    lines=(),
)
NOTHING = Story((), (), (), ())


def found(story: Story, *expects: Any) -> list[str]:
    return [difference.instead for difference in differences(expects, story, "Europe/Paris")]


@pytest.mark.parametrize(
    "expected",
    [message("hello", "email"), message("hello", "email", 10), leaving("done"), leaving("done", 11)],
    ids=lambda e: repr(e.kind),
)
def test_an_expectation_is_met_with_its_time_or_without(expected: Any) -> None:
    assert found(STORY, expected) == []


def test_what_is_said_instead_is_the_nearest_that_happened() -> None:
    assert found(STORY, message("hello", "push")) == [
        "it was sent by email at 2026-03-02 10:00, by sms at 2026-03-02 11:00"
    ]
    assert found(STORY, message("other", "email")) == ["it was not sent"]
    assert found(STORY, leaving("done", 12)) == ["exit done at 2026-03-02 11:00"]
    assert found(NOTHING, leaving("done")) == ["there was no such exit: nobody entered"]


def test_a_run_that_goes_on_has_not_left() -> None:
    running = Story((TEN,), (), (), ())
    assert found(running, leaving("done")) == ["nobody left: the journey was still going on"]


def test_no_other_message_counts_those_that_nothing_else_expects() -> None:
    other = ExpectNoMessage(place=HERE, other=True)
    both = message("hello", "email"), message("hello", "sms")
    assert found(STORY, *both, other) == ["bye by email at 2026-03-02 11:00"]
    assert found(STORY, other, *both, message("bye", "email")) == []
    assert found(NOTHING, other) == []


def test_no_message_and_no_entry_count_all() -> None:
    none, nobody = ExpectNoMessage(place=HERE), ExpectNoEntry(place=HERE)
    assert len(found(STORY, none, nobody)) == 2
    assert found(NOTHING, none, nobody) == []


def test_differences_come_in_the_order_written() -> None:
    expects = leaving("a"), message("b", "email", 10), leaving("c", 10)
    assert [d.expected for d in differences(expects, NOTHING, "Europe/Paris")] == [
        "exit a",
        "b by email at 2026-03-02 10:00",
        "exit c at 2026-03-02 10:00",
    ]


def test_seconds_are_told_only_where_there_are_some() -> None:
    assert local_text(TEN, "Europe/Paris") == "2026-03-02 10:00"
    assert local_text(TEN.replace(second=5), "Europe/Paris") == "2026-03-02 10:00:05.000000"
