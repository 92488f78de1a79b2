"""Plain values: dates, times and lengths of time that make sense."""

import pytest
from journey_check import findings, journey, told, wrong


@pytest.mark.parametrize(
    ("predicate", "code", "message", "said"),
    [
        ("birth_date > 2026-02-30", "impossible-date", "`2026-02-30` is no date", "2026-02-30"),
        ("birth_date > 2025-02-29", "impossible-date", "`2025-02-29` is no date", "2025-02-29"),
        ("birth_date > 0001-01-01", "impossible-date", "`0001-01-01` is too far away", "0001-01-01"),
        ("birth_date > 9999-12-31", "impossible-date", "`9999-12-31` is too far away", "9999-12-31"),
        ("signed_up > 2026-02-28 24:00", "impossible-time", "`24:00` is no time of day", "24:00"),
        ("signed_up > 2026-02-30 09:00", "impossible-date", "`2026-02-30` is no date", "2026-02-30"),
        ("has order in last 0 days", "bad-number", "`0 days` is no time at all", "0 days"),
        ("has order in last 101 years", "bad-number", "`101 years` is more than 100 years", "101 years"),
        (
            "has order in last 999999999999999 days",
            "bad-number",
            "`999999999999999 days` is more than 100 years",
            "999999999999999 days",
        ),
    ],
)
def test_what_no_calendar_has_is_said_at_its_place(
    predicate: str, code: str, message: str, said: str
) -> None:
    assert wrong(predicate) == (code, message, said, "")


def test_the_leap_day_of_a_leap_year_exists() -> None:
    assert findings("segment s\n    birth_date = 2024-02-29 or has order in last 100 years\n") == ()


@pytest.mark.parametrize(
    ("step", "said", "column"),
    [
        ("wait 0 days", "0 days", 10),
        ("wait for order up to 0 hours", "0 hours", 26),
        ("wait until 200 years after entry.at", "200 years", 16),
    ],
)
def test_a_length_of_time_in_a_step_makes_sense(step: str, said: str, column: int) -> None:
    (found,) = findings(journey(f"    {step}\n"))
    assert (found.code, found.place.line, found.place.column) == ("bad-number", 17, column)
    assert found.message.startswith(f"`{said}` is ")


@pytest.mark.parametrize(
    "step",
    [
        "wait until 0 days after entry.at",
        "send hello by email\n        keep for 0 hours",
    ],
)
def test_nothing_is_a_length_of_time_where_it_means_something(step: str) -> None:
    assert findings(journey(f"    {step}\n")) == ()


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (
            "channel email\n    address email\n    consent email_opt_in\n    quiet from 21:00 to 21:00\n",
            4,
            25,
        ),
        ("journey j\n    enter on order\n    wait until between 09:00 and 9:00\n", 3, 34),
    ],
)
def test_nothing_lies_between_a_time_and_itself(text: str, line: int, column: int) -> None:
    ((code, message, *place, _),) = told(findings(text))
    assert code == "bad-number"
    assert message.startswith("nothing lies between `")
    assert place == [line, column]


def test_hours_over_midnight_are_hours() -> None:
    assert findings("journey j\n    enter on order\n    wait until between 22:00 and 06:00\n") == ()
