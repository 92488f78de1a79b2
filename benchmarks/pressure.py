"""The arbitration of many candidates under ten rules: beside one bare window query, and beside a plain loop in Python.

    python benchmarks/pressure.py [--contacts N] [--times N] [--folder FOLDER]

Every contact has two sends that wait, and eight messages in the last four weeks on average. `arbitration` is everything from
the sends that wait to their verdicts; `bare` ranks the same candidates and numbers the same log in windows, without any rule;
`loop` takes the candidates one after the other, with the messages of each contact in a list. CPU is that of all threads;
each part runs in a process of its own, whose memory at its highest is told."""

import argparse
import multiprocessing
import resource
import tempfile
import time
from bisect import bisect_right
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from parcours.executor.costs import Costs
from parcours.executor.opening import open_executor
from parcours.executor.stages import Stages
from parcours.executor.tick import Executor
from parcours.workspace.load import load

BEGIN = datetime(2026, 6, 1, 9)
NOW = BEGIN + timedelta(hours=1)

MIDNIGHT = {
    "Europe/Paris": datetime(2026, 5, 31, 22),
    "Europe/Zurich": datetime(2026, 5, 31, 22),
    "America/Montreal": datetime(2026, 6, 1, 4),
}
QUIET = {"America/Montreal"}
"""What the clocks of the zones say at `NOW`, for the loop."""

FILES = {
    "parcours.yaml": """\
name: measured
time_zone: Europe/Paris
datamart:
  database: datamart.duckdb
  contacts: {table: contacts, key: contact_id, time_zone: zone, household: household}
  events:
    visit: {table: visits, contact: contact_id, at: visited_at}
""",
    "policy.journey": """\
channel email
    address email
    consent email_opt_in
    quiet from 22:00 to 07:00

channel sms
    address phone
    consent sms_opt_in

pressure
    at most 4 messages per 7 days
    at most 2 messages per calendar day
    at most 2 sms per 14 days
    at most 2 purpose newsletter per 7 days
    at most 1 topic sales per 3 days
    at most 6 messages per 7 days per household
    at most 3 messages per 7 days, keep 1 for priority from 70
    at least 6 hours between emails and sms
    no topic news within 1 day after topic sales
    never sms for country = "BE"

message ideas
    topic news
    email "…"
    sms "…"

message offer
    topic sales
    email "…"
    sms "…"

journey tell
    purpose newsletter
    priority 40
    enter on visit
    send ideas by email else sms

journey sell
    purpose prospecting
    priority 70
    enter on visit
    send offer by sms else email
""",
}

