# ruff: noqa: S608 - every name goes through quoting.identifier, every value through quoting.literal
"""What has come back, as a part of the datamart: the reading side of the inbox.

The inbox is a folder. In `new/` lies what was received since the last tick: files of JSON lines, each whole, written by
whoever receives (`delivery.inbox`). A tick takes them in: they become Parquet in `taken/`, each id once, known since they were
received, and never since before the last tick. That is what makes "new since the last tick" (T4) true of an event that
arrives while a tick runs: that tick has not seen it, so it must not be dated before it.

A file of `taken/` is called by the numbers of the first and the last taking that it holds, `000000012-000000012.parquet`.
Ten of one size become one of the next, so that there are never many. A file whose numbers lie within another's is
what that one was made of; it is deleted at the merge after, for the sake of those who still read it."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from fcntl import LOCK_EX, flock
from pathlib import Path

import duckdb

from parcours.clock import BEGINNING
from parcours.datamart.memory import SOURCE, reason
from parcours.datamart.quoting import identifier, literal
from parcours.diagnostics import Problem, problem
from parcours.model.settings import Settings

RECEIVED = identifier("memory", SOURCE, " received")
"""The view of all that was taken in: event, id, contact, happened_at, loaded_at, send, fields. No name of the user's has a space
in front."""

_COLUMNS = "event, id, contact, happened_at, loaded_at, send, fields"
_NOTHING = (
    "SELECT '' AS event, '' AS id, '' AS contact, TIMESTAMP 'epoch' AS happened_at, TIMESTAMP 'epoch' AS loaded_at, "
    "'' AS send, '{}' AS fields WHERE false"
)
_LINES = (
    "{'event': 'VARCHAR', 'id': 'VARCHAR', 'contact': 'VARCHAR', 'happened_at': 'TIMESTAMP', 'received_at': 'TIMESTAMP', "
    "'send': 'VARCHAR', 'fields': 'VARCHAR'}"
)
_MERGED_AT_ONCE = 10
_SMALL_BYTES = 1_000_000
_FILES = "[0-9]*-[0-9]*.parquet"
_Numbers = tuple[int, int]


def inbox_folder(settings: Settings, folder: Path) -> Path:
    """The inbox of the project in a folder."""
    return folder.absolute() / settings.inbox


def new_folder(folder: Path) -> Path:
    """Where in an inbox those who receive write."""
    return folder / "new"


class InboxReader:
    """The inbox in a folder, for the connection of a datamart. A folder that is not there is an empty inbox."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self._connection = connection
        self._folder = folder
        self._taken = folder / "taken"
        self._shown: list[Path] | None = None
        self._show()

    def take_in(self, last: datetime | None) -> int:
        """Makes all that is in `new/` a part of the datamart, known since it was received, or else since just after the
        `last` tick, and says how many events these are. Without it the connection sees what it saw when it was made.

        A crash leaves either the files of `new/` or the events in `taken/`, or both; then the next call finds
        that they are there. `Problem` when a file cannot be read or written."""
        count = 0
        try:
            if any(self._new()):
                with _alone(self._folder):
                    count = self._take(last)
            self._show()
        except (duckdb.Error, OSError) as error:
            raise self._problem(error) from error
        return count

    def _take(self, last: datetime | None) -> int:
        new = list(self._new())  # somebody else may have taken them meanwhile
        if not new:
            return 0
        make_folder(self._taken)
        self._show()
        # T4: one event for an id, the first that came; the rest of the order only makes the choice the same always
        read = self._joined(new)
        lines = f"read_json({_listed(read)}, format = 'newline_delimited', columns = {_LINES})"
        first = "row_number() OVER (PARTITION BY event, id ORDER BY received_at, happened_at, contact, send, fields) = 1"
        earliest = BEGINNING if last is None else last + timedelta(microseconds=1)
        known = f"greatest(received_at, {literal(earliest)}) AS loaded_at"
        query = (
            f"SELECT event, id, contact, happened_at, {known}, send, fields "
            f"FROM (SELECT * FROM {lines} QUALIFY {first}) AS n ANTI JOIN {RECEIVED} AS r "
            "ON n.event = r.event AND n.id = r.id"
        )
        number = 1 + max((highest for _, highest in self._files()), default=0)
        count = self._write((number, number), query)
        for file in (*new, *self._taken.glob("*.part")):
            file.unlink()
        self._show()
        self._merge()
        return count

    def _joined(self, new: Sequence[Path]) -> list[Path]:
        """Files with the same lines, but few: DuckDB takes twenty times as long to open a file as to copy a small one."""
        large = {file for file in new if file.stat().st_size >= _SMALL_BYTES}
        small = [file for file in new if file not in large]
        if len(small) < 2:
            return list(new)
        joined = self._taken / "joined.part"
        with joined.open("wb") as whole:
            for file in small:
                whole.write(file.read_bytes())
        return [joined, *large]

    def _write(self, numbers: _Numbers, query: str) -> int:
        """Writes the rows of a query, if there are any, into a file that is there whole and durable, or not at all;
        says how many they are."""
        path = self._taken / f"{numbers[0]:09}-{numbers[1]:09}.parquet"
        part = path.with_suffix(".part")
        copy = f"COPY ({query} ORDER BY event, loaded_at, id) TO {literal(str(part))} (FORMAT parquet, COMPRESSION zstd)"
        try:
            ((count,),) = self._connection.execute(copy).fetchall()
            if count:
                with part.open("rb+") as file:
                    os.fsync(file.fileno())
                part.replace(path)
                sync(self._taken)
        finally:
            part.unlink(missing_ok=True)
        return int(count)

    def _merge(self) -> None:
        """Ten of one size become one of the next."""
        old = set(self._taken.glob(_FILES)) - set(self._files().values())
        while len(files := self._files()) >= _MERGED_AT_ONCE:
            tail = sorted(files)[-_MERGED_AT_ONCE:]
            if len({_size(numbers) for numbers in tail}) > 1:
                break
            query = f"SELECT {_COLUMNS} FROM read_parquet({_listed([files[one] for one in tail])})"
            self._write((tail[0][0], tail[-1][1]), query)
            for file in old:
                file.unlink(missing_ok=True)

    def _new(self) -> Iterator[Path]:
        return new_folder(self._folder).glob("*.jsonl")

    def _files(self) -> dict[_Numbers, Path]:
        """The files that count, by their numbers, in order."""
        found = {_numbers(file): file for file in self._taken.glob(_FILES)}
        live: dict[_Numbers, Path] = {}
        end = 0
        for first, last in sorted(found, key=lambda numbers: (numbers[0], -numbers[1])):
            if last > end:
                live[first, last], end = found[first, last], last
        return live

    def _show(self) -> None:
        """Makes the view of what is there now."""
        files = list(self._files().values())
        if files == self._shown:
            return
        query = f"SELECT {_COLUMNS} FROM read_parquet({_listed(files)})" if files else _NOTHING
        try:
            self._connection.execute(f"CREATE OR REPLACE VIEW {RECEIVED} AS {query}")
        except duckdb.Error as error:
            raise self._problem(error) from error
        self._shown = files

    def _problem(self, error: Exception) -> Problem:
        if isinstance(error, duckdb.Error):
            said, text = reason(error), str(error).lower()
            can = "written" if "could not write" in text or "no space" in text else "read"
            code = "output-unwritable" if can == "written" else "datamart-failed"
            return problem(code, f"the inbox cannot be {can}: {said}", str(self._folder))
        assert isinstance(error, OSError)
        said = (error.strerror or "it is gone").lower()
        return problem("output-unwritable", f"the inbox cannot be written: {said}", str(self._folder))


def _listed(files: Sequence[Path]) -> str:
    return f"[{', '.join(literal(str(file)) for file in files)}]"


def _size(numbers: _Numbers) -> int:
    """How often the power of ten has grown: a taking by itself is 0, what was made of ten such is 1."""
    return len(str(numbers[1] - numbers[0] + 1))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time; a crash lets go."""
    with (folder / "lock").open("w") as file:
        flock(file, LOCK_EX)
        yield


def _numbers(file: Path) -> _Numbers:
    first, _, last = file.stem.partition("-")
    return int(first), int(last)


def sync(path: Path) -> None:
    """Makes durable what a file holds, or which files a folder has."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """A folder that is there after a crash, too, with all those above it."""
    if folder.is_dir():
        return
    if not folder.parent.exists():
        make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync(folder.parent)
