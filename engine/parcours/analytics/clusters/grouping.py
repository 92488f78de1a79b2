"""Points ─► centres: how many groups there are, by silhouette, and where."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score

from parcours.analytics.extra import one_thread

_SEED = 0
_STARTS = 10
SEARCHED = 10_000  # points on which numbers of groups are compared
_NEAR = 0.05  # of the highest silhouette: more groups must be better by more than that
_COMPARED = 4_000  # points whose silhouettes are computed: every pair of them is looked at


@dataclass(frozen=True, slots=True)
class Grouping:
    """`centres` has a row for each group, `labels` the group of each point. `silhouettes` by number of groups: 1 for
    groups that lie far apart, 0 for none. `agreement`: how far two halves of the points, each grouped alone, agree on
    all of them: 1 when they do, 0 when only as chance would."""

    centres: np.ndarray
    labels: np.ndarray
    silhouettes: dict[int, float]
    agreement: float

    @property
    def silhouette(self) -> float:
        return self.silhouettes[len(self.centres)]


def group(points: np.ndarray, fewest: int, most: int) -> Grouping:
    """The grouping with the fewest groups whose silhouette is near the highest. There must be more distinct points than
    `fewest`. The points are in an order of chance."""
    with one_thread():
        searched = points[:SEARCHED]
        most = min(most, len(np.unique(searched, axis=0)) - 1)
        silhouettes = {count: _silhouette(searched, count) for count in range(fewest, most + 1)}
        best = max(silhouettes.values())
        count = min(count for count, found in silhouettes.items() if found >= best - _NEAR * abs(best))
        fitted = _fit(points, count)
        return Grouping(fitted.cluster_centers_, fitted.labels_, silhouettes, _agreement(points, count))


def _fit(points: np.ndarray, count: int) -> KMeans:
    return KMeans(n_clusters=count, n_init=_STARTS, random_state=_SEED, algorithm="lloyd").fit(points)


def _silhouette(points: np.ndarray, count: int) -> float:
    labels = _fit(points, count).labels_[:_COMPARED]
    found = len(np.unique(labels))
    if not 2 <= found < len(labels):
        return -1.0
    return round(float(silhouette_score(points[:_COMPARED], labels)), 6)


def _agreement(points: np.ndarray, count: int) -> float:
    halves: Sequence[np.ndarray] = (points[::2], points[1::2])
    if any(len(np.unique(half, axis=0)) < count for half in halves):
        return 0.0
    first, second = (_fit(half, count).predict(points) for half in halves)
    return round(float(adjusted_rand_score(first, second)), 6)
