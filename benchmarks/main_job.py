"""The main job, measured: start-up, a simulated quarter of the example shop, an empty tick, a real year.

    python benchmarks/main_job.py

Prints one table. Seconds depend on the machine; the last column does not so much: it is the ratio to something
plain that is measured in the same run (named in the table)."""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import duckdb
from measuring import seconds

from parcours.checking.usage import usage
from parcours.datamart.freeze import freeze
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.tick import Executor
from parcours.simulator.options import first_instant
from parcours.workspace.load import load

ROOT = Path(__file__).resolve().parent.parent
SHOP = ROOT / "examples" / "shop"
RETAIL = ROOT / "examples" / "online_retail"
RETAIL_DATA = ROOT.parent / "shared" / "data" / "online_retail" / "online_retail.parquet"


def start_up() -> tuple[float, float]:
    """`parcours --help`, and a Python that does nothing."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "engine")}

    def run(code: str) -> None:
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, env=environment)

    help_ = "import sys; sys.argv = ['parcours', '--help']; from parcours.cli.main import main; main()"
    return seconds(lambda: run(help_), 5), seconds(lambda: run("pass"), 5)


def durable_commit(folder: Path) -> float:
    """One row written and committed to a DuckDB file: the least that any tick can cost."""
    connection = duckdb.connect(str(folder / "commit.duckdb"))
    connection.execute("CREATE TABLE heartbeat (tick INTEGER, ticked_at TIMESTAMP)")

    def commit() -> None:
        connection.execute("BEGIN")
        connection.execute("INSERT INTO heartbeat VALUES (1, TIMESTAMP '2026-01-01')")
        connection.execute("COMMIT")

    return seconds(commit, 200)


def simulated(project: Path, first: str, last: str, every: str) -> tuple[float, float, int]:
    """Seconds of wall clock and of CPU of `parcours simulate` as a user runs it, and how many ticks it did."""
    command = [str(Path(sys.executable).with_name("parcours")), "simulate", str(project)]
    command += ["--from", first, "--to", last, "--every", every, "--format", "json"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    took = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took, cpu, json.loads(done.stdout)["span"]["ticks"]


def empty_tick(folder: Path) -> float:
    """A tick of the example shop in which nothing happens, on a state file: a minute of the night, after the data."""
    loaded = load(SHOP, dict(os.environ))
    assert loaded.checked and loaded.connection and loaded.catalog
    read = usage(loaded.checked)
    freeze(loaded.connection, loaded.catalog, read.events, read.attributes)
    engine = DuckDBEngine(loaded.connection)
    engine.attach_state(folder / "empty.duckdb")
    executor = Executor(engine, loaded.checked, loaded.catalog.contact_type, "benchmark")
    instant = first_instant("2027-06-01 00:05", loaded.checked.time_zone)
    executor.tick(instant)
    found = []
    for minute in range(1, 50):
        start = time.perf_counter()
        result = executor.tick(instant + timedelta(minutes=minute))
        found.append(time.perf_counter() - start)
        assert result.moved == result.refused == 0
    return sorted(found)[len(found) // 2]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shop-to", default="2026-03-31", help="last day of the shop's simulation")
    parser.add_argument(
        "--folder", type=Path, required=False, help="where state files go (a temporary folder)"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name)
        commit = durable_commit(folder)
        helped, python = start_up()
        rows = [("parcours --help", f"{helped * 1e3:.0f} ms", f"{helped / python:.1f} x an empty Python")]
        empty = empty_tick(folder)
        rows.append(
            ("an empty tick, durable", f"{empty * 1e3:.1f} ms", f"{empty / commit:.1f} x one bare commit")
        )
        took, cpu, ticks = simulated(SHOP, "2026-01-01", arguments.shop_to, "1h")
        rows.append(
            (
                f"example shop, {ticks:,} hourly ticks",
                f"{took:.0f} s ({cpu:.0f} s CPU)",
                f"{took / ticks / commit:.0f} x one bare commit a tick ({took / ticks * 1e3:.0f} ms)",
            )
        )
        if RETAIL_DATA.exists():
            took, cpu, ticks = simulated(RETAIL, "2010-12-01 10:00", "2011-12-09", "1d")
            rows.append(
                (
                    f"online_retail, {ticks:,} daily ticks",
                    f"{took:.0f} s ({cpu:.0f} s CPU)",
                    f"{took / ticks / commit:.0f} x one bare commit a tick ({took / ticks * 1e3:.0f} ms)",
                )
            )
    print(f"{'what':36} {'measured':22} ratio in the same run")
    for what, measured, ratio in rows:
        print(f"{what:36} {measured:22} {ratio}")


if __name__ == "__main__":
    main()
