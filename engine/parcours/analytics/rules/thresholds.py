"""What a rule must reach. Shares are percents, as written; comparisons are between whole numbers."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

FEWEST = 5
"""In so few baskets nothing is a habit: a rule is seen in at least as many, whatever share that is."""

SURENESS = 5
"""How many standard deviations from what chance would give. Ten thousand products make fifty million pairs: one in
three and a half million of them goes so far by chance."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """`fewest`: baskets, whatever the support; `sureness`: 0 to ask for none."""

    support: Decimal = Decimal("0.1")
    confidence: Decimal = Decimal(0)
    lift: Decimal = Decimal(1)
    fewest: int = FEWEST
    sureness: int = SURENESS

    def minimum(self, baskets: int) -> int:
        """In how many of so many baskets something must be."""
        share = Fraction(self.support) / 100 * baskets
        return max(ceil(share), self.fewest, 1)

    def confidence_parts(self) -> tuple[int, int]:
        """The least confidence as a fraction of whole numbers."""
        return (Fraction(self.confidence) / 100).as_integer_ratio()

    def lift_parts(self) -> tuple[int, int]:
        return Fraction(self.lift).as_integer_ratio()
