"""A disk that is full: said in plain words, nothing lost, and what was due is done when there is space again."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from corner_project import Corner

Rows = list[tuple[object, ...]]
AT = ("2026-03-01 00:00", "2026-03-02 00:00", "2026-03-03 00:00")
MANY = """
INSERT INTO customers SELECT 100 + i, hash(i) || '@example.com', true FROM range(8000) AS t(i);
INSERT INTO orders SELECT 100 + i, hash(i)::VARCHAR, TIMESTAMP '2026-03-01 10:00', 20 FROM range(8000) AS t(i)
"""
LIMIT = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))"
"""The kernel lets the process write no file beyond so many bytes: a disk that is full for whoever cannot mount one."""


def rows(state: Path, query: str) -> Rows:
    with duckdb.connect(str(state), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture
def crowd(corner: Corner, parcours: Callable[..., object]) -> Corner:
    """Very many order, and there is a state in which none of it has happened yet."""
    settings = (corner.folder / "parcours.yaml").read_text(encoding="utf-8")
    corner.write("parcours.yaml", settings + "channels:\n  email: {adapter: null}\n")
    corner.fill(MANY)
    parcours("tick", "corner", "--at", AT[0])
    return corner


STATE = Path("corner", "state", "state.duckdb")


@pytest.mark.parametrize("more", [0, 200_000])
def test_a_tick_that_finds_the_disk_full_has_never_been(crowd, parcours, parcours_alone, more: int) -> None:
    before = STATE.stat().st_size
    answer = parcours_alone("tick", "corner", "--at", AT[1], before=LIMIT.format(before + more))
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        f"error[state-unwritable]: the state cannot be written: file too large\n  {STATE}\n"
        "  help: check the path, its permissions and the space left on the disk\n"
    )
    assert rows(STATE, "SELECT (SELECT count(*) FROM tick), (SELECT count(*) FROM instance)") == [(1, 0)]
    # there is space again
    assert ": 8,002 entered, " in parcours("tick", "corner", "--at", AT[2]).out
    assert rows(STATE, "SELECT count(*), count(DISTINCT contact) FROM outbox") == [(8_001, 8_001)]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk on which there is little space, where this process may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("nothing can be mounted here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


GROW = ["mount", "-o", "remount,size=100m"]


def test_a_run_tries_again_until_there_is_space(crowd, parcours, small_disk: Path) -> None:
    """The whole of it in one process, as `run` does: each try opens the state anew."""
    state = small_disk / "state.duckdb"
    program = f"""
import subprocess, sys
from datetime import datetime
from parcours.cli import relay, run
from parcours.cli.stopping import Stop
clock, naps = [datetime(2026, 3, 1, 12)], []
def nap(self, length):
    clock[0] += length
    naps.append(length)
    if len(naps) == 5:
        subprocess.run({GROW!r} + [{str(small_disk)!r}], check=True)
    return len(naps) < 9
Stop.nap = nap
run.now = relay.now = lambda: clock[0]
from parcours.cli.main import main
main()
"""
    assert parcours("tick", "corner", "--at", AT[0], "--state", str(state)).code == 0
    done = subprocess.run(
        [sys.executable, "-c", program, "run", "corner", "--state", str(state)],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "no tick: the state cannot be written: no space left on device; the next try is in " in done.stdout
    assert done.stderr.count("error[state-unwritable]") == done.stdout.count("no tick: ") > 0
    assert ": 8,002 entered, " in done.stdout
    assert "relay: 8,001 messages handed over" in done.stdout
    assert rows(state, "SELECT count(*), count(DISTINCT send) FROM receipt") == [(8_001, 8_001)]
