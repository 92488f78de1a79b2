"""A scorecard says the same in SQL and in Python, and after a way through JSON."""

import json
from math import exp

import numpy as np
import pytest
from planted import engine_in_memory, put
from sqlglot import exp as tree

from parcours.analytics.prediction.scorecard import Bins, Card, Scorecard
from parcours.compiler.expressions import column, table

AGE = Bins("f0", "age", "number", (20.0, 1 / 3 + 40, 70.0))
CITY = Bins("f1", "city", "text", values=("Paris", 'it\'s "odd"'))
VIP = Bins("f2", "vip", "yes_no", (0.0,))
CARD = Scorecard(
    -1.7,
    (
        Card(AGE, (0.1, -0.5, 1 / 3, 1e-17, 2.0)),
        Card(CITY, (0.0, 0.7, -0.7, 0.123456789012345678)),
        Card(VIP, (0.3, -1e-300, 0.9)),
    ),
    0.01,
    0.97,
)


def test_what_is_in_a_bin_and_how_it_is_called() -> None:
    assert [AGE.place(value) for value in (None, 20.0, 20.1, 41.0, 70.0, 1e9)] == [0, 1, 2, 3, 3, 4]
    assert AGE.words() == ("unknown", "up to 20", "20 to 40.3333", "40.3333 to 70", "above 70")
    assert [CITY.place(value) for value in (None, "Paris", "Rome")] == [0, 1, 3]
    assert CITY.words() == ("unknown", "Paris", 'it\'s "odd"', "other")
    assert VIP.words() == ("unknown", "no", "yes")


def test_sql_and_python_agree_on_everybody() -> None:
    engine, chance = engine_in_memory(), np.random.default_rng(4)
    age = [None if n % 7 == 0 else float(x) for n, x in enumerate(chance.normal(45, 25, 800))]
    age[:3] = [20.0, 1 / 3 + 40, 70.0]
    city = [("Paris", 'it\'s "odd"', "Rome", None)[n] for n in chance.integers(0, 4, 800)]
    vip = [(0.0, 1.0, None)[n] for n in chance.integers(0, 3, 800)]
    put(engine, "people", contact=range(800), f0=age, f1=city, f2=vip)
    query = tree.select(column("f0"), column("f1"), column("f2"), CARD.probability()).from_(table("people"))
    for f0, f1, f2, in_sql in engine.run_tree(query):
        assert in_sql == pytest.approx(CARD.probability_of({"f0": f0, "f1": f1, "f2": f2}), abs=1e-15)
        # and by hand
        points = -1.7 + CARD.cards[0].points[AGE.place(f0)]
        points += CARD.cards[1].points[CITY.place(f1)] + CARD.cards[2].points[VIP.place(f2)]
        assert in_sql == pytest.approx(1 / (1 + exp(-(0.01 + 0.97 * points))), abs=1e-12)


def test_a_scorecard_comes_back_from_json_as_it_was() -> None:
    assert Scorecard.of_data(json.loads(json.dumps(CARD.as_data()))) == CARD
