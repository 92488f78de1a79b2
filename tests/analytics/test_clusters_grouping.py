"""How many groups there are: those that were planted, and none to speak of in a cloud."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score, silhouette_score

from parcours.analytics.clusters.grouping import group


def _planted(count: int, contacts: int = 900) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(count)
    kinds = chance.integers(0, count, contacts)
    centres = 4 * np.column_stack([np.cos(np.arange(count)), np.sin(np.arange(count) * 2), np.arange(count)])
    return centres[kinds] + chance.normal(0, 0.5, (contacts, 3)), kinds


@pytest.mark.parametrize("count", [2, 3, 5])
def test_as_many_groups_are_found_as_were_planted(count: int) -> None:
    points, kinds = _planted(count)
    found = group(points, 2, 6)
    assert len(found.centres) == count
    assert adjusted_rand_score(kinds, found.labels) > 0.99
    assert found.agreement > 0.99
    # an independent reckoning of the silhouette
    assert found.silhouette == pytest.approx(silhouette_score(points, found.labels), abs=0.01)


def test_in_a_cloud_there_is_no_clear_group() -> None:
    points = np.random.default_rng(0).normal(size=(900, 4))
    assert group(points, 2, 6).silhouette < 0.25


def test_never_more_groups_than_there_are_different_points() -> None:
    points = np.array([[0.0, 0.0], [5.0, 0.0], [0.0, 5.0], [9.0, 9.0]] * 10)
    assert set(group(points, 2, 8).silhouettes) == {2, 3}


def test_the_same_points_give_the_same_bits() -> None:
    points, _ = _planted(3)
    assert group(points, 2, 5).centres.tobytes() == group(points, 2, 5).centres.tobytes()
