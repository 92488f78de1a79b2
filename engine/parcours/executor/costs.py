"""What the stages of a tick cost: measured with a meter from outside, and never part of what a tick means.

Costs are written to `state.cost` alone, and only where there is a meter; everything else in the state stays the same
bit for bit (T3). The cost of a commit is known when it is over: the next tick writes it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

Meter = Callable[[], tuple[int, int]]
"""Microseconds of wall clock and of CPU (all threads), each since some fixed moment."""

Stage = Literal["look", "refresh", "wake", "enter", "move", "arbitrate", "write", "check", "commit"]


class Costs:
    """Adds up what each stage of a tick costs; nothing without a meter."""

    def __init__(self, meter: Meter | None) -> None:
        self._meter = meter
        self._spent: dict[Stage, tuple[int, int]] = {}
        self._before: list[tuple[int, str, int, int]] = []

    @contextmanager
    def of(self, stage: Stage) -> Iterator[None]:
        """Everything inside the block is on this stage's account."""
        if self._meter is None:
            yield
            return
        wall, cpu = self._meter()
        yield
        wall_after, cpu_after = self._meter()
        spent_wall, spent_cpu = self._spent.get(stage, (0, 0))
        self._spent[stage] = (spent_wall + wall_after - wall, spent_cpu + cpu_after - cpu)

    def begin(self) -> None:
        """A tick begins."""
        self._spent = {}

    def rows(self, tick: int) -> list[tuple[int, str, int, int]]:
        """What is known by now: rows of state.cost, with the commit of the tick before."""
        return self._before + self._listed(tick)

    def end(self, tick: int) -> None:
        """The tick is committed, with `rows` in it."""
        self._before = [row for row in self._listed(tick) if row[1] == "commit"]

    def spent(self) -> dict[str, float]:
        """What the stages of the last tick took, in seconds of wall clock; its commit is among them."""
        return {stage: wall / 1e6 for stage, (wall, _) in self._spent.items()}

    def _listed(self, tick: int) -> list[tuple[int, str, int, int]]:
        return [(tick, stage, wall, cpu) for stage, (wall, cpu) in self._spent.items()]
