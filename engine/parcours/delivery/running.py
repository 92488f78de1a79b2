"""`parcours run`: a tick each time that the interval begins, for as long as nobody says stop.

Errors are survived: it tries again, after a wait that grows. It has no clock of its own and sleeps nowhere by itself: both come from outside."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from parcours.diagnostics import Problem
from parcours.engines.duckdb.engine import EngineError

Survived = (Problem, EngineError, OSError)
"""What may pass: of the datamart, of the disk, of the machine."""

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=15)
LONGEST_NAP = timedelta(seconds=30)
"""Sleeps are short, so that a clock that jumps is noticed."""
PUNCTUAL = timedelta(seconds=5)

FATAL = frozenset({"state-damaged", "state-foreign", "state-newer"})
"""What no waiting mends."""

_EPOCH = datetime(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why no tick is made now, in words. `error` is None where the clock went back. `times`: how many tries in a row have
    failed; `next_at`: when the next one is."""

    words: str
    error: Exception | None = None
    times: int = 0
    next_at: datetime | None = None


@dataclass
class Runner:
    """`every` is the interval; intervals begin at whole multiples of it since midnight UTC (of the first of January 1970).
    `work` makes one tick at an instant, and hands over what it granted; it is told when the next one is due. `clock` says
    what time it is (naive UTC); `nap` sleeps, and says whether to go on: no as soon as somebody said stop; `tell` says
    what went wrong, and `waits` until when there is nothing to do. `last` is the instant of the last tick, None before
    the first."""

    every: timedelta
    work: Callable[[datetime, datetime], None]
    clock: Callable[[], datetime]
    nap: Callable[[timedelta], bool]
    tell: Callable[[Trouble], None]
    waits: Callable[[datetime], None]
    last: datetime | None = None

    def run(self) -> None:
        """Returns when somebody said stop. `Problem` when no tick can ever be made again."""
        failures = 0
        while self._wait_for_turn():
            at = self._instant()
            try:
                self.work(at, self._turn_after(at))
            except Survived as error:
                if _is_fatal(error):
                    raise
                failures += 1
                if not self._back_off(error, failures):
                    return
            else:
                failures, self.last = 0, at

    def _wait_for_turn(self) -> bool:
        """Until the next tick may be made; False when somebody said stop."""
        told = noted = False
        while True:
            now = self.clock()
            wait = self._turn() - now
            if wait <= timedelta(0):
                return self.nap(timedelta(0))
            if not noted:
                noted = True
                self.waits(self._turn())
            if self.last is not None and now < self.last and not told:
                told = True
                self.tell(
                    Trouble(
                        f"the clock went back: it is {now} (UTC), and the last tick was at {self.last}; "
                        "no tick is made before that has passed"
                    )
                )
            if not self.nap(min(wait, LONGEST_NAP)):
                return False

    def _turn(self) -> datetime:
        """When the next tick may be made: at once when none was made in this interval, or in one that has passed."""
        if self.last is None:
            return datetime.min
        return self._turn_after(self.last)

    def _turn_after(self, at: datetime) -> datetime:
        return _EPOCH + ((at - _EPOCH) // self.every + 1) * self.every

    def _instant(self) -> datetime:
        """The beginning of the interval, where that is now; a tick that is late is a tick of the moment."""
        now, turn = self.clock(), self._turn()
        return turn if now - turn < PUNCTUAL else now

    def _back_off(self, error: Exception, failures: int) -> bool:
        """Waits longer each time, and never longer than the interval or `LONGEST_WAIT`, whichever is more."""
        wait = min(FIRST_WAIT * 2 ** min(failures - 1, 20), max(self.every, LONGEST_WAIT))
        until = self.clock() + wait
        words = f"no tick: {first_line(error)}; the next try is in {_words(wait)}"
        self.tell(Trouble(words, error, failures, until))
        while (left := until - self.clock()) > timedelta(0):
            if not self.nap(min(left, LONGEST_NAP)):
                return False
        return True


def first_line(error: Exception) -> str:
    """What an error says, in one line."""
    return str(error).partition("\n")[0]


def _is_fatal(error: Exception) -> bool:
    return isinstance(error, Problem) and any(d.code in FATAL for d in error.diagnostics)


def _words(wait: timedelta) -> str:
    seconds = int(wait.total_seconds())
    return f"{seconds} seconds" if seconds < 120 else f"{seconds // 60} minutes"
