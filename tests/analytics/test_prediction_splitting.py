"""The dates of snapshots: every month, known outcomes only, the check last."""

from datetime import datetime

from parcours.analytics.prediction.splitting import Date, Split, snapshot_dates, split
from parcours.clock.span import Span

AS_OF = datetime(2026, 3, 31)


def test_snapshots_are_monthly_and_their_outcomes_are_known() -> None:
    dates = snapshot_dates("UTC", AS_OF, Span(30, "day"), Span(4, "month"))
    assert dates == (
        Date(datetime(2025, 12, 1), datetime(2025, 12, 31)),
        Date(datetime(2026, 1, 1), datetime(2026, 1, 31)),
        Date(datetime(2026, 2, 1), datetime(2026, 3, 3)),
        Date(datetime(2026, 3, 1), datetime(2026, 3, 31)),
    )


def test_months_are_steps_of_the_projects_calendar() -> None:
    dates = snapshot_dates("Europe/Paris", datetime(2026, 4, 30, 22), Span(1, "month"), Span(3, "month"))
    # midnight in Paris, in winter and in summer
    assert [date.at for date in dates] == [
        datetime(2026, 1, 31, 23),
        datetime(2026, 2, 28, 23),
        datetime(2026, 3, 31, 22),
    ]
    assert dates[-1].end == datetime(2026, 4, 30, 22)


def test_the_last_dates_are_for_the_check_and_nothing_learned_from_reaches_into_it() -> None:
    dates = snapshot_dates("UTC", datetime(2026, 3, 1), Span(90, "day"), Span(24, "month"))
    found = split(dates)
    assert found is not None
    assert found.check == tuple(range(len(dates) - 5, len(dates)))
    assert max(found.fit) < min(found.calibrate)
    latest = max(found.calibrate)
    assert dates[latest].end <= dates[found.check[0]].at < dates[latest + 1].end


def test_with_few_dates_one_is_learned_on_and_one_checks() -> None:
    day = [datetime(2026, month, 1) for month in (1, 2, 3)]
    assert split([Date(day[0], day[1]), Date(day[1], day[2])]) == Split((0,), (), (1,))


def test_it_takes_two_dates_with_the_outcome_of_one_known_at_the_other() -> None:
    day = [datetime(2026, month, 1) for month in (1, 2, 3, 4)]
    assert split([]) is None
    assert split([Date(day[0], day[1])]) is None
    assert split([Date(day[0], day[2]), Date(day[1], day[3])]) is None
