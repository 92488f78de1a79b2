"""A project in a folder whose people visit, get messages for it, and do something with them.

Instants are text in UTC, `2026-03-02 10:00`; the project's clock is that of Paris."""

import csv
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from parcours.checking import checked
from parcours.clock.span import Span as Length
from parcours.delivery.bounces import Bounces
from parcours.delivery.queue import Queue, Receipt
from parcours.executor.opening import open_executor
from parcours.executor.tick import Executor
from parcours.reporting.breakdown import Part
from parcours.reporting.rates import Figures
from parcours.reporting.report import Report, report
from parcours.reporting.span import span_of
from parcours.simulator.options import Options
from parcours.simulator.run import simulate
from parcours.workspace.load import Loaded, load

PEOPLE = 8
SETTINGS = """\
name: post
time_zone: Europe/Paris
currency: CHF
datamart:
  tables: {people: people.csv, visits: visits.csv, opens: opens.csv, clicks: clicks.csv, opt_outs: opt_outs.csv,
    bounces: bounces.csv, complaints: complaints.csv}
  contacts: {table: people, key: id}
  events:
    visit: {table: visits, contact: person, at: at_, loaded: loaded, id: id}
    open: {table: opens, contact: person, at: at_, loaded: loaded, id: id, send: send}
    click: {table: clicks, contact: person, at: at_, loaded: loaded, id: id, send: send}
    opt_out: {table: opt_outs, contact: person, at: at_, loaded: loaded, id: id, send: send}
    bounce: {table: bounces, contact: person, at: at_, loaded: loaded, id: id, send: send}
    complaint: {table: complaints, contact: person, at: at_, loaded: loaded, id: id, send: send}
"""
POLICY = """\
channel email
    address email
    consent agreed
    cost 0.01 CHF

channel push
    address token
    consent agreed
    cost 0 CHF

message hello
    topic news
    subject "Hello"
    email "Hello"
    push "Hello"

message offer
    topic sales
    subject "An offer"
    email "An offer"
    push "An offer"
"""
GREET = """\
journey greet
    purpose loyalty
    enter on visit
        again
    send hello by email
"""
_HEAD = ("id", "person", "at_", "loaded", "send", "channel")
TABLES = ("visits", "opens", "clicks", "opt_outs", "bounces", "complaints")


