"""Speaking to those who are probable enough, against speaking to everybody: by hand."""

from decimal import Decimal

import numpy as np
import pytest

from parcours.analytics.prediction.profit import profit
from parcours.analytics.prediction.zones import Stake


def test_what_a_thousand_contacts_bring() -> None:
    outcomes = np.array([True, False, True, False])
    made = profit(Stake(Decimal(2), Decimal(8), "why"), outcomes, np.array([0.9, 0.25, 0.2, 0.1]))
    assert made["break_even"] == 0.25
    assert made["chosen_share"] == 0.5
    assert made["everybody"] == pytest.approx((2 * 8 - 4 * 2) * 250)
    assert made["chosen"] == pytest.approx((8 - 2 * 2) * 250)