_PICK = "CREATE OR REPLACE TEMPORARY MACRO pick(n, salt, below) AS (hash(n, salt) % below)::BIGINT"
_DATA = """
    CREATE TABLE contacts AS
    SELECT range AS contact_id, 'c' || range || '@example.org' AS email, '+33' || range AS phone,
        pick(range, 1, 10) < 8 AS email_opt_in, pick(range, 2, 10) < 4 AS sms_opt_in,
        ['FR', 'FR', 'BE', 'CH', 'IT'][pick(range, 3, 5) + 1] AS country, range // 2 AS household,
        ['Europe/Paris', 'Europe/Paris', 'Europe/Zurich', 'America/Montreal'][pick(range, 4, 4) + 1] AS zone
    FROM range({contacts});
    CREATE TABLE visits (contact_id BIGINT, visited_at TIMESTAMP);
"""
_LOG = """
    INSERT INTO state.outbox (tick, sent_at, contact, version, key, entry_at, node, message, channel, purpose, topic,
        journey, exempt)
    SELECT 0, sent_at, contact, 1, '', sent_at, 0, message, channel, purpose, topic, journey, false
    FROM (
        SELECT $begin - to_seconds(((8 * $contacts - range) * 2419200 // (8 * $contacts))::BIGINT) AS sent_at,
            pick(range, 21, $contacts) AS contact, ['email', 'email', 'email', 'sms'][pick(range, 24, 4) + 1] AS channel,
            pick(range, 23, 2) AS which
        FROM range(8 * $contacts)
    )
    JOIN (VALUES (0, 'ideas', 'newsletter', 'news', 'tell'), (1, 'offer', 'prospecting', 'sales', 'sell'))
        AS v (which, message, purpose, topic, journey) USING (which)
    ORDER BY sent_at, contact
"""
_CANDIDATES = """
    INSERT INTO _moved (version, contact, key, entered_at, entry_at, entry, event, node, arrived_at, keep_until, round,
        kind, retried, unless)
    SELECT s.version, c.contact_id, '', $now, $now, '{}', '{}', s.node, $now, $now + INTERVAL 2 DAY, 1, 'send', false, false
    FROM contacts AS c, _send_step AS s
"""
BARE = """
    WITH candidate AS (
        SELECT m.contact, m.version, m.node, row_number() OVER (
            PARTITION BY m.contact ORDER BY t.priority DESC, t.journey, m.key, m.entry_at, m.version, m.node) AS rank
        FROM _moved AS m JOIN _send_step AS t USING (version, node)
    ),
    log AS (
        SELECT contact, sent_at, row_number() OVER (PARTITION BY contact ORDER BY sent_at DESC) AS nth,
            count(*) OVER (PARTITION BY contact) AS n
        FROM state.outbox WHERE sent_at > $now - INTERVAL 14 DAY AND contact IN (SELECT contact FROM candidate)
    )
    SELECT count(*), sum(rank), sum(n), max(sent_at)
    FROM candidate LEFT JOIN log ON log.contact = candidate.contact AND log.nth = 1
"""


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def spent(work: Callable[[], Any]) -> float:
    start = cpu()
    work()
    return cpu() - start


def waiting(folder: Path, contacts: int) -> tuple[Executor, Stages]:
    """An executor whose sends all wait for arbitration."""
    data = folder / "datamart.duckdb"
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    if not data.exists():
        with duckdb.connect(str(data)) as connection:
            connection.execute(_PICK)
            connection.execute(_DATA.format(contacts=contacts))
    loaded = load(folder, {})
    assert loaded.checked is not None and loaded.connection is not None, loaded.diagnostics
    state = folder / "state.duckdb"
    is_new = not state.exists()
    executor = open_executor(loaded, state)
    run = loaded.connection.execute
    if is_new:
        executor.tick(BEGIN)
        run(_PICK)
        run(_LOG, {"begin": BEGIN, "contacts": contacts})
        run("UPDATE state.tick SET granted = (SELECT count(*) FROM state.outbox)")
        run("CHECKPOINT state")
    bindings = executor.bindings(1, BEGIN, NOW)
    executor.engine.run(executor.program.zone_now, bindings)
    executor.engine.run(executor.program.empty["_moved"], bindings)
    run(_CANDIDATES.replace("contacts AS c", "datamart.contacts AS c"), {"now": NOW})
    run("CREATE OR REPLACE TEMPORARY TABLE _awake AS SELECT DISTINCT contact FROM _moved")
    executor.engine.run(executor.program.moving, bindings)
    stages = Stages(executor.engine, executor.program, bindings, Costs(None))
    stages._bindings |= {"round": 1, "arbitrated": 0}
    return executor, stages


def arbitration(folder: Path, contacts: int, times: int) -> list[tuple[float, float, int]]:
    """CPU of the bare query and of the arbitration, one after the other, and how many were granted."""
    executor, stages = waiting(folder, contacts)
    bare = lambda: executor.engine.connection.execute(BARE, {"now": NOW}).fetchall()  # noqa: E731
    found = []
    for _ in range(times + 1):
        stages._decisions.clear()
        plain = spent(bare)
        found.append((plain, spent(stages._arbitrate), stages._decisions["granted"]))
    return found[1:]


