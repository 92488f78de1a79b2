"""What it would have brought to speak to those who are probable enough, against speaking to everybody."""

from typing import Any

import numpy as np

from parcours.analytics.prediction.zones import Stake


def profit(stake: Stake, outcomes: np.ndarray, probabilities: np.ndarray) -> dict[str, Any]:
    """On the rows of the later time, for 1,000 contacts each: `everybody`, and `chosen` (those from break even). As if it
    happened because of the message: how much of it does, only an experiment says."""
    chosen = probabilities >= stake.break_even
    worth, cost = float(stake.worth), float(stake.cost)
    return {
        "cost": cost,
        "worth": worth,
        "break_even": stake.break_even,
        "words": stake.words,
        "chosen_share": float(chosen.mean()),
        "everybody": 1000 * float(worth * outcomes.mean() - cost),
        "chosen": 1000 * float((worth * outcomes[chosen] - cost).sum()) / len(outcomes),
    }
