"""Axes: exact clipping, unknown values that are told, scales that compare."""

from decimal import Decimal

import numpy as np
import pytest
from planted import engine_in_memory, numbers, put

from parcours.analytics.clusters.encoding import Encoding, encode, sample_points
from parcours.analytics.features import Feature
from parcours.engines.duckdb.engine import DuckDBEngine

CLIP = (Decimal(1), Decimal(99))


def _encoded(engine: DuckDBEngine, *features: Feature, clip: tuple[Decimal, Decimal] = CLIP) -> Encoding:
    return encode(engine, "people", "people", features, clip, None)


def test_no_more_than_the_percents_declared_are_clipped_and_the_bounds_are_values_that_are_there() -> None:
    engine = engine_in_memory()
    values = np.arange(1, 1001, dtype=float)
    put(
        engine,
        "people",
        contact=range(1000),
        place=range(1000),
        f0=np.random.default_rng(1).permutation(values),
    )
    (axis,) = _encoded(engine, *numbers("age"), clip=(Decimal("2.5"), Decimal(95))).axes
    assert (axis.low, axis.high) == (25.0, 950.0)
    assert ((values < 25).sum(), (values > 950).sum()) == (24, 50)


def test_an_unknown_number_counts_as_the_median_and_that_is_said() -> None:
    engine = engine_in_memory()
    put(engine, "people", contact=range(10), place=range(10), f0=[None, 1, 2, 3, 4, 5, 6, 7, 8, None])
    made = _encoded(engine, *numbers("age"))
    assert made.axes[0].unknown == 4
    assert made.notes == ("`age` is unknown for 2 of 10 contacts (20%): counted as the median, 4",)
    points = sample_points(engine, "people", made.axes)
    assert points[0, 0] == points[4, 0] == points[9, 0]


def test_what_has_a_long_tail_is_compared_on_a_logarithmic_scale_and_what_has_none_is_not() -> None:
    engine = engine_in_memory()
    chance = np.random.default_rng(2)
    put(
        engine,
        "people",
        contact=range(2000),
        place=range(2000),
        f0=np.exp(chance.normal(4, 1, 2000)),
        f1=chance.normal(40, 10, 2000),
        f2=-np.exp(chance.normal(4, 1, 2000)),
    )
    made = _encoded(engine, *numbers("money", "age", "debt"))
    assert [axis.logarithm for axis in made.axes] == [True, False, False]
    points = sample_points(engine, "people", made.axes)
    assert points.mean(axis=0) == pytest.approx([0, 0, 0], abs=1e-12)
    assert points.std(axis=0) == pytest.approx([1, 1, 1])


def test_a_text_weighs_as_much_as_a_number_whatever_the_number_of_its_values() -> None:
    engine = engine_in_memory()
    country = [f"C{min(number % 7, 4)}" for number in range(700)]
    put(engine, "people", contact=range(700), place=range(700), f0=country)
    made = _encoded(engine, Feature("f0", "country", "text"))
    assert [axis.value for axis in made.axes] == ["C4", "C0", "C1", "C2", "C3"]
    assert sample_points(engine, "people", made.axes).var(axis=0).sum() == pytest.approx(1)


def test_rare_texts_are_not_told_apart() -> None:
    engine = engine_in_memory()
    put(
        engine,
        "people",
        contact=range(500),
        place=range(500),
        f0=["FR"] * 250 + ["BE"] * 246 + ["X", "Y", "Z", None],
    )
    made = _encoded(engine, Feature("f0", "country", "text"))
    assert [axis.value for axis in made.axes] == ["FR", "BE"]
    assert made.notes == ("`country` is unknown for 1 of 500 contacts (0%): counted as none of its values",)


def test_what_is_the_same_for_everybody_or_known_of_nobody_is_left_out_and_that_is_said() -> None:
    engine = engine_in_memory()
    put(engine, "people", contact=range(9), place=range(9), f0=[5.0] * 9, f1=range(9))
    engine.connection.execute("ALTER TABLE people ADD COLUMN f2 DOUBLE")
    features = (*numbers("age", "points", "weight"),)
    made = _encoded(engine, *features)
    assert [axis.name for axis in made.axes] == ["points"]
    assert made.notes == (
        "`age` is the same for everybody: it was left out",
        "nothing is known of `weight`: it was left out",
    )
