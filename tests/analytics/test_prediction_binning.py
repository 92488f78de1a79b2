"""Bins: about equally many rows in each, equal values together, in SQL as in Python."""

import numpy as np
from planted import engine_in_memory, numbers, put
from sqlglot import exp

from parcours.analytics.features import Feature
from parcours.analytics.prediction.binning import find_bins, numbered
from parcours.compiler.expressions import column, table

EVERYBODY = exp.select(exp.Star()).from_(table("people"))


def test_bins_have_about_equally_many_rows_and_the_unknown_one_of_their_own() -> None:
    engine = engine_in_memory()
    values = np.random.default_rng(0).normal(size=1000).tolist()
    values[:100] = [None] * 100
    put(engine, "people", contact=range(1000), f0=values)
    (bins,) = find_bins(engine, EVERYBODY, numbers("age"), 1000)
    assert len(bins.edges) == 19
    found = engine.run_tree(exp.select(column("f0"), numbered(bins)).from_(table("people")))
    assert all(number == bins.place(value) for value, number in found)
    counts = np.bincount([number for _, number in found])
    assert counts[0] == 100
    assert counts[1:].min() >= 44 and counts[1:].max() <= 46


def test_equal_values_are_never_torn_apart() -> None:
    engine = engine_in_memory()
    put(engine, "people", contact=range(1000), f0=[0.0] * 970 + [float(x) for x in range(1, 31)])
    (bins,) = find_bins(engine, EVERYBODY, numbers("orders"), 1000)
    assert bins.edges == (0.0,)


def test_few_rows_have_few_bins_and_a_constant_has_none() -> None:
    engine = engine_in_memory()
    put(engine, "people", contact=range(150), f0=range(150), f1=[7.0] * 150)
    age, constant = find_bins(engine, EVERYBODY, numbers("age", "constant"), 150)
    assert len(age.edges) == 2
    assert constant.edges == ()


def test_texts_that_are_rare_share_a_bin() -> None:
    engine = engine_in_memory()
    country = ["FR"] * 600 + ["BE"] * 300 + [f"X{n}" for n in range(100)]
    put(engine, "people", contact=range(1000), f0=country)
    (bins,) = find_bins(engine, EVERYBODY, [Feature("f0", "country", "text")], 1000)
    assert bins.values == ("FR", "BE")
