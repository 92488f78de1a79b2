"""Bins and outcomes ─► points: a ridge logistic regression over the bins, and its calibration on later rows.

Points are kept small, and those of neighbouring bins of a number near each other: what few rows say of one bin alone is
mostly chance. One thread and rows in one order: the same rows give the same bits."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.linalg import solve
from scipy.special import expit

from parcours.analytics.prediction.scorecard import Bins

_RIDGE = 1.0  # on the square of points
_STEEPNESS = (1.0, 4.0, 16.0, 64.0)  # on the squares of steps, for a number that has `_NEIGHBOURS` of them
_NEIGHBOURS = 20
_MANY_ROWS = 100_000  # from here on it makes no difference: the lightest one is taken
_STEPS = 50
_CLOSE = 1e-12  # how much less a row's loss could be, when there are no more steps


@dataclass(frozen=True, slots=True)
class Fit:
    """`points` of each feature by bin, with an average of 0 over the rows; they add up with the intercept to log-odds."""

    intercept: float
    points: tuple[np.ndarray, ...]

    def log_odds(self, codes: Sequence[np.ndarray]) -> np.ndarray:
        """Of rows, given the number of each one's bin feature by feature."""
        total = np.full(len(codes[0]), self.intercept)
        for points, code in zip(self.points, codes, strict=True):
            total += points[code]
        return total


def fit(
    codes: Sequence[np.ndarray],
    bins: Sequence[Bins],
    outcomes: np.ndarray,
    later_codes: Sequence[np.ndarray],
    later_outcomes: np.ndarray,
) -> Fit:
    """Of several penalties on steep points that is taken which foretells the later rows best."""
    penalties = _STEEPNESS[:1] if len(outcomes) >= _MANY_ROWS else _STEEPNESS
    fits = [_fit(codes, bins, outcomes, penalty) for penalty in penalties]
    return min(fits, key=lambda made: _loss_after_calibration(made.log_odds(later_codes), later_outcomes))


def calibrate(log_odds: np.ndarray, outcomes: np.ndarray) -> tuple[float, float]:
    """(shift, slope) with which the log-odds fit what happened (Platt 1999, by Newton's method). His targets, a little
    off 0 and 1, keep it finite where everything is foretold."""
    happened = outcomes.sum()
    targets = np.where(outcomes, (happened + 1) / (happened + 2), 1 / (len(outcomes) - happened + 2))
    terms = np.column_stack([np.ones(len(log_odds)), log_odds])
    found = np.array([0.0, 1.0])
    for _ in range(_STEPS):
        probabilities = expit(terms @ found)
        gradient = terms.T @ (probabilities - targets)
        weights = probabilities * (1 - probabilities)
        curvature = (terms * weights[:, None]).T @ terms + 1e-9 * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        # no step is longer than 2, as it would be where the curve is flat
        found = found - step / max(1.0, float(np.abs(step).max()) / 2)
        if np.abs(step).max() < 1e-12:
            break
    return float(found[0]), float(found[1])


def log_loss(log_odds: np.ndarray, outcomes: np.ndarray) -> float:
    """The average surprise at what happened, in nats."""
    return float(np.mean(np.logaddexp(0.0, log_odds) - outcomes * log_odds))


def _loss_after_calibration(log_odds: np.ndarray, outcomes: np.ndarray) -> float:
    shift, slope = calibrate(log_odds, outcomes)
    return log_loss(shift + slope * log_odds, outcomes)


