"""The order within the layers of a drawing: few crossings, and otherwise as the steps were written."""

from bisect import bisect_right, insort
from collections.abc import Sequence
from itertools import pairwise

from parcours.graph.drawing.placing import Link, Slot

SWEEPS = 8


def ordered_layers(slots: Sequence[Slot], links: Sequence[Link]) -> list[list[int]]:
    """The slots of each layer from left to right. Starts as a walk from the first step meets them (so `yes`
    stands left of `no` where nothing speaks against it), then takes barycentres down and up; the order with
    the fewest crossings wins, the earliest of equals."""
    below: list[list[int]] = [[] for _ in slots]
    above: list[list[int]] = [[] for _ in slots]
    for link in links:
        below[link.upper].append(link.lower)
        above[link.lower].append(link.upper)
    layers = _as_walked(slots, below, above)
    best, fewest = [list(layer) for layer in layers], _crossings(layers, below)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        downwards = sweep % 2 == 0
        neighbours = above if downwards else below
        for layer in layers[1:] if downwards else reversed(layers[:-1]):
            _sort_by_barycentre(layer, layers, slots, neighbours)
        _swap_neighbours(layers, above, below)
        crossings = _crossings(layers, below)
        if crossings < fewest:
            best, fewest = [list(layer) for layer in layers], crossings
    return best


def _as_walked(slots: Sequence[Slot], below: list[list[int]], above: list[list[int]]) -> list[list[int]]:
    layers: list[list[int]] = [[] for _ in range(max(slot.layer for slot in slots) + 1)]
    seen: set[int] = set()
    roots = [number for number in range(len(slots)) if not above[number]]
    waiting = list(reversed(roots))
    while waiting:
        number = waiting.pop()
        if number in seen:
            continue
        seen.add(number)
        layers[slots[number].layer].append(number)
        waiting.extend(reversed(below[number]))
    return layers


def _sort_by_barycentre(
    layer: list[int], layers: list[list[int]], slots: Sequence[Slot], neighbours: list[list[int]]
) -> None:
    at: dict[int, float] = {}
    for number, slot in enumerate(layer):
        joined = neighbours[slot]
        if not joined:
            at[slot] = float(number)
            continue
        row = layers[slots[joined[0]].layer]
        at[slot] = sum(row.index(other) for other in joined) / len(joined)
    layer.sort(key=at.__getitem__)


def _swap_neighbours(layers: list[list[int]], above: list[list[int]], below: list[list[int]]) -> None:
    """Exchange two that stand side by side wherever that alone takes crossings away."""
    position = {slot: number for layer in layers for number, slot in enumerate(layer)}
    for layer in layers:
        for number in range(len(layer) - 1):
            left, right = layer[number], layer[number + 1]
            before = after = 0
            for sides in (above, below):
                ours = [position[other] for other in sides[left]]
                theirs = [position[other] for other in sides[right]]
                before += sum(a > b for a in ours for b in theirs)
                after += sum(a < b for a in ours for b in theirs)
            if after < before:
                layer[number], layer[number + 1] = right, left
                position[left], position[right] = number + 1, number


def _crossings(layers: list[list[int]], below: list[list[int]]) -> int:
    crossings = 0
    for layer, following in pairwise(layers):
        place = {slot: number for number, slot in enumerate(following)}
        seen: list[int] = []
        for slot in layer:
            ends = sorted(place[other] for other in below[slot])
            crossings += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return crossings
