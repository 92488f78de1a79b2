"""What the oracle is given, what it keeps, and what of that can be seen at an instant."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from parcours.clock import BEGINNING, is_zone

Contact = Any  # a text or a whole number, as in the datamart


@dataclass(frozen=True)
class EventRow:
    """Instants are naive UTC. `of`: the message that caused it."""

    contact: Contact
    at: datetime
    loaded: datetime
    id: str
    fields: Mapping[str, Any]
    of: str | None = None

    @property
    def visible(self) -> datetime:
        return max(self.at, self.loaded)  # E2

    def __getitem__(self, name: str) -> Any:
        return self.at if name == "at" else self.fields.get(name)


@dataclass(frozen=True)
class Data:
    """Attributes by contact, events by kind, the mapped time zone by contact, and since when a contact is known."""

    contacts: Mapping[Contact, Mapping[str, Any]]
    events: Mapping[str, Sequence[EventRow]]
    zones: Mapping[Contact, str | None]
    known: Mapping[Contact, datetime] = field(default_factory=dict)


class World:
    """The datamart, with what journeys have set and recorded."""

    def __init__(self, data: Data, zone: str) -> None:
        self.zone = zone
        self.set: dict[tuple[Contact, str], Any] = {}
        self._data = data
        self._events: dict[tuple[str, Contact], list[EventRow]] = defaultdict(list)
        for kind, rows in data.events.items():
            once: dict[str, EventRow] = {}  # T4
            for row in sorted(rows, key=lambda row: (row.visible, row.at, str(row.contact))):
                once.setdefault(row.id, row)
            for row in once.values():
                self.add(kind, row)

    def add(self, kind: str, row: EventRow) -> None:
        self._events[kind, row.contact].append(row)

    def events(self, kind: str, contact: Contact, at: datetime) -> list[EventRow]:
        """E2: by (at, id)."""
        seen = (row for row in self._events.get((kind, contact), ()) if row.visible <= at)
        return sorted(seen, key=lambda row: (row.at, row.id))

    def new(self, kind: str, after: datetime, at: datetime) -> Iterator[EventRow]:
        """T4: of all contacts, visible at T and not at `after`."""
        for known, rows in self._events.items():
            if known[0] == kind:
                yield from (row for row in rows if after < row.visible <= at)

    def contacts(self, at: datetime) -> list[Contact]:
        return sorted(c for c in self._data.contacts if self._data.known.get(c, BEGINNING) <= at)

    def attribute(self, contact: Contact, name: str) -> Any:
        """T7: a set attribute stays set. Of a contact who is gone, nothing is known."""
        there = self._data.contacts.get(contact, {}).get(name)
        return self.set.get((contact, name), there)

    def zone_of(self, contact: Contact) -> str:
        """T1."""
        own = self._data.zones.get(contact) if contact in self._data.contacts else None
        return own if own is not None and is_zone(own) else self.zone
