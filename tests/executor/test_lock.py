"""One executor on one state."""

import fcntl
import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from parcours.diagnostics import Problem
from parcours.executor.lock import lock_of, locked

SINCE = datetime(2026, 3, 2, 9)
HOLD = """
import sys
from datetime import datetime
from pathlib import Path
from parcours.executor.lock import locked
with locked(Path(sys.argv[1]), datetime(2026, 3, 2, 9)):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(state: Path) -> "subprocess.Popen[str]":
    """Another process that holds the lock of a state."""
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(state)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None and other.stdout.readline() == "held\n"
    return other


def test_a_second_executor_is_told_who_holds_the_state(tmp_path: Path) -> None:
    state = tmp_path / "state" / "state.duckdb"
    with holder(state) as other:
        with pytest.raises(Problem) as found, locked(state, SINCE):
            pass
        (told,) = found.value.diagnostics
        assert told.code == "state-locked"
        assert told.message.startswith(f"another executor works on this state: process {other.pid} on ")
        assert told.message.endswith(", since 2026-03-02 09:00:00 (UTC)")
        other.communicate("")


def test_a_crash_lets_go_of_the_lock(tmp_path: Path) -> None:
    state = tmp_path / "state.duckdb"
    with holder(state) as other:
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
        with locked(state, SINCE):
            assert str(os.getpid()) in lock_of(state).read_text()


def test_who_has_ended_holds_nothing(tmp_path: Path) -> None:
    for _ in range(2):
        with locked(tmp_path / "state.duckdb", SINCE):
            pass


def test_nothing_is_left_of_a_lock(tmp_path: Path) -> None:
    with locked(tmp_path / "state" / "state.duckdb", SINCE):
        assert lock_of(tmp_path / "state" / "state.duckdb").is_file()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_in_use_stays(tmp_path: Path) -> None:
    state = tmp_path / "state" / "state.duckdb"
    with locked(state, SINCE):
        state.write_text("")
    assert list(tmp_path.rglob("*")) == [state.parent, state]


def test_a_lock_on_a_file_that_was_removed_meanwhile_counts_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another one ends, and removes its file, between our opening of it and our lock."""
    state = tmp_path / "state.duckdb"
    usual, removed = fcntl.flock, []

    def late(handle: int, how: int) -> None:
        if not removed:
            removed.append(lock_of(state).unlink())
        usual(handle, how)

    monkeypatch.setattr("parcours.executor.lock.fcntl.flock", late)
    with locked(state, SINCE):
        assert str(os.getpid()) in lock_of(state).read_text()
    assert removed


def test_states_are_locked_each_on_its_own(tmp_path: Path) -> None:
    with locked(tmp_path / "one.duckdb", SINCE), locked(tmp_path / "other.duckdb", SINCE):
        pass


def test_a_lock_that_says_nothing_is_held_all_the_same(tmp_path: Path) -> None:
    state = tmp_path / "state.duckdb"
    with holder(state) as other:
        lock_of(state).write_text("no JSON")
        with pytest.raises(Problem, match="it has just begun"), locked(state, SINCE):
            pass
        other.communicate("")


def test_where_nothing_can_be_written_there_is_no_lock(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem) as found, locked(tmp_path / "file" / "state.duckdb", SINCE):
        pass
    assert found.value.diagnostics[0].code == "state-unwritable"
