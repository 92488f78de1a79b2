"""DuckDB as the engine of ticks."""

from pathlib import Path

import duckdb
import pytest
from sqlglot import UnsupportedError, exp

from parcours.compiler.expressions import column, insert, parameter
from parcours.compiler.statement import Statement
from parcours.datamart.memory import open_memory
from parcours.diagnostics import Problem
from parcours.engines.duckdb.engine import DuckDBEngine


@pytest.fixture
def engine() -> DuckDBEngine:
    engine = DuckDBEngine(open_memory())
    engine.attach_state(None)
    engine.run_text("CREATE TABLE state.numbers (n BIGINT)")
    return engine


def adding(value: str = "n") -> Statement:
    return Statement("adding", "adds a number", insert("state.numbers", ["n"], exp.select(parameter(value))))


def numbers(engine: DuckDBEngine) -> list[int]:
    return [n for (n,) in engine.run_text("SELECT n FROM state.numbers ORDER BY n")]


def test_a_statement_takes_the_bindings_that_it_names_and_gives_the_number_of_rows(
    engine: DuckDBEngine,
) -> None:
    assert engine.run(adding(), {"n": 7, "other": 8}) == [(1,)]
    assert numbers(engine) == [7]


def test_a_statement_without_a_binding_that_it_names_is_our_fault(engine: DuckDBEngine) -> None:
    with pytest.raises(KeyError):
        engine.run(adding(), {"other": 8})


def test_all_of_a_transaction_is_written_or_nothing(engine: DuckDBEngine) -> None:
    with engine.transaction():
        engine.run(adding(), {"n": 1})
        engine.run(adding(), {"n": 2})
    with pytest.raises(RuntimeError), engine.transaction():
        engine.run(adding(), {"n": 3})
        raise RuntimeError("planted")
    assert numbers(engine) == [1, 2]


def test_an_error_of_duckdb_in_a_transaction_writes_nothing_and_leaves_the_engine_usable(
    engine: DuckDBEngine,
) -> None:
    with pytest.raises(duckdb.Error), engine.transaction():
        engine.run(adding(), {"n": 3})
        engine.run_text("SELECT * FROM state.nothing")
    assert numbers(engine) == []
    with engine.transaction():
        engine.run(adding(), {"n": 4})
    assert numbers(engine) == [4]


def test_what_duckdb_has_not_is_an_error_and_never_a_guess(engine: DuckDBEngine) -> None:
    tree = exp.select(column("x")).from_("t").hint("a hint")
    with pytest.raises(UnsupportedError):
        engine.render(tree)


def test_a_name_of_the_users_is_quoted_whatever_it_is(engine: DuckDBEngine) -> None:
    text = engine.render(exp.select(column('a"; DROP TABLE b')))
    assert text == 'SELECT "a""; DROP TABLE b"'


def test_a_state_that_another_process_would_have_open_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "state.duckdb"
    path.write_bytes(b"this is no database, and it is long enough to be taken for one" * 100)
    with pytest.raises(Problem) as caught:
        DuckDBEngine(open_memory()).attach_state(path)
    assert caught.value.diagnostics[0].code == "state-foreign"


def test_a_state_in_a_folder_that_cannot_be_made_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem) as caught:
        DuckDBEngine(open_memory()).attach_state(tmp_path / "file" / "state.duckdb")
    assert caught.value.diagnostics[0].code == "state-unwritable"
