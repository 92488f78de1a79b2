"""What learning costs: recency, frequency and monetary value beside the bare aggregate of the same orders.

    python benchmarks/analytics.py [--contacts N] [--orders N] [--times N] [--folder FOLDER]

The bare aggregate is max, count and sum by customer of the orders that had happened and were loaded, over the user's own
table, into a temporary table; with windows, also the two sums that a trend needs. Each rfm stands beside the one that asks
for as much, and must come to the same figures. Ours is a whole run
of an rfm: what is visible, the window, scores by quantile, the trend, the report; and then the writing of the run. Both on
the same warm connection, by turns; the middle of so many times. CPU is that of all threads. A folder that is given is kept,
with the data in it."""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb

from parcours.analytics.learner import Result
from parcours.analytics.rfm import learn_rfm
from parcours.analytics.snapshot import Snapshot
from parcours.analytics.store import AnalyticStore
from parcours.checking.checked import Rfm, declared_hash
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.workspace.load import load

AS_OF = datetime(2026, 1, 1)
SETTINGS = """
name: bench
datamart:
  database: bench.duckdb
  contacts: {table: customers, key: customer_id}
  events:
    order: {table: orders, contact: customer_id, at: ordered_at, loaded: loaded_at, id: order_id}
"""
JOURNEYS = """
rfm plain
    of order.amount over 24 months
    scored 1 to 5 by quantile

rfm value
    of order.amount over 24 months
    scored 1 to 5 by quantile
    trend over 90 days

journey any
    enter by hand
    exit done
"""
BARE = """
    CREATE OR REPLACE TEMP TABLE bare AS
    SELECT customer_id, max(ordered_at) AS last_at, count(*) AS orders, sum(amount) AS amount {more}
    FROM datamart.orders
    WHERE ordered_at > TIMESTAMP '2024-01-01' AND ordered_at <= TIMESTAMP '2026-01-01' AND loaded_at <= TIMESTAMP '2026-01-01'
    GROUP BY customer_id
"""
WINDOWS = """,
    sum(amount) FILTER (ordered_at > TIMESTAMP '2025-10-03') AS latest,
    sum(amount) FILTER (ordered_at > TIMESTAMP '2025-07-05' AND ordered_at <= TIMESTAMP '2025-10-03') AS before
"""

DIFFERENT = """
    SELECT count(*) FROM bare FULL JOIN _rfm ON customer_id = contact
    WHERE orders IS DISTINCT FROM frequency_count OR amount IS DISTINCT FROM monetary_sum
    OR date_diff('day', last_at, TIMESTAMP '2026-01-01') NOT BETWEEN recency_days AND recency_days + 1
"""


def make_project(folder: Path, contacts: int, orders: int) -> None:
    """Orders of the last two years and a half; a few customers have most of them. Some are loaded a day late."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "parcours.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "bench.journey").write_text(JOURNEYS, encoding="utf-8")
    if (folder / "bench.duckdb").exists():
        return
    with duckdb.connect(str(folder / "bench.duckdb")) as connection:
        connection.execute(f"CREATE TABLE customers AS SELECT range AS customer_id FROM range({contacts})")
        connection.execute(f"""
            CREATE TABLE orders AS
            SELECT
                CAST(floor({contacts} * pow((hash(range) % 1000003) / 1000003.0, 1.5)) AS BIGINT) AS customer_id,
                range AS order_id,
                TIMESTAMP '2023-07-01' + to_seconds(CAST(hash(range + 7) % 79000000 AS BIGINT)) AS ordered_at,
                ordered_at + to_hours(CAST(CASE WHEN range % 10 = 0 THEN 24 ELSE 0 END AS BIGINT)) AS loaded_at,
                CAST((hash(range * 3) % 20000) / 100.0 AS DECIMAL(12, 2)) AS amount
            FROM range({orders})
        """)


BARE_NAMES = ("bare aggregate", "bare aggregate, windows")


class Spent:
    """Wall and CPU of each time that something was done."""

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.cpu: list[float] = []

    def middle(self) -> tuple[float, float]:
        return sorted(self.wall)[len(self.wall) // 2], sorted(self.cpu)[len(self.cpu) // 2]


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@contextmanager
def measured(spent: Spent) -> Iterator[None]:
    start, cpu_start = time.perf_counter(), cpu()
    yield
    spent.wall.append(time.perf_counter() - start)
    spent.cpu.append(cpu() - cpu_start)


def rfm(folder: Path, times: int) -> None:
    loaded = load(folder, {})
    assert loaded.checked is not None and loaded.connection is not None, loaded.diagnostics
    engine = DuckDBEngine(loaded.connection)
    store = AnalyticStore(engine, None, "bench", "BIGINT")
    snapshot = Snapshot(engine, loaded.checked, AS_OF)
    plain, value = (made for made in loaded.checked.learned if isinstance(made, Rfm))

    def write(result: Result) -> None:
        store.write("rfm", "value", declared_hash(value), AS_OF, result)

    works: dict[str, Callable[[], object]] = {
        BARE_NAMES[0]: lambda: engine.run_text(BARE.format(more="")),
        "rfm, scored": lambda: learn_rfm(plain, snapshot, ()),
        BARE_NAMES[1]: lambda: engine.run_text(BARE.format(more=WINDOWS)),
        "rfm, scored, with trend": lambda: learn_rfm(value, snapshot, ()),
        "  its run written": lambda: write(Result(snapshot.columns_of("rfm"), "_rfm", {"summary": ""})),
    }
    spent = {name: Spent() for name in works}
    for _ in range(times + 1):
        for name, work in works.items():
            with measured(spent[name]):
                work()
    ((different,),) = engine.run_text(DIFFERENT)
    assert not different, f"{different:,} contacts have other figures than the bare aggregate says"
    for one in spent.values():  # the first time warms up
        del one.wall[0], one.cpu[0]
    print(f"{'':28}{'wall':>8}{'CPU':>8}{'wall ÷':>9}{'CPU ÷':>8}")
    bare = (0.0, 0.0)
    for name, one in spent.items():
        wall, used = one.middle()
        bare = (wall, used) if name in BARE_NAMES else bare
        print(f"{name:28}{wall:7.2f}s{used:7.2f}s{wall / bare[0]:9.2f}{used / bare[1]:8.2f}")
    print(f"{snapshot.count('_rfm'):,} contacts with an order; memory at its highest: {memory():,.0f} MB")


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--orders", type=int, default=10_000_000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.folder or Path(scratch) / "bench"
        make_project(folder, asked.contacts, asked.orders)
        print(f"{asked.contacts:,} contacts, {asked.orders:,} orders")
        rfm(folder, asked.times)


if __name__ == "__main__":
    main()
