"""A run of a journey, and its ways through the state graph."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from parcours.checking import checked
from parcours.graph.build import build
from parcours.graph.edges import ENTER, all_steps
from parcours.oracle.data import EventRow

graph = cache(build)


@dataclass(eq=False)
class Run:
    """`journey` is its version (T18); `row` the event that it entered by; `entry` and `event` the fields kept of that
    and of the event that woke it last; `tried` what became of the channels of a send; `looked`: the
    next tick looks at it whatever it waits for; `skips`: what it comes to in that is not sent; `key` is unknown only of
    a trigger that is refused."""

    journey: checked.Journey
    contact: Any
    key: str | None
    entry_at: datetime
    entered_at: datetime
    row: EventRow | None = None
    entry: dict[str, Any] = field(default_factory=dict)
    event: dict[str, Any] = field(default_factory=dict)
    step: str = ENTER
    arrived: datetime = datetime.min
    due: datetime | None = None
    keep_until: datetime = datetime.max
    laps: dict[str, int] = field(default_factory=dict)
    tried: dict[tuple[str, ...], str | datetime] = field(default_factory=dict)
    sets: dict[str, Any] = field(default_factory=dict)
    acts: int = 0
    looked: bool = False
    skips: bool = False

    @property
    def name(self) -> tuple[str, Any, Any, datetime]:
        return self.journey.name, self.contact, self.key, self.entry_at

    @property
    def id(self) -> str:
        micros = (self.entry_at - datetime(1970, 1, 1)) // datetime.resolution
        return f"{self.journey.name}:{self.key}:{micros}"

    @property
    def at_step(self) -> checked.Step:
        return graph(self.journey).nodes[self.step]["step"]  # type: ignore[no-any-return]

    def follow(self, label: str) -> str:
        """Goes along the edge of this label. Whoever leaves the steps of a `repeat` forgets how often it has begun."""
        edges = graph(self.journey).out_edges(self.step, keys=True)
        self.step = next(target for _, target, key in edges if key == label)
        kept = {name for name, inside in repeats(self.journey).items() if self.step in inside}
        self.laps = {name: laps for name, laps in self.laps.items() if name in kept}
        return self.step


@cache
def repeats(journey: checked.Journey) -> dict[str, set[str]]:
    """Of each `repeat`: its own name and those of the steps in it."""
    found = [step for step in all_steps(journey.steps) if isinstance(step, checked.Repeat)]
    return {step.name: {inner.name for inner in all_steps((step,))} for step in found}