def _fit(codes: Sequence[np.ndarray], bins: Sequence[Bins], outcomes: np.ndarray, steepness: float) -> Fit:
    """By Newton's method; a step that makes it worse is halved."""
    bounds = np.cumsum([1, *(len(one) for one in bins)])
    target = outcomes.astype(np.float64)
    penalty = _penalty(bins, steepness)
    values = np.zeros(bounds[-1])
    values[0] = np.log(target.mean() / (1 - target.mean()))
    log_odds = _log_odds(values, bounds, codes)
    loss = _loss(log_odds, target) + values @ penalty @ values / 2
    for _ in range(_STEPS):
        probabilities = expit(log_odds)
        gradient = _sums(probabilities - target, bounds, codes) + penalty @ values
        curvature = _curvature(probabilities * (1 - probabilities), bounds, codes) + penalty
        step = solve(curvature, gradient, assume_a="pos")
        if gradient @ step < _CLOSE * len(target):
            break
        for halved in range(_STEPS):
            tried = values - step / 2**halved
            log_odds = _log_odds(tried, bounds, codes)
            found = _loss(log_odds, target) + tried @ penalty @ tried / 2
            if found < loss:
                break
        else:
            break  # the digits are used up
        values, loss = tried, found
    return _centred(values, bounds, codes)


def _log_odds(values: np.ndarray, bounds: np.ndarray, codes: Sequence[np.ndarray]) -> np.ndarray:
    total = np.full(len(codes[0]), values[0])
    for (start, end), code in zip(pairwise(bounds), codes, strict=True):
        total += values[start:end][code]
    return total


def _loss(log_odds: np.ndarray, target: np.ndarray) -> float:
    return float(np.logaddexp(0.0, log_odds).sum() - target @ log_odds)


def _sums(weights: np.ndarray, bounds: np.ndarray, codes: Sequence[np.ndarray]) -> np.ndarray:
    """Of weights: of all rows, and of the rows in each bin."""
    parts = [
        np.bincount(code, weights, end - start)
        for (start, end), code in zip(pairwise(bounds), codes, strict=True)
    ]
    return np.concatenate([[weights.sum()], *parts])


def _curvature(weights: np.ndarray, bounds: np.ndarray, codes: Sequence[np.ndarray]) -> np.ndarray:
    """Sums of weights of the rows in every two bins: what a product of matrices of 0 and 1 would be, without them."""
    made = np.zeros((bounds[-1], bounds[-1]))
    made[0] = _sums(weights, bounds, codes)
    spans = list(pairwise(bounds))
    for place, ((start, end), code) in enumerate(zip(spans, codes, strict=True)):
        made[range(start, end), range(start, end)] = made[0, start:end]
        for (left, right), other in zip(spans[place + 1 :], codes[place + 1 :], strict=True):
            width = right - left
            counts = np.bincount(code.astype(np.intp) * width + other, weights, (end - start) * width)
            made[start:end, left:right] = counts.reshape(end - start, width)
    upper = np.triu(made, 1)
    return made * np.eye(len(made)) + upper + upper.T


def _penalty(bins: Sequence[Bins], steepness: float) -> np.ndarray:
    """The matrix P of the penalty v P v / 2 on the intercept (free) and all points v."""
    made = np.zeros((1 + sum(len(one) for one in bins),) * 2)
    start = 1
    for one in bins:
        end = start + len(one)
        made[start:end, start:end] += _RIDGE * np.eye(len(one))
        if one.edges:
            # few steps are each as steep as many together: a number with two bins is held as loosely as one with twenty
            steps = np.diff(np.eye(len(one) - 1), axis=0)
            weight = steepness * len(one.edges) / _NEIGHBOURS
            made[start + 1 : end, start + 1 : end] += weight * steps.T @ steps
        start = end
    return made


def _centred(values: np.ndarray, bounds: np.ndarray, codes: Sequence[np.ndarray]) -> Fit:
    intercept = float(values[0])
    points = []
    for (start, end), code in zip(pairwise(bounds), codes, strict=True):
        own = values[start:end]
        counts = np.bincount(code, minlength=end - start)
        average = float(own @ counts) / len(code)
        # a bin in which no row was says nothing
        points.append(np.where(counts > 0, own - average, 0.0))
        intercept += average
    return Fit(intercept, tuple(points))
