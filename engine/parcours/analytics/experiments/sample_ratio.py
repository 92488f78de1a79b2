"""Whether the arms have the shares that were written: if not, somebody is missing, and nothing else can be believed."""

from collections.abc import Sequence
from math import erfc, exp, pi, sqrt

ALARM = 0.001
"""Below it the arms are not what they should be. So low because one looks every day."""


def sample_ratio(counts: Sequence[int], shares: Sequence[float]) -> float:
    """How likely counts at least so far from their shares are, by chance alone (Pearson's chi-square). `shares` add up to
    1; an arm without a share has nobody, or the answer is 0."""
    total = sum(counts)
    pairs = [(count, share * total) for count, share in zip(counts, shares, strict=True)]
    if any(count and not expected for count, expected in pairs):
        return 0.0
    far = [(count - expected) ** 2 / expected for count, expected in pairs if expected]
    return chi_square_tail(sum(far), len(far) - 1) if len(far) > 1 else 1.0


def chi_square_tail(value: float, degrees: int) -> float:
    """The probability that a chi-square variable of so many degrees of freedom exceeds the value: by the recurrence that
    goes up two degrees at a time, from the normal tail (odd) or from the exponential (even)."""
    if value <= 0:
        return 1.0
    half = value / 2
    if degrees % 2:
        tail, term, begun = erfc(sqrt(half)), sqrt(half / pi) * 2 * exp(-half), 1
    else:
        tail, term, begun = exp(-half), half * exp(-half), 2
    while begun < degrees:
        tail += term
        begun += 2
        term *= value / begun
    return min(tail, 1.0)
