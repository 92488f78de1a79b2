"""Where a project keeps what it has learned."""

from pathlib import Path

from parcours.model.project import Project


def analytics_path(project: Project) -> Path:
    """The DuckDB file of the analytic store, whether it is there or not: `analytics` of parcours.yaml, or beside the
    state."""
    named = project.settings.analytics
    return Path(project.place.file) / ("state/analytics.duckdb" if named is None else named.text)
