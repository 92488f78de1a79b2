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
    """`journey` is its version (T18). `entry`, `event`: fields of the event that it entered by, that woke it last.
    `laps`: how often repeats have begun. `tried`: what became of the channels of a send; an instant: held until
    then. `row`: the event that it entered by. `looked`: the next tick looks at it; `skips`: and sends nothing (T19).
    A trigger that is refused can be without a key."""

    journey: checked.Journey
    contact: Any
    key: Any
    entered_at: datetime
    entry_at: datetime
    step: str = ENTER
    arrived: datetime = datetime.min
    due: datetime | None = None
    keep_until: Any = None
    entry: dict[str, Any] = field(default_factory=dict)
    event: dict[str, Any] = field(default_factory=dict)
    laps: dict[str, int] = field(default_factory=dict)
    tried: dict[tuple[str, ...], str | datetime] = field(default_factory=dict)
    sets: dict[str, Any] = field(default_factory=dict)
    acts: int = 0
    row: EventRow | None = None
    looked: bool = False
    skips: bool = False

    @property
    def name(self) -> tuple[str, Any, Any, datetime]:
        return self.journey.name, self.contact, self.key, self.entry_at

    @property
    def id(self) -> str:
        return (
            f"{self.journey.name}:{self.key}:{(self.entry_at - datetime(1970, 1, 1)) // datetime.resolution}"
        )

    @property
    def at_step(self) -> Any:
        return graph(self.journey).nodes[self.step]["step"]

    def follow(self, label: str) -> str:
        """Along the edge of this label. Whoever leaves the steps of a `repeat` forgets how often it has begun."""
        edges = graph(self.journey).out_edges(self.step, keys=True)
        self.step = next(target for _, target, key in edges if key == label)
        self.laps = {name: self.laps[name] for name in self.around() if name in self.laps}
        return self.step

    def around(self) -> list[str]:
        """The repeats in whose steps it stands, or at which."""
        repeats = [step for step in all_steps(self.journey.steps) if isinstance(step, checked.Repeat)]
        return [one.name for one in repeats if self.step in {inner.name for inner in all_steps((one,))}]
