"""The in-memory DuckDB database that everything of ours lives in."""

from collections.abc import Iterable
from typing import Any

import duckdb

from parcours.clock import ZonePeriod, periods
from parcours.diagnostics import Place, problem

SOURCE = "_source"
"""The schema of the user's tables and views. Ours are in `main`; see `sources` for why they are apart."""


def open_memory() -> duckdb.DuckDBPyConnection:
    """A new in-memory database, with an empty `zone_period`."""
    # What can be locked is: nothing is ever downloaded. `enable_external_access = false` cannot be set: it
    # also forbids reading the Parquet and CSV files, attaching the state file and writing results. The
    # user's files are safe because databases are attached READ_ONLY and views are single SELECTs.
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
        },
    )
    # DuckDB 2.0 loses rows silently when an insert of nothing is followed by a large one in a transaction;
    # without kept insertion order it does not (docs: ARCHITECTURE, "loses rows silently").
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET TimeZone = 'UTC'")
    # it would be drawn into what a command prints, whether that is a terminal or not
    connection.execute("SET enable_progress_bar = false")
    # a table that is not there is an error, never a Python variable of that name
    connection.execute("SET python_enable_replacements = false")
    connection.execute(
        "CREATE TABLE zone_period (zone VARCHAR, utc_from TIMESTAMP, utc_to TIMESTAMP, utc_offset INTERVAL, "
        "local_from TIMESTAMP, local_to TIMESTAMP)"
    )
    return connection


def fill_zones(connection: duckdb.DuckDBPyConnection, zones: Iterable[str]) -> None:
    """Adds the periods of zones that are not in `zone_period` yet. KeyError for what is no zone."""
    there = {name for (name,) in connection.execute("SELECT DISTINCT zone FROM zone_period").fetchall()}
    rows: list[ZonePeriod] = [row for zone in sorted(set(zones) - there) for row in periods(zone)]
    if not rows:
        return
    connection.execute(
        "INSERT INTO zone_period SELECT unnest($1), unnest($2), unnest($3), unnest($4), unnest($5), unnest($6)",
        [
            [row.zone for row in rows],
            [row.utc_from for row in rows],
            [row.utc_to for row in rows],
            [row.offset for row in rows],
            [row.local_from for row in rows],
            [row.local_to for row in rows],
        ],
    )


def ask(connection: duckdb.DuckDBPyConnection, query: str, what: str, place: Place | None) -> list[Any]:
    """The rows of a query over the user's data. What fails then fails because of the data: `Problem`, which
    says that `what` (the user's name for it, at `place`) cannot be read, and why."""
    try:
        return connection.execute(query).fetchall()
    except duckdb.Error as error:
        raise problem(
            "datamart-failed", f"`{what}` cannot be read: {reason(error)}", place or "parcours.yaml"
        ) from None


def reason(error: duckdb.Error) -> str:
    """The first line of DuckDB's message, without the name of its error class."""
    line = str(error).splitlines()[0]
    head, colon, rest = line.partition(": ")
    return rest if colon and head.endswith("Error") else line
