"""When groups are refreshed, and which refreshes can matter to a single contact."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from parcours.checking.checked import Group
from parcours.checking.terms import (
    Compare,
    Constant,
    Count,
    DaysSince,
    Events,
    Field,
    InLast,
    InSeason,
    Learned,
    Nth,
    Shift,
    Term,
    Window,
    happened,
    number,
)
from parcours.clock.refreshing import is_refresh_due
from parcours.clock.span import Span
from parcours.clock.zones import to_local, to_utc
from parcours.simulator.boundaries import boundary_after, boundary_before, changes

PARIS = "Europe/Paris"
EVERY = [
    Span(1, "hour"),
    Span(20, "minute"),
    Span(1, "day"),
    Span(1, "week"),
    Span(3, "day"),
    Span(2, "month"),
]


@pytest.mark.parametrize("every", EVERY, ids=str)
def test_an_instant_lies_between_the_boundary_before_and_the_one_after(every: Span) -> None:
    instant = datetime(2026, 3, 20, 11, 7)
    for n in range(60):
        here = instant + n * timedelta(hours=7)
        before, after = boundary_before(PARIS, every, here), boundary_after(PARIS, every, here)
        assert before <= here < after
        assert boundary_before(PARIS, every, before) == before
        assert boundary_before(PARIS, every, after) == after


@pytest.mark.parametrize("every", EVERY, ids=str)
def test_boundaries_are_where_the_executor_refreshes(every: Span) -> None:
    # T10: the first tick of each hour, or of each stretch of D
    instant = boundary_before(PARIS, every, datetime(2026, 3, 20))
    boundaries = [instant]
    while instant < datetime(2026, 4, 10):
        instant = boundary_after(PARIS, every, instant)
        boundaries.append(instant)

    def due(last: datetime, now: datetime) -> bool:
        days = [to_local(PARIS, i).toordinal() for i in (now, last)]
        return is_refresh_due(every, last, now, *days)

    for one, other in pairwise(boundaries):
        assert due(one, other)
        assert not due(one, other - timedelta(minutes=1))
        assert due(other - timedelta(minutes=1), other)


def group(*terms: Term) -> Group:
    return Group("g", tuple((f"stage{n}", term) for n, term in enumerate(terms)), Span(1, "day"), False)


def orders_in_last(span: Span | None) -> Term:
    return happened(Events("order", None, Window("in_last", span) if span else Window("ever")))


def midnights(found: frozenset[datetime] | None) -> list[date]:
    assert found is not None
    local = [to_local(PARIS, instant) for instant in sorted(found)]
    assert all(time.hour == time.minute == 0 for time in local)
    return [time.date() for time in local]


def test_a_group_changes_when_an_event_comes_and_when_it_falls_out_of_a_window() -> None:
    order = to_utc(PARIS, datetime(2026, 3, 1, 12))
    found = changes(group(orders_in_last(Span(30, "day")), orders_in_last(None)), PARIS, [order])
    # E2: a day is 24 hours, so thirty of them end at 13:00 in summer time
    assert midnights(found) == [date(2026, 3, 2), date(2026, 4, 1)]


def test_the_end_of_a_calendar_window_is_looked_for_on_the_days_around_it() -> None:
    order = to_utc(PARIS, datetime(2025, 8, 31, 12))
    found = midnights(changes(group(orders_in_last(Span(6, "month"))), PARIS, [order]))
    # 28 February, however the month is clipped
    assert {date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 2)} <= set(found)
    assert len(found) < 10


def test_a_moment_of_the_contact_may_fall_out_of_a_window_too() -> None:
    order = Events("order", None, Window("ever"))
    first_at = Nth("first", order, Field("at", "instant"), "instant")
    found = changes(group(InLast(first_at, Span(1, "week"))), PARIS, [to_utc(PARIS, datetime(2026, 1, 1, 9))])
    assert midnights(found) == [date(2026, 1, 2), date(2026, 1, 9)]


def test_nothing_known_of_a_contact_means_that_nothing_changes() -> None:
    assert changes(group(orders_in_last(Span(30, "day"))), PARIS, []) == frozenset()


def test_a_group_that_reads_what_is_learned_is_never_refreshed_where_nothing_is() -> None:  # A3
    churns = Compare(">", Learned("score", "churn", "probability", "number"), number(1))
    assert (
        changes(group(orders_in_last(Span(30, "day")), churns), PARIS, [datetime(2026, 1, 1)]) == frozenset()
    )


@pytest.mark.parametrize(
    "term",
    [
        InSeason((6, 1), (8, 31)),
        Compare(">", DaysSince(Events("order", None, Window("ever"))), number(90)),
        InLast(
            Shift(Constant(datetime(2026, 1, 1), "instant"), Span(1, "day"), 1, "instant"), Span(1, "day")
        ),
        Compare(
            ">",
            Count(Events("order", InSeason((1, 1), (2, 1)), Window("ever"))),
            Constant(Decimal(1), "number"),
        ),
    ],
    ids=["season", "days since", "shift", "inside a filter"],
)
def test_with_terms_that_change_by_themselves_every_refresh_can_matter(term: Term) -> None:
    assert changes(group(orders_in_last(None), term), PARIS, [datetime(2026, 1, 1)]) is None
