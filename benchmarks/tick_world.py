"""The world in which ticks are measured: a project on disk with a datamart of any size, made by a seeded generator in
SQL, and a state with two instances for each contact.

For each contact there are five orders in two years and ten visits in one, two running instances and three messages in
the last month. `DUE` is the instant of the tick that is measured; so many of a thousand instances are due then."""

from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from parcours.executor.costs import Meter
from parcours.executor.opening import open_executor
from parcours.executor.tick import Executor
from parcours.workspace.load import Loaded, load

BEGIN = datetime(2026, 6, 1, 9)
"""The tick before: all of a program's statements have been made, and nothing has been due."""
DUE = BEGIN + timedelta(hours=1)

SETTINGS = """\
name: measured
time_zone: Europe/Paris
datamart:
  database: datamart.duckdb
  contacts: {table: contacts, key: contact_id, time_zone: zone}
  events:
    order: {table: orders, contact: contact_id, at: ordered_at, id: order_id}
    visit: {table: visits, contact: contact_id, at: visited_at}
"""

POLICY = """\
channel email
    address email
    consent email_opt_in
    quiet from 22:00 to 07:00

channel sms
    address phone
    consent sms_opt_in

pressure
    at most 3 messages per 7 days
    at most 1 message per 1 day
    at most 1 sms per 14 days
    keep held messages for 2 days
"""

MESSAGES = "".join(
    f"""
message {name}
    topic {topic}
    subject "…"
    email "…"
    sms "…"
"""
    for name, topic in (("thanks", "service"), ("ideas", "news"), ("offer", "sales"))
)

JOURNEYS = """\
journey win_back
    purpose prospecting
    priority 40
    enter on order[amount > 20]
        again after 90 days
    goal bought: order[amount > 150] within 30 days
    wait 3 days
    if count of order >= 4
        send thanks by email
        wait 4 days
    else if has visit[pages > 8] in last 30 days
        send ideas by email else sms
        wait 2 days
    wait until between 08:00 and 21:00
    if sum of order.amount in last 365 days > 200 and days since visit < 60
        send offer by sms else email
    wait 7 days
    exit done

journey loyal
    purpose loyalty
    priority 60
    enter on order[amount > 90]
        again after 30 days
    goal came: visit[pages > 28] within 30 days
    wait 1 day
    if count of visit in last 90 days >= 4
        wait 5 days
    else
        send ideas by email
        wait 6 hours
    if largest of order.amount in last 365 days > 120
        send thanks by email else sms
    else if country = "FR"
        send offer by email
    wait 10 days
    send ideas by email
    wait 2 days
    exit done

journey browse
    purpose newsletter
    priority 20
    enter on visit[pages > 25]
        again
    goal bought: order within 10 days
    wait 2 hours
    if average of visit.pages in last 30 days > 5 and no order in last 14 days
        send ideas by email
        wait for order up to 3 days
            then
                exit bought_after
    split s
        30% a
            wait 1 day
        70% b
            wait 2 days
    send offer by email else sms
    wait 3 days
    exit done
"""

RESTS = {"win_back": 4, "loyal": 5, "browse": 5}
"""How many waits a journey has."""

_PICK = "CREATE TEMPORARY MACRO pick(n, salt, below) AS (hash(n, salt) % below)::BIGINT"

_DATA = """
    CREATE TABLE contacts AS
    SELECT range AS contact_id, 'c' || range || '@example.org' AS email, '+33' || range AS phone,
        pick(range, 1, 10) < 8 AS email_opt_in, pick(range, 2, 10) < 4 AS sms_opt_in,
        ['FR', 'FR', 'BE', 'CH', 'IT'][pick(range, 3, 5) + 1] AS country,
        ['Europe/Paris', 'Europe/Paris', 'Europe/Zurich', 'America/Montreal'][pick(range, 4, 4) + 1] AS zone
    FROM range({contacts});
    CREATE TABLE orders AS
    SELECT range AS order_id, pick(range, 5, {contacts}) AS contact_id,
        TIMESTAMP '2026-06-02' - to_seconds((({orders} - range) * 63072000 // {orders})::BIGINT) AS ordered_at,
        (pick(range, 6, 20000) / 100)::DECIMAL(18, 2) AS amount
    FROM range({orders});
    CREATE TABLE visits AS
    SELECT pick(range, 7, {contacts}) AS contact_id,
        TIMESTAMP '2026-06-02' - to_seconds((({visits} - range) * 31536000 // {visits})::BIGINT) AS visited_at,
        pick(range, 8, 30)::INTEGER AS pages
    FROM range({visits});
"""

