"""The analytic store as a schema of the datamart's own DuckDB file.

Its tables are seen by views in the schema `analytics` in memory, so statements name them as those of a file of its own. One
process attaches a file once: to write, the datamart is let go and attached anew."""

from pathlib import Path

import duckdb

_TABLES = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'datamart' AND schema_name = ?"


def attach_datamart(connection: duckdb.DuckDBPyConnection, path: Path, *, read_only: bool) -> None:
    """Attaches the datamart anew; its views in memory go on reading it."""
    connection.execute("DETACH DATABASE IF EXISTS datamart")
    name = str(path).replace("'", "''")
    connection.execute(f"ATTACH '{name}' AS datamart{' (READ_ONLY)' if read_only else ''}")


def make_schema(connection: duckdb.DuckDBPyConnection, schema: str) -> None:
    """Makes the schema in a datamart that can be written."""
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS datamart.{_quoted(schema)}")


def show_schema(connection: duckdb.DuckDBPyConnection, schema: str) -> None:
    """Makes views of what the schema holds now."""
    hide_schema(connection)
    connection.execute("CREATE SCHEMA memory.analytics")
    for (table,) in connection.execute(_TABLES, [schema]).fetchall():
        there = f"datamart.{_quoted(schema)}.{_quoted(table)}"
        connection.execute(f"CREATE VIEW memory.analytics.{_quoted(table)} AS FROM {there}")


def hide_schema(connection: duckdb.DuckDBPyConnection) -> None:
    """Drops the views again."""
    connection.execute("DROP SCHEMA IF EXISTS memory.analytics CASCADE")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
