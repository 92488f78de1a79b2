"""Projects that a simulation is tried on: the example shop in small, and one of a few lines."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.simulator.run import Simulation
from parcours.workspace.load import Loaded, load

Simulate = Callable[..., Simulation]
"""What the fixture `run` gives: simulates a project in a folder."""

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "examples" / "shop"

SETTINGS = """\
name: kiosk
time_zone: Europe/Paris
datamart:
  tables: {people: people.csv, orders: orders.csv, visits: visits.csv}
  contacts: {table: people, key: id, time_zone: tz}
  events:
    order: {table: orders, contact: person, at: ordered_at, loaded: loaded_at, id: order_id}
    visit: {table: visits, contact: person, at: visited_at}
"""
PEOPLE = """\
id,tz,email,agreed,born
1,Europe/Paris,ann@example.com,true,1990-02-28
2,Mars/Olympus,bob@example.com,true,1991-05-01
3,,,true,1992-06-01
4,America/New_York,dan@example.com,false,1993-07-01
"""
ORDERS = """\
order_id,person,ordered_at,loaded_at,amount
a,1,2026-03-02 09:00:00,2026-03-02 09:00:00,20.5
b,2,2026-03-02 23:30:00,2026-03-03 01:00:00,30.0
c,3,2026-03-03 10:00:00,2026-03-03 10:00:00,40.0
d,4,2026-03-03 11:00:00,2026-03-03 11:00:00,50.0
e,1,2026-03-04 09:00:00,2026-03-04 09:00:00,5.0
"""
VISITS = """\
person,visited_at,pages
1,2026-03-02 12:00:00,3
2,2026-03-04 12:00:00,1
"""
POLICY = """\
channel email
    address email
    consent agreed
    quiet from 22:00 to 08:00

pressure
    at most 2 messages per 7 days
    keep held messages for 1 day

message thanks
    subject "Thank you"
    email "See you soon"
"""
AFTER_ORDER = """\
journey after_order
    enter on order[amount > 10]
        again
    goal back: visit within 2 days

    wait 1 hour
    send thanks by email
    wait 3 days
    exit done
"""


def make_kiosk(folder: Path, journeys: str = AFTER_ORDER) -> Path:
    """A project of four people and five orders, with the journeys given."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "parcours.yaml": SETTINGS,
        "people.csv": PEOPLE,
        "orders.csv": ORDERS,
        "visits.csv": VISITS,
        "policy.journey": POLICY,
        "own.journey": journeys,
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def make_shop(folder: Path, contacts: int) -> Path:
    """The example shop with so many contacts."""
    folder.mkdir(parents=True)
    for file in [SHOP / "parcours.yaml", *SHOP.glob("*.journey")]:
        (folder / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    command = [
        sys.executable,
        SHOP / "generate.py",
        "--contacts",
        str(contacts),
        "--to",
        str(folder / "data"),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def loaded(folder: Path, environment: Mapping[str, str] | None = None) -> Loaded:
    """A project without errors, read and connected."""
    found = load(folder, environment or {})
    assert found.checked is not None, [d.message for d in found.diagnostics]
    return found


LOGS = ("journal", "outbox", "not_sent", "refused", "ended", "tick")
STANDING = ("instance", "membership")


def history(
    engine: DuckDBEngine, logs: tuple[str, ...] = LOGS, standing: tuple[str, ...] = STANDING
) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the state: of its logs in the order in which they are stored (T3), of the others sorted."""
    found = {log: engine.run_text(f"SELECT * FROM state.{log} ORDER BY rowid") for log in logs}
    return found | {table: engine.run_text(f"SELECT * FROM state.{table} ORDER BY ALL") for table in standing}
