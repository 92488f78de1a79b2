"""Rfm and stages of real shops, against plain Python and against what is published of them. Skipped without the data."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from rfm_by_hand import Row, rfm_by_hand

from parcours.analytics.rfm import learn_rfm
from parcours.analytics.snapshot import Snapshot
from parcours.analytics.stages import flow
from parcours.checking.checked import Rfm
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.workspace.load import load

BESIDE = [above / "shared" / "data" for above in Path(__file__).resolve().parents]
DATA = next((folder for folder in BESIDE if folder.is_dir()), BESIDE[0])
CDNOW, ONLINE_RETAIL = DATA / "cdnow", DATA / "online_retail" / "online_retail.parquet"
EXAMPLE = Path(__file__).parents[2] / "examples" / "online_retail"

SETTINGS = """
name: cdnow
datamart:
  database: cdnow.duckdb
  contacts: {table: customers, key: customer}
  events:
    order: {table: orders, contact: customer, at: bought_on, id: order_id}
"""
VALUE = """
rfm value
    of order.amount over 24 months
    scored 1 to 5 by quantile
    trend over 90 days
"""
JOURNEY = """
journey any
    enter by hand
    exit done
"""
LIFECYCLE = """
lifecycle buyer
    active: has order in last 90 days
    fading: has order in last 180 days
    lost: has order
    prospect: otherwise
