"""Processes that tick and relay are killed at any instant, and others go on where they were: nothing is lost, nothing is
sent under two ids, and everybody who has opted out is left alone.

PARCOURS_KILLS says how often."""

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from threading import Timer
from time import monotonic

import pytest
from kill_world import OPT_OUTS

from parcours.clock.chance import WHOLE, share_of
from parcours.datamart.memory import open_memory
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.integrity import check_rows

KILLS = int(os.environ.get("PARCOURS_KILLS", "1"))
NAMES = (
    "version",
    "node",
    "instance",
    "journal",
    "outbox",
    "not_sent",
    "refused",
    "ended",
    "membership",
    "tick",
    "claim",
    "receipt",
)


class Nursery:
    """Makes processes that work on a state, and kills them after so many seconds; None: lets them end."""

    def __init__(self) -> None:
        here = Path(__file__).parent
        paths = os.pathsep.join([*sys.path, str(here), str(here.parent / "executor")])
        self._process = subprocess.Popen(
            [sys.executable, str(here / "kill_world.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": paths},
        )

    def run(self, state: Path, ledger: Path, seconds: float | None) -> bool:
        """Whether it came to its end."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{state} {ledger}\n")
        self._process.stdin.flush()
        number = int(self._process.stdout.readline())
        timer = None if seconds is None else Timer(seconds, os.kill, (number, signal.SIGKILL))
        if timer is not None:
            timer.start()
        code = int(self._process.stdout.readline())
        if timer is not None:
            timer.cancel()
            timer.join()
        assert code in (0, -signal.SIGKILL)
        return code == 0

    def close(self) -> None:
        self._process.communicate()


def taken(ledger: Path) -> Counter[str]:
    """How often each send was handed over; a line that was being written then is none."""
    lines = ledger.read_text(encoding="utf-8").splitlines() if ledger.exists() else []
    return Counter(line.partition(" ")[0] for line in lines if len(line.split()) == 3)


@pytest.mark.parametrize("seed", [1])
def test_whenever_it_is_killed_all_comes_out_as_if_it_had_not_been(tmp_path: Path, seed: int) -> None:
    nursery = Nursery()
    whole = tmp_path / "whole.duckdb"
    began = monotonic()
    assert nursery.run(whole, tmp_path / "whole", None)
    length = monotonic() - began
    undisturbed = looked_at(whole)
    killed = rounds = 0
    while killed < KILLS:
        rounds += 1
        state, ledger = tmp_path / f"{rounds}.duckdb", tmp_path / f"ledger{rounds}"
        is_over = is_first = True
        while is_first or not is_over:
            share = share_of(f"kill {seed} {killed} {rounds}") / WHOLE
            began = monotonic()
            is_over = nursery.run(state, ledger, length * share if killed < KILLS else None)
            if is_over and is_first:
                length = min(length, monotonic() - began)  # the machine was busy before
            killed += not is_over
            is_first = False
        assert looked_at(state) == undisturbed
        assert taken(ledger).keys() == taken(tmp_path / "whole").keys()
    nursery.close()


def looked_at(state: Path) -> dict[str, list[tuple[object, ...]]]:
    """What matters of a state in the end, whole by its own integrity."""
    engine = DuckDBEngine(open_memory())
    engine.attach_state(state)
    check_rows(engine, str(state))
    found = {name: engine.run_text(f"SELECT * FROM state.{name} ORDER BY ALL") for name in NAMES}
    for name, at in OPT_OUTS.items():
        late = "SELECT 1 FROM state.outbox WHERE contact = ? AND sent_at > ?::TIMESTAMP"
        assert engine.run_text(late, [name, at]) == []
    ((sends, ids, receipts),) = engine.run_text(
        "SELECT (SELECT count(*) FROM state.outbox), count(DISTINCT send), count(*) FROM state.receipt"
    )
    assert sends == ids == receipts > 15
    engine.close()
    return found
