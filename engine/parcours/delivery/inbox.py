"""What comes back is written down before anybody is told that it was: the writing side of the inbox.

Any number of processes write into one inbox at once, each batch a file of JSON lines that appears whole or not at all;
the next tick takes it in (`datamart.inbox`). All that wait at the same time are written, and made durable, together."""

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Any, Self

from parcours.datamart.inbox import make_folder, new_folder, sync
from parcours.diagnostics import Problem, problem

MOST_EVENTS = 10_000
"""In one file. What is more goes into the next one."""
_JSON = json.JSONEncoder(allow_nan=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Received:
    """An event as somebody tells it. `contact` is the key as text; `at` (naive UTC) is when it happened; events of one
    name and `id` are one event, and the first that was taken in counts; `fields` are plain JSON values, dates and
    instants as ISO text; `send` is the id of the message that caused it, or the message's name."""

    event: str
    contact: str
    at: datetime
    id: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    send: str | None = None


@dataclass(slots=True)
class _Waiting:
    lines: list[str]
    done: "Future[None]"


class Inbox:
    """The inbox in a folder, which is made when it is not there. `clock` says what time it is, in naive UTC; it is
    asked once for each batch. To be closed; OSError when the folder cannot be made."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self._new = new_folder(folder)
        make_folder(self._new)
        self._clock = clock
        self._waiting: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._writer = Thread(target=self._write_all, name="inbox", daemon=True)
        self._writer.start()

    @property
    def folder(self) -> Path:
        """Where it writes."""
        return self._new

    def append(self, events: Sequence[Received]) -> None:
        """Returns when the events are durable. OSError when they cannot be written: then none of them counts.
        ValueError for a text that is no Unicode."""
        self.submit(events).result()

    def submit(self, events: Sequence[Received]) -> "Future[None]":
        """Like `append`, without waiting."""
        done: Future[None] = Future()
        lines = [_line(event) for event in events]
        if lines:
            self._waiting.put(_Waiting(lines, done))
        else:
            done.set_result(None)
        return done

    def close(self) -> None:
        """Writes what still waits."""
        self._waiting.put(None)
        self._writer.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ---- the writer's thread

    def _write_all(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch, is_last = self._batch(first)
            # whoever has gone meanwhile is told nothing, and must not keep the others from being told
            batch = [waiting for waiting in batch if waiting.done.set_running_or_notify_cancel()]
            try:
                self._write(batch)
            except Exception as error:  # noqa: BLE001 - it is raised where somebody waits
                for waiting in batch:
                    waiting.done.set_exception(error)
            else:
                for waiting in batch:
                    waiting.done.set_result(None)
            if is_last:
                return

    def _batch(self, first: _Waiting) -> tuple[list[_Waiting], bool]:
        """All that wait now, up to the most; and whether nobody comes after them."""
        batch, count = [first], len(first.lines)
        while count < MOST_EVENTS and not self._waiting.empty():
            following = self._waiting.get()
            if following is None:
                return batch, True
            batch.append(following)
            count += len(following.lines)
        return batch, False

    def _write(self, batch: Sequence[_Waiting]) -> None:
        end = f',"received_at":"{self._clock().isoformat(sep=" ")}"}}\n'
        content = "".join(line + end for waiting in batch for line in waiting.lines).encode("ascii")
        handle, name = tempfile.mkstemp(suffix=".part", dir=self._new)
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            # named by what is in it: nobody's file can take the place of another's
            part.replace(self._new / f"{sha256(content).hexdigest()[:32]}.jsonl")
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        sync(self._new)


@contextmanager
def opened_inbox(folder: Path, clock: Callable[[], datetime]) -> Iterator[Inbox]:
    """The inbox in a folder, until the end of the block. `Problem` when it cannot be made."""
    try:
        inbox = Inbox(folder, clock)
    except OSError as error:
        raise unwritable(folder, error) from error
    with inbox:
        yield inbox


def unwritable(folder: Path, error: OSError) -> Problem:
    """What is said of an inbox that cannot be written."""
    said = (error.strerror or "it is gone").lower()
    return problem("output-unwritable", f"the inbox cannot be written: {said}", str(folder))


def _line(event: Received) -> str:
    """The event as JSON, without the brace at its end."""
    row = {
        "event": event.event,
        "id": event.id,
        "contact": event.contact,
        "happened_at": event.at.isoformat(sep=" "),
        "send": event.send,
        "fields": dict(event.fields),
    }
    text = _JSON.encode(row)
    if "\\ud" in text:
        json.dumps(row, ensure_ascii=False).encode("utf-8")  # half of a pair is a ValueError
    return text[:-1]
