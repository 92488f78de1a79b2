"""A run of a journey, and its ways through the state graph."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from parcours.checking import checked
from parcours.graph.build import build
from parcours.graph.edges import ENTER, all_steps
from parcours.oracle.data import Contact

if TYPE_CHECKING:
    import networkx


@dataclass(eq=False)
class Run:
    """`journey` is its version (T18). `entry`, `event`: fields kept of the event that started it, that woke it last.
    `tried`: of the channels of a send, what became of them."""

    journey: checked.Journey
    contact: Contact
    key: str | None
    entry_at: datetime
    entered_at: datetime
    entry: dict[str, Any] = field(default_factory=dict)
    event: dict[str, Any] = field(default_factory=dict)
    step: str = ENTER
    arrived: datetime = datetime.min
    due: datetime | None = None
    keep_until: datetime | None = None
    laps: dict[str, int] = field(default_factory=dict)
    tried: dict[tuple[str, ...], str | datetime] = field(default_factory=dict)
    sets: dict[str, Any] = field(default_factory=dict)
    acts: int = 0

    @property
    def name(self) -> tuple[str, Contact, str, datetime]:
        return self.journey.name, self.contact, self.key, self.entry_at

    @property
    def id(self) -> str:
        micros = (self.entry_at - datetime(1970, 1, 1)) // datetime.resolution
        return f"{self.journey.name}:{self.key}:{micros}"

    @property
    def at_step(self) -> checked.Step:
        return graph(self.journey).nodes[self.step]["step"]  # type: ignore[no-any-return]

    def follow(self, label: str) -> tuple[str, str, str]:
        """Goes along an edge. Whoever leaves the steps of a `repeat` forgets how often it has begun."""
        ways = graph(self.journey).out_edges(self.step, keys=True)
        edge = next((source, key, target) for source, target, key in ways if key == label)
        self.step = edge[2]
        for node, inside in repeats(self.journey).items():
            if self.step not in inside:
                self.laps.pop(node, None)
        return edge


@cache
def graph(journey: checked.Journey) -> "networkx.MultiDiGraph[str]":
    return build(journey)


@cache
def repeats(journey: checked.Journey) -> dict[str, set[str]]:
    """Of each `repeat`: itself and the steps in it."""
    found = [step for step in all_steps(journey.steps) if isinstance(step, checked.Repeat)]
    return {step.name: {step.name, *(inner.name for inner in all_steps(step.steps))} for step in found}
