"""What is kept of an event comes back as it was, whatever its name, type and value."""

import pytest
from sqlglot import exp

from parcours.checking.terms import Captured
from parcours.compiler.expressions import column, double, record
from parcours.compiler.terms import Terms
from parcours.datamart.memory import open_memory

VALUES = [
    ("TINYINT", "-1"),
    ("BIGINT", "9223372036854775807"),
    ("UINTEGER", "7"),
    ("UBIGINT", "18446744073709551615"),
    ("HUGEINT", "170141183460469231731687303715884105727"),
    ("VARCHAR", "'x/~\"é''\\ null'"),
    ("VARCHAR", "'null'"),
    ("VARCHAR", "''"),
    ("ENUM('fine', 'so so', 'o''clock')", "'o''clock'"),
    ("BOOLEAN", "false"),
    ("DATE", "'2026-02-28'"),
    ("DOUBLE", "0.1"),
    ("FLOAT", "0.1"),
    ("DECIMAL(38,10)", "1234567890.0000000001"),
    ("TIMESTAMP", "'2026-01-01 10:00:00.123456'"),
]


@pytest.mark.parametrize(("sql_type", "value"), VALUES)
@pytest.mark.parametrize("name", ["amount", 'a "b" / ~ $.c', "*"])
def test_a_kept_field_is_the_field(sql_type: str, value: str, name: str) -> None:
    connection = open_memory()
    quoted = '"' + name.replace('"', '""') + '"'
    connection.execute(f"CREATE TABLE given AS SELECT CAST({value} AS {sql_type}) AS {quoted}")
    described = connection.execute("SELECT column_type FROM (DESCRIBE given)").fetchall()[0][0]
    kept = exp.select(exp.alias_(record([(name, column(name))]), "entry"), column(name)).from_("given")
    again = Terms("UTC").sql(Captured("entry", name, "text", described))
    query = exp.select(again.eq(column(name)), exp.func("typeof", again).eq(exp.func("typeof", column(name))))
    found = connection.execute(query.from_(kept.subquery("s")).sql("duckdb")).fetchall()
    assert found == [(True, True)]


def test_a_field_that_is_unknown_is_unknown_again() -> None:
    kept = exp.select(exp.alias_(record([("x", exp.null())]), "entry"))
    again = Terms("UTC").sql(Captured("entry", "x", "number", "INTEGER"))
    query = exp.select(again).from_(kept.subquery("s"))
    assert open_memory().execute(query.sql("duckdb")).fetchall() == [(None,)]


@pytest.mark.parametrize("value", [0.1, -1 / 3, 1e-300, 1.7976931348623157e308, 5e-324, 0.0, 123456789.0])
def test_a_floating_point_number_comes_out_with_the_same_bits(value: float) -> None:
    connection = open_memory()
    ((found, kind),) = connection.execute(
        f"SELECT x, typeof(x) FROM (SELECT {double(value).sql('duckdb')} AS x)"
    ).fetchall()
    assert (found.hex(), kind) == (value.hex(), "DOUBLE")
