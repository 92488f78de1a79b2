"""What the oracle is given, what journeys add to it, and what of all that can be seen at an instant."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from parcours.clock import BEGINNING, is_zone


@dataclass(frozen=True)
class EventRow:
    """Instants are naive UTC. `of`: the message that caused it."""

    contact: Any
    at: datetime
    loaded: datetime
    id: str
    fields: Mapping[str, Any]
    of: str | None = None

    def __getitem__(self, name: str) -> Any:
        return self.at if name == "at" else self.fields.get(name)


@dataclass(frozen=True)
class Data:
    """Attributes by contact, events by kind, the mapped time zone by contact, and since when a contact is known."""

    contacts: Mapping[Any, Mapping[str, Any]]
    events: Mapping[str, Sequence[EventRow]]
    zones: Mapping[Any, str | None]
    known: Mapping[Any, datetime] = field(default_factory=dict)


class World:
    """`set`: what journeys have set, by contact and attribute."""

    def __init__(self, data: Data, zone: str) -> None:
        self._data, self.zone, self.set = data, zone, dict[tuple[Any, str], Any]()
        self._events: dict[tuple[str, Any], list[EventRow]] = defaultdict(list)
        for kind, rows in data.events.items():
            once: dict[str, EventRow] = {}
            for row in sorted(rows, key=lambda row: (visible(row), row.at, str(row.contact))):
                once.setdefault(row.id, row)  # T4: the same id is the same event; first loaded wins
            for row in once.values():
                self.add(kind, row)

    def add(self, kind: str, row: EventRow) -> None:
        self._events[kind, row.contact].append(row)

    def events(self, kind: str, contact: Any, at: datetime) -> list[EventRow]:
        rows = (row for row in self._events.get((kind, contact), ()) if visible(row) <= at)
        return sorted(rows, key=lambda row: (row.at, row.id))

    def new(self, kind: str, before: datetime, at: datetime) -> list[EventRow]:
        """T4: visible at T and not before; of all contacts."""
        of_kind = (row for key, rows in self._events.items() if key[0] == kind for row in rows)
        return [row for row in of_kind if before < visible(row) <= at]

    def contacts(self, at: datetime) -> list[Any]:
        return sorted(c for c in self._data.contacts if self._data.known.get(c, BEGINNING) <= at)

    def attribute(self, contact: Any, name: str) -> Any:
        there = self._data.contacts.get(contact, {}).get(name)
        return self.set.get((contact, name), there)  # T7: what is set stays set

    def zone_of(self, contact: Any) -> str:
        own = self._data.zones.get(contact)
        return own if own is not None and is_zone(own) else self.zone  # T1


def visible(row: EventRow) -> datetime:
    return max(row.at, row.loaded)  # E2
