"""Processes that tick and relay are killed at any instant, and others go on where they were: nothing is lost, nothing is
sent under two ids, and everybody who has opted out is left alone.

PARCOURS_KILLS says how often at random; PARCOURS_KILL_STEP from which operation to which it goes on (1: at each)."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from shutil import copy
from time import monotonic

import pytest
from kill_world import OPT_OUTS, RELAYING, TICKING, TICKS

from parcours.clock.chance import WHOLE, share_of
from parcours.datamart.memory import open_memory
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.integrity import check_rows

KILLS = int(os.environ.get("PARCOURS_KILLS", "100"))
STEP = int(os.environ.get("PARCOURS_KILL_STEP", "23"))
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

    def run(
        self, state: Path, ledger: Path, since: str = "never", many: float = 0, ticks: int = len(TICKS)
    ) -> tuple[bool, int]:
        """Whether it came to its end, and what it did last. It is killed so many seconds since its `fork`, or since its
        state was `open`, or before so many operations (`operation`)."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{state} {ledger} {ticks} {since} {many}\n")
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


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


@pytest.mark.parametrize("seed", [1])
def test_whenever_it_is_killed_all_comes_out_as_if_it_had_not_been(
    tmp_path: Path, nursery: Nursery, seed: int
) -> None:
    """Each process dies where it is, and the next goes on from there; a life is over when one comes to the end."""
    whole = tmp_path / "whole.duckdb"
    nursery.run(tmp_path / "first.duckdb", tmp_path / "first")  # what is slow the first time only
    began = monotonic()
    assert nursery.run(whole, tmp_path / "whole")[0]
    # about a tick or a relay: most die in one, and some get to the next
    longest = 0.8 * (monotonic() - began) / len(TICKS)
    undisturbed = looked_at(whole)
    killed: Counter[int] = Counter()
    lives = 0
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
    assert killed.total() == KILLS
    if KILLS >= 100:  # so many of them hit both; how many of each is a matter of the machine
        assert min(killed[TICKING], killed[RELAYING]) > 0


def test_whatever_the_operation_before_which_it_is_killed_all_comes_out_right(
    tmp_path: Path, nursery: Nursery
) -> None:
    """The last tick and its relay are killed before their operations of the store and the channel in turn, and once more while
    that is made good."""
    before, state, ledger = tmp_path / "before.duckdb", tmp_path / "state.duckdb", tmp_path / "ledger"
    assert nursery.run(before, ledger, ticks=len(TICKS) - 1)[0]
    taken_before = ledger.read_bytes()
    put_back(before, state)
    assert nursery.run(state, ledger)[0]
    undisturbed, sends = looked_at(state), taken(ledger).keys()
    killed: Counter[int] = Counter()
    for number in range(1, 10_000, STEP):
        put_back(before, state)
        ledger.write_bytes(taken_before)
        is_over, doing = nursery.run(state, ledger, "operation", number)
        if is_over:
            break
        killed[doing] += 1
        nursery.run(state, ledger, "operation", number * 7 % 60 + 1)
        assert nursery.run(state, ledger)[0]
        assert looked_at(state) == undisturbed, number
        assert taken(ledger).keys() == sends, number
    assert min(killed[TICKING], killed[RELAYING]) > 0


def put_back(kept: Path, state: Path) -> None:
    """The state as it was kept, with its log of what is not in the file yet."""
    for end in ("", ".wal"):
        source, target = kept.with_name(kept.name + end), state.with_name(state.name + end)
        target.unlink(missing_ok=True)
        if source.exists():
            copy(source, target)


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
