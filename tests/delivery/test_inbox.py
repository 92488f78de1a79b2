"""The writing side of the inbox."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from receiving_world import NOW, inbox_rows

from parcours.delivery.inbox import MOST_EVENTS, Inbox, Received

CLICK = Received("click", "1", NOW, "a", {"link": "é😀"}, "welcome:hello")


def inbox(folder: Path) -> Inbox:
    return Inbox(folder, lambda: NOW)


def test_what_was_appended_is_there_before_the_call_returns(tmp_path: Path) -> None:
    with inbox(tmp_path / "in") as box:
        box.append([CLICK])
        (file,) = box.folder.iterdir()
        assert json.loads(file.read_text()) == {
            "event": "click",
            "id": "a",
            "contact": "1",
            "happened_at": "2026-03-02 10:00:00",
            "received_at": "2026-03-02 10:00:00",
            "send": "welcome:hello",
            "fields": {"link": "é😀"},
        }
    assert inbox_rows(tmp_path / "in", "event, id, contact, happened_at, loaded_at, send, fields") == [
        ("click", "a", "1", NOW, NOW, "welcome:hello", '{"link":"é😀"}')
    ]


def test_the_file_is_synced_before_and_its_folder_after_it_gets_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[list[str]] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        synced.append(sorted(path.suffix for path in (tmp_path / "in" / "new").iterdir()))
        real(handle)

    with inbox(tmp_path / "in") as box:
        monkeypatch.setattr(os, "fsync", fsync)
        box.append([CLICK])
        assert synced == [[".part"], [".jsonl"]]


def test_folders_that_are_made_are_durable_in_those_above_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    monkeypatch.setattr(
        "parcours.datamart.inbox.sync", lambda path: synced.append(path.relative_to(tmp_path).as_posix())
    )
    with inbox(tmp_path / "state" / "inbox"):
        assert synced == [".", "state", "state/inbox"]
    with inbox(tmp_path / "state" / "inbox"):
        assert len(synced) == 3


def test_many_at_once_are_written_together_and_all_of_them(tmp_path: Path) -> None:
    with inbox(tmp_path / "in") as box, ThreadPoolExecutor(32) as pool:
        events = [Received("click", str(n), NOW, str(n)) for n in range(400)]
        list(pool.map(lambda event: box.append([event]), events))
        assert len(list(box.folder.iterdir())) < 400
    assert len(inbox_rows(tmp_path / "in")) == 400


def test_several_write_into_one_inbox(tmp_path: Path) -> None:
    with inbox(tmp_path / "in") as one, inbox(tmp_path / "in") as other:
        one.append([CLICK])
        other.append([CLICK, Received("click", "2", NOW, "b")])
        other.append([CLICK])
    assert [row[1] for row in inbox_rows(tmp_path / "in")] == ["1", "2"]


def test_nothing_is_written_for_nothing(tmp_path: Path) -> None:
    with inbox(tmp_path / "in") as box:
        box.append([])
        assert list(box.folder.iterdir()) == []


def test_whoever_waits_is_told_that_it_cannot_be_written(tmp_path: Path) -> None:
    with inbox(tmp_path / "in") as box:
        box.folder.rmdir()
        with pytest.raises(OSError, match="No such file"):
            box.append([CLICK])
        box.folder.mkdir()
        box.append([CLICK])
    assert len(inbox_rows(tmp_path / "in")) == 1


def test_half_a_character_is_refused_and_harms_nobody_else(tmp_path: Path) -> None:
    with inbox(tmp_path / "in") as box:
        with pytest.raises(ValueError, match="surrogates"):
            box.append([CLICK, Received("click", "\ud800", NOW, "b")])
        with pytest.raises(ValueError, match="JSON"):
            box.append([Received("click", "1", NOW, "b", {"amount": float("nan")})])
        box.append([CLICK])
    assert len(inbox_rows(tmp_path / "in")) == 1


def test_what_waits_is_written_when_the_inbox_is_closed(tmp_path: Path) -> None:
    box = inbox(tmp_path / "in")
    waiting = [
        box.submit([Received("click", str(n), NOW, f"{n} {m}") for m in range(MOST_EVENTS)]) for n in range(3)
    ]
    box.close()
    assert [done.result(0) for done in waiting] == [None] * 3
    assert len(list(box.folder.iterdir())) >= 2


def test_the_clock_is_that_of_whoever_opened_it(tmp_path: Path) -> None:
    then = datetime(2030, 1, 1, 12, 30, 15, 250_000)
    with Inbox(tmp_path / "in", lambda: then) as box:
        box.append([CLICK])
    # a tick before it does not see it as known
    assert inbox_rows(tmp_path / "in", "loaded_at") == [(then,)]
