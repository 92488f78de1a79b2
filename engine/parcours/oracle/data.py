"""What the oracle is given, what journeys add to it, and what of all that can be seen at an instant."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from parcours.clock import BEGINNING, is_zone


@dataclass(frozen=True)
class EventRow:
    """Instants are naive UTC. `of`: what caused it, the name of a message or the id of one that was sent."""

    contact: Any
    at: datetime
    loaded: datetime
    id: str
    fields: Mapping[str, Any]
    of: str | None = None

    @property
    def visible(self) -> datetime:
        return max(self.at, self.loaded)  # E2

    def names(self, message: str, id_: str = "") -> bool:
        """Whether a message caused it; with an id, whether the one of this id did, or any of that name."""
        if self.of is None or self.of == message:
            return self.of is not None
        return self.of == id_ if id_ else self.of.split(":")[-2:-1] == [message]

    def __getitem__(self, name: str) -> Any:
        return self.at if name == "at" else self.fields.get(name)


@dataclass(frozen=True)
class LearnedRun:
    """What was learned as of an instant of the declaration with this hash: by contact, what each part says; of rules by
    rank, with the parts `antecedent` and `consequent`."""

    hash: str
    as_of: datetime
    parts: Mapping[Any, Mapping[str, Any]]


@dataclass(frozen=True)
class Data:
    """Attributes by contact, events by kind, the mapped time zone by contact, since when a contact is known, what was
    learned, and the rows of each product."""

    contacts: Mapping[Any, Mapping[str, Any]]
    events: Mapping[str, Sequence[EventRow]]
    zones: Mapping[Any, str | None]
    known: Mapping[Any, datetime] = field(default_factory=dict)
    learned: Sequence[LearnedRun] = ()
    products: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)


class World:
    """`set`: what journeys have set, by contact and attribute. `rows`: all events, by kind and contact."""

    def __init__(self, data: Data, zone: str) -> None:
        self.data, self.zone = data, zone
        self.set: dict[tuple[Any, str], Any] = {}
        self.rows: dict[tuple[str, Any], list[EventRow]] = defaultdict(list)
        for kind, rows in data.events.items():
            known: set[str] = set()
            for row in sorted(rows, key=lambda row: (row.visible, row.at, str(row.contact))):
                if row.id not in known:  # T4: one event; first loaded wins
                    self.rows[kind, row.contact].append(row)
                known.add(row.id)

    def events(self, kind: str, contact: Any, at: datetime) -> list[EventRow]:
        rows = (row for row in self.rows.get((kind, contact), ()) if row.visible <= at)
        return sorted(rows, key=lambda row: (row.at, row.id))

    def new(self, kind: str, before: datetime, at: datetime) -> list[EventRow]:
        """T4: of all contacts, visible at T and not before."""
        every = (row for (name, _), rows in self.rows.items() if name == kind for row in rows)
        return [row for row in every if before < row.visible <= at]

    def contacts(self, at: datetime) -> list[Any]:
        return sorted(contact for contact in self.data.contacts if self.knows(contact, at))

    def knows(self, contact: Any, at: datetime) -> bool:
        return contact in self.data.contacts and self.data.known.get(contact, BEGINNING) <= at

    def attribute(self, contact: Any, name: str) -> Any:
        there = self.data.contacts.get(contact, {}).get(name)
        return self.set.get((contact, name), there)  # T7: what is set stays set

    def learned(self, digest: str, at: datetime) -> LearnedRun | None:
        """A1, A2: of the declaration as it reads now, the newest run dated at or before T."""
        found = [run for run in self.data.learned if run.hash == digest and run.as_of <= at]
        return max(found, key=lambda run: run.as_of, default=None)

    def zone_of(self, contact: Any) -> str:
        own = self.data.zones.get(contact)
        return own if own is not None and is_zone(own) else self.zone  # T1
