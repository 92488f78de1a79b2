"""Processes that tick and relay are killed at any instant, and others go on where they were: nothing is lost, nothing is
sent under two ids, and everybody who has opted out is left alone.

PARCOURS_KILLS says how often."""

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from time import monotonic

import pytest
from kill_world import OPT_OUTS, RELAYING, TICKING, TICKS

from parcours.clock.chance import WHOLE, share_of
from parcours.datamart.memory import open_memory
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.integrity import check_rows

KILLS = int(os.environ.get("PARCOURS_KILLS", "100"))
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
    """A program that makes processes which work on a state, and kills them."""

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

    def run(self, state: Path, ledger: Path, since: str = "never", seconds: float = 0.0) -> tuple[bool, int]:
        """Whether it came to its end, and what it did last. It is killed so many seconds since its `fork`, or since its
        state was `open`."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{state} {ledger} {since} {seconds}\n")
        self._process.stdin.flush()
        code, doing = map(int, self._process.stdout.readline().split())
        assert code in (0, -signal.SIGKILL)
        return code == 0, doing

    def close(self) -> None:
        self._process.communicate()


def taken(ledger: Path) -> Counter[str]:
    """How often each send was handed over; a line that was being written then is none."""
    lines = ledger.read_text(encoding="utf-8").splitlines() if ledger.exists() else []
    return Counter(line.partition(" ")[0] for line in lines if len(line.split()) == 3)


@pytest.mark.parametrize("seed", [1])
def test_whenever_it_is_killed_all_comes_out_as_if_it_had_not_been(tmp_path: Path, seed: int) -> None:
    """Each process dies where it is, and the next goes on from there; a life is over when one comes to the end."""
    nursery = Nursery()
    whole = tmp_path / "whole.duckdb"
    nursery.run(tmp_path / "first.duckdb", tmp_path / "first")  # what is slow the first time only
    began = monotonic()
    assert nursery.run(whole, tmp_path / "whole")[0]
    longest = 1.25 * (monotonic() - began) / len(TICKS)
    undisturbed = looked_at(whole)
    killed: Counter[int] = Counter()
    again = lives = 0
    while killed.total() < KILLS:
        lives += 1
        state, ledger = tmp_path / f"{lives}.duckdb", tmp_path / f"ledger{lives}"
        is_over = False
        while not is_over:
            number = killed.total()
            share = share_of(f"kill {seed} {number} {lives}") / WHOLE
            since = "never" if number == KILLS else "open" if number % 10 else "fork"
            is_over, doing = nursery.run(state, ledger, since, longest * share)
            killed[doing] += not is_over
        assert looked_at(state) == undisturbed
        assert taken(ledger).keys() == taken(tmp_path / "whole").keys()
        again += taken(ledger).total() - len(taken(ledger))
    nursery.close()
    assert killed.total() == KILLS
    if KILLS >= 100:  # so many of them hit what they were to hit, and what was not recorded came again
        assert min(killed[TICKING], killed[RELAYING]) > 10
        assert again > 0


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
