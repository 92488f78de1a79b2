"""`parcours run` as a process: one at a time, and an end that leaves everything whole."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

STATE = Path("corner", "state", "state.duckdb")
CHANNELS = "channels:\n  email: {adapter: null}\n"
IN_TICK = """
from parcours.executor.stages import Stages
run = Stages.run
def slow(self, *arguments):
    import time
    print("in the tick", flush=True)
    time.sleep(1)
    return run(self, *arguments)
Stages.run = slow
"""
ENTERING = "UPDATE orders SET ordered_at = (now() AT TIME ZONE 'UTC') - INTERVAL 1 MINUTE"


@pytest.fixture
def corner_of_years(corner):
    settings = (corner.folder / "parcours.yaml").read_text(encoding="utf-8")
    corner.write("parcours.yaml", settings + CHANNELS)
    return corner


@contextmanager
def running(folder: Path, *arguments: str, before: str = "") -> Iterator["subprocess.Popen[str]"]:
    """`parcours run` in a process of its own; `before` is Python that runs in it first."""
    program = f"import sys\n{before}\nfrom parcours.cli.main import main\nmain()"
    with subprocess.Popen(
        [sys.executable, "-c", program, "run", "corner", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONUTF8": "1"},
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def line_of(process: "subprocess.Popen[str]", beginning: str) -> str:
    """The next line that begins so."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(beginning):
            return line
    assert process.stderr is not None
    raise AssertionError(process.stderr.read())


def ended(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def test_it_ticks_says_so_and_stops_when_it_is_told(corner_of_years, parcours, tmp_path) -> None:
    with running(tmp_path, "--every", "1d") as process:
        assert line_of(process, "process") == f"process {process.pid} ticks every 1d\n"
        assert ": 0 entered, " in line_of(process, "tick 0 at ")
        # between two ticks nobody holds the state but the lock
        assert parcours("tick", "corner").err.startswith(
            f"error[state-locked]: another executor works on this state: process {process.pid} on "
        )
        process.send_signal(signal.SIGTERM)
        assert ended(process) == (0, "stopped\n", "")
    assert parcours("tick", "corner").code == 0


def test_told_to_stop_in_mid_tick_it_ends_the_tick_first(corner_of_years, parcours, tmp_path) -> None:
    parcours("tick", "corner", "--at", "2026-03-01 00:00")
    corner_of_years.fill(ENTERING)
    with running(tmp_path, before=IN_TICK) as process:
        line_of(process, "in the tick")
        process.send_signal(signal.SIGTERM)
        code, out, err = ended(process)
    assert (code, err) == (0, "")
    assert "tick 1 at " in out and out.endswith("stopped\n")
    assert "relay" not in out
    with duckdb.connect(str(STATE), read_only=True) as state:
        assert state.execute("SELECT count(*) FROM tick").fetchall() == [(2,)]
        assert state.execute("SELECT count(*) FROM outbox").fetchall() == [(1,)]
    assert parcours("relay", "corner").out == "relay: 1 message handed over\n"


def test_told_twice_it_ends_at_once_and_the_tick_never_was(corner_of_years, parcours, tmp_path) -> None:
    parcours("tick", "corner", "--at", "2026-03-01 00:00")
    corner_of_years.fill(ENTERING)
    with running(tmp_path, before=IN_TICK) as process:
        line_of(process, "in the tick")
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGINT)
        code, _, err = ended(process)
    assert (code, err) == (130, "stopped\n")
    assert "tick 1 at " in parcours("tick", "corner").out


def test_killed_in_mid_tick_nothing_has_happened_and_the_next_begins_at_once(
    corner_of_years, parcours, tmp_path
) -> None:
    parcours("tick", "corner", "--at", "2026-03-01 00:00")
    corner_of_years.fill(ENTERING)
    with running(tmp_path, before=IN_TICK) as process:
        line_of(process, "in the tick")
        process.kill()
        ended(process)
    answer = parcours("tick", "corner")
    assert (answer.code, "tick 1 at " in answer.out) == (0, True)


def test_what_is_wrong_from_the_beginning_ends_it(corner, parcours) -> None:
    answer = parcours("run", "corner")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("error[missing-adapter]: ")


@pytest.mark.parametrize("every", ["1 month", "0m", "often"])
def test_an_interval_has_a_length(corner_of_years, parcours, every) -> None:
    answer = parcours("run", "corner", "--every", every)
    assert (answer.code, answer.err.startswith("error[bad-option]: ")) == (2, True)
