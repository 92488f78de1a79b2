"""Chance (T17): shares are exact decimals, the same everywhere."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcours.clock.chance import WHOLE, boundaries, share_of, threshold


def test_a_share_is_the_first_eight_hex_digits_of_the_md5() -> None:
    """T17: md5("") and md5("a") are known: d41d8cd98f00b204…, 0cc175b9c0f1b6a8…."""
    assert (share_of(""), share_of("a")) == (0xD41D8CD9, 0x0CC175B9)


def test_a_share_of_a_text_beyond_ascii_is_that_of_its_utf_8() -> None:
    """T17: the value is what `md5sum` prints for the bytes c3 a9."""
    assert share_of("é") == 0x66DDCD97


def test_nothing_and_everything_are_exact() -> None:
    """T17."""
    assert (threshold(Decimal(0)), threshold(Decimal(100)), threshold(Decimal(50))) == (0, WHOLE, WHOLE // 2)


@given(st.decimals(0, 100, places=6))
def test_a_threshold_is_the_smallest_number_with_every_share_of_the_percent_below_it(
    percent: Decimal,
) -> None:
    """T17: share < threshold says exactly share / 2^32 < percent / 100."""
    limit, exact = threshold(percent), Fraction(percent) / 100
    assert Fraction(limit, WHOLE) >= exact
    assert limit == 0 or Fraction(limit - 1, WHOLE) < exact


def test_ten_times_ten_percent_leave_nobody_out() -> None:
    """T17: shares are exact decimals that add up to 100%."""
    arms = boundaries([Decimal(10)] * 10)
    assert arms == tuple(threshold(Decimal(n * 10)) for n in range(1, 11))
    assert arms[-1] == WHOLE


def test_thirds_written_out_keep_their_exact_places() -> None:
    """T17: 34 / 33 / 33."""
    assert boundaries([Decimal(34), Decimal(33), Decimal(33)]) == (
        threshold(Decimal(34)),
        threshold(Decimal(67)),
        WHOLE,
    )


def test_decimals_are_not_rounded_on_the_way() -> None:
    """T17: as floats, 0.1 + 0.2 + 99.7 is more than 100."""
    assert boundaries([Decimal("0.1"), Decimal("0.2"), Decimal("99.7")])[-1] == WHOLE
    fine = Decimal("0." + "1" * 40)
    assert boundaries([fine, 100 - Fraction(fine)])[-1] == WHOLE  # type: ignore[list-item]


@pytest.mark.parametrize("percent", ["-1", "100.01"])
def test_more_than_everything_or_less_than_nothing_is_refused(percent: str) -> None:
    with pytest.raises(ValueError, match="is no percentage"):
        threshold(Decimal(percent))
