"""What a simulation may be asked for."""

from datetime import datetime
from decimal import Decimal

import pytest

from parcours.clock.span import Span
from parcours.diagnostics import Problem
from parcours.simulator.options import (
    every_span,
    first_instant,
    last_instant,
    require_order,
    sample_percent,
)

PARIS = "Europe/Paris"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-01-01", "2025-12-31 23:00"),
        ("2026-07-01", "2026-06-30 22:00"),
        ("2026-01-01 09:30", "2026-01-01 08:30"),
        ("2026-01-01T09:30:15", "2026-01-01 08:30:15"),
        ("2026-01-01T09:30Z", "2026-01-01 09:30"),
        ("2026-01-01 09:30+05:30", "2026-01-01 04:00"),
        (" 2026-01-01 ", "2025-12-31 23:00"),
        # T12: a local time that does not exist moves forward to the first that does
        ("2026-03-29 02:30", "2026-03-29 01:00"),
    ],
)
def test_a_simulation_begins_with_a_day_a_local_time_or_an_instant(text: str, instant: str) -> None:
    assert first_instant(text, PARIS) == datetime.fromisoformat(instant)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-31", "2026-03-31 22:00"),
        ("2026-03-28", "2026-03-28 23:00"),
        ("2026-03-29", "2026-03-29 22:00"),  # a day of 23 hours
        ("2026-12-31", "2026-12-31 23:00"),
        ("2026-03-31 12:00", "2026-03-31 10:00"),
    ],
)
def test_it_ends_with_the_midnight_that_ends_its_last_day(text: str, instant: str) -> None:
    assert last_instant(text, PARIS) == datetime.fromisoformat(instant)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tomorrow", "is no date"),
        ("", "is no date"),
        ("01/02/2026", "is no date"),
        ("2026-1-1", "is no date"),
        ("2026-01-01 9:00", "is no date"),
        ("2026-02-30", "does not exist"),
        ("2026-01-01 24:30", "does not exist"),
        ("2026-01-01 09:00+24:30", "does not exist"),
        ("0001-01-01", "is out of range"),
        ("9999-12-31", "is out of range"),
    ],
)
@pytest.mark.parametrize(("read", "option"), [(first_instant, "--from"), (last_instant, "--to")])
def test_anything_else_is_refused_with_what_is_accepted(
    read: type[object], option: str, text: str, said: str
) -> None:
    with pytest.raises(Problem) as caught:
        read(text, PARIS)
    (found,) = caught.value.diagnostics
    assert (found.code, found.place.file) == ("bad-option", option)
    assert found.message == f"`{text}` {said}"
    assert found.advice


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("1h", Span(1, "hour")),
        ("15m", Span(15, "minute")),
        ("15 min", Span(15, "minute")),
        ("1d", Span(1, "day")),
        ("2w", Span(2, "week")),
        ("1 hour", Span(1, "hour")),
        ("7 days", Span(7, "day")),
        ("90 Minutes", Span(90, "minute")),
        ("1 month", Span(1, "month")),
        ("100 years", Span(100, "year")),
        ("month", Span(1, "month")),
        ("day", Span(1, "day")),
    ],
)
def test_the_time_between_two_ticks_is_written_short_or_long(text: str, span: Span) -> None:
    assert every_span(text) == span


@pytest.mark.parametrize(
    "text",
    [
        "0h",
        "0 days",
        "",
        "h",
        "m",
        "months",
        "-1h",
        "1.5h",
        "1 fortnight",
        "hourly",
        "101 years",
        "999999 weeks",
        "1h 5m",
    ],
)
def test_no_time_at_all_and_what_is_no_length_of_time_are_refused(text: str) -> None:
    with pytest.raises(Problem) as caught:
        every_span(text)
    (found,) = caught.value.diagnostics
    assert (found.code, found.place.file) == ("bad-option", "--every")
    assert f"`{text}`" in found.message
    assert "15m" in found.advice


@pytest.mark.parametrize(("text", "percent"), [("10%", "10"), ("0.5 %", "0.5"), ("100%", "100")])
def test_a_sample_is_a_percentage(text: str, percent: str) -> None:
    assert sample_percent(text) == Decimal(percent)


@pytest.mark.parametrize("text", ["10", "0%", "101%", "-5%", "ten%", "", "1e3%", "%"])
def test_what_is_no_share_of_the_contacts_is_refused(text: str) -> None:
    with pytest.raises(Problem) as caught:
        sample_percent(text)
    assert caught.value.diagnostics[0].code == "bad-option"


def test_an_end_before_the_beginning_is_refused_in_the_words_of_the_user() -> None:
    early, late = datetime(2026, 1, 1), datetime(2026, 2, 1)
    require_order(early, late, ("2026-01-01", "2026-02-01"))
    with pytest.raises(Problem) as caught:
        require_order(late, early, ("2026-02-01", "2025-12-31"))
    (found,) = caught.value.diagnostics
    assert found.code == "bad-option"
    assert found.message == "`--to 2025-12-31` is not after `--from 2026-02-01`"


def test_the_day_before_the_first_is_refused_though_it_ends_where_the_first_begins() -> None:
    first, last = first_instant("2026-01-02", PARIS), last_instant("2026-01-01", PARIS)
    assert first == last
    with pytest.raises(Problem):
        require_order(first, last, ("2026-01-02", "2026-01-01"))
