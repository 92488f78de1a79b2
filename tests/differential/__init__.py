"""The SQL of the ticks and the oracle, side by side, on projects, populations and clocks made by chance.

A package, so that its modules do not meet others of the same name; the dice are those of the language's tests, and what
every policy guarantees is recomputed by those of the guarantee."""

import sys
from pathlib import Path

sys.path += [str(Path(__file__).parents[1] / name) for name in ("language", "guarantee")]
