"""What all parts of an explanation look at, and how they write instants and places."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from parcours.checking import checked
from parcours.clock import to_local
from parcours.diagnostics import Place
from parcours.explaining.records import Records
from parcours.explaining.world import ContactWorld
from parcours.graph.edges import all_steps
from parcours.oracle.run import Run
from parcours.oracle.terms import Scene

_COLUMN = re.compile(r"(:\d+):\d+$")


@dataclass(frozen=True)
class Context:
    """`journeys`: each version as the state keeps it, None where it does not. `newest`: the numbers of the versions that
    take people in. `ids`: of each message of the outbox, by its place there, what the relay calls it."""

    project: checked.CheckedProject
    records: Records
    world: ContactWorld
    journeys: Mapping[int, checked.Journey | None]
    newest: Mapping[str, int]
    as_of: datetime

    @property
    def contact(self) -> Any:
        return self.records.contact

    @property
    def zone(self) -> str:
        return self.world.zone_of(self.contact)

    def scene(self, at: datetime, run: Run | None = None) -> Scene:
        return Scene(self.world, at, self.contact, run)

    def local(self, at: datetime) -> str:
        """An instant on the contact's clock; seconds only where there are some."""
        there = to_local(self.zone, at).replace(microsecond=0)
        return f"{there:%Y-%m-%d %H:%M:%S}" if there.second else f"{there:%Y-%m-%d %H:%M}"

    def step(self, version: int, name: str) -> checked.Step | None:
        """A step by its name; None where its version is not kept, or it is no step but an end."""
        journey = self.journeys.get(version)
        steps = all_steps(journey.steps) if journey is not None else ()
        return next((step for step in steps if step.name == name), None)

    def status(self, journey: str, version: int) -> Literal["newest", "older", "gone"]:
        if journey not in self.newest:
            return "gone"
        return "newest" if self.newest[journey] == version else "older"


def line_of(place: Place | str | None) -> str:
    """FILE:LINE; who reads it needs no column."""
    return "" if place is None else _COLUMN.sub(r"\1", str(place))


def listed(items: list[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}" if items else ""
