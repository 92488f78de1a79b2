"""The cases' datamart and sentences are those of the conformance tests."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "conformance"))
