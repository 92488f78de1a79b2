"""Intervals that stay valid however often one looks.

Robbins' normal mixture: with probability 1 - `risk` the true difference is inside at *every* look, and not only at one
that was planned. The price is a width of about 1.5 times that of the interval for a single look. How it is mixed is
fixed beforehand: it is narrowest when the pair of arms is as large as `NARROWEST` says, and near to that for a tenth and
ten times of it. Valid for large samples (Robbins 1970; Johari, Pekelis, Walsh 2015; Waudby-Smith et al. 2021)."""

from dataclasses import dataclass
from math import inf, log, sqrt
from statistics import NormalDist

NARROWEST = 2_000
"""The size of a pair at which the interval is narrowest: two arms of 4,000 contacts each."""


@dataclass(frozen=True, slots=True)
class Sample:
    """An arm: how many contacts, the mean of what is measured, and its variance from contact to contact."""

    contacts: int
    mean: float
    variance: float


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with what is compatible with the data; an end that nothing is known of is infinite."""

    estimate: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0

    def lies_within(self, margin: float) -> bool:
        """Whether all that is compatible with the data is nearer to zero than the margin."""
        return -margin <= self.low and self.high <= margin


def rate_sample(contacts: int, reached: int) -> Sample:
    """The share of contacts who reached a goal. The variance counts half a success and half a failure more, so that
    an arm in which nobody has reached it is not taken for certain."""
    smoothed = (reached + 0.5) / (contacts + 1)
    return Sample(contacts, reached / contacts, smoothed * (1 - smoothed))


def mean_sample(contacts: int, total: float, squares: float) -> Sample:
    """The mean of an amount, from its sum and the sum of its squares. At least two contacts."""
    mean = total / contacts
    return Sample(contacts, mean, max(squares - contacts * mean * mean, 0.0) / (contacts - 1))


def at_every_look(size: float, risk: float) -> float:
    """How many standard errors the interval reaches to each side when the pair has this size."""
    mixed = (2 * log(1 / risk) + log(1 + 2 * log(1 / risk))) / NARROWEST * size
    return sqrt((2 * log(1 / risk) + log(1 + mixed)) * (1 + mixed) / mixed)


def at_one_look(risk: float) -> float:
    """The same for one look that was planned beforehand."""
    return NormalDist().inv_cdf(1 - risk / 2)


def pair_size(one: Sample, other: Sample) -> float:
    """How much two arms tell together: half the size of one of two equal arms."""
    return 1 / (1 / one.contacts + 1 / other.contacts)


def difference(arm: Sample, against: Sample, errors: float) -> Interval:
    """The arm's mean less the other's, with so many standard errors to each side."""
    estimate = arm.mean - against.mean
    width = errors * sqrt(arm.variance / arm.contacts + against.variance / against.contacts)
    return Interval(estimate, estimate - width, estimate + width)


def lift(arm: Sample, against: Sample, errors: float) -> Interval | None:
    """The difference as a part of the other's mean, by Fieller's theorem: it excludes zero exactly when `difference` does,
    as long as the means are not negative. None when the other's mean is zero; infinite where it cannot be told from zero."""
    if against.mean == 0:
        return None
    estimate = arm.mean / against.mean - 1
    square = errors * errors
    # all r for which arm - r × other may be zero: known × r² - 2 × product × r + own <= 0
    known = against.mean**2 - square * against.variance / against.contacts
    own = arm.mean**2 - square * arm.variance / arm.contacts
    product = arm.mean * against.mean
    root = sqrt(max(product**2 - known * own, 0.0))
    if known > 0:
        return Interval(estimate, (product - root) / known - 1, (product + root) / known - 1)
    if own <= 0 or product <= 0:
        return Interval(estimate, -inf, inf)
    return Interval(estimate, own / (product + root) - 1, inf)
