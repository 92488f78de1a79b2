"""Holidays as local dates, the same on every machine (T3)."""

from datetime import date, timedelta

import pytest

from parcours.clock.holidays import countries, holidays_of, next_free_day


def test_a_country_and_a_part_of_it_are_known_by_their_codes() -> None:
    assert {"FR", "DE", "DE-BY", "US"} <= countries()
    assert countries().isdisjoint({"fr", "FRA", "XX", "DE-XX", ""})


@pytest.mark.parametrize("country", ["FR", "DE-BY", "US", "MA", "IN"])
def test_the_holidays_of_a_country_are_dates_in_order_each_once(country: str) -> None:
    """IN: of some countries not all years are known, which is nothing to be warned of."""
    found = holidays_of(country)
    assert list(found) == sorted(set(found))
    assert date(1990, 1, 1) <= found[0] and found[-1] <= date(2069, 12, 31)


def test_those_that_move_are_there_too() -> None:
    assert date(2026, 4, 6) in holidays_of("FR")  # Easter Monday
    assert date(2026, 4, 7) not in holidays_of("FR")


def test_a_part_of_a_country_has_more_than_the_country() -> None:
    epiphany = date(2026, 1, 6)
    assert epiphany in holidays_of("DE-BY")
    assert epiphany not in holidays_of("DE")


def test_a_country_that_is_none_has_no_holidays() -> None:
    with pytest.raises(KeyError):
        holidays_of("XX")


def test_after_holidays_in_a_row_comes_the_first_day_that_is_none() -> None:
    after = dict(next_free_day("DE"))
    assert after[date(2026, 12, 25)] == after[date(2026, 12, 26)] == date(2026, 12, 27)
    assert after[date(2026, 10, 3)] == date(2026, 10, 4)
    assert set(after) == set(holidays_of("DE"))
    assert all(later - day >= timedelta(days=1) and later not in after for day, later in after.items())
