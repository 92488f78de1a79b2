"""Clusters as data: nothing is lost on the way through JSON, and a value comes back from its place."""

import json

import pytest

from parcours.analytics.clusters.model import Axis, Cluster, ClusterModel

AGE = Axis("f0", "age", "number", 45.1, 12.3, 45.0, 18.0, 80.0)
MONEY = Axis("f1", "value.monetary", "number", 5.2, 1.1, 150.0, 3.0, 9000.0, logarithm=True)
FRENCH = Axis("f2", "country", "text", 0.4, 0.7, value="FR")


def test_a_model_comes_back_from_json_as_it_was() -> None:
    model = ClusterModel((AGE, MONEY, FRENCH), (Cluster("high_age", (0.1 + 0.2, -1 / 3, 1e-17)),))
    assert ClusterModel.of_data(json.loads(json.dumps(model.as_data()))) == model


@pytest.mark.parametrize("axis", [AGE, MONEY])
def test_a_value_comes_back_from_its_place(axis: Axis) -> None:
    for value in (3.0, 77.5, 8000.0):
        assert axis.original(axis.coordinate(value)) == pytest.approx(value, rel=1e-12)
