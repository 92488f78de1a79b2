"""Who works on a state, what is known of it, and what is wrong."""

import os
from pathlib import Path

import duckdb
import pytest
from relay_world import GREETING
from running_notes import MINUTE, NINE, STATUS, failure, notes
from world import World

from parcours.delivery.condition import condition_of
from parcours.delivery.notes import write_notes
from parcours.diagnostics import Problem
from parcours.executor.lock import holder_of, lock_of, locked


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state that ticked at nine."""
    path = tmp_path / "state.duckdb"
    world = World(GREETING, state=path)
    world.contact("ann")
    world.tick("2026-03-02 09:00")
    world.close()
    return path


def test_where_nobody_works_the_state_says_how_old_the_last_tick_is(state: Path) -> None:
    condition = condition_of(state, "test", NINE + 60 * MINUTE)
    assert (condition.holder, condition.notes, condition.is_busy, condition.faults) == (None, None, False, ())
    assert (condition.status is not None, condition.last_tick_at) == (True, NINE)
    late = condition_of(state, "test", NINE + 60 * MINUTE, 30 * MINUTE)
    assert late.faults == ("the last tick was 60 minutes ago",)
    assert not lock_of(state).exists()


def test_where_there_is_no_state_there_was_no_tick(tmp_path: Path) -> None:
    condition = condition_of(tmp_path / "state.duckdb", "test", NINE)
    assert (condition.status, condition.faults) == (None, ("there was no tick yet",))
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_is_going_on_says_how_it_is(state: Path) -> None:
    with locked(state, NINE):
        write_notes(state, notes(process=os.getpid(), last_tick_at=NINE + 5 * MINUTE))
        condition = condition_of(state, "test", NINE + 20 * MINUTE)
        assert condition.holder is not None and condition.holder.process == os.getpid()
        assert (condition.is_dead, condition.is_busy, condition.faults) == (False, False, ())
        assert condition.last_tick_at == NINE + 5 * MINUTE
        write_notes(state, notes(process=os.getpid(), failure=failure(3)))
        (fault,) = condition_of(state, "test", NINE + MINUTE).faults
        assert fault == "3 tries in a row have failed: no-database"


def test_in_the_middle_of_a_tick_what_was_noted_before_it_is_said(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        from parcours.diagnostics import problem

        raise problem("state-locked", "the state is open in another process", str(state))

    monkeypatch.setattr("parcours.delivery.condition.read_status", busy)
    with locked(state, NINE):
        with pytest.raises(Problem, match="open in another process"):
            condition_of(state, "test", NINE)
        write_notes(state, notes(process=os.getpid(), doing="ticking"))
        condition = condition_of(state, "test", NINE)
    assert (condition.is_busy, condition.status) == (True, STATUS)


def test_a_run_that_was_killed_is_dead(state: Path) -> None:
    write_notes(state, notes(doing="relaying"))
    condition = condition_of(state, "test", NINE + 20 * MINUTE)
    assert condition.is_dead
    assert condition.faults == ("process 123 ended without a word: it was relaying",)
    with locked(state, NINE):  # and somebody else ticks now
        assert condition_of(state, "test", NINE + 20 * MINUTE).is_dead


def test_what_is_damaged_is_told(state: Path) -> None:
    with duckdb.connect(str(state)) as connection:
        connection.execute("DROP TABLE queue")
    with pytest.raises(Problem, match="the table `queue` is not there"):
        condition_of(state, "test", NINE)


def test_who_looks_who_holds_the_lock_keeps_nobody_from_taking_it(state: Path) -> None:
    lock_of(state).write_text("left behind by a crash")
    assert holder_of(state) is None
    with locked(state, NINE):
        assert holder_of(state) is not None
    assert holder_of(state) is None
