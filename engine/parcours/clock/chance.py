"""Shares: the only source of chance (T17). The same text gives the same share on every engine."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from hashlib import md5
from itertools import accumulate
from math import ceil

WHOLE = 2**32
"""All shares lie in 0 <= share < WHOLE."""


def share_of(key: str) -> int:
    """T17: the first 8 hex digits of md5(key) as an integer; the key is `journey/split:contact key`."""
    return int(md5(key.encode(), usedforsecurity=False).hexdigest()[:8], 16)


def threshold(percent: Decimal) -> int:
    """The integer n for which `share < n` says exactly `share / 2^32 < percent / 100`. 100% is 2^32.

    ValueError for a percent outside 0 to 100."""
    return _bound(Fraction(percent))


def boundaries(percents: Iterable[Decimal]) -> tuple[int, ...]:
    """The upper threshold of each arm, in order: a contact is in the first arm whose boundary exceeds its
    share. Exact: percents that add up to 100 end at 2^32, ten times 10% as well as three thirds written out."""
    return tuple(_bound(total) for total in accumulate(Fraction(percent) for percent in percents))


def _bound(percent: Fraction) -> int:
    if not 0 <= percent <= 100:
        raise ValueError(f"{percent} is no percentage")
    return ceil(percent * WHOLE / 100)
