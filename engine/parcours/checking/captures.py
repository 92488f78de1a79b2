"""Which fields of events a journey reads later, so that the state keeps these and no more."""

from collections.abc import Iterator, Mapping
from functools import cache

from pydantic import BaseModel

from parcours.checking.paths import all_steps
from parcours.checking.template_fields import template_fields
from parcours.datamart.catalog import Table
from parcours.model.journey import Journey, Send
from parcours.model.values import Path
from parcours.model.vocabulary import Message


class Captures:
    """The names after `entry.` and `event.` anywhere in a journey, and in the texts of the `messages` that it sends."""

    def __init__(self, journey: Journey, messages: Mapping[str, Message]) -> None:
        self._entry: set[str] = set()
        self._event: set[str] = set()
        self._every: set[str] = set()
        for path in _paths(journey):
            if len(path.parts) == 2 and path.parts[0] in ("entry", "event"):
                (self._entry if path.parts[0] == "entry" else self._event).add(path.parts[1])
        for name in _sent(journey):
            message = messages.get(name)
            if message is not None:
                fields = template_fields(message)
                self._entry |= fields.entry
                self._event |= fields.event
                self._every |= fields.every

    def of_entry(self, table: Table | None) -> tuple[tuple[str, str], ...]:
        """(field, SQL type) kept of the entering event; `entry.at` is kept always and apart."""
        return _columns(self._names("entry", self._entry, table) - {"at"}, table)

    def of_event(self, table: Table | None) -> tuple[tuple[str, str], ...]:
        """(field, SQL type) kept of an event that wakes an instance."""
        return _columns(self._names("event", self._event, table), table)

    def _names(self, origin: str, read: set[str], table: Table | None) -> set[str]:
        return set(table.columns) if table is not None and origin in self._every else read


def _columns(names: set[str], table: Table | None) -> tuple[tuple[str, str], ...]:
    known = table.columns if table else {}
    return tuple((name, known[name].sql_type) for name in sorted(names) if name in known)


def _sent(journey: Journey) -> Iterator[str]:
    """The messages that a journey sends, each once."""
    sends = (step for _, step in all_steps(journey.steps) if isinstance(step, Send))
    return iter(dict.fromkeys(step.message.text for step in sends))


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
