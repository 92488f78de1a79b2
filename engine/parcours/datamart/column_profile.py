# ruff: noqa: S608 - every name goes through quoting.identifier, every value through quoting.literal
"""What the columns of a table hold: types, unknowns, ranges and outliers. Two statements for a table, however many columns."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from math import copysign, expm1
from typing import Any

import duckdb

from parcours.datamart.catalog import Column, Table
from parcours.datamart.memory import ask
from parcours.datamart.quoting import identifier, literal

EXACT_ROWS = 1_000_000
"""Up to so many rows distinct values are counted; above, they are estimated."""

FAR_OUT = 3
"""How many times the distance between the quartiles, beyond them, is far out (Tukey), on the logarithm."""

FEW_VALUES = 6
_LONGEST_VALUE = 20


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """`unknown` and `blank` (nothing but spaces) of so many rows; `distinct` values. `low`, `middle` and `high` are the
    smallest, the median and the largest number, date or instant as text; of texts the values, when they are few.

    Of numbers, `outliers` lie below `clip_low` or above `clip_high`: more than 3 times the distance between the quartiles
    beyond them, on the scale sign(x) × ln(1 + |x|). To clip is to take an outlier for the nearer of the two."""

    name: str
    sql_type: str
    unknown: int
    blank: int
    distinct: int
    low: str = ""
    middle: str = ""
    high: str = ""
    values: tuple[str, ...] = ()
    outliers: int = 0
    clip_low: float | None = None
    clip_high: float | None = None


def profile_columns(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    source: str,
    rows: int,
    keys: Collection[str] = (),
) -> tuple[ColumnProfile, ...]:
    """The columns of a table whose rows are those of `source`, which is SQL. Columns that are `keys` have no range and no
    outliers: their size means nothing. `Problem` when they cannot be read."""
    columns = [replace(c, kind="text") if c.name in keys else c for c in table.columns.values()]
    if not columns:
        return ()
    wanted = [_aggregates(column, rows) for column in columns]
    query = f"SELECT {', '.join(item for items in wanted for item in items)} FROM {source}"
    (row,) = ask(connection, query, table.name, table.place)
    answers = iter(row)
    found = [
        _profile(column, [next(answers) for _ in items])
        for column, items in zip(columns, wanted, strict=True)
    ]
    found = _with_outliers(connection, table, source, found)
    return tuple(
        profile if profile.name in keys else _with_values(connection, table, source, profile)
        for profile in found
    )


def _aggregates(column: Column, rows: int) -> list[str]:
    """unknown, blank, distinct, low, middle, high, and the quartiles of the logarithm."""
    name = identifier(column.name)
    is_number, is_ordered = column.kind == "number", column.kind in ("number", "date", "instant")
    value = f"CASE WHEN isfinite(CAST({name} AS DOUBLE)) THEN CAST({name} AS DOUBLE) END"
    distinct = f"count(DISTINCT {name})" if rows <= EXACT_ROWS else f"approx_count_distinct({name})"
    return [
        f"count(*) - count({name})",
        f"count(*) FILTER (WHERE trim({name}::VARCHAR) = '')" if column.kind == "text" else "0",
        distinct if column.kind != "other" else "0",
        f"CAST(min({name}) AS VARCHAR)" if is_ordered else "NULL",
        f"quantile_disc({value}, 0.5)" if is_number else "NULL",
        f"CAST(max({name}) AS VARCHAR)" if is_ordered else "NULL",
        f"quantile_disc({_logarithm(value)}, [0.25, 0.75])" if is_number else "NULL",
    ]


def _logarithm(value: str) -> str:
    return f"sign({value}) * ln(1 + abs({value}))"


def _profile(column: Column, answers: Sequence[Any]) -> ColumnProfile:
    unknown, blank, distinct, low, middle, high, quartiles = answers
    clip_low = clip_high = None
    if quartiles is not None and quartiles[0] is not None and quartiles[1] > quartiles[0]:
        reach = FAR_OUT * (quartiles[1] - quartiles[0])
        ends = (quartiles[0] - reach, quartiles[1] + reach)
        # beyond what a number can be there is nothing to clip
        clip_low, clip_high = (copysign(expm1(min(abs(end), 700.0)), end) for end in ends)
    return ColumnProfile(
        column.name,
        column.sql_type,
        unknown,
        blank,
        distinct,
        low or "",
        "" if middle is None else f"{middle:.6g}",
        high or "",
        clip_low=clip_low,
        clip_high=clip_high,
    )


def _with_outliers(
    connection: duckdb.DuckDBPyConnection, table: Table, source: str, found: list[ColumnProfile]
) -> list[ColumnProfile]:
    judged = [profile for profile in found if profile.clip_low is not None]
    if not judged:
        return found
    counts = ", ".join(
        f"count(*) FILTER (WHERE NOT CAST({identifier(p.name)} AS DOUBLE) BETWEEN {p.clip_low!r} AND {p.clip_high!r})"
        for p in judged
    )
    (row,) = ask(connection, f"SELECT {counts} FROM {source}", table.name, table.place)
    outliers = {profile.name: count for profile, count in zip(judged, row, strict=True)}
    return [replace(profile, outliers=outliers.get(profile.name, 0)) for profile in found]


def _with_values(
    connection: duckdb.DuckDBPyConnection, table: Table, source: str, profile: ColumnProfile
) -> ColumnProfile:
    """With its values when they are few: the most frequent first."""
    column = table.columns[profile.name]
    if column.kind not in ("text", "yes_no") or not 0 < profile.distinct <= FEW_VALUES:
        return profile
    name = identifier(profile.name)
    query = (
        f"SELECT CAST({name} AS VARCHAR) AS value FROM {source} WHERE {name} IS NOT NULL "
        f"GROUP BY value ORDER BY count(*) DESC, value LIMIT {literal(FEW_VALUES)}"
    )
    values = [str(value)[:_LONGEST_VALUE] for (value,) in ask(connection, query, table.name, table.place)]
    return replace(profile, values=tuple(values))
