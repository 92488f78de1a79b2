"""Files for others, and lists for people: whole, named by what is in them, and harmless."""

import asyncio
import csv
from collections.abc import Sequence
from math import inf
from pathlib import Path
from threading import Event

import pytest
from sends import send

from parcours.delivery.channels import dropping
from parcours.delivery.channels.file import FileChannel
from parcours.delivery.channels.task import TaskChannel
from parcours.delivery.send import Accepted, Channel, Outcome, Send, TransientFailure, Untried
from parcours.diagnostics import Place
from parcours.model.channel_settings import FileSettings
from parcours.model.node import Name

HERE = Place("parcours.yaml")


def csv_files(folder: Path) -> FileChannel:
    def no_parquet(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        raise AssertionError("CSV was asked for")

    return FileChannel(
        FileSettings(place=HERE, folder=Name(place=HERE, text="out")), folder / "out", no_parquet
    )


def handed(channel: Channel, batch: Sequence[Send]) -> Sequence[Outcome]:
    return asyncio.run(channel.hand_over(batch, inf))


def rows(folder: Path) -> list[dict[str, str]]:
    (path,) = folder.iterdir()
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_batch_is_one_file_with_a_line_for_each_send(tmp_path: Path) -> None:
    handed(csv_files(tmp_path), [send(1, text='a "quoted"\nline; é'), send(2, html="<p>")])
    first, second = rows(tmp_path / "out")
    assert (first["id"], first["contact"], first["text"]) == (send(1).id, "1", 'a "quoted"\nline; é')
    assert (first["html"], second["html"], second["granted_at"]) == ("", "<p>", "2026-03-02 09:00:00")


def test_the_same_batch_has_the_same_file_and_another_another(tmp_path: Path) -> None:
    channel = csv_files(tmp_path)
    for batch in ([send(1)], [send(1)], [send(1), send(2)]):
        handed(channel, batch)
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_a_batch_that_takes_too_long_to_be_written_is_not_handed_over_and_asked_about_anew(
    tmp_path: Path,
) -> None:
    """P8: somebody may have opted out meanwhile."""
    folder, batch = tmp_path / "out", [send(1), send(2)]

    def handed_until(until: float) -> Sequence[Outcome]:
        return asyncio.run(dropping.dropped(folder, ".csv", batch, Path.touch, until))

    assert list(handed_until(-inf)) == [Untried(), Untried()]
    assert list(folder.iterdir()) == []
    assert all(isinstance(answer, Accepted) for answer in handed_until(inf))


def test_what_was_not_written_whole_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(dropping, "sync", full)
    (answer,) = handed(csv_files(tmp_path), [send(1)])
    assert answer == TransientFailure("the file cannot be written: no space left on device")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_list_for_people_says_whom_and_why_and_has_room_for_what_came_of_it(tmp_path: Path) -> None:
    handed(TaskChannel(tmp_path / "calls"), [send(1, subject="Ask how it went", address="+33 1 23")])
    assert rows(tmp_path / "calls") == [
        {
            "id": send(1).id,
            "contact": "1",
            "address": "+33 1 23",
            "title": "Ask how it went",
            "text": "Dear 1, café",
            "journey": "welcome",
            "message": "hello",
            "since": "2026-03-02 09:00",
            "at": "",
            "outcome": "",
            "note": "",
            "send": "welcome::1:hello:email",
        }
    ]


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1+cmd", "-2+3", "@SUM(A1)", "\tx", "\rx"])
def test_nothing_in_a_list_for_people_is_a_formula(text: str, tmp_path: Path) -> None:
    handed(TaskChannel(tmp_path / "calls"), [send(1, text=text)])
    assert rows(tmp_path / "calls")[0]["text"] == f"'{text}"


@pytest.mark.parametrize("key", ["-5", "+5", "7"])
def test_a_key_that_is_a_number_comes_back_as_it_was(key: str, tmp_path: Path) -> None:
    handed(TaskChannel(tmp_path / "calls"), [send(1, contact=key)])
    assert rows(tmp_path / "calls")[0]["contact"] == key


def test_the_loop_goes_on_while_a_file_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other channels are in the middle of their talks with servers."""
    went_on = Event()
    monkeypatch.setattr(dropping, "sync", lambda path: went_on.wait(10))

    async def go() -> Sequence[Outcome]:
        writing = asyncio.create_task(csv_files(tmp_path / "x").hand_over([send(1)], inf))
        while not any(tmp_path.rglob("*.part")):
            await asyncio.sleep(0.001)
        went_on.set()
        return await writing

    assert [type(answer) for answer in asyncio.run(go())] == [Accepted]
