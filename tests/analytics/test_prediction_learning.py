"""Scores learned: the planted truth is recovered, chance is refused, what is missing is said."""

from typing import Any

import numpy as np
import pytest
from planted import engine_in_memory, numbers, put
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from parcours.analytics.prediction.learning import Learned, learn_scorecard
from parcours.diagnostics import Place, Problem

FEATURES = numbers("a", "b", "noise")


def _rows(count: int, seed: int = 0) -> tuple[dict[str, Any], np.ndarray]:
    """So many snapshots over 8 dates, and the true log-odds."""
    chance = np.random.default_rng(seed)
    values = chance.normal(size=(count, 3))
    truth = -1.5 + values[:, 0] - 0.7 * values[:, 1]
    date = np.arange(count) * 8 // count
    rows = {
        "contact": [f"c{number % (count // 8)}" for number in range(count)],
        "date": date,
        "part": np.where(date < 4, 0, np.where(date < 6, 1, 2)),
        "outcome": chance.random(count) < expit(truth),
        **{f"f{place}": values[:, place] for place in range(3)},
    }
    return rows, truth


def _learned(rows: dict[str, Any]) -> Learned:
    engine = engine_in_memory()
    put(engine, "people", **rows)
    return learn_scorecard(engine, "people", FEATURES, "churn", Place(""))


def test_the_planted_truth_is_recovered() -> None:
    rows, truth = _rows(8000)
    report = _learned(rows).report
    check = rows["part"] == 2
    best = roc_auc_score(rows["outcome"][check], truth[check])
    assert report["auc"] > best - 0.01
    assert report["auc_low"] < best < report["auc_high"]
    assert report["calibration_error"] < 0.03
    assert [row["feature"] for row in report["importance"]] == ["a", "b", "noise"]
    assert report["rows"] == {"fit": 4000, "calibrate": 2000, "check": 2000}
    assert report["doubts"] == report["notes"] == []


def test_the_report_is_that_of_the_scorecard_on_the_later_time() -> None:
    rows, _ = _rows(2400, seed=1)
    learned = _learned(rows)
    check = np.flatnonzero(rows["part"] == 2)
    by_hand = [
        learned.scorecard.probability_of({f"f{place}": rows[f"f{place}"][number] for place in range(3)})
        for number in check
    ]
    assert learned.report["auc"] == pytest.approx(roc_auc_score(rows["outcome"][check], by_hand), abs=1e-12)
    assert sorted(learned.probabilities) == pytest.approx(sorted(by_hand), abs=1e-12)


def test_shuffled_outcomes_are_refused() -> None:
    rows, _ = _rows(2400)
    shuffled = np.random.default_rng(7).permutation(rows["outcome"])
    with pytest.raises(
        Problem, match="it is no better than chance: on 600 snapshots of a later time its AUC is 0"
    ):
        _learned({**rows, "outcome": shuffled})


def test_the_same_rows_in_another_order_give_the_same_bits() -> None:
    rows, _ = _rows(1600)
    order = np.random.default_rng(3).permutation(1600)
    shuffled = {name: np.asarray(values)[order] for name, values in rows.items()}
    assert _learned(rows).scorecard == _learned(shuffled).scorecard


def test_a_feature_that_knows_the_outcome_is_told() -> None:
    rows, _ = _rows(2400)
    leaking = {**rows, "f2": rows["outcome"] + np.random.default_rng(1).normal(0, 0.1, 2400)}
    (note,) = _learned(leaking).report["doubts"]
    assert note.startswith("`noise` alone foretells it nearly always (AUC 1.00)")


def test_what_is_the_same_for_everybody_is_left_out() -> None:
    rows, _ = _rows(2400)
    report = _learned({**rows, "f2": np.full(2400, 3.0)}).report
    assert report["notes"] == ["`noise` is the same for everybody: it was left out"]
    assert [row["feature"] for row in report["importance"]] == ["a", "b"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"outcome": np.zeros(800, dtype=bool)},
            "what it predicts happened never in 400 snapshots to learn from",
        ),
        (
            {"outcome": np.ones(800, dtype=bool)},
            "what it predicts happened always in 400 snapshots to learn from",
        ),
        (
            {"outcome": np.arange(800) == 5},
            "what it predicts happened only once in 400 snapshots to learn from",
        ),
        ({"part": np.zeros(800, dtype=int)}, "there is no contact to calibrate on"),
        ({f"f{place}": np.full(800, 1.0) for place in range(3)}, "nothing tells contacts apart"),
    ],
)
def test_what_is_missing_is_said(changed: dict[str, Any], said: str) -> None:
    rows, _ = _rows(800)
    with pytest.raises(Problem) as raised:
        _learned({**rows, **changed})
    assert said in raised.value.diagnostics[0].message
