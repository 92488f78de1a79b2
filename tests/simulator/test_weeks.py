"""Messages by day put together, so that a table of them stays short."""

from datetime import date, timedelta

import pytest

from parcours.simulator.report import MessagesOfDay
from parcours.simulator.weeks import stretches

NEW_YEAR = date(2026, 1, 1)  # a Thursday


@pytest.mark.parametrize(
    ("days", "unit", "count"),
    [(1, "day", 1), (31, "day", 31), (32, "week", 5), (90, "week", 14), (182, "week", 27), (183, "month", 7)],
)
def test_the_longer_the_span_the_longer_the_stretches(days: int, unit: str, count: int) -> None:
    found, made = stretches([], NEW_YEAR, NEW_YEAR + timedelta(days=days - 1))
    assert (found, len(made)) == (unit, count)
    assert all(stretch.total == 0 for stretch in made)


def test_weeks_begin_on_monday_and_the_first_with_the_span() -> None:
    # P4
    by_day = [
        MessagesOfDay(date(2026, 1, 4), "email", 3),
        MessagesOfDay(date(2026, 1, 5), "email", 4),
        MessagesOfDay(date(2026, 1, 5), "sms", 1),
        MessagesOfDay(date(2026, 1, 11), "email", 10),
    ]
    _, made = stretches(by_day, NEW_YEAR, date(2026, 2, 28))
    assert [(s.label, s.sent) for s in made[:3]] == [
        ("2026-01-01", {"email": 3}),
        ("2026-01-05", {"email": 14, "sms": 1}),
        ("2026-01-12", {}),
    ]
    assert made[1].total == 15


def test_a_day_is_told_with_its_name_and_a_month_without_its_days() -> None:
    assert stretches([], NEW_YEAR, NEW_YEAR)[1][0].label == "2026-01-01 Thu"
    assert [s.label for s in stretches([], NEW_YEAR, date(2026, 12, 31))[1]][::11] == ["2026-01", "2026-12"]


@pytest.mark.parametrize("days", [20, 100, 300])
def test_no_message_is_lost(days: int) -> None:
    by_day = [MessagesOfDay(NEW_YEAR + timedelta(days=n), "email", n) for n in range(days)]
    made = stretches(by_day, NEW_YEAR, NEW_YEAR + timedelta(days=days - 1))[1]
    assert sum(stretch.total for stretch in made) == sum(range(days))
