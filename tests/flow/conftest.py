"""The tests of this room take their journeys from the tests of the rooms below it."""

import sys
from pathlib import Path

for room in ("checking", "language"):
    sys.path.insert(0, str(Path(__file__).parents[1] / room))
