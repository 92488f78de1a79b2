"""Where a project keeps what it has learned, and how long."""

from pathlib import Path

from parcours.clock.span import Span
from parcours.model.project import Project
from parcours.model.settings import KEEP


def analytics_path(project: Project) -> Path:
    """The DuckDB file of the analytic store, whether it is there or not: `analytics` of parcours.yaml, or beside the
    state."""
    said = project.settings.analytics
    named = None if said is None else said.file
    return Path(project.place.file) / ("state/analytics.duckdb" if named is None else named.text)


def analytics_kept(project: Project) -> Span | None:
    """How far back runs are kept; None: all of them."""
    said = project.settings.analytics
    return KEEP if said is None else said.keep
