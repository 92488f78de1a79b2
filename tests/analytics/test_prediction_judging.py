"""How good probabilities are: against another library, a bootstrap, and by hand."""

import numpy as np
import pytest
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from parcours.analytics.prediction.judging import auc, calibration, lift_table, ranking


def _rows(count: int, seed: int, strength: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    scores = np.round(chance.normal(size=count), 1)  # with ties
    return chance.random(count) < expit(strength * scores - 1), scores


def test_the_area_is_that_of_scikit_learn() -> None:
    outcomes, scores = _rows(500, 1)
    assert auc(outcomes, scores) == pytest.approx(roc_auc_score(outcomes, scores), abs=1e-12)
    assert auc(np.array([True, True]), np.array([1.0, 2.0])) == 0.5


def test_the_interval_is_as_wide_as_drawing_the_contacts_anew_says() -> None:
    outcomes, scores = _rows(400, 2)
    # every contact three times: as good as 400 rows, and not as 1,200
    contacts = np.tile(np.arange(400), 3)
    found = ranking(np.tile(outcomes, 3), np.tile(scores, 3), contacts)
    once = ranking(outcomes, scores, np.arange(400))
    assert found.high - found.low == pytest.approx(once.high - once.low, rel=0.01)
    chance = np.random.default_rng(3)
    drawn = [chance.integers(0, 400, 400) for _ in range(400)]
    spread = np.std([auc(outcomes[one], scores[one]) for one in drawn])
    assert (once.high - once.low) / (2 * 2.576) == pytest.approx(spread, rel=0.15)


def test_scores_of_chance_are_seldom_found_better_than_chance() -> None:
    found = 0
    for seed in range(200):
        outcomes, scores = _rows(200, seed, strength=0.0)
        found += ranking(outcomes, scores, np.arange(200)).low > 0.5
    assert found <= 5


def test_calibration_by_hand() -> None:
    probabilities = np.repeat([0.1, 0.3], [10, 10])
    outcomes = np.array([True] + [False] * 9 + [True] * 5 + [False] * 5)
    gap, table = calibration(outcomes, probabilities)
    assert gap == pytest.approx(0.1)  # half of them are off by 0.2
    assert table == [
        {"rows": 10, "foretold": pytest.approx(0.1), "found": pytest.approx(0.1)},
        {"rows": 10, "foretold": pytest.approx(0.3), "found": pytest.approx(0.5)},
    ]


def test_lift_by_hand() -> None:
    probabilities = np.arange(20)[::-1] / 20
    outcomes = np.array([True, True, False, True] + [False] * 15 + [True])
    table = lift_table(outcomes, probabilities)
    assert [row["rate"] for row in table[:3]] == pytest.approx([1.0, 0.5, 0.0])
    assert [row["lift"] for row in table[:2]] == pytest.approx([5.0, 2.5])
    assert [row["reached"] for row in table[:2]] == pytest.approx([0.5, 0.75])
    assert table[1]["gain"] == pytest.approx(3.75)
    assert table[-1] == {
        "contacted": 1.0,
        "rate": pytest.approx(0.5),
        "lift": pytest.approx(2.5),
        "reached": pytest.approx(1.0),
        "gain": pytest.approx(1.0),
    }


def test_equal_probabilities_share_what_happened_evenly() -> None:
    table = lift_table(np.array([True] * 5 + [False] * 15), np.full(20, 0.25))
    assert [row["lift"] for row in table] == pytest.approx([1.0] * 10)
