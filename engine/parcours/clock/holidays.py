"""Public holidays of a country as local dates, from the `holidays` package only: no machine has any of its own (T3).

A country is written as there, `FR`, or with a part of it, `DE-BY`. The package is imported when somebody asks."""

from datetime import date, timedelta
from functools import cache
from warnings import catch_warnings, simplefilter

from parcours.clock.zones import FIRST, LAST

_DAY = timedelta(days=1)


@cache
def countries() -> frozenset[str]:
    """All countries and parts of countries whose holidays are known."""
    import holidays

    known = holidays.list_supported_countries(include_aliases=False)
    parts = (f"{country}-{part}" for country, listed in known.items() for part in listed)
    return frozenset((*known, *parts))


@cache
def holidays_of(country: str) -> tuple[date, ...]:
    """The holidays of one of the `countries` from 1990 to 2069, in order: what is closed by law, with the days off in
    place of those that fall on a weekend. KeyError when it is none of them."""
    import holidays

    if country not in countries():
        raise KeyError(country)
    name, _, part = country.partition("-")
    with catch_warnings():
        # of some countries fewer years are known: before and after there are fewer holidays, or none
        simplefilter("ignore")
        found = holidays.country_holidays(name, subdiv=part or None, years=range(FIRST.year, LAST.year))
    return tuple(sorted(day for day in found if FIRST.date() <= day < LAST.date()))


@cache
def next_free_day(country: str) -> tuple[tuple[date, date], ...]:
    """Each holiday, in order, with the first day after it that is none."""
    days = set(holidays_of(country))

    def after(day: date) -> date:
        while day in days:
            day += _DAY
        return day

    return tuple((day, after(day)) for day in sorted(days))
