"""The same journey moved by Parcours and by what others build on: instances per second of CPU.

    pip install "SpiffWorkflow>=3,<4" "transitions>=0.9,<1"      (those that are missing are left out)
    python benchmarks/peers.py [--contacts N] [--few N]

Everybody is due at the end of a wait. Who has ordered at least three times gets a message when there were fewer than three
in the last seven days, and waits on; the others leave. Each engine begins with its own stored instances, reads orders and
messages sent, and ends with the new places and messages committed. `parcours` moves `--contacts` in one tick;
the others get `--few`, since they move one instance at a time, and all of them must send to the same contacts.

`sqlite loop` is a row-by-row loop that commits batches of 100, `transitions` and `SpiffWorkflow` keep each instance in the
same SQLite database, the one as the name of a state, the other as a serialized workflow."""

import argparse
import resource
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb

from parcours.executor.opening import open_executor
from parcours.workspace.load import load

BEGIN = datetime(2026, 6, 1, 9)
DUE = BEGIN + timedelta(hours=1)
LONG_AGO = BEGIN - timedelta(days=7)
BATCH = 100

SETTINGS = """\
name: peers
time_zone: UTC
datamart:
  database: datamart.duckdb
  contacts: {table: contacts, key: contact_id}
  events:
    order: {table: orders, contact: contact_id, at: ordered_at, id: order_id}
    signup: {table: signups, contact: contact_id, at: signed_up_at}
"""

JOURNEY = """\
channel email
    address email
    consent email_opt_in

pressure
    at most 3 messages per 7 days

message thanks
    subject "Thank you"
    email "Thank you."

journey regulars
    purpose loyalty
    enter on signup
    wait 1 hour
    if count of order >= 3
        send thanks by email
        wait 3 days
    exit done
"""

_DATA = """
    CREATE TABLE contacts AS SELECT range AS contact_id, 'c' || range || '@example.org' AS email, true AS email_opt_in
    FROM range({contacts});
    CREATE TABLE signups AS SELECT contact_id, TIMESTAMP '{begin}' AS signed_up_at FROM contacts;
    CREATE TABLE orders AS SELECT range AS order_id, (hash(range) % {contacts})::BIGINT AS contact_id,
        TIMESTAMP '{begin}' - to_hours((1 + hash(range, 1) % 10000)::BIGINT) AS ordered_at
    FROM range({orders});
"""


@dataclass
class Moved:
    """What an engine did: how many instances it moved, with what CPU, and to whom it sent."""

    instances: int
    cpu: float
    sent: frozenset[int]


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def make_datamart(path: Path, contacts: int) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(_DATA.format(contacts=contacts, orders=3 * contacts, begin=BEGIN))


