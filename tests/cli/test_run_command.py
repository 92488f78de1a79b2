"""`parcours run` as a process: one at a time, and an end that leaves everything whole."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

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
    assert parcours("tick", "corner", "--at", "2060-01-01 00:00").code == 0


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


# ---- what it says of itself


def events(process: "subprocess.Popen[str]") -> Iterator[dict[str, Any]]:
    """The events on standard error, as they come."""
    assert process.stderr is not None
    for line in process.stderr:
        yield json.loads(line)


def ask(url: str) -> tuple[int, bytes]:
    try:
        with urlopen(url, timeout=10) as answer:
            return answer.status, answer.read()
    except HTTPError as refused:
        return refused.code, refused.read()


def test_it_logs_events_serves_metrics_and_is_seen_by_status(corner_of_years, parcours, tmp_path) -> None:
    parcours("tick", "corner", "--at", "2026-03-01 00:00")
    corner_of_years.fill(ENTERING)
    with running(tmp_path, "--every", "1d", "--metrics", "0", "--log", "json") as process:
        said = events(process)
        started = next(said)
        assert (started["event"], started["process"], started["every_seconds"]) == (
            *("started", process.pid),
            86_400,
        )
        journey, tick, relay = next(said), next(said), next(said)
        assert {**journey, "time": ""} == {
            "time": "",
            "event": "journey",
            "tick": 1,
            "journey": "welcome",
            "entered": 2,
            "ended": 0,
            "granted": 1,
            "held": {},
            "not_sent": {"no_consent": 1},
        }
        assert (tick["event"], tick["tick"], tick["entered"], tick["granted"]) == ("tick", 1, 2, 1)
        assert tick["seconds"].keys() >= {"look", "enter", "move", "commit"}
        assert (relay["event"], relay["accepted"], relay["waiting"], relay["left_alone"]) == (
            "relay",
            1,
            0,
            [],
        )
        wait_for(lambda: b'"doing": "waiting"' in ask(f"{started['metrics']}/healthz")[1])
        assert ask(f"{started['metrics']}/healthz")[0] == 200
        assert b"\nparcours_ticks_total 2.0\n" in ask(f"{started['metrics']}/metrics")[1]
        answer = parcours("status", "corner", "--format", "json")
        run = json.loads(answer.out)["run"]
        assert (answer.code, run["process"], run["doing"]) == (0, process.pid, "waiting")
        text = parcours("status", "corner").out
        assert "run        waiting, the next tick is due at " in text
        assert f"; process {process.pid}, a tick every 24 hours\n" in text
        process.send_signal(signal.SIGTERM)
        assert next(said)["event"] == "stopped"
        code, out, err = ended(process)
    assert (code, out, err) == (0, "", "")
    assert not STATE.with_name("state.duckdb.run").exists()


def wait_for(is_so: Callable[[], bool]) -> None:
    for _ in range(200):
        if is_so():
            return
        sleep(0.05)
    raise AssertionError("it never was")


def test_in_mid_tick_status_says_what_was_noted_before_it(corner_of_years, parcours, tmp_path) -> None:
    parcours("tick", "corner", "--at", "2026-03-01 00:00")
    corner_of_years.fill(ENTERING)
    with running(tmp_path, before=IN_TICK) as process:
        line_of(process, "in the tick")
        answer = parcours("status", "corner")
        assert answer.code == 0
        assert "run        ticking since " in answer.out
        assert "state      in the middle of a tick; what follows is of " in answer.out
        assert "last tick  0 at 2026-03-01 00:00 (Europe/Paris)" in answer.out
        process.kill()
    dead = parcours("status", "corner")
    assert dead.code == 1
    assert f"- process {process.pid} ended without a word: it was ticking\n" in dead.out
    parcours("tick", "corner")
    assert parcours("status", "corner").code == 0


def test_a_log_as_text_has_one_event_a_line_and_names_nobody(corner_of_years, parcours, tmp_path) -> None:
    with running(tmp_path, "--every", "1d", "--log", "text") as process:
        assert process.stderr is not None
        lines = [process.stderr.readline() for _ in range(3)]
        process.send_signal(signal.SIGTERM)
        code, out, err = ended(process)
    assert (code, out) == (0, "")
    assert [line.split()[1] for line in (*lines, err)] == [
        *("event=started", "event=tick", "event=relay", "event=stopped"),
    ]
    assert " tick=0 at=2" in lines[1] and " seconds.look=" in lines[1] and " left_alone=-" in lines[2]
    assert "@" not in "".join(lines)


def test_what_is_wrong_is_an_event_with_its_code_and_says_no_more(
    corner_of_years, parcours, tmp_path
) -> None:
    parcours("tick", "corner", "--at", "2026-03-01 00:00")
    with duckdb.connect(str(STATE)) as state:
        state.execute("UPDATE tick SET granted = 5")
    with running(tmp_path, "--log", "json") as process:
        code, out, err = ended(process)
    assert (code, out) == (2, "")
    said = json.loads(err)
    assert {**said, "time": ""} == {
        "time": "",
        "event": "stopped",
        "code": "state-damaged",
        "title": "Something in the state file is not as it was written.",
        "place": "corner/state/state.duckdb",
    }


@pytest.mark.parametrize("metrics", ["port", "70000", "localhost:", "-1"])
def test_a_port_that_is_none_is_told(corner_of_years, parcours, metrics) -> None:
    answer = parcours("run", "corner", f"--metrics={metrics}")
    assert (answer.code, answer.err.startswith("error[bad-option]: ")) == (2, True)


def test_of_two_that_are_started_at_once_one_runs_and_the_other_says_who_does(
    corner_of_years, parcours, tmp_path
) -> None:
    with running(tmp_path, "--every", "1d") as one, running(tmp_path, "--every", "1d") as other:
        wait_for(lambda: one.poll() is not None or other.poll() is not None)
        loser, winner = (one, other) if one.poll() is not None else (other, one)
        code, out, err = ended(loser)
        assert (code, out) == (2, "")
        assert err.startswith("error[state-locked]: another executor works on this state: ")
        line_of(winner, "tick 0 at ")
        winner.send_signal(signal.SIGTERM)
        assert ended(winner)[0] == 0
