"""How often each `repeat` of a journey has begun, along the ways between its steps."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from parcours.checking import checked
from parcours.graph.edges import blocks


@dataclass(frozen=True, slots=True)
class Lap:
    """What becomes of the count of a repeat: one more, or nothing again."""

    repeat: int
    change: Literal["begin", "forget"]


class Laps:
    """The repeats of a journey, numbered in reading order."""

    def __init__(self, journey: checked.Journey) -> None:
        self._around: dict[str, frozenset[str]] = {}
        self.numbers: dict[str, int] = {}
        for step, around in _with_repeats(journey.steps, frozenset()):
            self._around[step.name] = around
            if isinstance(step, checked.Repeat):
                self.numbers[step.name] = len(self.numbers)

    def after(self, laps: tuple[Lap, ...], source: str, label: str, target: str) -> tuple[Lap, ...]:
        """The changes on a way that goes on from `source` by `label` to `target`: a repeat that is left is begun anew
        when it is come to again."""
        changes = {lap.repeat: lap for lap in laps}
        if source in self.numbers and label == "again":
            number = self.numbers[source]
            changes[number] = Lap(number, "begin")
        for left in sorted(self._counting(source) - self._counting(target)):
            number = self.numbers[left]
            changes[number] = Lap(number, "forget")
        return tuple(changes[number] for number in sorted(changes))

    def around(self, name: str) -> frozenset[str]:
        """The repeats around a step."""
        return self._around.get(name, frozenset())

    def _counting(self, name: str) -> frozenset[str]:
        """The repeats that count whoever stands at a step."""
        around = self.around(name)
        return around | {name} if name in self.numbers else around


def _with_repeats(
    steps: tuple[checked.Step, ...], around: frozenset[str]
) -> Iterator[tuple[checked.Step, frozenset[str]]]:
    for step in steps:
        yield step, around
        inside = around | {step.name} if isinstance(step, checked.Repeat) else around
        for _, block in blocks(step):
            yield from _with_repeats(block, inside)
