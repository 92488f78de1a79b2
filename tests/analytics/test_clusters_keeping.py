"""From run to run a group keeps its name, and a new one gets none that was another's."""

from dataclasses import replace

import numpy as np
import pytest

from parcours.analytics.clusters.keeping import kept_names
from parcours.analytics.clusters.model import Axis, Cluster, ClusterModel

AXES = (Axis("f0", "age", "number", 40, 10), Axis("f1", "money", "number", 5, 1, logarithm=True))
BEFORE = ClusterModel(
    AXES, (Cluster("best", (0.0, 3.0)), Cluster("gone", (0.0, -3.0)), Cluster("young", (-3.0, 0.0)))
)


def test_groups_that_moved_a_little_keep_their_names_in_any_order() -> None:
    centres = np.array([[-2.8, 0.3], [0.2, 2.7], [0.1, -3.2]])
    assert kept_names(BEFORE, AXES, centres) == ("young", "best", "gone")


def test_of_two_halves_of_a_group_one_keeps_its_name_and_the_other_takes_nobodys() -> None:
    centres = np.array([[0.5, 3.0], [-0.6, 3.1], [0.0, -3.0]])
    assert kept_names(BEFORE, AXES, centres) == ("best", None, "gone")


def test_the_scale_may_have_changed_meanwhile() -> None:
    now = (replace(AXES[0], mean=60.0, deviation=20.0), AXES[1])
    # an age of 40 lies at -1 now, and one of 10 at -2.5
    centres = np.array([[-1.0, 3.0], [-2.5, 0.0]])
    assert kept_names(BEFORE, now, centres) == ("best", "young")
    assert now[0].coordinate(40) == pytest.approx(-1)


def test_an_axis_that_was_not_there_before_tells_nobody_apart() -> None:
    now = (*AXES, Axis("f2", "country", "text", 0.5, 0.5, value="FR"))
    centres = np.array([[0.0, -3.0, 0.4], [0.0, 3.0, -0.4]])
    assert kept_names(BEFORE, now, centres) == ("gone", "best")
