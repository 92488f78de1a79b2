"""The tests of the graph read journeys the way those of the checker do."""

import sys
from pathlib import Path

_TESTS = Path(__file__).parents[1]
sys.path[0:0] = [str(_TESTS / "checking"), str(_TESTS / "executor")]
sys.path += [str(_TESTS / "compiler"), str(_TESTS / "language")]
