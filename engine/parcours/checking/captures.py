"""Which fields of events a journey reads later, so that the state keeps these and no more."""

from collections.abc import Iterator
from functools import cache

from pydantic import BaseModel

from parcours.datamart.catalog import Table
from parcours.model.journey import Journey
from parcours.model.values import Path


class Captures:
    """The names after `entry.` and `event.` anywhere in a journey."""

    def __init__(self, journey: Journey) -> None:
        self._entry: set[str] = set()
        self._event: set[str] = set()
        for path in _paths(journey):
            if len(path.parts) == 2 and path.parts[0] in ("entry", "event"):
                (self._entry if path.parts[0] == "entry" else self._event).add(path.parts[1])

    def of_entry(self, table: Table | None) -> tuple[tuple[str, str], ...]:
        """(field, SQL type) kept of the entering event; `entry.at` is kept always and apart."""
        return _columns(self._entry - {"at"}, table)

    def of_event(self, table: Table | None) -> tuple[tuple[str, str], ...]:
        """(field, SQL type) kept of an event that wakes an instance."""
        return _columns(self._event, table)


def _columns(names: set[str], table: Table | None) -> tuple[tuple[str, str], ...]:
    known = table.columns if table else {}
    return tuple((name, known[name].sql_type) for name in sorted(names) if name in known)


def _paths(node: object) -> Iterator[Path]:
    if isinstance(node, Path):
        yield node
    elif isinstance(node, BaseModel):
        for name in _names(type(node)):
            yield from _paths(getattr(node, name))
    elif isinstance(node, tuple):
        for item in node:
            yield from _paths(item)


@cache
def _names(kind: type[BaseModel]) -> tuple[str, ...]:
    return tuple(name for name in kind.model_fields if name not in ("place", "lines"))
