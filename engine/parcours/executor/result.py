"""What a tick did, and the error that means that it did wrong."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class TickResult:
    """What a tick did, in counts of instances, triggers and messages."""

    tick: int
    at: datetime
    woken: int = 0
    entered: int = 0
    refused: int = 0
    moved: int = 0
    ended: int = 0
    granted: int = 0
    held: int = 0
    not_sent: int = 0

    def row(self) -> tuple[Any, ...]:
        """In the order of state.tick."""
        return (
            self.tick,
            self.at,
            self.woken,
            self.entered,
            self.refused,
            self.moved,
            self.ended,
            self.granted,
            self.held,
            self.not_sent,
        )


class ConservationError(AssertionError):
    """A tick would have lost or doubled somebody. It was rolled back; this is a fault of ours or of the engine."""
