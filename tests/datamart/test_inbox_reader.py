"""The inbox as a part of the datamart: taken in once, at an instant, whatever breaks off in between."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from parcours.datamart.inbox import RECEIVED, InboxReader, new_folder
from parcours.datamart.memory import open_memory
from parcours.diagnostics import Problem

AT = datetime(2026, 3, 2, 10)
AFTER = AT + timedelta(microseconds=1)
LINE = (
    '{{"event":"{event}","id":"{id}","contact":"{contact}","happened_at":"2026-03-01 10:00:00","send":null,'
    '"fields":{{}},"received_at":"{received}"}}\n'
)
Row = tuple[Any, ...]


class Box:
    """An inbox, and a datamart that reads it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.connection = open_memory()
        self.connection.execute("CREATE SCHEMA _source")
        self._files = 0
        new_folder(folder).mkdir(parents=True)

    def put(
        self, *ids: str, event: str = "click", contact: str = "1", received: str = "2026-03-02 09:00:00"
    ) -> Path:
        self._files += 1
        file = new_folder(self.folder) / f"{self._files:05}.jsonl"
        lines = (LINE.format(event=event, id=one, contact=contact, received=received) for one in ids)
        file.write_text("".join(lines))
        return file

    def reader(self) -> InboxReader:
        return InboxReader(self.connection, self.folder)

    def rows(self, columns: str = "id") -> list[Row]:
        return self.connection.execute(f"SELECT {columns} FROM {RECEIVED} ORDER BY ALL").fetchall()

    def taken(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "taken").iterdir())


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    made = Box(tmp_path / "inbox")
    yield made
    made.connection.close()


def test_an_inbox_that_is_not_there_is_empty(tmp_path: Path, box: Box) -> None:
    reader = InboxReader(box.connection, tmp_path / "nowhere")
    assert reader.take_in(AT) == 0
    assert box.rows() == []
    assert not (tmp_path / "nowhere").exists()


def test_what_is_received_is_seen_once_it_is_taken_in_and_not_before(box: Box) -> None:
    box.put("a", "b")
    reader = box.reader()
    assert box.rows() == []
    assert reader.take_in(AT) == 2
    assert box.rows() == [("a",), ("b",)]
    assert list(new_folder(box.folder).iterdir()) == []
    assert reader.take_in(AT) == 0


def test_it_is_known_since_it_was_received_and_never_since_before_the_last_tick(box: Box) -> None:
    # T4: an event that comes while the tick of 10:00 runs is new to the next one, though it was received before 10:00
    box.put("a", received="2026-03-02 09:59:59")
    box.put("b", received="2026-03-02 10:00:01")
    box.reader().take_in(AT)
    box.put("c", received="2026-03-02 09:59:59")
    box.reader().take_in(None)
    assert box.rows("id, loaded_at") == [
        ("a", AFTER),
        ("b", AT + timedelta(seconds=1)),
        ("c", AT - timedelta(seconds=1)),
    ]


def test_of_two_with_one_id_the_first_that_came_counts(box: Box) -> None:
    box.put("a", contact="2", received="2026-03-02 09:00:02")
    box.put("a", contact="1", received="2026-03-02 09:00:01")
    box.put("a", event="open", contact="3")
    reader = box.reader()
    assert reader.take_in(AT) == 2
    box.put("a", contact="4", received="2020-01-01 00:00:00")
    assert reader.take_in(AT + timedelta(hours=1)) == 0
    assert box.rows("event, id, contact, loaded_at") == [
        ("click", "a", "1", AFTER),
        ("open", "a", "3", AFTER),
    ]


def test_the_datamart_stands_still_between_two_takings(box: Box) -> None:
    mine = box.reader()
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA _source")
        others = InboxReader(connection, box.folder)
        box.put("a")
        others.take_in(AT)
        assert box.rows() == []
        # nothing is new, but somebody else took something in
        assert mine.take_in(AT) == 0
        assert box.rows() == [("a",)]


