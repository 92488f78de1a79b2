"""From one run to the next a group keeps its name: the old centres are looked for in the new space."""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from parcours.analytics.clusters.model import Axis, ClusterModel


def kept_names(before: ClusterModel, axes: Sequence[Axis], centres: np.ndarray) -> tuple[str | None, ...]:
    """For each new centre the name of the old group that it continues, None for a new one. Pairs are those with the least
    sum of squared distances; one is none when the new centre is nearer to another old one, whose name went elsewhere."""
    old = np.array([_carried(before, cluster.centre, axes) for cluster in before.clusters])
    distances = ((old[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    found: list[str | None] = [None] * len(centres)
    for row, place in zip(*linear_sum_assignment(distances), strict=True):
        if distances[row, place] <= distances[:, place].min():
            found[place] = before.clusters[row].name
    return tuple(found)


def _carried(before: ClusterModel, centre: Sequence[float], axes: Sequence[Axis]) -> list[float]:
    """An old centre in the new space. Where the old space had no such axis, it counts as everybody."""
    places: Mapping[tuple[str, str | None], int] = {
        (axis.name, axis.value): place for place, axis in enumerate(before.axes)
    }
    found = []
    for axis in axes:
        place = places.get((axis.name, axis.value))
        found.append(0.0 if place is None else axis.coordinate(before.axes[place].original(centre[place])))
    return found