"""


@contextmanager
def _snapshot(folder: Path, at: datetime) -> Iterator[Snapshot]:
    loaded = load(folder, {"ONLINE_RETAIL": str(ONLINE_RETAIL)})
    assert loaded.checked is not None and loaded.connection is not None, loaded.diagnostics
    yield Snapshot(DuckDBEngine(loaded.connection), loaded.checked, at)
    loaded.connection.close()


def _learned(snapshot: Snapshot) -> dict[int, Row]:
    (rfm,) = (made for made in snapshot.project.learned if made.name == "value")
    assert isinstance(rfm, Rfm)
    result = learn_rfm(rfm, snapshot, ())
    rows = snapshot.engine.run_text(
        "SELECT contact, recency_days, frequency_count, monetary_sum, trend, recency, frequency, monetary "
        f"FROM {result.table}"
    )
    return {contact: Row(*figures) for contact, *figures in rows}


# ---- CDNOW

Purchases = list[tuple[int, date, Decimal]]


def _purchases(name: str) -> Purchases:
    """(customer, day, dollars) of a file whose columns are told by whether it has a header line."""
    found = []
    with gzip.open(CDNOW / name, "rt") as lines:
        for line in lines:
            words = line.split()
            if words and words[0].isdigit():
                day = date.fromisoformat(words[-3] if len(words[-3]) == 8 else words[-2])
                found.append((int(words[-4]), day, Decimal(words[-1])))
    return found


def _project(folder: Path, purchases: Purchases) -> None:
    customers, days, dollars = zip(*purchases, strict=True)
    with duckdb.connect(str(folder / "cdnow.duckdb")) as connection:
        connection.execute(
            "CREATE TABLE orders AS SELECT unnest(?) AS customer, unnest(?)::TIMESTAMP AS bought_on, "
            "unnest(?)::DECIMAL(10, 2) AS amount, unnest(range(?)) AS order_id",
            [list(customers), list(days), list(dollars), len(purchases)],
        )
        connection.execute("CREATE TABLE customers AS SELECT DISTINCT customer FROM orders")
    (folder / "parcours.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "analytics.journey").write_text(VALUE + LIFECYCLE + JOURNEY, encoding="utf-8")


needs_cdnow = pytest.mark.skipif(not CDNOW.is_dir(), reason="needs the CDNOW data")


@needs_cdnow
def test_all_of_cdnow_as_in_plain_python(tmp_path: Path) -> None:
    purchases = _purchases("CDNOW_master.txt.gz")
    _project(tmp_path, purchases)
    now = datetime(1998, 7, 1)
    with _snapshot(tmp_path, now) as snapshot:
        found = _learned(snapshot)
    orders = defaultdict(list)
    for customer, day, dollars in purchases:
        orders[customer].append((datetime(day.year, day.month, day.day), dollars))
    by_hand = rfm_by_hand(orders, now, datetime(1996, 7, 1), timedelta(90), 5)
    assert found == by_hand
    # Fader and Hardie: 23,570 customers with 69,659 transactions, from January 1997 to June 1998
    assert (len(found), sum(row.frequency_count for row in found.values())) == (23_570, 69_659)


@needs_cdnow
def test_the_sample_of_cdnow_as_published(tmp_path: Path) -> None:
    """Fader, Hardie and Lee (2005): for each of 2,357 customers the days on which it came back within 39 weeks, and the
    weeks between its first and last purchase and from the first to the end. Two purchases of a day are one there."""
    dollars: dict[tuple[int, date], Decimal] = defaultdict(Decimal)
    for customer, day, amount in _purchases("CDNOW_sample.txt.gz"):
        dollars[customer, day] += amount
    _project(tmp_path, [(customer, day, amount) for (customer, day), amount in dollars.items()])
    with _snapshot(tmp_path, datetime(1997, 9, 30)) as snapshot:
        found = _learned(snapshot)
    with (CDNOW / "cdnow_customers_summary.csv").open(encoding="utf-8") as lines:
        published = {int(row["ID"]): row for row in csv.DictReader(lines)}
    assert len(published) == 2_357
    assert {c: row.frequency_count for c, row in found.items()} == {
        c: int(float(row["frequency"])) + 1 for c, row in published.items()
    }
    assert {c: row.recency_days for c, row in found.items()} == {
        c: round(7 * (float(row["T"]) - float(row["recency"]))) for c, row in published.items()
    }


@needs_cdnow
def test_the_quarters_of_cdnow(tmp_path: Path) -> None:
    """Everybody bought first in the first quarter of 1997; where they are is counted from their purchases."""
    purchases = _purchases("CDNOW_master.txt.gz")
    _project(tmp_path, purchases)
    dates = [
        datetime(1997, 4, 1),
        datetime(1997, 7, 1),
        datetime(1997, 10, 1),
        datetime(1998, 1, 1),
        datetime(1998, 4, 1),
    ]
    loaded = load(tmp_path, {})
    (lifecycle,) = (group for group in loaded.groups if group.name == "buyer")
    with _snapshot(tmp_path, dates[-1]) as snapshot:
        found = flow(snapshot.engine, snapshot.project, lifecycle, dates)
    assert loaded.connection is not None
    loaded.connection.close()
    last: dict[int, date] = {}
    quarters = iter(dates)
    end, counts = next(quarters), []
    for customer, day, _ in sorted(purchases, key=lambda one: one[1]):
        while end is not None and day > end.date():
            counts.append(_standing(last, end))
            end = next(quarters, None)
        last[customer] = max(last.get(customer, day), day)
    assert [dict(of_date) for of_date in found.counts] == counts
    assert found.counts[0]["active"] > 23_000 and found.moves[0]["active", "fading"] > 15_000


def _standing(last: dict[int, date], end: datetime) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for day in last.values():
        days = (end.date() - day).days
        counts["active" if days < 90 else "fading" if days < 180 else "lost"] += 1
    counts["prospect"] = 23_570 - len(last)
    return {stage: count for stage, count in counts.items() if count}


# ---- Online Retail


@pytest.mark.skipif(not ONLINE_RETAIL.is_file(), reason="needs the Online Retail data")
def test_online_retail_as_in_plain_python(tmp_path: Path) -> None:
    for file in (*EXAMPLE.glob("*.yaml"), *EXAMPLE.glob("*.sql")):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "analytics.journey").write_text(VALUE + JOURNEY, encoding="utf-8")
    now = datetime(2011, 12, 10)
    with _snapshot(tmp_path, now) as snapshot:
        found = _learned(snapshot)
        rows = snapshot.engine.run_text("SELECT _contact, _at, amount FROM event_order")
    orders = defaultdict(list)
    for customer, at, amount in rows:
        orders[customer].append((at, amount))
    assert found == rfm_by_hand(orders, now, datetime(2009, 12, 10), timedelta(90), 5)
    # what is published of the data without cancellations: 4,338 customers, 18,532 invoices, 8,911,407.904 pounds
    assert len(found) == 4_338
    assert sum(row.frequency_count for row in found.values()) == 18_532
    assert sum(row.monetary_sum or 0 for row in found.values()) == Decimal("8911407.90")
