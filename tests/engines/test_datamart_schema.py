"""The analytic store in the datamart's own file: what is there otherwise stays, and is read all the while."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from parcours.diagnostics import Problem
from parcours.engines.duckdb import engine as engine_module
from parcours.engines.duckdb.analytic_file import analytic_tables
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.workspace.datamart_schema import DatamartSchema

HOLDING = "import sys, duckdb\nc = duckdb.connect(sys.argv[1], read_only=True)\nprint('open', flush=True)\nsys.stdin.read()"


@pytest.fixture
def place(tmp_path: Path) -> DatamartSchema:
    path = tmp_path / "it's.duckdb"
    with duckdb.connect(str(path)) as datamart:
        datamart.execute("CREATE TABLE orders AS SELECT range AS id FROM range(3)")
    return DatamartSchema(path, "learned")


@pytest.fixture
def engine(place: DatamartSchema) -> DuckDBEngine:
    connection = duckdb.connect()
    name = str(place.path).replace("'", "''")
    connection.execute(f"ATTACH '{name}' AS datamart (READ_ONLY)")
    connection.execute("CREATE VIEW event_order AS FROM datamart.orders")
    return DuckDBEngine(connection)


def orders(engine: DuckDBEngine) -> int:
    ((count,),) = engine.run_text("SELECT count(*) FROM event_order")
    return int(count)


def test_it_is_written_to_and_read_while_the_datamart_is_read(
    engine: DuckDBEngine, place: DatamartSchema
) -> None:
    engine.attach_analytics(place, read_only=True)
    assert analytic_tables(engine) == frozenset()
    engine.detach_analytics()
    engine.attach_analytics(place)
    engine.run_text("CREATE TABLE datamart.learned.run AS SELECT 1 AS run")
    assert orders(engine) == 3
    engine.detach_analytics()
    engine.attach_analytics(place, read_only=True)
    assert analytic_tables(engine) == {"run"}
    assert engine.run_text("SELECT run FROM analytics.run") == [(1,)]
    assert orders(engine) == 3
    with pytest.raises(duckdb.Error, match="read-only"):
        engine.run_text("DROP TABLE datamart.orders")


def test_while_another_process_reads_the_datamart_it_cannot_be_written_to(
    engine: DuckDBEngine, place: DatamartSchema, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "_ATTEMPTS", 1)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(place.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None and other.stdout.readline() == "open\n"
        with pytest.raises(Problem, match="the analytic store is open in another process") as caught:
            engine.attach_analytics(place)
        assert caught.value.diagnostics[0].code == "analytics-locked"
        # and the datamart is read as before
        assert orders(engine) == 3
        other.communicate("")
    engine.attach_analytics(place)
    assert orders(engine) == 3