def test_many_takings_leave_few_files_and_lose_nothing(box: Box) -> None:
    reader = box.reader()
    for number in range(123):
        box.put(f"{number:03}")
        assert reader.take_in(AT + timedelta(minutes=number)) == 1
    assert box.rows("count(*), count(DISTINCT id), max(loaded_at)") == [
        (123, 123, AFTER + timedelta(minutes=122))
    ]
    live = reader._files()
    assert [last - first + 1 for first, last in live] == [100, 10, 10, 1, 1, 1]
    assert len(box.taken()) <= 6 + 20


def test_what_a_merged_file_was_made_of_is_not_counted_twice(box: Box) -> None:
    reader = box.reader()
    for number in range(10):
        box.put(str(number))
        reader.take_in(AT)
    # as after a crash in the middle of a merge, too: both are there
    assert "000000001-000000010.parquet" in box.taken() and "000000003-000000003.parquet" in box.taken()
    assert box.rows("count(*)") == [(10,)]
    box.reader()
    assert box.rows("count(*)") == [(10,)]


def test_a_reader_of_before_the_merge_can_still_read(box: Box) -> None:
    reader = box.reader()
    for number in range(9):
        box.put(str(number))
        reader.take_in(AT)
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA _source")
        InboxReader(connection, box.folder)
        box.put("9")
        reader.take_in(AT)
        assert connection.execute(f"SELECT count(*) FROM {RECEIVED}").fetchall() == [(9,)]


# ---- what breaks off


@pytest.mark.parametrize("operation", range(1, 20))
def test_whatever_breaks_off_nothing_is_lost_and_nothing_doubled(
    box: Box, monkeypatch: pytest.MonkeyPatch, operation: int
) -> None:
    """The operation of this number on the files fails, as if the process had been killed there."""
    for number in range(9):
        box.put(str(number))
        box.reader().take_in(AT)
    box.put("9", "10")
    box.put("11", "9")
    count = 0

    class Killed(BaseException):
        pass

    def broken(real: Any) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal count
            count += 1
            if count >= operation:  # who is dead does nothing more
                raise Killed
            return real(*arguments, **options)

        return call

    with monkeypatch.context() as patched:
        for name in ("unlink", "replace", "open"):
            patched.setattr(Path, name, broken(getattr(Path, name)))
        patched.setattr("parcours.datamart.inbox.sync", broken(lambda folder: None))
        try:
            box.reader().take_in(AT + timedelta(minutes=1))
        except Killed:
            assert operation <= 18
    again = box.reader()
    again.take_in(AT + timedelta(minutes=2))
    ids = [str(number) for number in range(12)]
    assert sorted(id_ for (id_,) in box.rows()) == sorted(ids)
    assert list(new_folder(box.folder).glob("*.jsonl")) == []
    box.put("12")
    assert again.take_in(AT + timedelta(minutes=3)) == 1
    assert box.rows("count(*)") == [(13,)]


def test_a_file_that_is_being_written_is_left_alone(box: Box) -> None:
    (new_folder(box.folder) / "x.part").write_text('{"event":"cli')
    box.put("a")
    assert box.reader().take_in(AT) == 1
    assert (new_folder(box.folder) / "x.part").exists()


def test_a_damaged_file_is_told_and_stays(box: Box) -> None:
    file = box.put("a")
    file.write_text("no JSON\n")
    with pytest.raises(Problem) as told:
        box.reader().take_in(AT)
    (diagnostic,) = told.value.diagnostics
    assert diagnostic.code == "datamart-failed"
    assert diagnostic.message.startswith("the inbox cannot be read: ")
    assert file.exists()


def test_a_folder_that_cannot_be_written_is_told(box: Box) -> None:
    box.put("a")
    (box.folder / "taken").write_text("in the way")
    with pytest.raises(Problem) as told:
        box.reader().take_in(AT)
    assert told.value.diagnostics[0].code == "output-unwritable"
