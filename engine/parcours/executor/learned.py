"""What ticks read of the analytic store: at T, of each declaration, the newest run dated at or before T (A1)."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from parcours.compiler.analytic_store import RUNS, table_of
from parcours.compiler.learned import Source, hashes_in, learned_view, run_parameter
from parcours.engines.duckdb.analytic_file import analytic_tables, check_analytic_meta
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.workspace.datamart_schema import DatamartSchema


def attach_learned(
    engine: DuckDBEngine, place: Path | DatamartSchema, project: str, contact_type: str
) -> None:
    """Attaches an analytic store to be read, where there is one; without it all that is learned is unknown. `Problem` when
    it cannot be read or is another project's."""
    if not place.exists():
        return
    engine.attach_analytics(place, read_only=True)
    if analytic_tables(engine):
        check_analytic_meta(engine, project, contact_type, str(place))


def show_learned(engine: DuckDBEngine, sources: Iterable[tuple[Source, str]], contact_type: str) -> None:
    """Makes the relations that statements read, of declarations by kind and name. To be called again when something has
    been learned for the first time."""
    there = analytic_tables(engine)
    for kind, name in sources:
        engine.run_tree(learned_view(kind, name, contact_type, is_there=table_of(kind, name) in there))


def runs_at(engine: DuckDBEngine, parameters: Iterable[str], at: datetime) -> dict[str, int | None]:
    """The runs that statements with these parameters read at an instant, by parameter; None where nothing is learned."""
    hashes = sorted(hashes_in(parameters))
    if not hashes:
        return {}
    found: dict[str, int] = {}
    if RUNS in analytic_tables(engine):
        found = dict(engine.run_text(_NEWEST, [at, hashes]))
    return {run_parameter(digest): found.get(digest) for digest in hashes}


def first_learned(engine: DuckDBEngine) -> dict[tuple[str, str], datetime]:
    """As of when something was first learned of each kind and name, whatever its declaration was then."""
    if RUNS not in analytic_tables(engine):
        return {}
    return {(kind, name): as_of for kind, name, as_of in engine.run_text(_FIRST)}


_NEWEST = """
    SELECT hash, arg_max(run, as_of) FROM analytics.run WHERE as_of <= ? AND list_contains(?, hash) GROUP BY hash
"""

_FIRST = "SELECT kind, name, min(as_of) FROM analytics.run GROUP BY kind, name"
