"""Literals, durations, days, periods and schedules as models."""

from decimal import Decimal

import pytest
from journey_text import declaration, enter, findings, rule, step, value, words

from parcours.language.parser import parse


@pytest.mark.parametrize(
    ("text", "kind", "meaning"),
    [
        ('"a b"', "text", {"value": "a b"}),
        (r'"say \"no\" \\ or \x"', "text", {"value": r'say "no" \ or \x'}),
        (r'"one\ntwo"', "text", {"value": "one\ntwo"}),
        ('"# no comment"', "text", {"value": "# no comment"}),
        ("3", "number", {"value": "3"}),
        ("0.25", "number", {"value": "0.25"}),
        ("-0.5", "number", {"value": "-0.5"}),
        ("yes", "yes_no", {"value": True}),
        ("no", "yes_no", {"value": False}),
        ("20%", "percent", {"value": "20"}),
        ("0.5%", "percent", {"value": "0.5"}),
        ("2026-12-01", "date", {"text": "2026-12-01"}),
        ("2026-2-31", "date", {"text": "2026-2-31"}),  # the checker judges it
        ("0.06 EUR", "money", {"amount": "0.06", "currency": "EUR"}),
        ("40 EUR", "money", {"amount": "40", "currency": "EUR"}),
        ("3 days", "duration", {"count": 3, "unit": "day"}),
        ("1 month", "duration", {"count": 1, "unit": "month"}),
        ("country", "path", {"parts": ["country"]}),
        ("event.total", "path", {"parts": ["event", "total"]}),
        ("`last`", "path", {"parts": ["last"]}),
        ("event.`Order No`", "path", {"parts": ["event", "Order No"]}),
    ],
)
def test_a_literal_is_what_it_says(text: str, kind: str, meaning: dict[str, object]) -> None:
    assert value(text).meaning() == {"kind": kind, **meaning}


def test_an_instant_is_a_date_and_a_time() -> None:
    instant = value("2026-12-01 9:05")
    assert (instant.kind, instant.date.text, str(instant.time)) == ("instant", "2026-12-01", "09:05")


def test_an_impossible_time_is_left_to_the_checker() -> None:
    assert step("    wait until 29:75\n").moment.time.hour == 29


def test_numbers_are_exact() -> None:
    assert value("0.1").value + value("0.2").value == Decimal("0.3")


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("tuesday", (2,)),
        ("sunday, monday", (1, 7)),
        ("weekdays", (1, 2, 3, 4, 5)),
        ("weekends", (6, 7)),
        ("weekend, fridays, saturday", (5, 6, 7)),
    ],
)
def test_days_are_told_in_the_order_of_the_week(written: str, days: tuple[int, ...]) -> None:
    assert enter(f"every {written} at 09:00").trigger.schedule.days.numbers == days


@pytest.mark.parametrize(
    ("written", "kind", "duration"),
    [
        ("7 days", "rolling", "7 days"),
        ("day", "rolling", "1 day"),
        ("calendar week", "calendar", "1 week"),
        ("calendar month", "calendar", "1 month"),
    ],
)
def test_a_period_is_rolling_or_of_the_calendar(written: str, kind: str, duration: str) -> None:
    """P4"""
    period = rule(f"at most 1 message per {written}").period
    assert (period.kind, str(period.duration)) == (kind, duration)


def test_there_is_no_calendar_hour() -> None:
    (finding,) = findings("pressure\n    at most 1 message per calendar hour\n")
    assert (finding.code, finding.place.line, finding.place.column) == ("bad-period", 2, 27)


def test_a_schedule_may_name_the_day_of_the_month() -> None:
    """T11: whether the month has it is decided at each occurrence."""
    schedule = enter("every month on 31 at 09:00").trigger.schedule
    assert (schedule.unit, schedule.day_of_month, str(schedule.time)) == ("month", 31, "09:00")


def test_a_schedule_may_be_as_short_as_an_hour_and_needs_no_time() -> None:
    schedule = enter("every hour").trigger.schedule
    assert (schedule.unit, schedule.time, schedule.days) == ("hour", None, None)


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ("every minute", "bad-period", 17),
        ("every day on 3", "bad-number", 24),
        ("every month on 32", "bad-number", 26),
        ("every month on 0", "bad-number", 26),
    ],
)
def test_a_schedule_that_makes_no_sense_is_told(line: str, code: str, column: int) -> None:
    (finding,) = findings(f"journey j\n    enter {line}\n    exit\n")
    assert (finding.code, finding.place.line, finding.place.column) == (code, 2, column)


def test_parts_of_values_know_their_words() -> None:
    text = "journey j\n    set a to 2026-12-01 09:30\n    set b to 5 EUR # five\n    wait 3   days\n"
    journey = declaration(text)
    instant, money, wait = journey.steps[0].value, journey.steps[1].value, journey.steps[2]
    assert words(instant.place, text) == "2026-12-01 09:30"
    assert words(instant.time.place, text) == "09:30"
    assert words(money.place, text) == "5 EUR"
    assert words(wait.duration.place, text) == "3   days"
    assert words(journey.steps[1].place, text) == "set b to 5 EUR"


@pytest.mark.parametrize("monster", ["9" * 5000, "1." + "9" * 5000, "9" * 5000 + "%", "9" * 5000 + " days"])
def test_a_number_without_end_is_a_mistake_of_the_user(monster: str) -> None:
    declarations, diagnostics = parse(f"journey j\n    set a to {monster}\n    exit\n", "f")
    assert [d.code for d in diagnostics] == ["syntax"]
    assert len(declarations) == 1
