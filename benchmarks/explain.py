"""`parcours explain` for one contact, on a state with a long journal.

    python benchmarks/explain.py [--rows N] [--times N] [--folder FOLDER]

A thousand contacts go through a journey of three waits, three branches and three messages; then their rows are copied for
others until the journal has so many rows (and the other tables of the state as many as belong to them). `explain` is from
the open project to the text; `command` is the whole process, Python and the reading of the project included; `scan` is one
bare count of the rows of one contact in the journal, beside which the others can be held."""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
from measuring import seconds

from parcours.executor.opening import open_executor
from parcours.explaining.explain import Question, explain_loaded
from parcours.explaining.text import as_text
from parcours.workspace.load import load

BEGIN = datetime(2026, 6, 1)
CONTACTS = 1000
CONTACT = "17"

FILES = {
    "parcours.yaml": """\
name: measured
time_zone: Europe/Paris
datamart:
  database: datamart.duckdb
  contacts: {table: contacts, key: contact_id}
  events:
    visit: {table: visits, contact: contact_id, at: visited_at}
""",
    "all.journey": """\
channel email
    address email
    consent email_opt_in

pressure
    at most 2 messages per 7 days
    keep held messages for 1 day

message news
    topic news
    subject "…"
    email "…"

journey news
    purpose newsletter
    enter on visit
        again
    wait 1 day
    if country = "FR"
        send news by email
    else
        send news by email
    wait 1 day
    if count of visit > 1
        send news by email
    wait 1 day
    if has visit since entry
        send news by email
""",
}


def make(folder: Path, rows: int) -> Path:
    """The project, its datamart and its state; the file of the state."""
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    with duckdb.connect(str(folder / "datamart.duckdb")) as mart:
        mart.execute(
            f"""CREATE TABLE contacts AS SELECT i AS contact_id, i || '@example.org' AS email, true AS email_opt_in,
                CASE WHEN i % 2 = 0 THEN 'FR' ELSE 'DE' END AS country FROM range({CONTACTS}) AS r(i)"""
        )
        mart.execute(
            f"""CREATE TABLE visits AS SELECT i AS contact_id, TIMESTAMP '2026-06-01' + to_days(d::INTEGER) AS visited_at
                FROM range({CONTACTS}) AS r(i), range(1, 30, 4) AS s(d)"""
        )
    state = folder / "state" / "state.duckdb"
    loaded = load(folder, {})
    assert loaded.connection is not None
    executor = open_executor(loaded, state)
    for hour in range(0, 24 * 40, 6):
        executor.tick(BEGIN + timedelta(hours=hour))
    loaded.connection.close()
    with duckdb.connect(str(state)) as grown:
        ((there,),) = grown.execute("SELECT count(*) FROM journal").fetchall()
        copies = max(rows // there, 1)
        # as many on either side, so that the contact is none of the first: his rows are in the middle of every other's
        others = f"(SELECT unnest(range({-(copies // 2)}, 0) || range(1, {copies - copies // 2})) AS k)"
        for table in ("journal", "outbox", "not_sent", "refused", "ended"):
            by = "left_at" if table == "ended" else "tick"
            grown.execute(
                f"""INSERT INTO {table} SELECT t.* REPLACE (t.contact + k * {CONTACTS} AS contact)
                    FROM {table} AS t, {others} AS c ORDER BY t.{by}, hash(t.contact, k)"""
            )
        grown.execute("CHECKPOINT")
    return state


def cpu(work: Callable[[], object]) -> float:
    """The CPU of this process for one go, on all its threads."""
    before = time.process_time()
    work()
    return time.process_time() - before


def measure(folder: Path, rows: int, times: int) -> None:
    state = make(folder, rows)
    with duckdb.connect(str(state), read_only=True) as asked:
        counts = {
            table: asked.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
            for table in ("journal", "outbox", "not_sent", "refused", "ended")
        }

        def point() -> None:
            asked.execute("SELECT count(*) FROM journal WHERE contact = 17").fetchall()

        scan, scan_cpu = seconds(point, times), cpu(point)
    print(", ".join(f"{count:,} in {table}" for table, count in counts.items()))
    print(f"{state.stat().st_size / 1e9:.2f} GB")

    def explained() -> None:
        loaded = load(folder, {})
        assert loaded.connection is not None
        text = as_text(explain_loaded(loaded, state, Question(CONTACT)), colour=False, width=100)
        assert "news" in text
        loaded.connection.close()

    def opened() -> None:
        loaded = load(folder, {})
        assert loaded.connection is not None
        loaded.connection.close()

    opening, whole = seconds(opened, times), seconds(explained, times)
    opening_cpu, whole_cpu = cpu(opened), cpu(explained)
    command = [str(Path(sys.executable).with_name("parcours")), "explain", CONTACT, "--project", str(folder)]
    process = seconds(lambda: subprocess.run(command, check=True, capture_output=True), times)
    print(f"scan     {scan:.3f} s, {scan_cpu:.3f} s CPU")
    print(f"explain  {whole - opening:.3f} s, {whole_cpu - opening_cpu:.3f} s CPU")
    print(f"command  {process:.3f} s")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--rows", type=int, default=5_000_000)
    arguments.add_argument("--times", type=int, default=5)
    arguments.add_argument("--folder", type=Path)
    given = arguments.parse_args()
    if given.folder is not None:
        given.folder.mkdir(parents=True, exist_ok=True)
        measure(given.folder, given.rows, given.times)
    else:
        with tempfile.TemporaryDirectory() as made:
            measure(Path(made), given.rows, given.times)
