"""Sets of values of one quantity: unions of intervals over anything that has an order."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import ceil, floor
from typing import Any

Value = int | Decimal | str
"""Of one quantity all values are of one kind: whole numbers, other numbers, or texts."""


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`; None is without end. An end is part of it unless it is open."""

    low: Value | None = None
    high: Value | None = None
    low_open: bool = False
    high_open: bool = False

    def meet(self, other: "Interval") -> "Interval":
        low, low_open = _later(self.low, self.low_open, other.low, other.low_open)
        high, high_open = _earlier(self.high, self.high_open, other.high, other.high_open)
        return Interval(low, high, low_open, high_open)

    @property
    def is_empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        low: Any = self.low
        return low > self.high or (low == self.high and (self.low_open or self.high_open))

    def rounded(self) -> "Interval":
        """The same whole numbers, between closed ends."""
        return Interval(_first_whole(self.low, self.low_open), _last_whole(self.high, self.high_open))


Ranges = tuple[Interval, ...]
"""In order, without common points. Empty: no value at all."""

ANY: Ranges = (Interval(),)


def meet(one: Ranges, other: Ranges, *, whole: bool = False) -> Ranges:
    """What is in both. `whole`: only whole numbers are values, so that nothing lies between 1 and 2."""
    met = (a.meet(b) for a in one for b in other)
    return tuple(found for i in met if not (found := i.rounded() if whole else i).is_empty)


def points(values: Iterable[Value]) -> Ranges:
    ordered: list[Any] = sorted(set(values))
    return tuple(Interval(value, value) for value in ordered)


def all_but(values: Iterable[Value]) -> Ranges:
    """Everything but these points."""
    ordered: list[Any] = sorted(set(values))
    ends = [None, *ordered, None]
    return tuple(Interval(low, high, low is not None, high is not None) for low, high in pairwise(ends))


def compared(operator: str, value: Value) -> Ranges:
    """What is `operator` the value: everything below it, from it on …"""
    match operator:
        case "=":
            return points([value])
        case "!=":
            return all_but([value])
        case "<":
            return (Interval(high=value, high_open=True),)
        case "<=":
            return (Interval(high=value),)
        case ">":
            return (Interval(low=value, low_open=True),)
    return (Interval(low=value),)


def _later(one: Any, one_open: bool, other: Any, other_open: bool) -> tuple[Any, bool]:
    if one is None or other is None:
        return (other, other_open) if one is None else (one, one_open)
    if one == other:
        return one, one_open or other_open
    return (one, one_open) if one > other else (other, other_open)


def _earlier(one: Any, one_open: bool, other: Any, other_open: bool) -> tuple[Any, bool]:
    if one is None or other is None:
        return (other, other_open) if one is None else (one, one_open)
    if one == other:
        return one, one_open or other_open
    return (one, one_open) if one < other else (other, other_open)


def _first_whole(low: Any, is_open: bool) -> int | None:
    if low is None:
        return None
    first: int = ceil(low)
    return first + 1 if is_open and first == low else first


def _last_whole(high: Any, is_open: bool) -> int | None:
    if high is None:
        return None
    last: int = floor(high)
    return last - 1 if is_open and last == high else last
