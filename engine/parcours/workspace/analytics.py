"""Where a project keeps what it has learned, and how long."""

from pathlib import Path

from parcours.clock.span import Span
from parcours.model.project import Project
from parcours.model.settings import KEEP
from parcours.workspace.datamart_schema import DatamartSchema


def analytics_place(project: Project) -> Path | DatamartSchema:
    """Where the analytic store of a project is, whether it is there or not: what `analytics` of parcours.yaml names, else a
    DuckDB file beside the state."""
    said, folder = project.settings.analytics, Path(project.place.file)
    database = project.settings.datamart.database
    if said is not None and said.in_schema is not None and database is not None:
        return DatamartSchema(folder / database.text, said.in_schema.text)
    named = None if said is None else said.file
    return folder / ("state/analytics.duckdb" if named is None else named.text)


def analytics_kept(project: Project) -> Span | None:
    """How far back runs are kept; None: all of them."""
    said = project.settings.analytics
    return KEEP if said is None else said.keep
