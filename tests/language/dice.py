"""Chance for generated cases: everything follows from the seed, on every machine."""

from collections.abc import Sequence
from typing import TypeVar

from parcours.clock.chance import WHOLE, share_of

T = TypeVar("T")


class Dice:
    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._thrown = 0

    def below(self, end: int) -> int:
        """A whole number from 0 to end - 1."""
        self._thrown += 1
        return share_of(f"{self._seed}/{self._thrown}") * end // WHOLE

    def between(self, low: int, high: int) -> int:
        """A whole number; both ends included."""
        return low + self.below(high - low + 1)

    def one(self, items: Sequence[T]) -> T:
        return items[self.below(len(items))]

    def some(self, items: Sequence[T], most: int) -> list[T]:
        """Up to so many of the items, at least one, each once, in their order."""
        wanted = self.between(1, min(most, len(items)))
        chosen: set[int] = set()
        while len(chosen) < wanted:
            chosen.add(self.below(len(items)))
        return [items[n] for n in sorted(chosen)]

    def aside(self) -> "Dice":
        """Other dice for something that is decided besides: what these throw next stays what it is."""
        return Dice(f"{self._seed}/{self._thrown}/aside")

    def percent(self, chance: int) -> bool:
        """Yes so many times of a hundred."""
        return self.below(100) < chance
