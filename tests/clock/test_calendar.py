"""Schedules: T11 (once for all occurrences, month ends) and T12 (local times over a change of summer time)."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcours.clock import Recurrence, dates_in, to_local, to_utc
from parcours.clock.calendar import period_end, period_start

PARIS = "Europe/Paris"
NINE = 9 * 60


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("recurrence", "after", "expected"),
    [
        (Recurrence("day"), "2026-01-10 12:00", "2026-01-10 23:00"),
        (Recurrence("day", minutes=NINE), "2026-01-10 08:00", "2026-01-11 08:00"),  # strictly after
        (Recurrence("week"), "2026-11-22 12:00", "2026-11-22 23:00"),  # monday begins on sunday evening UTC
        (Recurrence(weekdays=(2,), minutes=NINE), "2026-11-22 12:00", "2026-11-24 08:00"),
        (Recurrence(weekdays=(1, 5), minutes=NINE), "2026-11-23 08:00", "2026-11-27 08:00"),
        (Recurrence("month"), "2026-11-22 12:00", "2026-11-30 23:00"),
        (Recurrence("month", day_of_month=15, minutes=NINE), "2026-12-20 00:00", "2027-01-15 08:00"),
        (Recurrence("year"), "2026-11-22 12:00", "2026-12-31 23:00"),
        (Recurrence("hour"), "2026-11-22 12:00", "2026-11-22 13:00"),
        (Recurrence("hour"), "2026-11-22 12:00:01", "2026-11-22 13:00"),
    ],
)
def test_the_next_occurrence_is_strictly_after_the_instant(
    recurrence: Recurrence, after: str, expected: str
) -> None:
    assert recurrence.next_after(PARIS, at(after)) == at(expected)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("2026-02-01", "2026-02-28 08:00"),
        ("2028-02-01", "2028-02-29 08:00"),
        ("2026-04-01", "2026-04-30 07:00"),
        ("2026-05-01", "2026-05-31 07:00"),
    ],
)
def test_every_month_on_the_31st_means_the_last_day(after: str, expected: str) -> None:
    """T11."""
    assert Recurrence("month", day_of_month=31, minutes=NINE).next_after(PARIS, at(after)) == at(expected)


def test_a_schedule_fires_once_for_all_occurrences_of_a_gap_and_it_is_the_latest() -> None:
    """T11."""
    daily = Recurrence("day", minutes=NINE)
    assert daily.latest_in(PARIS, at("2026-01-01 00:00"), at("2026-01-10 07:59")) == at("2026-01-09 08:00")


def test_an_occurrence_belongs_to_the_tick_that_stands_on_it_and_not_to_the_next() -> None:
    """T11: (T_before, T]."""
    daily, moment = Recurrence("day", minutes=NINE), at("2026-01-10 08:00")
    assert daily.latest_in(PARIS, moment - timedelta(hours=1), moment) == moment
    assert daily.latest_in(PARIS, moment, moment + timedelta(hours=1)) is None


def test_a_skipped_local_time_fires_when_the_clock_goes_on_and_a_doubled_one_fires_once() -> None:
    """T12."""
    at_half_past_two = Recurrence("day", minutes=150)
    assert at_half_past_two.next_after(PARIS, at("2026-03-29 00:00")) == at("2026-03-29 01:00")
    assert at_half_past_two.next_after(PARIS, at("2026-10-25 00:00")) == at("2026-10-25 00:30")
    assert at_half_past_two.next_after(PARIS, at("2026-10-25 00:30")) == at("2026-10-26 01:30")


def test_full_hours_ignore_the_zone() -> None:
    hourly = Recurrence("hour")
    assert hourly.next_after("Asia/Kathmandu", at("2026-01-01 10:20")) == at("2026-01-01 11:00")
    assert hourly.latest_in("Asia/Kathmandu", at("2026-01-01 09:30"), at("2026-01-01 10:20")) == at(
        "2026-01-01 10:00"
    )
    assert hourly.latest_in("Asia/Kathmandu", at("2026-01-01 10:00"), at("2026-01-01 10:20")) is None


recurrences = st.one_of(
    st.builds(Recurrence, st.sampled_from(["day", "week", "month", "year"]), minutes=st.integers(0, 1439)),
    st.builds(lambda day: Recurrence("month", day_of_month=day), st.integers(1, 31)),
    st.builds(
        lambda days, minutes: Recurrence(weekdays=tuple(sorted(days)), minutes=minutes),
        st.sets(st.integers(1, 7), min_size=1),
        st.integers(0, 1439),
    ),
    st.just(Recurrence("hour")),
)


@given(
    recurrences,
    st.sampled_from([PARIS, "Pacific/Apia", "Australia/Lord_Howe", "America/Sao_Paulo"]),
    st.datetimes(at("2009-01-01"), at("2030-01-01")),
    st.integers(1, 900 * 24 * 60),
)
def test_looking_forward_and_looking_back_agree(
    recurrence: Recurrence, zone: str, after: datetime, minutes: int
) -> None:
    until = after + timedelta(minutes=minutes)
    found = recurrence.latest_in(zone, after, until)
    if found is None:
        assert recurrence.next_after(zone, after) > until
    else:
        assert after < found <= until < recurrence.next_after(zone, found)


def test_the_dates_of_a_gap_are_those_whose_local_time_falls_in_it() -> None:
    assert dates_in(PARIS, NINE, at("2026-03-27 08:00"), at("2026-03-29 07:00")) == [
        (date(2026, 3, 28), at("2026-03-28 08:00")),
        (date(2026, 3, 29), at("2026-03-29 07:00")),
    ]


def test_dates_are_the_local_ones_of_the_zone() -> None:
    ((day, instant),) = dates_in("Pacific/Auckland", 30, at("2026-06-10 12:00"), at("2026-06-10 13:00"))
    assert (day, to_local("Pacific/Auckland", instant)) == (date(2026, 6, 11), at("2026-06-11 00:30"))


def test_of_a_long_gap_the_last_400_dates_are_taken() -> None:
    found = dates_in(PARIS, NINE, at("2020-01-01"), at("2026-01-01"))
    assert len(found) == 400
    assert found[-1] == (date(2025, 12, 31), to_utc(PARIS, at("2025-12-31 09:00")))


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"unit": "day", "weekdays": (1,)},
        {"unit": "week", "day_of_month": 3},
        {"unit": "month", "day_of_month": 32},
        {"unit": "day", "minutes": 1440},
        {"unit": "hour", "minutes": 30},
        {"weekdays": (0,)},
    ],
)
def test_a_recurrence_that_means_nothing_cannot_be_made(arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Recurrence(**arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("unit", "instant", "end"),
    [
        ("day", "2026-03-28 22:59:59", "2026-03-28 23:00"),
        ("day", "2026-03-28 23:00", "2026-03-29 22:00"),  # summer time begins
        ("week", "2026-03-29 21:59", "2026-03-29 22:00"),
        ("month", "2026-12-31 22:59", "2026-12-31 23:00"),
        ("month", "2026-02-10 00:00", "2026-02-28 23:00"),
        ("year", "2026-07-01 00:00", "2026-12-31 23:00"),
    ],
)
def test_a_period_ends_where_the_next_one_of_the_zone_begins(unit: str, instant: str, end: str) -> None:
    assert period_end(PARIS, unit, at(instant)) == at(end)
    assert period_start(PARIS, unit, at(end)) == at(end)
    assert period_start(PARIS, unit, at(end) - timedelta(microseconds=1)) <= at(instant)
