"""What a run notes of itself as it goes on."""

from datetime import datetime
from pathlib import Path

from running_notes import MINUTE, NINE, STATUS

from parcours.delivery.notes import notes_of, read_notes
from parcours.delivery.relay import Relayed
from parcours.delivery.running import Trouble
from parcours.delivery.watch import Watch
from parcours.diagnostics import problem
from parcours.engines.duckdb.engine import EngineError


class Clock:
    at: datetime = NINE

    def __call__(self) -> datetime:
        return self.at


def watch_of(state: Path, clock: Clock) -> Watch:
    return Watch(state, 123, 5 * MINUTE, clock, None, STATUS)


def test_each_thing_that_happens_is_noted_at_once(tmp_path: Path) -> None:
    state, clock = tmp_path / "state.duckdb", Clock()
    watch = watch_of(state, clock)
    clock.at += MINUTE
    watch.does("ticking")
    assert (watch.notes().doing, watch.notes().since) == ("ticking", NINE + MINUTE)
    watch.ticked(NINE + MINUTE)
    watch.does("relaying")
    watch.relayed(Relayed(left_alone={"sms", "email"}))
    clock.at += MINUTE
    watch.waits(NINE + 5 * MINUTE)
    noted = watch.notes()
    assert (noted.doing, noted.since, noted.next_at) == ("waiting", NINE + 2 * MINUTE, NINE + 5 * MINUTE)
    assert (noted.last_tick_at, noted.left_alone) == (NINE + MINUTE, ("email", "sms"))
    assert read_notes(state) == noted
    watch.close()
    assert not notes_of(state).exists()


def test_failures_are_noted_until_there_is_a_tick(tmp_path: Path) -> None:
    watch = watch_of(tmp_path / "state.duckdb", Clock())
    gone = problem("no-database", "there is no file `x`", "parcours.yaml")
    watch.failed(Trouble("no tick", gone, 1, NINE + MINUTE))
    watch.failed(Trouble("no tick", EngineError("one\ntwo"), 2, NINE + MINUTE))
    noted = watch.notes()
    assert noted.failure is not None and noted.failures == 2
    assert (noted.failure.code, noted.failure.message, noted.failure.times) == ("Error", "one", 2)
    watch.ticked(NINE)
    assert (watch.notes().failure, watch.notes().failures) == (None, 2)
    watch.failed(Trouble("no tick", gone, 1, NINE + MINUTE))
    failure = watch.notes().failure
    assert failure is not None
    assert (failure.code, failure.title, failure.place) == (
        *("no-database", "The database that parcours.yaml names is not there.", "parcours.yaml"),
    )


def test_a_clock_that_went_back_is_no_failure(tmp_path: Path) -> None:
    watch = watch_of(tmp_path / "state.duckdb", Clock())
    watch.failed(Trouble("the clock went back"))
    assert (watch.notes().failure, watch.notes().failures) == (None, 0)


def test_a_disk_that_takes_no_notes_stops_nobody(tmp_path: Path) -> None:
    watch = watch_of(tmp_path / "gone" / "state.duckdb", Clock())
    watch.does("ticking")
    assert watch.notes().doing == "ticking"
    watch.close()
