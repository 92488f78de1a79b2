"""What a finished experiment has taught: a file of `learnings/`, kept in git."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class LearnedArm:
    """`share` and `rate` in percent; `worth` is what each contact brought in."""

    name: str
    share: Decimal
    contacts: int
    reached: int
    rate: Decimal | None
    worth: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LearnedDifference:
    """An arm against another: `points` of percent and `lift` in percent, each with the ends of its interval; None where
    nothing is known of it."""

    arm: str
    against: str
    points: tuple[Decimal, Decimal, Decimal] | None
    lift: tuple[Decimal, Decimal | None, Decimal | None] | None


@dataclass(frozen=True, slots=True)
class Learning:
    """`test` is what T17 hashes: `JOURNEY/NAME`. `winner` is the arm that a person should merge, or None; nothing switches
    it on by itself. `first` and `last` are the local days between which it was looked at."""

    test: str
    question: str
    goal: str
    purpose: str
    messages: tuple[str, ...]
    topics: tuple[str, ...]
    channels: tuple[str, ...]
    segments: tuple[str, ...]
    first: date | None
    last: date
    arms: tuple[LearnedArm, ...]
    differences: tuple[LearnedDifference, ...]
    sample_ratio: Decimal
    verdict: str
    winner: str | None
    worth: str | None = None
    decided_on: date | None = None
    file: str = ""

    @property
    def words(self) -> str:
        """All that it says, for a search."""
        named = (
            *self.messages,
            *self.topics,
            *self.channels,
            *self.segments,
            *(arm.name for arm in self.arms),
        )
        return " ".join((self.test, self.question, self.goal, self.purpose, self.verdict, *named)).lower()
