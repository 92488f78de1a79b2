"""The intervals: what they promise under daily looking, by simulation; and their fixed-horizon twins, by another library.

`PARCOURS_TRIALS` sets how many experiments are simulated (40,000 for the figures in docs/analytics.md)."""

import os
import warnings
from math import inf, sqrt

import numpy as np
import pytest

from parcours.analytics.experiments.sequential import (
    Interval,
    Sample,
    at_every_look,
    at_one_look,
    difference,
    lift,
    mean_sample,
    pair_size,
    rate_sample,
)

TRIALS = int(os.environ.get("PARCOURS_TRIALS", "1500"))
LOOKS = 30
RISK = 0.05


def looked_at(
    rates: tuple[float, float], per_look: tuple[int, int], seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """(contacts, reached) of two arms at each look, one row for each trial; contacts come evenly."""
    drawn = np.random.default_rng(seed)
    reached = np.stack(
        [
            drawn.binomial(size, rate, (TRIALS, LOOKS)).cumsum(axis=1)
            for rate, size in zip(rates, per_look, strict=True)
        ]
    )
    contacts = np.array([[size * (look + 1) for look in range(LOOKS)] for size in per_look])
    return contacts, reached


def ever_wrong(rates: tuple[float, float], per_look: tuple[int, int], errors: str, seed: int) -> float:
    """In how many trials the true difference is outside at one look or more. A look needs what a verdict needs: 100
    contacts in each arm, and 20 in both who reached the goal."""
    contacts, reached = looked_at(rates, per_look, seed)
    true = rates[1] - rates[0]
    wrong = np.zeros(TRIALS, dtype=bool)
    for look in range(LOOKS):
        size = contacts[:, look]
        if min(size) < 100:
            continue
        p = reached[:, :, look] / size[:, None]
        smoothed = (reached[:, :, look] + 0.5) / (size[:, None] + 1)
        spread = np.sqrt((smoothed * (1 - smoothed) / size[:, None]).sum(axis=0))
        width = at_one_look(RISK) if errors == "one" else at_every_look(1 / (1 / size).sum(), RISK)
        known = reached[:, :, look].sum(axis=0) >= 20
        wrong |= known & (np.abs(p[1] - p[0] - true) > width * spread)
    return float(wrong.mean())


def allowed(risk: float = RISK) -> float:
    """The risk, and what chance adds to a simulation of so many trials."""
    return risk + 3 * sqrt(risk * (1 - risk) / TRIALS)


@pytest.mark.parametrize(
    ("rates", "per_look"),
    [
        ((0.5, 0.5), (200, 200)),
        ((0.1, 0.1), (100, 100)),
        ((0.02, 0.02), (100, 100)),
        ((0.1, 0.13), (200, 200)),
        ((0.05, 0.05), (20, 180)),
        ((0.01, 0.01), (2_000, 2_000)),
        ((0.9, 0.9), (100, 100)),
    ],
)
def test_whoever_looks_every_day_is_wrong_no_more_often_than_promised(
    rates: tuple[float, float], per_look: tuple[int, int]
) -> None:
    assert ever_wrong(rates, per_look, "every", seed=11) <= allowed()


def test_the_interval_for_one_look_would_not_hold() -> None:
    """The simulation can tell: with the interval of a single look more than one in five is wrong."""
    assert ever_wrong((0.1, 0.1), (100, 100), "one", seed=11) > 0.2


def test_the_interval_of_an_amount_holds_too() -> None:
    """Revenue with many zeros and a long tail: 15 % buy, for amounts that are log-normal."""
    drawn = np.random.default_rng(5)
    trials, per_look = min(TRIALS, 2_000), 150
    wrong = np.zeros(trials, dtype=bool)
    sums = np.zeros((2, 2, trials))  # (arm, power, trial)
    for look in range(1, LOOKS + 1):
        amounts = drawn.lognormal(3.0, 0.8, (2, trials, per_look)) * (
            drawn.random((2, trials, per_look)) < 0.15
        )
        sums[:, 0] += amounts.sum(axis=2)
        sums[:, 1] += (amounts**2).sum(axis=2)
        size = look * per_look
        mean = sums[:, 0] / size
        variance = (sums[:, 1] - size * mean**2) / (size - 1)
        width = at_every_look(size / 2, RISK) * np.sqrt(variance.sum(axis=0) / size)
        wrong |= np.abs(mean[1] - mean[0]) > width
    assert wrong.mean() <= RISK + 3 * sqrt(RISK * (1 - RISK) / trials)


def test_a_real_difference_is_found_in_time() -> None:
    """10 % against 13 %, 200 contacts a day in each arm for a month: found in four of five."""
    contacts, reached = looked_at((0.10, 0.13), (200, 200), seed=3)
    p = reached / contacts[:, None, :]
    spread = np.sqrt((p * (1 - p) / contacts[:, None, :]).sum(axis=0))
    widths = np.array([at_every_look(1 / (1 / contacts[:, look]).sum(), RISK) for look in range(LOOKS)])
    found = ((p[1] - p[0]) > widths * spread)[:, 1:].any(axis=1)
    assert found.mean() > 0.8


def test_the_lift_covers_the_true_lift_at_every_look() -> None:
    contacts, reached = looked_at((0.10, 0.12), (150, 150), seed=8)
    wrong = 0
    trials = min(TRIALS, 400)
    for trial in range(trials):
        for look in range(1, LOOKS):
            a, b = (rate_sample(int(contacts[arm, look]), int(reached[arm, trial, look])) for arm in (0, 1))
            interval = lift(b, a, at_every_look(pair_size(a, b), RISK))
            assert interval is not None
            if not interval.low <= 0.2 <= interval.high:
                wrong += 1
                break
    assert wrong / trials <= RISK + 3 * sqrt(RISK * (1 - RISK) / trials)


# ---- what they are


def test_the_lift_excludes_nothing_exactly_when_the_difference_does() -> None:
    drawn = np.random.default_rng(2)
    for _ in range(300):
        a, b = (rate_sample(int(n), int(drawn.integers(1, n))) for n in drawn.integers(100, 3_000, 2))
        errors = at_every_look(pair_size(a, b), RISK)
        relative = lift(b, a, errors)
        assert relative is not None
        assert difference(b, a, errors).excludes_zero == relative.excludes_zero


def test_a_lift_over_next_to_nothing_has_no_ends() -> None:
    few, more = rate_sample(1_000, 2), rate_sample(1_000, 100)
    interval = lift(more, few, at_every_look(500, RISK))
    assert interval is not None
    assert 0 < interval.low < interval.estimate
    assert interval.high == inf
    unknown = lift(few, few, at_every_look(500, RISK))
    assert unknown == Interval(0.0, -inf, inf)
    assert lift(more, rate_sample(1_000, 0), 3.0) is None


def test_an_arm_in_which_nobody_has_reached_the_goal_is_not_certain() -> None:
    assert rate_sample(100, 0).variance > 0
    assert rate_sample(100, 100).variance > 0


def test_the_mean_of_amounts_is_that_of_a_list() -> None:
    amounts = np.array([0.0, 0.0, 12.5, 7.25, 100.0])
    sample = mean_sample(5, float(amounts.sum()), float((amounts**2).sum()))
    assert sample.mean == pytest.approx(amounts.mean())
    assert sample.variance == pytest.approx(amounts.var(ddof=1))


def test_the_width_is_that_of_robbins_mixture() -> None:
    """Against the definition: the mean leaves the interval when the likelihood ratio, mixed over normally distributed
    means, comes to 1 / risk. Mixed here by adding up."""
    size, rho2 = 500.0, (2 * np.log(20) + np.log(1 + 2 * np.log(20))) / 2_000
    z = at_every_look(size, RISK)
    mean = z / sqrt(size)
    grid = np.linspace(-1.5, 1.5, 200_001)
    prior = np.exp(-(grid**2) / (2 * rho2)) / sqrt(2 * np.pi * rho2)
    ratio = (np.exp(size * (grid * mean - grid**2 / 2)) * prior).sum() * (grid[1] - grid[0])
    assert ratio == pytest.approx(1 / RISK, rel=1e-6)


def test_an_interval_knows_what_it_says() -> None:
    assert Interval(0.1, 0.05, 0.15).excludes_zero
    assert not Interval(0.1, -0.05, 0.25).excludes_zero
    assert Interval(0.0, -0.05, 0.05).lies_within(0.05)
    assert not Interval(0.0, -0.05, 0.06).lies_within(0.05)


def test_another_library_says_the_same_for_one_look() -> None:
    """tea-tasting, with the normal distribution: the difference and its interval."""
    tea_tasting = pytest.importorskip("tea_tasting")
    pandas = pytest.importorskip("pandas")
    drawn = np.random.default_rng(7)
    control = drawn.lognormal(3.0, 1.0, 900) * (drawn.random(900) < 0.3)
    treated = drawn.lognormal(3.1, 1.0, 1_100) * (drawn.random(1_100) < 0.35)
    rows = pandas.DataFrame({"variant": [0] * 900 + [1] * 1_100, "worth": np.concatenate([control, treated])})
    rows["reached"] = (rows["worth"] > 0).astype(int)
    mean = tea_tasting.Mean
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = tea_tasting.Experiment(
            worth=mean("worth", use_t=False), reached=mean("reached", use_t=False)
        ).analyze(rows)
    one, other = (Sample(len(arm), float(arm.mean()), float(arm.var(ddof=1))) for arm in (treated, control))
    ours = difference(one, other, at_one_look(RISK))
    assert ours.estimate == pytest.approx(theirs["worth"].effect_size)
    assert ours.low == pytest.approx(theirs["worth"].effect_size_ci_lower)
    assert ours.high == pytest.approx(theirs["worth"].effect_size_ci_upper)
    rates = difference(
        rate_sample(1_100, int((treated > 0).sum())),
        rate_sample(900, int((control > 0).sum())),
        at_one_look(RISK),
    )
    assert rates.estimate == pytest.approx(theirs["reached"].effect_size)
    assert rates.low == pytest.approx(theirs["reached"].effect_size_ci_lower, abs=2e-5)
    assert rates.high == pytest.approx(theirs["reached"].effect_size_ci_upper, abs=2e-5)
