"""What a score goes by: how much each feature adds to the ranking, and which ones know too much."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from parcours.analytics.prediction.fitting import Fit
from parcours.analytics.prediction.judging import auc
from parcours.analytics.prediction.scorecard import Bins

TOO_GOOD = 0.95
"""A feature that ranks so well alone is seldom honest: it is often written down because of what it foretells."""


def importance(
    bins: Sequence[Bins],
    fitted: Fit,
    codes: Sequence[np.ndarray],
    outcomes: np.ndarray,
    alone: Sequence[np.ndarray],
) -> list[dict[str, Any]]:
    """A row for each feature, the most important first: `drop` in AUC when it counts the same for everybody, `alone` (the
    AUC with nothing else) and `spread` (the deviation of its points). The rows are those of the later time; `alone` has the
    rates of the bins, of the time that was learned from."""
    log_odds = fitted.log_odds(codes)
    whole = auc(outcomes, log_odds)
    found = [
        {
            "feature": one.name,
            "drop": whole - auc(outcomes, log_odds - points[code]),
            "alone": auc(outcomes, rates[code]),
            "spread": float(points[code].std()),
        }
        for one, points, code, rates in zip(bins, fitted.points, codes, alone, strict=True)
    ]
    return sorted(found, key=lambda row: (-row["drop"], -row["spread"], row["feature"]))


def rates_of(code: np.ndarray, outcomes: np.ndarray, size: int) -> np.ndarray:
    """How often it happened in each bin of a feature, with one row more of the average each, for bins with few rows."""
    rows = np.bincount(code, minlength=size)
    rates: np.ndarray = (np.bincount(code, outcomes, minlength=size) + outcomes.mean()) / (rows + 1)
    return rates
