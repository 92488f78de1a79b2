"""A small project that the command line is used on, and what an answer of it is."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

SETTINGS = """\
name: corner
time_zone: Europe/Paris
datamart:
  missing: "run make-the-data"
  database: corner.duckdb
  contacts: {table: customers, key: customer_id}
  events:
    order: {table: orders, contact: customer_id, at: ordered_at, id: order_id}
"""
POLICY = """\
channel email
    address email
    consent agreed

message thanks
    subject "Thank you"
    email "See you soon"
"""
JOURNEYS = """\
journey welcome
    enter on order[total > 10]
        again
    send thanks by email
    wait 2 days
    exit finished

example "who orders is thanked"
    journey welcome
    given email = "ann@example.com", agreed = yes
    at 2026-03-02 10:00 order with total = 20
    expect thanks by email at 2026-03-02 10:00
"""
TABLES = """
CREATE TABLE customers AS FROM (VALUES
    (1, 'ann@example.com', true), (2, 'bob@example.com', false), (3, NULL, NULL)
) AS c(customer_id, email, agreed);
CREATE TABLE orders AS FROM (VALUES
    (1, 'a', TIMESTAMP '2026-03-01 10:00', 20.00::DECIMAL(10, 2)),
    (2, 'b', TIMESTAMP '2026-03-01 11:00', 30.00),
    (3, 'c', TIMESTAMP '2026-03-02 11:00', 5.00)
) AS o(customer_id, order_id, ordered_at, total);
"""
DAYS = ("--from", "2026-03-01", "--to", "2026-03-03", "--every", "1h")


@dataclass(frozen=True)
class Answer:
    """What a command line came to."""

    code: int
    out: str
    err: str


Parcours = Callable[..., Answer]


class Corner:
    """A project with one journey, three customers and three orders."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.fill(TABLES)
        self.write("parcours.yaml", SETTINGS)
        self.write("policy.journey", POLICY)
        self.write("welcome.journey", JOURNEYS)

    def fill(self, sql: str) -> None:
        """Runs statements in the datamart, which is closed again."""
        with duckdb.connect(str(self.folder / "corner.duckdb")) as connection:
            connection.execute(sql)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        """Replaces a piece of a file that must be there."""
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def remove(self, name: str) -> None:
        (self.folder / name).unlink()

    def files(self) -> list[str]:
        """Everything below the folder that the project stands in."""
        return sorted(str(path.relative_to(self.folder.parent)) for path in self.folder.parent.rglob("*"))


def assert_told(answer: Answer, code: str, message: str, place: str) -> None:
    assert answer.out == ""
    assert answer.err.startswith(f"error[{code}]: {message}\n  {place}")
    assert answer.err.count("error[") == 1
    assert "\n  help: " in answer.err
    assert "Traceback" not in answer.err
    assert answer.code == 2


@contextmanager
def held_open(path: Path) -> Iterator[None]:
    """Another process has the DuckDB file open for writing."""
    program = (
        "import sys, duckdb\nc = duckdb.connect(sys.argv[1])\nprint('open', flush=True)\nsys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None and other.stdout.readline() == "open\n"
        try:
            yield
        finally:
            other.communicate("")
