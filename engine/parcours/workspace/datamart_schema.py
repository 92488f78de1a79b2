"""A schema of the datamart as the place of what was learned. (A module of its own: what opens it needs no model of a project.)"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DatamartSchema:
    """A schema of the datamart's own DuckDB file, which is there, with or without the schema."""

    path: Path
    name: str

    def exists(self) -> bool:
        return True

    def __str__(self) -> str:
        return f"{self.path} ({self.name})"
