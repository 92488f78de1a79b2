"""Every contact in SQL: the nearest centre and how far it is, against numpy."""

import numpy as np
import pytest
from planted import engine_in_memory, put, rows
from sqlglot import exp

from parcours.analytics.clusters.assigning import assigned
from parcours.analytics.clusters.model import Axis, Cluster, ClusterModel
from parcours.compiler.expressions import column

AXES = (
    Axis("f0", "age", "number", 45.3, 12.1, 45.0, 20.0, 70.0),
    Axis("f1", "money", "number", 4.4, 0.9, 80.0, 1.0, 5000.0, logarithm=True),
    Axis("f2", "country", "text", 0.4, 0.7, value='it\'s "FR"'),
)
MODEL = ClusterModel(
    AXES,
    (Cluster("a", (0.3, -1.0, 0.1)), Cluster("b", (-1.1, 1.0 / 3, 0.5)), Cluster("c", (1.5, 2.0, -0.5))),
)


def test_group_and_distance_are_those_of_numpy() -> None:
    engine, chance = engine_in_memory(), np.random.default_rng(3)
    age = [None if number % 9 == 0 else float(x) for number, x in enumerate(chance.normal(45, 20, 500))]
    money = np.exp(chance.normal(4, 2, 500))
    country = ['it\'s "FR"' if x < 0.4 else None if x < 0.5 else "BE" for x in chance.random(500)]
    put(engine, "people", contact=range(500), f0=age, f1=money, f2=country)
    points = np.column_stack(
        [
            (np.clip([45.0 if x is None else x for x in age], 20, 70) - 45.3) / 12.1,
            (np.log1p(np.clip(money, 1, 5000)) - 4.4) / 0.9,
            (np.array([value == 'it\'s "FR"' for value in country]) - 0.4) / 0.7,
        ]
    )
    centres = np.array([one.centre for one in MODEL.clusters])
    distances = np.sqrt(((points[:, None] - centres[None]) ** 2).sum(axis=2))
    found = engine.run_tree(assigned(MODEL, "people").order_by(column("contact")))
    assert [name for _, name, _ in found] == ["abc"[place] for place in distances.argmin(axis=1)]
    assert [distance for *_, distance in found] == pytest.approx(distances.min(axis=1), abs=1e-12)


def test_between_two_equally_near_centres_it_is_the_first() -> None:
    engine = engine_in_memory()
    put(engine, "people", contact=["x"], f0=[0.0])
    axis = Axis("f0", "x", "number", 0.0, 1.0)
    twins = ClusterModel((axis,), (Cluster("left", (-1.0,)), Cluster("right", (1.0,))))
    assert engine.run_tree(assigned(twins, "people")) == [("x", "left", 1.0)]
    assert isinstance(assigned(twins, "people"), exp.Select)
    assert rows(engine, "SELECT count(*) FROM people") == [(1,)]
