"""A datamart that is gone, locked or changed between two ticks: it is said, nothing moves, and the next tick catches up."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from corner_project import held_open

from parcours.cli import relay, run
from parcours.cli.stopping import Stop

STATE = Path("corner", "state", "state.duckdb")
DATA = Path("corner", "corner.duckdb")
BEFORE, BETWEEN, AFTER = "2026-03-01 00:00", "2026-03-02 08:00", "2026-03-02 09:00"


def tables(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(str(path), read_only=True) as state:
        names = [name for (name,) in state.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return {name: state.execute(f"FROM {name}").fetchall() for name in names}


@pytest.fixture
def ticked(corner, parcours):
    assert parcours("tick", "corner", "--at", BEFORE).code == 0
    return corner


def gone(corner) -> None:
    DATA.rename("elsewhere")


def replaced(corner) -> None:
    DATA.rename("elsewhere")
    DATA.write_bytes(b"something else altogether")


def cut_short(corner) -> None:
    shutil.copy(DATA, "elsewhere")
    DATA.write_bytes(DATA.read_bytes()[:20_000])


def without_a_column(corner) -> None:
    shutil.copy(DATA, "elsewhere")
    corner.fill("ALTER TABLE orders DROP total")


def without_a_table(corner) -> None:
    shutil.copy(DATA, "elsewhere")
    corner.fill("DROP TABLE orders")


def with_another_key(corner) -> None:
    shutil.copy(DATA, "elsewhere")
    corner.fill("ALTER TABLE customers ALTER customer_id TYPE VARCHAR")


def with_a_key_twice(corner) -> None:
    shutil.copy(DATA, "elsewhere")
    corner.fill("INSERT INTO customers FROM customers")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (gone, "no-database"),
        (replaced, "not-a-database"),
        (cut_short, "not-a-database"),
        (without_a_column, "unknown-field"),
        (without_a_table, "unknown-table"),
        (with_another_key, "state-foreign"),
        (with_a_key_twice, "duplicate-key"),
    ],
)
def test_a_datamart_that_has_changed_moves_nobody(ticked, parcours, change, code) -> None:
    before = tables(STATE)
    change(ticked)
    answer = parcours("tick", "corner", "--at", BETWEEN)
    assert (answer.code, answer.out) == (2, "")
    assert f"error[{code}]: " in answer.err
    assert "Traceback" not in answer.err
    assert tables(STATE) == before
    shutil.move("elsewhere", DATA)
    assert ": 2 entered, " in parcours("tick", "corner", "--at", AFTER).out


def test_a_datamart_that_somebody_writes_to_moves_nobody(ticked, parcours) -> None:
    with held_open(DATA):
        answer = parcours("tick", "corner", "--at", BETWEEN)
    assert (answer.code, answer.err.startswith("error[database-locked]: ")) == (2, True)
    assert ": 2 entered, " in parcours("tick", "corner", "--at", AFTER).out


def test_a_run_survives_them_all_and_catches_up(corner, parcours, monkeypatch, capfd) -> None:
    """One process, with a clock that goes on while it naps. Each try finds something else."""
    settings = (corner.folder / "parcours.yaml").read_text(encoding="utf-8")
    corner.write("parcours.yaml", settings + "channels:\n  email: {adapter: null}\n")
    corner.fill("UPDATE orders SET ordered_at = TIMESTAMP '2026-03-01 11:05:20'")
    clock = [datetime(2026, 3, 1, 10, 5)]  # the same in UTC
    changes = [gone, without_a_table, with_a_key_twice, replaced]
    naps = 0

    def nap(self: Stop, length: timedelta) -> bool:
        nonlocal naps
        clock[0] += length
        if length:
            if Path("elsewhere").exists():
                shutil.move("elsewhere", DATA)
            if naps < len(changes):
                changes[naps](corner)
            naps += 1
        return naps < 9

    monkeypatch.setattr(Stop, "nap", nap)
    monkeypatch.setattr(run, "now", lambda: clock[0])
    monkeypatch.setattr(relay, "now", lambda: clock[0])
    answer = parcours("run", "corner", "--every", "1m")
    assert answer.code == 0
    lines = [line for line in answer.out.splitlines() if line.startswith("no tick: ")]
    assert len(lines) >= 3
    assert answer.err.count("error[") == len(lines)
    with duckdb.connect(str(STATE), read_only=True) as state:
        assert state.execute("SELECT count(*), count(DISTINCT send) FROM receipt").fetchall() == [(1, 1)]
