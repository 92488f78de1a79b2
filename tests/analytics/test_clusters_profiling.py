"""Profiles: averages by hand, ideal customers in their own units."""

import pytest
from planted import engine_in_memory, put

from parcours.analytics.clusters.model import Axis, Cluster, ClusterModel
from parcours.analytics.clusters.profiling import ideal, profiles
from parcours.analytics.features import Feature

AXES = (
    Axis("f0", "age", "number", 40.0, 10.0),
    Axis("f1", "country", "text", 0.5, 0.5, value="FR"),
    Axis("f1", "country", "text", 0.25, 0.5, value="BE"),
)
FEATURES = (Feature("f0", "age", "number"), Feature("f1", "country", "text"))
MODEL = ClusterModel(AXES, (Cluster("young", (-1.0, 0.8, -0.3)), Cluster("old", (1.5, -0.9, 0.4))))


def test_a_profile_sets_the_group_against_everybody() -> None:
    engine = engine_in_memory()
    put(engine, "people", contact=list("abcd"), f0=[20.0, 30.0, None, 70.0], f1=["FR", "FR", "BE", None])
    put(
        engine,
        "found",
        contact=list("abcd"),
        group=["young", "young", "young", "old"],
        distance=[1.0, 0.5, 0.0, 2.0],
    )
    young, old = profiles(engine, MODEL, FEATURES, "people", "found")
    assert (young["name"], young["contacts"], young["share"], young["distance"]) == ("young", 3, 0.75, 0.5)
    assert young["features"] == [
        {"feature": "age", "value": None, "group": 25.0, "everybody": 40.0},  # of those of whom it is known
        {"feature": "country", "value": "FR", "group": pytest.approx(2 / 3), "everybody": 0.5},
        {"feature": "country", "value": "BE", "group": pytest.approx(1 / 3), "everybody": 0.25},
    ]
    assert old["features"][0]["group"] == 70.0


def test_the_ideal_customer_stands_in_the_centre() -> None:
    assert ideal(AXES, MODEL.clusters[0].centre) == {"age": 30.0, "country": "FR"}
    # 5% FR and 45% BE: half of them are from elsewhere
    assert ideal(AXES, MODEL.clusters[1].centre) == {"age": 55.0, "country": None}
