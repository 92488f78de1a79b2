"""The state file of a simulation: new, and whole or not there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from parcours.datamart.memory import open_memory
from parcours.diagnostics import Problem
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.simulator.state_file import new_state


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(open_memory())
    yield made
    made.close()


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_state_that_comes_to_its_end_is_one_file(engine: DuckDBEngine, tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "run.duckdb"
    with new_state(engine, path):
        engine.run_text("CREATE TABLE state.t AS SELECT range AS n FROM range(1000)")
    assert files(tmp_path) == ["new", "new/folder", "new/folder/run.duckdb"]
    assert engine.run_text("SELECT sum(n) FROM state.t") == [(499500,)]


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt, Problem([])])
def test_whatever_goes_wrong_takes_the_file_and_its_folders_away(
    engine: DuckDBEngine, tmp_path: Path, failure: type[BaseException]
) -> None:
    (tmp_path / "mine").mkdir()
    path = tmp_path / "mine" / "new" / "run.duckdb"
    with pytest.raises((ValueError, KeyboardInterrupt, Problem)), new_state(engine, path):
        engine.run_text("CREATE TABLE state.t AS SELECT 1 AS n")
        raise failure
    assert files(tmp_path) == ["mine"]


def test_a_transaction_that_was_broken_off_leaves_nothing_either(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    with pytest.raises(ZeroDivisionError), new_state(engine, tmp_path / "run.duckdb"), engine.transaction():
        engine.run_text("CREATE TABLE state.t AS SELECT range AS n FROM range(100000)")
        raise ZeroDivisionError
    assert files(tmp_path) == []


def test_a_folder_that_holds_something_else_stays(engine: DuckDBEngine, tmp_path: Path) -> None:
    path = tmp_path / "new" / "run.duckdb"
    with pytest.raises(ValueError), new_state(engine, path):
        (path.parent / "notes.txt").write_text("mine", encoding="utf-8")
        raise ValueError
    assert files(tmp_path) == ["new", "new/notes.txt"]


def test_a_path_where_something_is_already_is_refused_and_left_as_it_is(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    path = tmp_path / "run.duckdb"
    path.write_text("precious", encoding="utf-8")
    for taken in (path, tmp_path):
        with pytest.raises(Problem) as caught, new_state(engine, taken):
            pass
        (found,) = caught.value.diagnostics
        assert (found.code, found.place.file) == ("state-used", str(taken))
    assert path.read_text(encoding="utf-8") == "precious"


def test_a_link_to_nowhere_is_something_too(engine: DuckDBEngine, tmp_path: Path) -> None:
    link = tmp_path / "run.duckdb"
    link.symlink_to(tmp_path / "elsewhere.duckdb")
    with pytest.raises(Problem), new_state(engine, link):
        pass
    assert link.is_symlink()
    assert not (tmp_path / "elsewhere.duckdb").exists()


def test_a_path_below_a_file_cannot_be_written(engine: DuckDBEngine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(Problem) as caught, new_state(engine, tmp_path / "file" / "deeper" / "run.duckdb"):
        pass
    assert caught.value.diagnostics[0].code == "state-unwritable"
    assert files(tmp_path) == ["file"]


def test_memory_needs_no_file(engine: DuckDBEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with new_state(engine, None):
        engine.run_text("CREATE TABLE state.t AS SELECT 1 AS n")
    assert engine.run_text("SELECT n FROM state.t") == [(1,)]
    assert files(tmp_path) == []
