"""What was learned, as tests state it: written into an analytic store by the one who writes there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parcours.analytics.learner import Result
from parcours.analytics.store import AnalyticStore
from parcours.compiler.analytic_store import Kind, columns_of
from parcours.engines.duckdb.engine import DuckDBEngine


@dataclass(frozen=True)
class LearnedRows:
    """A run: by contact, the columns of the kind that are known (of a best hour None is everybody); of rules by rank; of
    rates by segment and channel."""

    kind: Kind
    name: str
    hash: str
    as_of: datetime
    rows: Mapping[Any, Mapping[str, Any]]


def write_runs(engine: DuckDBEngine, project: str, contact_type: str, runs: Iterable[LearnedRows]) -> None:
    """Writes runs into the analytic store that is attached to the engine."""
    store = AnalyticStore(engine, None, project, contact_type)
    for run in runs:
        columns = columns_of(run.kind, run.name, contact_type)
        listed = ", ".join(f'"{name}" {sql_type}' for name, sql_type in columns.items())
        engine.run_text(f"CREATE OR REPLACE TEMP TABLE _told ({listed})")
        unknown = {name for known in run.rows.values() for name in known} - columns.keys()
        assert not unknown, f"{run.kind} has no {unknown}"
        rows = [{**_key(columns, key), **known} for key, known in run.rows.items()]
        lists = ", ".join(f"unnest(${n}::{sql_type}[])" for n, sql_type in enumerate(columns.values(), 1))
        engine.run_text(
            f"INSERT INTO _told SELECT {lists}", [[row.get(name) for row in rows] for name in columns]
        )
        store.write(run.kind, run.name, run.hash, run.as_of, Result(columns, "_told", {"summary": "as told"}))
    engine.run_text("DROP TABLE IF EXISTS _told")


def _key(columns: Iterable[str], key: Any) -> dict[str, Any]:
    return dict(zip(columns, key if isinstance(key, tuple) else (key,), strict=False))
