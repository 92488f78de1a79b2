"""The check that the arms have their shares."""

import numpy as np
import pytest
from scipy.stats import chi2, chisquare

from parcours.analytics.experiments.sample_ratio import ALARM, chi_square_tail, sample_ratio


@pytest.mark.parametrize("degrees", range(1, 12))
def test_the_tail_is_that_of_chi_square(degrees: int) -> None:
    for value in (0.01, 0.5, 2.0, 10.0, 40.0, 150.0):
        assert chi_square_tail(value, degrees) == pytest.approx(chi2.sf(value, degrees), rel=1e-9)
    assert chi_square_tail(0.0, degrees) == 1.0


def test_counts_are_held_against_their_shares() -> None:
    counts, shares = [510, 440, 130], [0.45, 0.45, 0.1]
    expected = [share * sum(counts) for share in shares]
    assert sample_ratio(counts, shares) == pytest.approx(chisquare(counts, expected).pvalue)


def test_an_arm_without_a_share_has_nobody() -> None:
    assert sample_ratio([10, 12, 0], [0.5, 0.5, 0.0]) == pytest.approx(sample_ratio([10, 12], [0.5, 0.5]))
    assert sample_ratio([10, 12, 1], [0.5, 0.5, 0.0]) == 0.0


def test_nobody_yet_is_no_alarm() -> None:
    assert sample_ratio([0, 0], [0.5, 0.5]) == 1.0


def test_looking_every_day_for_two_months_raises_few_false_alarms() -> None:
    drawn = np.random.default_rng(1)
    first = drawn.binomial(100, 0.5, (1_000, 60)).cumsum(axis=1)
    total = np.arange(1, 61) * 100
    far = (2 * first - total) ** 2 / total  # one degree of freedom
    alarms = (far > chi2.isf(ALARM, 1)).any(axis=1)
    assert alarms.mean() < 0.03


def test_a_hundredth_that_is_missing_is_seen_among_many() -> None:
    assert sample_ratio([50_000, 48_500], [0.5, 0.5]) < ALARM
