"""The figures: what has no whole has no rate, and the interval is Wilson's."""

import pytest

from parcours.reporting.rates import RATES, Figures, figures, share
from parcours.reporting.reactions import KINDS, Measured

EVERYTHING = Measured(tuple((kind, kind) for kind in KINDS))


def of(*row: int) -> Figures:
    return figures((*row, None), EVERYTHING, receipts=False)


def test_what_is_divided_by_nothing_is_nothing_and_never_zero() -> None:
    assert of(*(0,) * 11).rates() == dict.fromkeys(RATES)
    # two were sent and bounced: a bounce rate, and nothing else
    bounced = of(2, 2, 0, 2, 2, 0, 0, 0, 0, 0, 0).rates()
    assert {name for name, rate in bounced.items() if rate is not None} == {"bounce_rate"}
    # nobody has opened: reactivity has no whole, the open rate has
    unopened = of(4, 4, 0, 4, 0, 4, 0, 1, 1, 0, 0).rates()
    assert unopened["reactivity"] is None
    assert unopened["open_rate"] is not None and unopened["open_rate"].value == 0.0


def test_each_rate_is_what_its_name_says() -> None:
    rates = of(110, 90, 3, 100, 20, 80, 40, 10, 4, 2, 1).rates()
    assert {name: rate and rate.value for name, rate in rates.items()} == {
        "bounce_rate": 20 / 100,
        "open_rate": 40 / 80,
        "click_rate": 10 / 80,
        "reactivity": 10 / 40,
        "unsubscribe_rate": 2 / 80,
        "complaint_rate": 1 / 80,
    }
    assert list(rates) == list(RATES)


def test_granted_is_waiting_and_stopped_and_sent() -> None:
    found = of(110, 90, 3, 100, 20, 80, 40, 10, 4, 2, 1)
    assert found.stopped == 7


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17, table I: the score method without continuity correction
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_the_published_one(part: int, whole: int, low: float, high: float) -> None:
    rate = share(part, whole)
    assert rate.value == part / whole
    assert rate.low == pytest.approx(low, abs=5e-5)
    assert rate.high == pytest.approx(high, abs=5e-5)


def test_the_interval_of_all_ends_at_all() -> None:
    rate = share(20, 20)
    assert rate.high == 1.0
    assert rate.low == pytest.approx(1 - 0.1611, abs=5e-5)
