"""The tests of the graph read journeys the way those of the checker do."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "checking"))
