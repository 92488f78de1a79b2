"""The analytic store: a run is there whole or not at all, and a file of somebody else is told."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

import duckdb
import pytest
from world import instant

from parcours.analytics.learner import Result, Run
from parcours.analytics.store import AnalyticStore
from parcours.clock import BEGINNING
from parcours.diagnostics import Problem
from parcours.engines.duckdb import engine as engine_module
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.workspace.datamart_schema import DatamartSchema

COLUMNS = {"contact": "BIGINT", "group": "VARCHAR", "distance": "DOUBLE"}
FIRST, SECOND = instant("2026-03-01 00:00"), instant("2026-04-01 00:00")


@contextmanager
def _store(
    path: Path | DatamartSchema | None, project: str = "shop", contacts: str = "BIGINT"
) -> Iterator[AnalyticStore]:
    with duckdb.connect() as connection:
        if isinstance(path, DatamartSchema):
            connection.execute(f"ATTACH '{path.path}' AS datamart (READ_ONLY)")
        connection.execute("SET preserve_insertion_order = false")
        yield AnalyticStore(DuckDBEngine(connection), path, project, contacts)


def _result(store: AnalyticStore, rows: int, group: str = "big") -> Result:
    store.engine.run_text(
        "CREATE OR REPLACE TEMP TABLE made AS "
        'SELECT range AS contact, ? AS "group", 0.5 AS distance FROM range(?)',
        [group, rows],
    )
    return Result(COLUMNS, "made", {"summary": f"{rows} rows", "sizes": {"big": rows}})


def _write(store: AnalyticStore, rows: int, at=FIRST, digest: str = "h1", group: str = "big") -> Run:
    return store.write("clusters", "typology", digest, at, _result(store, rows, group))


def _rows(store: AnalyticStore) -> list[tuple[int, int, str]]:
    return store.engine.run_text(
        'SELECT run, count(contact), min("group") FROM analytics.clusters_typology GROUP BY run ORDER BY run'
    )


@pytest.fixture(params=["file", "memory", "schema"])
def place(request, tmp_path: Path) -> Path | DatamartSchema | None:
    if request.param == "schema":
        with duckdb.connect(str(tmp_path / "shop.duckdb")) as datamart:
            datamart.execute("CREATE TABLE run AS SELECT 1 AS kept")
        return DatamartSchema(tmp_path / "shop.duckdb", "learned")
    return tmp_path / "state" / "analytics.duckdb" if request.param == "file" else None


def test_runs_are_kept_with_their_dates_and_their_reports(place) -> None:
    with _store(place) as store:
        assert store.runs() == ()
        later, first = _write(store, 3, SECOND), _write(store, 5, FIRST)
        assert (later.number, first.number) == (1, 2)
        assert store.runs() == (first, later)
        assert first.report == {"summary": "5 rows", "sizes": {"big": 5}}
        assert _rows(store) == [(1, 3, "big"), (2, 5, "big")]
    if place is not None:
        with _store(place) as again:
            assert again.runs() == (first, later)


def test_earlier_runs_are_those_of_the_same_declaration_by_then(place) -> None:
    with _store(place) as store:
        first, second = _write(store, 1, FIRST), _write(store, 2, SECOND)
        _write(store, 3, FIRST, digest="h2")
        assert store.earlier("clusters", "typology", "h1", SECOND) == (first, second)
        assert store.earlier("clusters", "typology", "h1", FIRST) == (first,)
        assert store.earlier("clusters", "typology", "h1", BEGINNING) == ()
        assert store.earlier("clusters", "other", "h1", SECOND) == ()


def test_what_is_learned_again_as_of_the_same_instant_takes_the_place_of_the_former(place) -> None:
    with _store(place) as store:
        _write(store, 3, group="old")
        again = _write(store, 4, group="new")
        other = _write(store, 5, digest="h2", group="other")
        assert store.runs() == (again, other)
        assert _rows(store) == [(2, 4, "new"), (3, 5, "other")]


def test_runs_that_nobody_reads_any_more_go(place) -> None:
    """What was read at an instant from `since` on is there still; of each declaration the newest stays."""
    days = [instant(f"2026-01-{day:02} 00:00") for day in (1, 5, 9, 13)]
    with _store(place) as store:
        other = store.write("clusters", "other", "h1", days[0], _result(store, 2))
        for day in days[:2]:
            _write(store, 1, day, digest="former")
        for rows, day in enumerate(days, 3):
            store.write("clusters", "typology", "h1", day, _result(store, rows), instant("2026-01-10 00:00"))
        kept = [(run.name, run.hash, run.as_of) for run in store.runs()]
        assert set(kept) == {
            ("other", "h1", days[0]),
            ("typology", "former", days[1]),
            ("typology", "h1", days[2]),
            ("typology", "h1", days[3]),
        }
        assert other in store.runs()
        numbers = {run.number: run.rows for run in store.runs() if run.name == "typology"}
        assert {run: rows for run, rows, _ in _rows(store)} == numbers
    if place is not None:
        with _store(place) as again:
            assert len(again.runs()) == 4


def test_a_run_dated_at_the_beginning_of_what_is_kept_is_the_one_that_is_read_there(place) -> None:
    with _store(place) as store:
        for day in ("01", "02", "03"):
            _write(store, 1, instant(f"2026-01-{day} 00:00"))
        store.write("clusters", "typology", "h1", FIRST, _result(store, 1), instant("2026-01-02 00:00"))
        assert [str(run.as_of.date()) for run in store.runs()] == ["2026-01-02", "2026-01-03", "2026-03-01"]


def test_nothing_is_left_of_a_run_that_fails(place) -> None:
    with _store(place) as store:
        kept = _write(store, 3)
        result = _result(store, 10)
        result.report["bad"] = {1, 2}  # type: ignore[index] # no plain data: an error of ours, as late as possible
        with pytest.raises(TypeError):
            store.write("clusters", "typology", "h1", SECOND, result)
        assert store.runs() == (kept,)
        assert _rows(store) == [(1, 3, "big")]


def test_a_process_that_dies_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "analytics.duckdb"
    with _store(path) as store:
        kept = _write(store, 3)
    program = f"""
        import os, sys
        from pathlib import Path
        sys.path[:0] = {[str(Path(__file__).parent), str(Path(__file__).parents[1] / "executor")]!r}
        from test_store import SECOND, _result, _store
        from parcours.analytics import store as module
        module._insert_run = lambda runs, run: os._exit(9)
        with _store(Path({str(path)!r})) as store:
            store.write("clusters", "typology", "h1", SECOND, _result(store, 500_000))
    """
    done = subprocess.run([sys.executable, "-c", dedent(program)], env=os.environ, timeout=60, check=False)
    assert done.returncode == 9
    with _store(path) as store:
        assert store.runs() == (kept,)
        assert _rows(store) == [(1, 3, "big")]
        assert _write(store, 2, SECOND).number == 2


def test_others_can_read_while_somebody_learns(tmp_path: Path) -> None:
    path = tmp_path / "analytics.duckdb"
    with _store(path) as store:
        _write(store, 3)
        read = f"import duckdb; print(duckdb.connect({str(path)!r}, read_only=True).execute('FROM run').fetchall())"
        done = subprocess.run(
            [sys.executable, "-c", read], capture_output=True, text=True, timeout=60, check=True
        )
        assert "typology" in done.stdout
        assert _write(store, 4, SECOND).number == 2


# ---- a file that cannot be used


def _told(path: Path, *, project: str = "shop", contacts: str = "BIGINT") -> tuple[str, str]:
    before = path.read_bytes()
    with pytest.raises(Problem) as caught, _store(path, project, contacts):
        pass
    assert path.read_bytes() == before
    (found,) = caught.value.diagnostics
    assert found.place.file == str(path)
    return found.code, found.message


@pytest.fixture
def learned(tmp_path: Path) -> Path:
    path = tmp_path / "analytics.duckdb"
    with _store(path) as store:
        _write(store, 3)
    return path


def _edit(path: Path, text: str) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(text)


def test_the_store_of_another_project(learned) -> None:
    assert _told(learned, project="other") == (
        "analytics-foreign",
        "the analytic store belongs to the project `shop`, not `other`",
    )
    assert _told(learned, contacts="VARCHAR") == (
        "analytics-foreign",
        "the analytic store was made for contact keys of type BIGINT, not VARCHAR",
    )


def test_a_file_that_is_no_store(tmp_path) -> None:
    path = tmp_path / "precious.txt"
    path.write_text("precious " * 2000)
    assert _told(path) == ("analytics-foreign", "the file is no analytic store of Parcours")
    other = tmp_path / "other.duckdb"
    _edit(other, "CREATE TABLE precious (x INTEGER)")
    assert _told(other) == ("analytics-foreign", "the file is no analytic store of Parcours")


def test_a_store_of_a_newer_version(learned) -> None:
    _edit(learned, "UPDATE meta SET value = '99' WHERE name = 'form'")
    code, message = _told(learned)
    assert code == "analytics-newer"
    assert message.startswith("the analytic store has the form 99, ")


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (
            "DELETE FROM clusters_typology WHERE contact = 1",
            "the table `clusters_typology` has 2 rows, and 3 were written",
        ),
        ("DELETE FROM run", "the table `clusters_typology` has 3 rows, and 0 were written"),
        ("DROP TABLE clusters_typology", "the table `clusters_typology` is gone"),
        ("ALTER TABLE run DROP report", "the table `run` has other columns"),
        ("ALTER TABLE clusters_typology DROP run", "the table `clusters_typology` has other columns"),
        ("DELETE FROM meta", "the analytic store does not say what it belongs to"),
    ],
)
def test_a_store_that_somebody_has_edited(learned, edit, message) -> None:
    _edit(learned, edit)
    assert _told(learned) == ("analytics-damaged", message)


def test_a_store_that_is_cut_short(learned) -> None:
    learned.write_bytes(learned.read_bytes()[:12_288])
    assert _told(learned)[0] == "analytics-damaged"


def test_a_store_that_another_process_keeps(learned, monkeypatch) -> None:
    monkeypatch.setattr(engine_module, "_ATTEMPTS", 2)
    hold = f"import duckdb, time; c = duckdb.connect({str(learned)!r}); print('held', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", hold], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        assert _told(learned) == ("analytics-locked", "the analytic store is open in another process")
        holder.kill()


def test_a_place_that_cannot_be_written(tmp_path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem) as caught, _store(tmp_path / "file" / "analytics.duckdb"):
        pass
    assert [found.code for found in caught.value.diagnostics] == ["analytics-unwritable"]