def by_parcours(folder: Path, contacts: int) -> Moved:
    """The whole population in one tick."""
    folder.mkdir()
    make_datamart(folder / "datamart.duckdb", contacts)
    (folder / "parcours.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "own.journey").write_text(JOURNEY, encoding="utf-8")
    loaded = load(folder, {})
    executor = open_executor(loaded, folder / "state.duckdb")
    executor.tick(BEGIN - timedelta(hours=1))
    executor.tick(BEGIN)
    start = cpu()
    done = executor.tick(DUE)
    spent = cpu() - start
    connection = loaded.connection
    assert connection is not None
    sent = frozenset(c for (c,) in connection.execute("SELECT contact FROM state.outbox").fetchall())
    connection.close()
    return Moved(done.woken, spent, sent)


def sqlite_of(folder: Path, contacts: int, place: Callable[[int], str]) -> sqlite3.Connection:
    """The same datamart and instances in SQLite, with the indexes that a row-by-row engine has."""
    folder.mkdir()
    make_datamart(folder / "datamart.duckdb", contacts)
    with duckdb.connect(str(folder / "datamart.duckdb")) as source:
        orders = source.execute("SELECT order_id, contact_id, epoch(ordered_at) FROM orders").fetchall()
    database = sqlite3.connect(folder / "peer.sqlite")
    database.executescript(
        """PRAGMA journal_mode = WAL;
        CREATE TABLE contact (id INTEGER PRIMARY KEY, email TEXT, opt_in INTEGER);
        CREATE TABLE orders (id INTEGER PRIMARY KEY, contact INTEGER, at REAL);
        CREATE INDEX orders_contact ON orders (contact, at);
        CREATE TABLE instance (contact INTEGER PRIMARY KEY, place TEXT, due REAL);
        CREATE INDEX instance_due ON instance (due);
        CREATE TABLE sent (contact INTEGER, at REAL, message TEXT);
        CREATE INDEX sent_contact ON sent (contact, at);"""
    )
    people = [(n, f"c{n}@example.org", 1) for n in range(contacts)]
    database.executemany("INSERT INTO contact VALUES (?, ?, ?)", people)
    database.executemany("INSERT INTO orders VALUES (?, ?, ?)", orders)
    stood = [(n, place(n), DUE.timestamp()) for n in range(contacts)]
    database.executemany("INSERT INTO instance VALUES (?, ?, ?)", stood)
    database.commit()
    return database


def due_in_batches(database: sqlite3.Connection) -> Iterator[list[tuple[int, str]]]:
    while True:
        found = database.execute(
            "SELECT contact, place FROM instance WHERE due <= ? ORDER BY due LIMIT ?",
            (DUE.timestamp(), BATCH),
        ).fetchall()
        if not found:
            return
        yield found
        database.commit()


def is_regular(database: sqlite3.Connection, contact: int) -> bool:
    asked = "SELECT count(*) FROM orders WHERE contact = ? AND at <= ?"
    ((count,),) = database.execute(asked, (contact, DUE.timestamp())).fetchall()
    return bool(count >= 3)


def send(database: sqlite3.Connection, contact: int) -> None:
    """With consent, and not more often than three times in seven days."""
    ((allowed,),) = database.execute("SELECT opt_in FROM contact WHERE id = ?", (contact,)).fetchall()
    asked = "SELECT count(*) FROM sent WHERE contact = ? AND at > ?"
    ((before,),) = database.execute(asked, (contact, LONG_AGO.timestamp())).fetchall()
    if allowed and before < 3:
        database.execute("INSERT INTO sent VALUES (?, ?, 'thanks')", (contact, DUE.timestamp()))


def rest(database: sqlite3.Connection, contact: int, place: str) -> None:
    until = (DUE + timedelta(days=3)).timestamp()
    database.execute("UPDATE instance SET place = ?, due = ? WHERE contact = ?", (place, until, contact))


def leave(database: sqlite3.Connection, contact: int) -> None:
    database.execute("DELETE FROM instance WHERE contact = ?", (contact,))


def told(database: sqlite3.Connection, contacts: int, spent: float) -> Moved:
    with closing(database):
        sent = frozenset(c for (c,) in database.execute("SELECT contact FROM sent").fetchall())
    return Moved(contacts, spent, sent)


def by_sqlite(folder: Path, contacts: int) -> Moved:
    database = sqlite_of(folder, contacts, lambda _: "waiting")
    start = cpu()
    for batch in due_in_batches(database):
        for contact, _ in batch:
            if is_regular(database, contact):
                send(database, contact)
                rest(database, contact, "resting")
            else:
                leave(database, contact)
    return told(database, contacts, cpu() - start)


def by_transitions(folder: Path, contacts: int) -> Moved:
    from transitions import Machine

    database = sqlite_of(folder, contacts, lambda _: "waiting")

    class Regular:
        """One instance; the library gives it `state` and `wake`."""

        state: str
        wake: Callable[[], bool]

        def __init__(self, contact: int) -> None:
            self.contact = contact

        def orders(self) -> bool:
            return is_regular(database, self.contact)

        def thank(self) -> None:
            send(database, self.contact)

    moves: list[dict[str, Any]] = [
        {
            "trigger": "wake",
            "source": "waiting",
            "dest": "resting",
            "conditions": "orders",
            "before": "thank",
        },
        {"trigger": "wake", "source": "waiting", "dest": "done"},
    ]
    states = ["waiting", "resting", "done"]
    machine = Machine(model=None, states=states, transitions=moves, initial="waiting", auto_transitions=False)
    start = cpu()
    for batch in due_in_batches(database):
        for contact, place in batch:
            instance = Regular(contact)
            machine.add_model(instance, initial=place)
            instance.wake()
            machine.remove_model(instance)
            if instance.state == "done":
                leave(database, contact)
            else:
                rest(database, contact, instance.state)
    return told(database, contacts, cpu() - start)


def by_spiff(folder: Path, contacts: int) -> Moved:
    from SpiffWorkflow.operators import Attrib, Equal
    from SpiffWorkflow.serializer.json import JSONSerializer
    from SpiffWorkflow.specs.ExclusiveChoice import ExclusiveChoice
    from SpiffWorkflow.specs.Simple import Simple
    from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
    from SpiffWorkflow.workflow import Workflow

    spec = WorkflowSpec(name="regulars", addstart=True)
    waits, choice = Simple(spec, "waits", manual=True), ExclusiveChoice(spec, "orders")
    thanks, rests, done = Simple(spec, "thanks"), Simple(spec, "rests", manual=True), Simple(spec, "done")
    spec.start.connect(waits)
    waits.connect(choice)
    choice.connect_if(Equal(Attrib("regular"), True), thanks)
    choice.connect(done)
    thanks.connect(rests)
    rests.connect(done)
    serializer = JSONSerializer()

    def begun(_: int) -> str:
        workflow = Workflow(spec)
        workflow.run_all(halt_on_manual=True)
        return str(serializer.serialize_workflow(workflow))

    database = sqlite_of(folder, contacts, begun)
    start = cpu()
    for batch in due_in_batches(database):
        for contact, stored in batch:
            workflow = serializer.deserialize_workflow(stored)
            (waiting,) = (t for t in workflow.get_tasks(spec_name="waits"))
            waiting.set_data(regular=is_regular(database, contact))
            waiting.run()
            workflow.run_all(halt_on_manual=True)
            if workflow.is_completed():
                leave(database, contact)
                continue
            send(database, contact)
            rest(database, contact, str(serializer.serialize_workflow(workflow)))
    return told(database, contacts, cpu() - start)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--few", type=int, default=20_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        ours = by_parcours(folder / "all", options.contacts)
        same = by_parcours(folder / "few", options.few)
        found = {"parcours": ours, f"parcours, {options.few:,} contacts": same}
        peers: dict[str, Callable[[Path, int], Moved]] = {"sqlite loop": by_sqlite}
        peers |= {"transitions": by_transitions} if find_spec("transitions") else {}
        peers |= {"SpiffWorkflow": by_spiff} if find_spec("SpiffWorkflow") else {}
        for name, engine in peers.items():
            found[name] = engine(folder / name.replace(" ", "_"), options.few)
            assert found[name].sent == same.sent, f"{name} sends to others"
    best = ours.instances / ours.cpu
    print(f"{'':28}{'instances':>12}{'CPU':>10}{'instances/s':>14}{'of parcours':>14}")
    for name, moved in found.items():
        rate = moved.instances / moved.cpu
        print(f"{name:28}{moved.instances:>12,}{moved.cpu:>9.2f}s{rate:>14,.0f}{rate / best:>14.3f}")


if __name__ == "__main__":
    main()
