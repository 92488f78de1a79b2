"""How good probabilities are, by what happened: ranking, calibration, lift."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri

CONFIDENCE = 0.99
_PARTS = 10


@dataclass(frozen=True, slots=True)
class Ranking:
    """The area under the ROC curve, how often somebody to whom it happened was ranked above somebody to whom it did not,
    with an interval that holds the true one with `CONFIDENCE`."""

    auc: float
    low: float
    high: float


def auc(outcomes: np.ndarray, scores: np.ndarray) -> float:
    """Equal scores count half. 0.5 where it happened always or never."""
    happened = int(outcomes.sum())
    others = len(outcomes) - happened
    if not happened or not others:
        return 0.5
    ranks = _ranks(scores)
    return float((ranks[outcomes].sum() - happened * (happened + 1) / 2) / (happened * others))


def _ranks(scores: np.ndarray) -> np.ndarray:
    """Places in a row from the lowest, counted from 1; those who tie share the middle of theirs."""
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks: np.ndarray = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return ranks


def ranking(outcomes: np.ndarray, scores: np.ndarray, contacts: np.ndarray) -> Ranking:
    """The same contact may stand in several rows, which then say less than as many contacts would (DeLong's variance, with
    the contacts as clusters: Obuchowski 1997). It must have happened to some, and not to others."""
    area = auc(outcomes, scores)
    yes, no = scores[outcomes], scores[~outcomes]
    # of each row the share of the other kind that is on the right side of it
    of_yes = (_ranks(scores)[outcomes] - _ranks(yes)) / len(no) - area
    of_no = 1 - (_ranks(scores)[~outcomes] - _ranks(no)) / len(yes) - area
    _, who = np.unique(contacts, return_inverse=True)
    sums = (
        np.bincount(who[outcomes], of_yes, who.max() + 1),
        np.bincount(who[~outcomes], of_no, who.max() + 1),
    )
    counts = [len(np.unique(who[side])) for side in (outcomes, ~outcomes)]
    parts = [
        (total @ total) / len(side) ** 2 * count / max(count - 1, 1)
        for total, side, count in zip(sums, (yes, no), counts, strict=True)
    ]
    both = (sums[0] @ sums[1]) / (len(yes) * len(no))
    everybody = who.max() + 1
    variance = sum(parts) + 2 * both * everybody / max(everybody - 1, 1)
    away = float(ndtri((1 + CONFIDENCE) / 2) * np.sqrt(max(variance, 0.0)))
    return Ranking(area, max(area - away, 0.0), min(area + away, 1.0))


def calibration(outcomes: np.ndarray, probabilities: np.ndarray) -> tuple[float, list[dict[str, Any]]]:
    """(the average gap between foretold and found, a row for each tenth of the rows by probability). Equal probabilities
    are in one part."""
    order = np.argsort(probabilities, kind="stable")
    sorted_probabilities = probabilities[order]
    edges = sorted_probabilities[np.arange(1, _PARTS) * len(order) // _PARTS]
    parts = np.searchsorted(np.unique(edges), probabilities, side="left")
    counts = np.bincount(parts)
    foretold, found = np.bincount(parts, probabilities), np.bincount(parts, outcomes)
    table = [
        {"rows": int(count), "foretold": float(sure / count), "found": float(was / count)}
        for count, sure, was in zip(counts, foretold, found, strict=True)
        if count
    ]
    gap = float(np.abs(foretold - found).sum() / len(outcomes))
    return gap, table


def lift_table(outcomes: np.ndarray, probabilities: np.ndarray) -> list[dict[str, Any]]:
    """A row for each tenth, the most probable first: `contacted` (the share down to here), `rate` of the tenth, `lift`
    (against everybody), `reached` (the share of all to whom it happened down to here) and `gain` (that against the
    share contacted). Where a boundary falls among equal probabilities, those are shared out evenly."""
    values, places = np.unique(-probabilities, return_inverse=True)
    counts = np.concatenate([[0], np.cumsum(np.bincount(places, minlength=len(values)))])
    happened = np.concatenate([[0], np.cumsum(np.bincount(places, outcomes, minlength=len(values)))])
    total, everybody = happened[-1], len(outcomes)
    shares = np.arange(_PARTS + 1) / _PARTS
    reached = np.interp(shares * everybody, counts, happened)
    rates = np.diff(reached) / (everybody / _PARTS)
    return [
        {
            "contacted": float(share),
            "rate": float(rate),
            "lift": float(rate * everybody / total),
            "reached": float(so_far / total),
            "gain": float(so_far / total / share),
        }
        for share, rate, so_far in zip(shares[1:], rates, reached[1:], strict=True)
    ]
