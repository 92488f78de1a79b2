"""What a score goes by: the feature that tells, and the one that knows too much."""

import numpy as np
import pytest

from parcours.analytics.prediction.fitting import fit
from parcours.analytics.prediction.importance import TOO_GOOD, importance, rates_of
from parcours.analytics.prediction.judging import auc
from parcours.analytics.prediction.scorecard import Bins


def test_the_telling_feature_comes_first_and_what_says_nothing_last() -> None:
    chance = np.random.default_rng(1)
    codes = [chance.integers(1, 4, 3000).astype(np.uint8) for _ in range(2)]
    outcomes = chance.random(3000) < np.array([0, 0.1, 0.3, 0.6])[codes[0]]
    bins = [Bins(f"f{n}", name, "text", values=tuple("ab")) for n, name in enumerate(("tells", "noise"))]
    fitted = fit(codes, bins, outcomes, codes, outcomes)
    alone = [rates_of(code, outcomes, len(one)) for code, one in zip(codes, bins, strict=True)]
    first, last = importance(bins, fitted, codes, outcomes, alone)
    assert (first["feature"], last["feature"]) == ("tells", "noise")
    assert first["drop"] > 0.15 > abs(last["drop"]) * 10
    assert first["alone"] == pytest.approx(auc(outcomes, codes[0].astype(float)))
    assert max(first["alone"], last["alone"]) < TOO_GOOD


def test_rates_of_bins_with_few_rows_lean_on_the_average() -> None:
    rates = rates_of(np.array([1, 1, 1, 2]), np.array([True, True, False, True]), 4)
    assert rates == pytest.approx([0.75, 2.75 / 4, 1.75 / 2, 0.75])
