"""The small world of the executor's tests serves those of the analytic core too."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "executor"))