def loop(folder: Path, contacts: int, _: int) -> list[tuple[float, float, int]]:
    """The same ten rules for one candidate after the other, from rows that are in memory already."""
    executor, _stages = waiting(folder, contacts)
    run = executor.engine.connection.execute
    sent: dict[int, list[tuple[datetime, str, str, str]]] = {}
    query = """SELECT contact, sent_at, channel, purpose, topic FROM state.outbox
        WHERE sent_at > $now - INTERVAL 14 DAY ORDER BY sent_at"""
    for contact, *message in run(query, {"now": NOW}).fetchall():
        sent.setdefault(contact, []).append(tuple(message))
    people = run(
        "SELECT contact_id, email_opt_in, sms_opt_in, country, household, zone FROM datamart.contacts"
    ).fetchall()
    homes: dict[int, list[int]] = {}
    for person in people:
        homes.setdefault(person[4], []).append(person[0])
    granted = 0

    def decide(
        person: tuple[Any, ...], purpose: str, topic: str, channels: tuple[str, ...], limit: int
    ) -> bool:
        contact, email, sms, country, home, zone = person
        log = sent.setdefault(contact, [])
        instants = [row[0] for row in log]
        since = lambda span: log[bisect_right(instants, NOW - span) :]  # noqa: E731
        week, fortnight = since(timedelta(days=7)), since(timedelta(days=14))
        today = [row for row in week if row[0] >= MIDNIGHT[zone]]
        shared = [
            row for other in homes[home] for row in sent.get(other, ()) if row[0] > NOW - timedelta(days=7)
        ]
        for channel in channels:
            other = "sms" if channel == "email" else "email"
            closed = (
                not (email if channel == "email" else sms)
                or (channel == "email" and zone in QUIET)
                or (channel == "sms" and country == "BE")
                or any(row[1] == other for row in since(timedelta(hours=6)))
                or (topic == "news" and any(row[3] == "sales" for row in since(timedelta(days=1))))
                or len(week) >= min(4, limit)
                or len(today) >= 2
                or (channel == "sms" and sum(row[1] == "sms" for row in fortnight) >= 2)
                or (purpose == "newsletter" and sum(row[2] == purpose for row in week) >= 2)
                or (topic == "sales" and any(row[3] == topic for row in since(timedelta(days=3))))
                or len(shared) >= 6
            )
            if not closed:
                log.append((NOW, channel, purpose, topic))
                return True
        return False

    def all_of_them() -> None:
        nonlocal granted
        for person in people:
            granted += decide(person, "prospecting", "sales", ("sms", "email"), 3)
        for person in people:
            granted += decide(person, "newsletter", "news", ("email", "sms"), 2)

    return [(0.0, spent(all_of_them), granted)]


def in_process(part: Callable[..., Any], *arguments: Any) -> tuple[Any, float]:
    """What it gives, and the memory of its process at its highest, in GB."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        found = pool.submit(part, *arguments).result()
        return found, pool.submit(_most_memory).result()


def _most_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--contacts", type=int, default=500_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        start = time.perf_counter()
        found, memory = in_process(arbitration, folder, given.contacts, given.times)
        bare, whole, granted = sorted(found, key=lambda one: one[1] / one[0])[len(found) // 2]
        candidates = 2 * given.contacts
        print(f"{candidates:,} candidates of {given.contacts:,} contacts, ten rules")
        print(f"{'':14}{'CPU':>10}{'x bare':>9}{'granted':>12}{'memory':>10}")
        print(f"{'bare':14}{bare:9.2f}s{1:9.1f}")
        print(f"{'arbitration':14}{whole:9.2f}s{whole / bare:9.1f}{granted:12,}{memory:8.1f}GB")
        ((_, plain, kept),), memory = in_process(loop, folder, given.contacts, 1)
        print(f"{'loop':14}{plain:9.2f}s{plain / bare:9.1f}{kept:12,}{memory:8.1f}GB")
        print(f"({time.perf_counter() - start:.0f} s in all)")


if __name__ == "__main__":
    main()
