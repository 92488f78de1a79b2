"""The small worlds of other rooms, for those who explain what happened in them."""

import sys
from pathlib import Path

_TESTS = Path(__file__).parents[1]
sys.path += [str(_TESTS / "executor"), str(_TESTS / "delivery")]
