# ruff: noqa: S608 - every name goes through quoting.identifier, every value through quoting.literal
"""The rows of a Parquet file as plain values, a few thousand at a time."""

from collections.abc import Iterator
from glob import escape
from pathlib import Path
from typing import Any

import duckdb

from parcours.datamart.catalog import kind_of
from parcours.datamart.memory import open_memory, reason
from parcours.datamart.quoting import identifier, literal
from parcours.diagnostics import problem

_ROWS_AT_ONCE = 5000
_PLAIN = ("number", "yes_no", "date")


def parquet_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The number of each row, from 1, and its values by column: numbers, yes or no, dates and times as Python has them, all
    else as text. `Problem` when the file cannot be read."""
    connection = open_memory()
    try:
        connection.execute("SET preserve_insertion_order = true")
        source = f"read_parquet({literal(escape(str(path)))})"
        columns = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        names = [name for name, *_ in columns]
        values = ", ".join(_value(name, sql_type) for name, sql_type, *_ in columns)
        rows = connection.execute(f"SELECT {values} FROM {source}")
        number = 0
        while batch := rows.fetchmany(_ROWS_AT_ONCE):
            for row in batch:
                number += 1
                yield number, dict(zip(names, row, strict=True))
    except duckdb.Error as error:
        raise problem("unreadable-file", f"this file cannot be read: {reason(error)}", str(path)) from None
    finally:
        connection.close()


def _value(name: str, sql_type: str) -> str:
    column = identifier(name)
    # an instant with a zone is text with its zone; only then nothing else needs to know zones
    is_plain = sql_type == "TIMESTAMP" or kind_of(sql_type) in _PLAIN
    return column if is_plain else f"CAST({column} AS VARCHAR) AS {column}"
