"""`parcours run`: a tick each time that the interval begins, for as long as nobody says stop.

It has no clock of its own and sleeps nowhere by itself: both come from outside."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from parcours.diagnostics import Problem
from parcours.engines.duckdb.engine import EngineError

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=15)
LONGEST_NAP = timedelta(seconds=30)
"""Sleeps are short, so that a clock that jumps is noticed."""
PUNCTUAL = timedelta(seconds=5)

FATAL = frozenset({"state-damaged", "state-foreign", "state-newer"})
"""What no waiting mends."""

_EPOCH = datetime(1970, 1, 1)


@dataclass
class Runner:
    """`every` is the interval; intervals begin at whole multiples of it since midnight UTC (of the first of January 1970).
    `work` makes one tick at an instant, and hands over what it granted; `clock` says what time it is (naive UTC);
    `nap` sleeps, and says whether to go on: no as soon as somebody said stop; `tell` says what went wrong. `last` is the
    instant of the last tick, None before the first."""

    every: timedelta
    work: Callable[[datetime], None]
    clock: Callable[[], datetime]
    nap: Callable[[timedelta], bool]
    tell: Callable[[str, Problem | None], None]
    last: datetime | None = None

    def run(self) -> None:
        """Returns when somebody said stop. `Problem` when no tick can ever be made again."""
        failures = 0
        while self._wait_for_turn():
            at = self._instant()
            try:
                self.work(at)
            except (Problem, EngineError) as error:
                if _is_fatal(error):
                    raise
                failures += 1
                if not self._back_off(error, failures):
                    return
            else:
                failures, self.last = 0, at

    def _wait_for_turn(self) -> bool:
        """Until the next tick may be made; False when somebody said stop."""
        told = False
        while True:
            now = self.clock()
            wait = self._turn() - now
            if wait <= timedelta(0):
                return self.nap(timedelta(0))
            if self.last is not None and now < self.last and not told:
                told = True
                self.tell(
                    f"the clock went back: it is {now} (UTC), and the last tick was at {self.last}; "
                    "no tick is made before that has passed",
                    None,
                )
            if not self.nap(min(wait, LONGEST_NAP)):
                return False

    def _turn(self) -> datetime:
        """When the next tick may be made: at once when none was made in this interval, or in one that has passed."""
        if self.last is None:
            return datetime.min
        return _EPOCH + ((self.last - _EPOCH) // self.every + 1) * self.every

    def _instant(self) -> datetime:
        """The beginning of the interval, where that is now; a tick that is late is a tick of the moment."""
        now, turn = self.clock(), self._turn()
        return turn if now - turn < PUNCTUAL else now

    def _back_off(self, error: Exception, failures: int) -> bool:
        """Waits longer each time, and never longer than the interval or `LONGEST_WAIT`, whichever is more."""
        wait = min(FIRST_WAIT * 2 ** min(failures - 1, 20), max(self.every, LONGEST_WAIT))
        first = str(error).partition("\n")[0]
        problem = error if isinstance(error, Problem) else None
        self.tell(f"no tick: {first}; the next try is in {_words(wait)}", problem)
        until = self.clock() + wait
        while (left := until - self.clock()) > timedelta(0):
            if not self.nap(min(left, LONGEST_NAP)):
                return False
        return True


def _is_fatal(error: Exception) -> bool:
    return isinstance(error, Problem) and any(d.code in FATAL for d in error.diagnostics)


def _words(wait: timedelta) -> str:
    seconds = int(wait.total_seconds())
    return f"{seconds} seconds" if seconds < 120 else f"{seconds // 60} minutes"
