"""What a tick costs, by how much is due: beside one bare query over the same rows.

    python benchmarks/tick.py [--contacts N] [--times N] [--folder FOLDER] [--parts due,empty,hourly,year]

`due`: whole ticks, commit included, with 1, 10 and 100 % of two instances a contact due, and the bare query before each
on the same warm connection; `empty`: a tick with nothing due, of ten thousand contacts and of all; `hourly`: ticks of an
hour each with a thousandth due; `year`: a year of daily ticks from an empty state. CPU is that of all threads; each part runs in a
process of its own, whose memory at its highest is told. A folder that is given is kept, with the data in it."""

import argparse
import multiprocessing
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tick_bare import BARE
from tick_world import BEGIN, DUE, executor_on, make_project, make_state, opened

from parcours.executor.tick import Executor
from parcours.workspace.load import Loaded

PARTS = ("due", "empty", "hourly", "year")
FEW = 10_000
HOURS = 13  # the data of the world end with the day
LARGER_CACHE = "glibc.malloc.tcache_count=2000"  # as `parcours simulate` and `run` have it
YEAR_BEGINS = datetime(2025, 6, 2, 9)


@dataclass
class Spent:
    wall: float = 0.0
    cpu: float = 0.0


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@contextmanager
def measured() -> Iterator[Spent]:
    spent = Spent()
    start, cpu_start = time.perf_counter(), cpu()
    yield spent
    spent.wall, spent.cpu = time.perf_counter() - start, cpu() - cpu_start


def meter() -> tuple[int, int]:
    return int(time.perf_counter() * 1e6), int(cpu() * 1e6)


def middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


@contextmanager
def ticking(project: Path, due: int, contacts: int) -> Iterator[tuple[Loaded, Executor]]:
    """An executor on a copy of a state, after one tick at which nothing was due."""
    state = make_state(project, contacts, due)
    with tempfile.TemporaryDirectory(dir=project) as folder:
        copy = Path(shutil.copy(state, folder))
        loaded = opened(project)
        executor = executor_on(loaded, copy, meter)
        executor.tick(BEGIN + timedelta(seconds=30))
        try:
            yield loaded, executor
        finally:
            assert loaded.connection is not None
            loaded.connection.close()


def of_due(project: Path, contacts: int, due: int, times: int) -> list[str]:
    """One line: a whole tick, the bare query, their ratio; and where the time of the tick went."""
    bare, whole, ratios, stages = [], [], [], ""
    for _ in range(times):
        with ticking(project, due, contacts) as (loaded, executor):
            assert loaded.connection is not None
            loaded.connection.execute(BARE, {"now": DUE}).fetchall()
            with measured() as query:
                loaded.connection.execute(BARE, {"now": DUE}).fetchall()
            with measured() as tick:
                done = executor.tick(DUE)
            executor.tick(DUE + timedelta(seconds=1))  # writes what the commit before cost
            spent = loaded.connection.execute(
                "SELECT stage, sum(cpu_us) / 1e6 FROM state.cost WHERE tick = ? GROUP BY stage ORDER BY 2 DESC",
                [done.tick],
            ).fetchall()
            stages = ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in spent)
        bare.append(query.cpu)
        whole.append(tick.cpu)
        ratios.append(tick.cpu / query.cpu)
    first = f"{due / 10:g} % due: a tick {middle(whole):.2f} s CPU, bare {middle(bare):.2f}"
    return [f"{first}, {middle(ratios):.2f} x", f"    {stages}"]


def of_empty(project: Path, contacts: int, times: int) -> list[str]:
    with ticking(project, 0, contacts) as (_, executor):
        found = []
        for turn in range(10 * times):
            with measured() as tick:
                executor.tick(BEGIN + timedelta(seconds=31 + turn))
            found.append(tick.wall * 1000)
    return [f"nothing due, {contacts:,} contacts: {middle(found):.1f} ms"]


def of_hourly(project: Path, contacts: int) -> list[str]:
    """Tick after tick, an hour apart, each with about a thousandth due; and the bare query for the same hours."""
    found, wall, bare = [], [], []
    with ticking(project, 1, contacts) as (loaded, executor):
        assert loaded.connection is not None
        for hour in range(HOURS):
            at = {"now": DUE + timedelta(hours=hour)}
            loaded.connection.execute(BARE, at).fetchall()
            with measured() as query:
                loaded.connection.execute(BARE, at).fetchall()
            with measured() as tick:
                executor.tick(at["now"])
            found.append(tick.cpu * 1000)
            wall.append(tick.wall * 1000)
            bare.append(query.cpu * 1000)
    told = f"a thousandth due, hour after hour: {middle(found):.0f} ms CPU (the first one {found[0]:.0f})"
    return [f"{told}, {middle(wall):.0f} ms; bare {middle(bare):.0f} ms CPU"]


def of_year(project: Path, contacts: int) -> list[str]:
    with tempfile.TemporaryDirectory(dir=project) as folder:
        loaded = opened(project)
        executor = executor_on(loaded, Path(folder) / "state.duckdb", meter)
        assert loaded.connection is not None
        with measured() as year:
            for day in range(365):
                executor.tick(YEAR_BEGINS + timedelta(days=day))
        rows = loaded.connection.execute(
            "SELECT (SELECT count(*) FROM state.journal), (SELECT count(*) FROM state.outbox)"
        ).fetchone()
        spent = loaded.connection.execute(
            "SELECT stage, sum(cpu_us) / 1e6 FROM state.cost GROUP BY stage ORDER BY 2 DESC"
        ).fetchall()
        loaded.connection.close()
    assert rows is not None
    stages = ", ".join(f"{stage} {seconds:.0f}" for stage, seconds in spent)
    told = f"a year, {contacts:,} contacts: {year.cpu:.0f} s CPU, {year.wall:.0f} s; "
    return [f"{told}{rows[0]:,} lines of the journal, {rows[1]:,} messages", f"    {stages}"]


def aside(work: Callable[..., list[str]], *values: Any) -> None:
    """Does a part in a process of its own, and tells what it found and how large the process was."""
    os.environ.setdefault("GLIBC_TUNABLES", LARGER_CACHE)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        lines, most = pool.submit(_sized, work, values).result()
    print(f"{lines[0]} ({most:,} MB)", *lines[1:], sep="\n", flush=True)


def _sized(work: Callable[..., list[str]], values: tuple[Any, ...]) -> tuple[list[str], int]:
    lines = work(*values)
    return lines, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--parts", default=",".join(PARTS))
    options = parser.parse_args()
    parts = options.parts.split(",")
    with tempfile.TemporaryDirectory() as temporary:
        folder: Path = options.folder or Path(temporary)
        project = make_project(folder / f"{options.contacts}", options.contacts)
        if "due" in parts:
            for due in (10, 100, 1000):
                aside(of_due, project, options.contacts, due, options.times)
        if "empty" in parts:
            aside(of_empty, make_project(folder / f"{FEW}", FEW), FEW, options.times)
            aside(of_empty, project, options.contacts, options.times)
        if "hourly" in parts:
            aside(of_hourly, project, options.contacts)
        if "year" in parts:
            aside(of_year, make_project(folder / f"{FEW}", FEW), FEW)
            aside(of_year, project, options.contacts)


if __name__ == "__main__":
    main()
