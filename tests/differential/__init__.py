"""The SQL of the ticks and the oracle, side by side, on projects, populations and clocks made by chance.

A package, so that its modules do not meet others of the same name; the dice are those of the language's tests."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "language"))
