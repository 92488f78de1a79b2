"""Points: the optimum that another library finds, smooth where rows are few, calibrated."""

import numpy as np
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from parcours.analytics.prediction.fitting import calibrate, fit, log_loss
from parcours.analytics.prediction.scorecard import Bins


def _rows(count: int, seed: int) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """Of a text with 5 values and one with 3: the bins, what happened, and how probable it was."""
    chance = np.random.default_rng(seed)
    codes = [chance.integers(1, size, count).astype(np.uint8) for size in (6, 4)]
    log_odds = -1 + np.linspace(-1, 1, 7)[codes[0]] + np.array([0, 0.8, 0, -0.8, 0])[codes[1]]
    return codes, chance.random(count) < expit(log_odds), log_odds


TEXTS = (
    Bins("f0", "a", "text", values=tuple("abcde")),
    Bins("f1", "b", "text", values=tuple("abc")),
)


def test_points_of_texts_are_those_of_scikit_learn() -> None:
    codes, outcomes, _ = _rows(800, 1)
    found = fit(codes, TEXTS, outcomes, codes, outcomes).log_odds(codes)
    columns = [code[:, None] == np.arange(len(one)) for code, one in zip(codes, TEXTS, strict=True)]
    other = LogisticRegression(C=1.0, tol=1e-10, max_iter=5000).fit(np.hstack(columns), outcomes)
    assert found == pytest.approx(other.decision_function(np.hstack(columns)), abs=1e-5)


def test_a_number_with_few_rows_has_smooth_points() -> None:
    chance = np.random.default_rng(2)
    bins = (Bins("f0", "x", "number", tuple(float(n) for n in range(19))),)
    codes = [chance.integers(1, 21, 600).astype(np.uint8)]
    outcomes = chance.random(600) < expit((codes[0] - 10.5) / 6)
    later = [chance.integers(1, 21, 5000).astype(np.uint8)]
    truth = (later[0] - 10.5) / 6
    later_outcomes = chance.random(5000) < expit(truth)
    found = fit(codes, bins, outcomes, later, later_outcomes)
    best = roc_auc_score(later_outcomes, truth)
    assert roc_auc_score(later_outcomes, found.log_odds(later)) > best - 0.01


def test_the_points_of_a_feature_are_around_zero_and_those_of_an_empty_bin_are_zero() -> None:
    codes, outcomes, _ = _rows(500, 3)
    found = fit(codes, TEXTS, outcomes, codes, outcomes)
    for points, code in zip(found.points, codes, strict=True):
        assert points[code].mean() == pytest.approx(0, abs=1e-12)
        assert points[0] == 0


def test_calibration_finds_how_log_odds_were_bent() -> None:
    _, outcomes, log_odds = _rows(40_000, 4)
    shift, slope = calibrate((log_odds - 0.5) * 2, outcomes)
    assert (shift, slope) == pytest.approx((0.5, 0.5), abs=0.05)


def test_calibration_is_finite_where_everything_is_foretold() -> None:
    outcomes = np.array([False] * 50 + [True] * 50)
    shift, slope = calibrate(np.where(outcomes, 5.0, -5.0), outcomes)
    probabilities = expit(shift + slope * np.where(outcomes, 5.0, -5.0))
    assert probabilities[0] == pytest.approx(1 / 52, abs=1e-6)
    assert probabilities[-1] == pytest.approx(51 / 52, abs=1e-6)


def test_the_loss_of_a_coin_is_the_logarithm_of_two() -> None:
    assert log_loss(np.zeros(4), np.array([True, False, True, False])) == pytest.approx(np.log(2))


def test_the_same_rows_give_the_same_bits() -> None:
    codes, outcomes, _ = _rows(700, 5)
    first, second = (fit(codes, TEXTS, outcomes, codes, outcomes) for _ in range(2))
    assert [p.tobytes() for p in first.points] == [p.tobytes() for p in second.points]