class PostOffice:
    """People 1 to `people`, who are even or odd (`kind`), of age 20 + their number, and can be reached by every channel."""

    def __init__(self, folder: Path, journeys: str = GREET, more: str = "", people: int = PEOPLE) -> None:
        folder.mkdir(parents=True)
        self._open(folder)
        self.write("parcours.yaml", SETTINGS)
        self.write("policy.journey", POLICY)
        self.write("own.journey", journeys + more)
        rows = [
            (n, f"{n}@example.com", f"t{n}", "true", ("even", "odd")[n % 2], 20 + n)
            for n in range(1, people + 1)
        ]
        self._csv("people", [("id", "email", "token", "agreed", "kind", "age"), *rows])
        # a row from long ago, so that the types of all columns are known
        for table in TABLES:
            first = ("0", 1, "2020-01-01 00:00:00", "2020-01-01 00:00:00", "x", "x")
            self._csv(table, [_HEAD, first])

    def _open(self, folder: Path) -> None:
        self.folder, self.state = folder, folder / "state" / "state.duckdb"
        self._opened: list[Loaded] = []
        self._count = 0

    @classmethod
    def of(cls, folder: Path) -> "PostOffice":
        """The one that is in a folder."""
        made = cls.__new__(cls)
        made._open(folder)
        made._count = 1000  # what happens now is no event that has happened before
        return made

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def _csv(self, table: str, rows: Sequence[Sequence[Any]], *, more: bool = False) -> None:
        with (self.folder / f"{table}.csv").open("a" if more else "w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)

    def event(
        self,
        table: str,
        person: int,
        at: str,
        send: str = "",
        *,
        channel: str = "",
        loaded: str = "",
        id_: str = "",
    ) -> None:
        """Something that somebody does."""
        self._count += 1
        whole, known = f"{at}:00", f"{loaded or at}:00"
        row = (id_ or f"{table} {self._count}", person, whole, known, send, channel)
        self._csv(table, [row], more=True)

    def visits(self, *visits: tuple[int, str]) -> None:
        for person, at in visits:
            self.event("visits", person, at)

    def simulate(self, first: str, last: str, hours: int = 2) -> None:
        """Leaves a state, as a simulation does."""
        loaded = self._load()
        options = Options(
            datetime.fromisoformat(first),
            datetime.fromisoformat(last),
            Length(hours, "hour"),
            state=self.state,
        )
        simulation = simulate(loaded, options)
        simulation.engine.close()

    @contextmanager
    def executor(self, *, read_only: bool = False) -> Any:
        loaded = self._load()
        executor = open_executor(loaded, self.state, read_only=read_only)
        yield loaded, executor
        executor.engine.close()

    @staticmethod
    def instant(at: str) -> datetime:
        return datetime.fromisoformat(at)

    def tick(self, at: str) -> None:
        with self.executor() as (_, executor):
            executor.tick(datetime.fromisoformat(at))

    def relay(self, at: str, outcomes: dict[int, Receipt | None], before: str = "9999-01-01") -> None:
        """Hands over what was granted `before` an instant: what becomes of it by contact, accepted where nothing is said;
        None: it waits. Of a receipt only outcome and kind matter."""
        with self.executor() as (_, executor):
            queue, instant = (
                Queue(executor.engine, "post", Bounces(executor.engine, None)),
                datetime.fromisoformat(at),
            )
            queue.claim(instant)
            receipts = []
            for channel in queue.depth():
                for send in queue.take(channel, datetime.max, 1000):
                    wanted = outcomes.get(int(send.contact), Receipt("", "accepted"))
                    if wanted is not None and send.granted_at < datetime.fromisoformat(before):
                        receipts.append(Receipt(send.id, wanted.outcome, kind=wanted.kind, handed=True))
            queue.settle(instant, receipts, ())

    def sends(self) -> list[dict[str, Any]]:
        """What was granted, with the name by which reactions call it."""
        names = ("person", "at", "journey", "message", "channel", "key", "entry_at", "reference")
        with duckdb.connect(str(self.state), read_only=True) as connection:
            rows = connection.execute(
                """SELECT contact, sent_at, journey, message, channel, key, entry_at,
                    journey || ':' || key || ':' || epoch_us(entry_at) || ':' || message || ':' || channel
                FROM outbox ORDER BY rowid"""
            ).fetchall()
        return [dict(zip(names, row, strict=True)) for row in rows]

    def report(self, first: str | None = None, last: str | None = None, as_of: str | None = None) -> Report:
        return self.report_with_journeys(first, last, as_of)[0]

    def report_with_journeys(
        self, first: str | None = None, last: str | None = None, as_of: str | None = None
    ) -> tuple[Report, dict[int, checked.Journey]]:
        with self.executor(read_only=True) as (loaded, executor):
            assert isinstance(executor, Executor)
            asked = [None if one is None else datetime.fromisoformat(one) for one in (first, last, as_of)]
            span = span_of(executor.engine, "Europe/Paris", *asked)
            assert span is not None
            return report(loaded, executor, span)

    def _load(self) -> Loaded:
        loaded = load(self.folder, {})
        assert loaded.checked is not None, [d.message for d in loaded.diagnostics]
        self._opened.append(loaded)
        return loaded

    def close(self) -> None:
        for one in self._opened:
            if one.connection is not None:
                one.connection.close()


def all_of(made: Report) -> Figures:
    (part,) = made.of("all")
    return part.figures


def by_name(parts: Sequence[Part]) -> dict[str, Figures]:
    return {part.name: part.figures for part in parts}