_INSTANCES = """
    INSERT INTO state.instance (version, contact, key, entered_at, entry_at, entry, event, node, arrived_at, due_at)
    SELECT version, contact, '', began, began, '{}', '{}', node, arrived, due
    FROM (
        SELECT v.version, i.contact, n.node, i.due,
            $begin - to_hours((24 * 7 + pick(i.contact, 11, 480))::INTEGER) AS began,
            $begin - to_hours((1 + pick(i.contact, 12, 24))::INTEGER) AS arrived
        FROM (
            SELECT range % $contacts AS contact, range // $contacts AS which,
                CASE WHEN pick(range, 13, 1000) < $due THEN $begin + to_seconds((60 + pick(range, 14, 3000))::INTEGER)
                    ELSE $begin + to_seconds((3660 + pick(range, 14, 3600000))::INTEGER) END AS due
            FROM range(2 * $contacts)
        ) AS i
        JOIN (SELECT version, row_number() OVER (ORDER BY journey) - 1 AS place FROM state.version) AS v
            ON v.place = (i.contact + i.which) % 3
        JOIN (
            SELECT version, node, row_number() OVER (PARTITION BY version ORDER BY node) - 1 AS place,
                count(*) OVER (PARTITION BY version) AS places
            FROM state.node WHERE kind IN ('wait', 'wait_event')
        ) AS n ON n.version = v.version AND n.place = pick(2 * i.contact + i.which, 15, n.places)
    )
    ORDER BY due, version, contact
"""

_LOG = """
    INSERT INTO state.outbox (tick, sent_at, contact, version, key, entry_at, node, message, channel, purpose, topic,
        journey, exempt)
    SELECT 0, sent_at, contact, version, '', sent_at, node, message, channel, purpose, 'news', journey, false
    FROM (
        SELECT $begin - to_seconds(((3 * $contacts - range) * 2592000 // (3 * $contacts))::BIGINT) AS sent_at,
            pick(range, 21, $contacts) AS contact, 1 + pick(range, 22, 3) AS version,
            ['ideas', 'offer', 'thanks'][pick(range, 23, 3) + 1] AS message,
            ['email', 'email', 'email', 'sms'][pick(range, 24, 4) + 1] AS channel
        FROM range(3 * $contacts)
    )
    JOIN (
        SELECT version, journey, 'newsletter' AS purpose, min(node) AS node
        FROM state.version JOIN state.node USING (version) WHERE kind = 'send' GROUP BY ALL
    ) USING (version)
    ORDER BY sent_at, contact, version
"""


def make_project(folder: Path, contacts: int, journeys: str = JOURNEYS) -> Path:
    """A project with so many contacts; its data are not made anew when they are there."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {"parcours.yaml": SETTINGS, "policy.journey": POLICY + MESSAGES, "own.journey": journeys}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    data = folder / "datamart.duckdb"
    if not data.exists():
        with duckdb.connect(str(data)) as connection:
            connection.execute("SET enable_progress_bar = false")
            connection.execute(_PICK)
            connection.execute(_DATA.format(contacts=contacts, orders=5 * contacts, visits=10 * contacts))
    return folder


def make_state(project: Path, contacts: int, due: int) -> Path:
    """A state of the project after its tick at `BEGIN`, with two instances for each contact, of which so many of a
    thousand are due at `DUE`."""
    path = project / f"state-{due}.duckdb"
    if path.exists():
        return path
    loaded = opened(project)
    executor = open_executor(loaded, path)
    executor.tick(BEGIN)
    assert loaded.connection is not None
    values = {"begin": BEGIN, "contacts": contacts}
    loaded.connection.execute(_PICK)
    loaded.connection.execute("BEGIN")
    loaded.connection.execute(_INSTANCES, {**values, "due": due})
    loaded.connection.execute(_LOG, values)
    loaded.connection.execute(
        """UPDATE state.tick SET entered = (SELECT count(*) FROM state.instance),
        granted = (SELECT count(*) FROM state.outbox)"""
    )
    loaded.connection.execute("COMMIT")
    loaded.connection.close()
    return path


def opened(project: Path) -> Loaded:
    loaded = load(project, {})
    assert loaded.checked is not None, [d.message for d in loaded.diagnostics]
    return loaded


def executor_on(loaded: Loaded, state: Path | None, meter: Meter | None = None) -> Executor:
    return open_executor(loaded, state, meter)
