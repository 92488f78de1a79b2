"""What becomes of those who are inside an older version when a journey is edited (T18)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Fate:
    """`finish`: they stay on their version until they leave. `move`: they go on in the newest, each at the step of the same
    name, or of the name that `steps` says. `leave`: they are taken out."""

    kind: Literal["finish", "move", "leave"] = "finish"
    steps: Mapping[str, str] = field(default_factory=dict)


FINISH = Fate()

TAKEN_OUT = "taken_out"
"""The outcome of those who leave because of an edit."""
