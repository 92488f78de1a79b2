"""The events that a project can speak of: mapped in parcours.yaml, recorded by journeys, and the executor's history."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from parcours.checking.terms import Kind
from parcours.datamart.catalog import Catalog, Column, Table, kind_of

Origin = Literal["mapped", "recorded", "history"]

SQL_TYPES: Mapping[Kind, str] = {
    "text": "VARCHAR",
    "number": "DECIMAL(38,6)",
    "yes_no": "BOOLEAN",
    "date": "DATE",
    "instant": "TIMESTAMP",
}
"""In which types the values of recorded events are kept."""

UNTYPED = "?"
"""The type of a recorded field whose value has a mistake, which is said where it is recorded."""

_MESSAGE = dict.fromkeys(("message", "channel", "journey", "purpose", "topic"), "VARCHAR")
_HISTORY = {
    "sent": _MESSAGE,
    "not_sent": {**_MESSAGE, "reason": "VARCHAR"},
    "entered": {"journey": "VARCHAR"},
    "left": {"journey": "VARCHAR", "outcome": "VARCHAR"},
}
HISTORY_EVENTS = frozenset(_HISTORY)
"""Events that the executor records itself."""
_OF_A_MESSAGE = frozenset({"sent", "not_sent"})


class EventTables:
    """Tables by the event's name; each carries that name, and has the field `at`."""

    def __init__(self, catalog: Catalog, recorded: Mapping[str, Table]) -> None:
        self._mapped = {name: replace(table, name=name) for name, table in catalog.events.items()}
        self._recorded = recorded
        self._history = {name: event_table(name, fields) for name, fields in _HISTORY.items()}
        self._has_send = catalog.event_has_send | _OF_A_MESSAGE

    def find(self, name: str) -> Table | None:
        return self._mapped.get(name) or self._recorded.get(name) or self._history.get(name)

    def origin(self, name: str) -> Origin | None:
        """Where an event comes from; None when there is none of the name."""
        if name in self._mapped:
            return "mapped"
        if name in self._recorded:
            return "recorded"
        return "history" if name in self._history else None

    def has_send(self, name: str) -> bool:
        """Whether each event says which message caused it."""
        return name in self._has_send

    @property
    def names(self) -> list[str]:
        """Those that a user can have meant: the history only counts when nothing else is near."""
        return [*self._mapped, *self._recorded]


def event_table(name: str, fields: Mapping[str, str]) -> Table:
    """The table of an event that no file maps, from the SQL types of its fields."""
    types = {"at": "TIMESTAMP", **fields}
    return Table(name, {field: Column(field, kind_of(sql), sql) for field, sql in types.items()}, at="at")
