"""When ticks are made as they should be, and what is said when they are not."""

from datetime import timedelta

import pytest
from running_notes import MINUTE, NINE, failure, notes

from parcours.delivery.health import faults_of_run, faults_of_state, length


def test_a_run_is_healthy_as_long_as_its_last_tick_is_young() -> None:
    assert faults_of_run(notes(), NINE + 15 * MINUTE) == ()
    assert faults_of_run(notes(), NINE + 16 * MINUTE) == ("the last tick was 16 minutes ago",)
    assert faults_of_run(notes(), NINE + 16 * MINUTE, 20 * MINUTE) == ()


def test_who_has_just_begun_has_time_for_the_first_tick() -> None:
    begun = notes(started_at=NINE + 180 * MINUTE)
    assert faults_of_run(begun, NINE + 190 * MINUTE) == ()
    assert faults_of_run(begun, NINE + 196 * MINUTE) == ("the last tick was 3 hours ago",)
    first = notes(started_at=NINE, last_tick_at=None)
    assert faults_of_run(first, NINE + 15 * MINUTE) == ()
    assert faults_of_run(first, NINE + 16 * MINUTE) == ("there was no tick yet",)


def test_one_try_that_failed_is_no_fault_and_three_are() -> None:
    assert faults_of_run(notes(failure=failure(2)), NINE + MINUTE) == ()
    # whatever the message names stays where it is
    assert faults_of_run(notes(failure=failure(3)), NINE + MINUTE) == (
        "3 tries in a row have failed: no-database",
    )


def test_where_nobody_runs_the_last_tick_may_have_an_age() -> None:
    hour = timedelta(hours=1)
    assert faults_of_state(NINE, NINE + hour, hour) == ()
    assert faults_of_state(NINE, NINE + 61 * MINUTE, hour) == ("the last tick was 61 minutes ago",)
    assert faults_of_state(None, NINE, hour) == ("there was no tick yet",)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (119, "119 seconds"), (120, "2 minutes"), (7200, "2 hours"), (200_000, "2 days")],
)
def test_lengths_are_said_in_words(seconds: int, words: str) -> None:
    assert length(timedelta(seconds=seconds)) == words
