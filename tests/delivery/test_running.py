"""When ticks are made, on a clock that only the test turns."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from parcours.delivery.running import Runner
from parcours.diagnostics import Problem, problem


class Day:
    """A clock, a tick that takes `takes`, and everything that was said. It ends at `end`."""

    def __init__(self, begin: str, end: str, every: int, last: str | None = None) -> None:
        self.time = datetime.fromisoformat(f"2026-03-02 {begin}")
        self._end = datetime.fromisoformat(f"2026-03-02 {end}")
        self.takes: Callable[[int], timedelta] = lambda number: timedelta(seconds=1)
        self.fails: Callable[[int], Exception | None] = lambda number: None
        self.jumps: dict[str, timedelta] = {}
        self.ticks: list[str] = []
        self.tried: list[str] = []
        self.told: list[str] = []
        self.waited: list[str] = []
        self.due: list[str] = []
        known = None if last is None else datetime.fromisoformat(f"2026-03-02 {last}")
        self._runner = Runner(
            timedelta(minutes=every),
            self.work,
            lambda: self.time,
            self.nap,
            lambda trouble: self.told.append(trouble.words),
            lambda until: self.waited.append(f"{until:%H:%M}"),
            known,
        )

    def nap(self, length: timedelta) -> bool:
        self.time += length
        jump = self.jumps.pop(f"{self.time:%H:%M}", None)
        self.time += jump or timedelta()
        return self.time < self._end

    def work(self, at: datetime, due: datetime) -> None:
        self.due.append(f"{due:%H:%M}")
        self.tried.append(f"{self.time:%H:%M:%S}")
        found = self.fails(len(self.tried))
        if found is not None:
            raise found
        self.ticks.append(f"{at:%H:%M:%S}")
        self.time += self.takes(len(self.ticks))

    def run(self) -> "Day":
        self._runner.run()
        return self


def test_a_tick_is_made_when_an_interval_begins() -> None:
    day = Day("09:02:30", "09:16", every=5).run()
    assert day.ticks == ["09:02:30", "09:05:00", "09:10:00", "09:15:00"]


def test_each_is_told_when_the_next_is_due_and_what_is_waited_for_is_said() -> None:
    day = Day("09:02:30", "09:16", every=5).run()
    assert day.due == ["09:05", "09:10", "09:15", "09:20"]
    assert day.waited == ["09:05", "09:10", "09:15", "09:20"]


def test_after_a_restart_in_the_same_interval_it_waits_for_the_next() -> None:
    assert Day("09:02:30", "09:11", every=5, last="09:00:00").run().ticks == ["09:05:00", "09:10:00"]


def test_after_a_long_rest_one_tick_catches_up() -> None:
    """T2: no replay of missed ticks."""
    assert Day("09:02:30", "09:06", every=5, last="03:00:00").run().ticks == ["09:02:30", "09:05:00"]


def test_a_tick_that_takes_longer_delays_the_next_and_never_overlaps() -> None:
    day = Day("09:00", "09:21", every=5)
    day.takes = lambda number: timedelta(minutes=7 if number == 1 else 1)
    assert day.run().ticks == ["09:00:00", "09:07:00", "09:10:00", "09:15:00", "09:20:00"]


def test_errors_are_survived_with_a_growing_wait() -> None:
    day = Day("09:00", "09:20", every=5)
    day.fails = lambda number: problem("state-locked", "busy", "there") if number < 6 else None
    day.run()
    assert day.tried[:6] == ["09:00:00", "09:00:10", "09:00:30", "09:01:10", "09:02:30", "09:05:10"]
    assert day.ticks == ["09:05:10", "09:10:00", "09:15:00"]
    assert day.told[0] == "no tick: busy; the next try is in 10 seconds"


def test_the_wait_has_an_end_and_begins_anew_after_a_tick() -> None:
    day = Day("01:00", "09:00", every=5)
    day.fails = lambda number: problem("state-locked", "busy", "there") if number not in (12, 14) else None
    day.run()
    assert day.told[10] == "no tick: busy; the next try is in 15 minutes"
    assert day.told[11] == "no tick: busy; the next try is in 10 seconds"
    assert len(day.tried) > 20


@pytest.mark.parametrize("code", ["state-damaged", "state-foreign", "state-newer"])
def test_what_no_waiting_mends_ends_it(code: str) -> None:
    day = Day("09:00", "10:00", every=5)
    day.fails = lambda number: problem(code, "wrong", "there") if number == 2 else None
    with pytest.raises(Problem, match="wrong"):
        day.run()
    assert day.ticks == ["09:00:00"]


def test_errors_of_the_machine_are_survived_too() -> None:
    day = Day("09:00", "09:01", every=5)
    day.fails = lambda number: OSError(28, "No space left on device") if number < 2 else None
    assert day.run().ticks == ["09:00:10"]
    assert day.told == ["no tick: [Errno 28] No space left on device; the next try is in 10 seconds"]


def test_an_error_of_ours_is_not_survived() -> None:
    day = Day("09:00", "10:00", every=5)

    def fails(number: int) -> Problem | None:
        raise AssertionError("lost somebody")

    day.fails = fails
    with pytest.raises(AssertionError, match="lost somebody"):
        day.run()


def test_a_clock_that_goes_back_is_noticed_and_waited_for() -> None:
    day = Day("09:00", "09:31", every=5)
    day.jumps = {"09:12": timedelta(minutes=-10)}
    day.run()
    assert day.ticks == ["09:00:00", "09:05:00", "09:10:00", "09:15:00", "09:20:00", "09:25:00", "09:30:00"]
    (told,) = day.told
    assert told.startswith(
        "the clock went back: it is 2026-03-02 09:02:01 (UTC), and the last tick was at 2026-03-02 09:10:00"
    )


def test_a_clock_that_jumps_ahead_is_noticed_within_half_a_minute() -> None:
    day = Day("09:00", "12:01", every=60)
    day.jumps = {"09:10": timedelta(minutes=70)}
    assert day.run().ticks == ["09:00:00", "10:20:01", "11:00:00", "12:00:00"]


def test_it_stops_while_it_waits() -> None:
    assert Day("09:01", "09:03", every=5, last="09:00:00").run().ticks == []
