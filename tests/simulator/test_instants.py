"""The instants of a simulation."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from parcours.clock.span import Span
from parcours.clock.zones import to_local
from parcours.simulator.instants import count_of, instants
from parcours.simulator.options import first_instant, last_instant

PARIS = "Europe/Paris"


def days(first: str, last: str, every: Span, zone: str = PARIS) -> list[datetime]:
    return list(instants(zone, first_instant(first, zone), last_instant(last, zone), every))


def test_a_quarter_of_hours_with_a_change_to_summer_time_has_2160_instants() -> None:
    found = days("2026-01-01", "2026-03-31", Span(1, "hour"))
    assert len(found) == 2160
    assert found[0] == datetime(2025, 12, 31, 23)
    assert to_local(PARIS, found[-1]) == datetime(2026, 4, 1)
    assert {b - a for a, b in pairwise(found)} == {timedelta(hours=1)}


def test_days_keep_the_wall_clock_when_the_clocks_change() -> None:
    # T12
    found = days("2026-03-27 09:00", "2026-03-31", Span(1, "day"))
    assert [to_local(PARIS, instant) for instant in found] == [datetime(2026, 3, d, 9) for d in range(27, 32)]
    assert found[3] - found[2] == timedelta(days=1)
    assert found[2] - found[1] == timedelta(hours=23)


def test_months_come_back_to_their_day_after_a_shorter_one() -> None:
    # T12: a month step clips to the month's end
    found = days("2026-01-31", "2026-05-31", Span(1, "month"))
    assert [to_local(PARIS, instant).date().isoformat() for instant in found] == [
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
        "2026-05-31",
    ]


def test_a_last_instant_that_no_step_meets_is_not_ticked() -> None:
    assert days("2026-01-01 00:00", "2026-01-01 05:00", Span(2, "hour")) == [
        datetime(2025, 12, 31, 23),
        datetime(2026, 1, 1, 1),
        datetime(2026, 1, 1, 3),
    ]


def test_a_single_instant_is_a_simulation() -> None:
    assert days("2026-01-01 12:00", "2026-01-01 12:00", Span(1, "hour")) == [datetime(2026, 1, 1, 11)]


@pytest.mark.parametrize("every", [Span(1, "hour"), Span(6, "hour"), Span(1, "day"), Span(1, "month")])
def test_instants_strictly_increase_and_are_counted(every: Span) -> None:
    # T2
    found = days("2026-10-20", "2026-12-31", every, "America/New_York")
    assert all(a < b for a, b in pairwise(found))
    first, last = found[0], last_instant("2026-12-31", "America/New_York")
    assert count_of("America/New_York", first, last, every) == len(found)


def test_a_simulation_may_begin_in_the_second_of_two_equal_hours() -> None:
    second = datetime(2026, 10, 25, 1, 30)  # 02:30 in Paris for the second time
    found = list(instants(PARIS, second, second + timedelta(days=2), Span(1, "day")))
    assert [to_local(PARIS, instant) for instant in found] == [
        datetime(2026, 10, d, 2, 30) for d in (25, 26, 27)
    ]
    assert found[0] == second
