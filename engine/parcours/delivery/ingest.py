"""A file of events into the inbox: every row through the door, and what is not let in set aside with its reason."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from parcours.delivery.door import Door, Refused
from parcours.delivery.feeds import Row, rows_of
from parcours.delivery.inbox import Inbox, Received, unwritable
from parcours.diagnostics import problem

_EVENTS_AT_ONCE = 5000
_OWN = frozenset({"contact", "at", "id", "send", "event"})


@dataclass(slots=True)
class Ingested:
    """How many rows became events, how many were set aside, and the columns that no event has."""

    taken: int = 0
    rejected: int = 0
    left_out: set[str] = field(default_factory=set)


def ingest(
    path: Path, event: str | None, door: Door, inbox: Inbox, now: datetime, rejected: Path
) -> Ingested:
    """Takes the rows of a file as events of a name, or of the names in their `event`. Each has a `contact` and an `at`;
    one without `id` gets one that is made of all that it says, so that the same file twice is the same events. What
    has been counted as taken is durable. The file `rejected` (line, reason, row) is written when a row is set aside.
    `Problem` when a file cannot be read or written."""
    done, waiting = Ingested(), list[Received]()
    if rejected.resolve() == path.resolve():
        said = "the rows set aside would take the place of the file that is read"
        raise problem("output-unwritable", said, str(rejected))
    with _set_aside(rejected) as aside:
        for row in rows_of(path):
            try:
                waiting.append(_taken(row, event, door, now, done))
            except Refused as refused:
                aside(row, str(refused))
                done.rejected += 1
            if len(waiting) >= _EVENTS_AT_ONCE:
                _write(inbox, waiting, done)
        _write(inbox, waiting, done)
    return done


def _taken(row: Row, event: str | None, door: Door, now: datetime, done: Ingested) -> Received:
    if row.wrong:
        raise Refused(row.wrong)
    name = event if event is not None else str(row.values.get("event") or "")
    if not door.has(name):
        raise Refused(f"`{name[:40]}` is no event that can be received" if name else "`event` is missing")
    known = door.fields(name)
    said: dict[str, Any] = {}
    for column, value in row.values.items():
        if column in known or (column in _OWN and column != "event"):
            said[column] = value
        elif column != "event" and len(done.left_out) < 100:
            done.left_out.add(column)
    return door.take(name, said, now, must_have_time=True)


def _write(inbox: Inbox, waiting: list[Received], done: Ingested) -> None:
    try:
        inbox.append(waiting)
    except OSError as error:
        raise unwritable(inbox.folder, error) from error
    done.taken += len(waiting)
    waiting.clear()


@contextmanager
def _set_aside(path: Path) -> Iterator[Any]:
    """Writes rows into a file that is there once there is one. A file of an earlier time is replaced, or deleted."""
    file = None

    def aside(row: Row, reason: str) -> None:
        nonlocal file
        if file is None:
            file = path.open("w", encoding="utf-8", errors="backslashreplace", newline="")
            csv.writer(file).writerow(("line", "reason", "row"))
        csv.writer(file).writerow((row.line, reason, row.text))

    try:
        path.unlink(missing_ok=True)
        yield aside
    except OSError as error:
        said = (error.strerror or "it is gone").lower()
        raise problem("output-unwritable", f"the rows cannot be set aside: {said}", str(path)) from error
    finally:
        if file is not None:
            file.close()
