"""Coordinates across a layered drawing: each slot as near to its neighbours as the order of its layer lets it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

GAP = 26.0  # between two boxes or labels
LINE_GAP = 12.0  # beside a line that only passes
SWEEPS = 12


@dataclass(slots=True)
class Slot:
    """Something that takes room in a layer. `left` and `right` are the distances from `x` to its edges."""

    layer: int
    left: float
    right: float
    height: float
    pull: float  # how much it insists on its place
    passing: bool = False
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Link:
    """Two slots of neighbouring layers that a line joins, the places where it does (from their `x`), and how
    much the line wants to be straight."""

    upper: int
    lower: int
    upper_at: float
    lower_at: float
    weight: float


# for each slot: another one, where its `x` would be to stand in line with it, and how much that counts
Neighbours = Sequence[Sequence[tuple[int, float, float]]]


def place_across(
    slots: Sequence[Slot],
    layers: Sequence[Sequence[int]],
    links: Sequence[Link],
    trunks: Sequence[Sequence[int]],
    chains: Sequence[Sequence[int]],
) -> None:
    """Set every `x`; the left edge of the drawing is 0 and no two slots of a layer touch.

    Slots of a trunk or a chain, from top to bottom, shall stand in one column where there is room. A trunk is of
    boxes and what lies between them, a chain what lies between two boxes.
    """
    above: list[list[tuple[int, float, float]]] = [[] for _ in slots]
    below: list[list[tuple[int, float, float]]] = [[] for _ in slots]
    for link in links:
        shift = link.upper_at - link.lower_at
        above[link.lower].append((link.upper, shift, link.weight))
        below[link.upper].append((link.lower, -shift, link.weight))
    for layer in layers:
        _settle(slots, layer, [0.0] * len(layer))
    for _ in range(SWEEPS):
        for layer in layers:
            _settle(slots, layer, [_wish(slots, slot, above[slot]) for slot in layer])
        for layer in reversed(layers):
            _settle(slots, layer, [_wish(slots, slot, below[slot]) for slot in layer])
        for layer in layers:
            _settle(slots, layer, [_wish(slots, slot, above[slot] + below[slot]) for slot in layer])
    for _ in range(2):
        for trunk in trunks:
            _straighten(slots, layers, trunk)
        for chain in chains:
            _straighten(slots, layers, chain, above, below)
    edge = min(slot.x - slot.left for slot in slots)
    for slot in slots:
        slot.x = round(slot.x - edge, 1)


def _wish(slots: Sequence[Slot], slot: int, neighbours: Sequence[tuple[int, float, float]]) -> float:
    if not neighbours:
        return slots[slot].x
    total = sum(weight for _, _, weight in neighbours)
    return sum((slots[other].x + shift) * weight for other, shift, weight in neighbours) / total


def _settle(slots: Sequence[Slot], layer: Sequence[int], wishes: Sequence[float]) -> None:
    """The places nearest to the wishes (least squares) that keep order and distance.

    With each slot's least distance from the first one taken off, that is a regression by a rising sequence, and
    pooling neighbours that are out of order solves it exactly.
    """
    pools: list[tuple[float, float, int]] = []  # mean, weight, how many
    offsets: list[float] = []
    for number, slot in enumerate(layer):
        offsets.append(offsets[-1] + _distance(slots[layer[number - 1]], slots[slot]) if number else 0.0)
        mean, weight, size = wishes[number] - offsets[number], slots[slot].pull, 1
        while pools and pools[-1][0] > mean:
            other_mean, other_weight, other_size = pools.pop()
            mean = (mean * weight + other_mean * other_weight) / (weight + other_weight)
            weight, size = weight + other_weight, size + other_size
        pools.append((mean, weight, size))
    number = 0
    for mean, _, size in pools:
        for _ in range(size):
            slots[layer[number]].x = mean + offsets[number]
            number += 1


def _straighten(
    slots: Sequence[Slot],
    layers: Sequence[Sequence[int]],
    column: Sequence[int],
    above: Neighbours | None = None,
    below: Neighbours | None = None,
) -> None:
    """Bring as long stretches of a column as fit between what stands beside them to one `x`: with neighbours
    given, that of the end that pulls more if it is in reach, else of the other; else the middle of where they
    are."""
    stretch: list[int] = []
    low, high = -math.inf, math.inf
    for slot in [*column, None]:
        least, most = (
            _room(slots, layers[slots[slot].layer], slot) if slot is not None else (math.inf, -math.inf)
        )
        if stretch and max(low, least) > min(high, most):
            ends = [*(above[stretch[0]] if above else ()), *(below[stretch[-1]] if below else ())]
            ends.sort(key=lambda end: -end[2])
            middle = sum(slots[other].x for other in stretch) / len(stretch)
            wishes = [slots[other].x + shift for other, shift, _ in ends]
            x = next((wish for wish in wishes if low <= wish <= high), min(max(middle, low), high))
            for other in stretch:
                slots[other].x = x
            stretch, low, high = [], -math.inf, math.inf
        if slot is not None:
            stretch.append(slot)
            low, high = max(low, least), min(high, most)


def _room(slots: Sequence[Slot], layer: Sequence[int], slot: int) -> tuple[float, float]:
    """From where to where a slot can move before it comes too near to the next ones of its layer."""
    number = layer.index(slot)
    low, high = -math.inf, math.inf
    if number:
        left = slots[layer[number - 1]]
        low = left.x + _distance(left, slots[slot])
    if number + 1 < len(layer):
        right = slots[layer[number + 1]]
        high = right.x - _distance(slots[slot], right)
    # rounding may have left it a hair too near
    return min(low, slots[slot].x), max(high, slots[slot].x)


def _distance(left: Slot, right: Slot) -> float:
    return left.right + right.left + (LINE_GAP if left.passing or right.passing else GAP)
