"""Zones: one offset at every instant, and T12 for the local times that do not exist or exist twice."""

from datetime import UTC, date, datetime, timedelta
from importlib import resources
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcours.clock import BEGINNING, END, is_zone, periods, to_local, to_utc, wall

AWKWARD = [
    "UTC",
    "America/New_York",
    "Europe/Paris",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "America/Sao_Paulo",
    "Asia/Beirut",
]
zones = st.sampled_from(AWKWARD)
moments = st.datetimes(datetime.fromisoformat("1990-01-02"), datetime.fromisoformat("2069-12-30"))


def pinned(zone: str) -> ZoneInfo:
    """The zone of the tzdata package, read apart from the code under test."""
    with (resources.files("tzdata") / "zoneinfo" / zone).open("rb") as file:
        return ZoneInfo.from_file(file, zone)


INFOS = {zone: pinned(zone) for zone in AWKWARD}


def shown(zone: str, utc: datetime) -> datetime:
    """What a wall clock shows, according to zoneinfo."""
    return utc.replace(tzinfo=UTC).astimezone(INFOS[zone]).replace(tzinfo=None)


near_changes = zones.flatmap(
    lambda zone: st.tuples(
        st.just(zone),
        st.builds(
            lambda period, seconds: period.utc_from + timedelta(seconds=seconds),
            st.sampled_from(periods(zone)[1:] or [periods("Europe/Paris")[1]]),
            st.integers(-100_000, 100_000),
        ),
    )
)


@given(st.one_of(st.tuples(zones, moments), near_changes))
def test_the_local_time_of_an_instant_is_what_the_pinned_zone_says(case: tuple[str, datetime]) -> None:
    zone, utc = case
    assert to_local(zone, utc) == shown(zone, utc)


@given(st.one_of(st.tuples(zones, moments), near_changes))
def test_a_local_time_becomes_the_first_instant_that_shows_it_or_the_first_after_a_gap(
    case: tuple[str, datetime],
) -> None:
    """T12, against zoneinfo: fold 0 of a time that exists is the first; in a gap, the instant of the change."""
    zone, local = case
    found = to_utc(zone, local)
    first = local.replace(tzinfo=INFOS[zone], fold=0).astimezone(UTC).replace(tzinfo=None)
    if shown(zone, first) == local:
        assert found == first
    else:
        assert shown(zone, found) > local, "a skipped time moves forward"
        assert shown(zone, found - timedelta(microseconds=1)) < local, "to the first that exists"


@given(st.one_of(st.tuples(zones, moments), near_changes))
def test_an_instant_is_never_after_the_instant_that_its_own_wall_clock_means(
    case: tuple[str, datetime],
) -> None:
    zone, utc = case
    assert to_utc(zone, to_local(zone, utc)) <= utc


@pytest.mark.parametrize("zone", AWKWARD)
def test_the_periods_of_a_zone_cover_all_time_without_a_gap(zone: str) -> None:
    spans = periods(zone)
    assert (spans[0].utc_from, spans[0].local_from) == (BEGINNING, BEGINNING)
    assert (spans[-1].utc_to, spans[-1].local_to) == (END, END)
    for before, after in pairwise(spans):
        assert (before.utc_to, before.local_to) == (after.utc_from, after.local_from)
        assert after.local_from == after.utc_from + before.offset
        assert before.offset != after.offset
    assert all(span.utc_from < span.utc_to and span.local_from < span.local_to for span in spans)


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        ("Europe/Paris", "2026-03-29 01:59", "2026-03-29 00:59"),
        ("Europe/Paris", "2026-03-29 02:30", "2026-03-29 01:00"),  # does not exist
        ("Europe/Paris", "2026-03-29 03:00", "2026-03-29 01:00"),
        ("Europe/Paris", "2026-10-25 02:30", "2026-10-25 00:30"),  # exists twice
        ("Europe/Paris", "2026-10-25 03:00", "2026-10-25 02:00"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30"),  # half an hour is skipped
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 10:00"),  # a whole day is skipped
        ("Asia/Kathmandu", "2026-01-01 00:00", "2025-12-31 18:15"),
    ],
)
def test_skipped_and_doubled_local_times_follow_t12(zone: str, local: str, utc: str) -> None:
    assert to_utc(zone, datetime.fromisoformat(local)) == datetime.fromisoformat(utc)


def test_wall_shows_local_day_weekday_and_minutes() -> None:
    # Saturday evening in UTC is Sunday morning in Kathmandu (UTC+5:45).
    assert wall("Asia/Kathmandu", datetime.fromisoformat("2026-11-21 19:00:59")) == (
        date(2026, 11, 22),
        7,
        45,
    )


@pytest.mark.parametrize("name", ["Europe/Paris", "UTC", "America/Argentina/Buenos_Aires"])
def test_a_name_of_the_tz_database_is_a_zone(name: str) -> None:
    assert is_zone(name)


@pytest.mark.parametrize(
    "name",
    [
        None,
        "",
        " ",
        "Europe",
        "europe/paris",
        "Europe/Paris ",
        "../zones",
        "/etc/localtime",
        "zone.tab",
        "CET-1",
    ],
)
def test_anything_else_is_no_zone(name: str | None) -> None:
    assert not is_zone(name)


def test_asking_for_the_periods_of_no_zone_fails_loudly() -> None:
    with pytest.raises(KeyError, match="Mars/Olympus"):
        periods("Mars/Olympus")
