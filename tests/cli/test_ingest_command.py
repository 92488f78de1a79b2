"""`parcours ingest`."""

from datetime import datetime
from pathlib import Path

import pytest
from corner_project import assert_told

FEED = "contact,at,total,colour\n1,2026-03-02 09:00,20,red\n2,2026-03-02 09:00,x,red\n"


@pytest.fixture
def feed(corner) -> Path:
    corner.change("parcours.yaml", "id: order_id}", "id: order_id, received: {total: number}}")
    file = corner.folder.parent / "feed.csv"
    file.write_text(FEED)
    return file


def test_it_says_what_it_took_and_what_it_set_aside(feed: Path, parcours) -> None:
    answer = parcours("ingest", "feed.csv", "--event", "order", "--project", "corner")
    assert answer.out == (
        "feed.csv: 1 event taken\n"
        "columns that are no field, left out: colour\n"
        "1 row set aside in feed.csv.rejected.csv\n"
    )
    assert (answer.code, answer.err) == (1, "")
    assert (
        Path("feed.csv.rejected.csv").read_text().splitlines()[1].startswith("3,`total` is no number: `x`,")
    )


def test_what_it_took_is_in_the_next_tick(feed: Path, parcours, monkeypatch) -> None:
    monkeypatch.setattr("parcours.cli.ingest.now", lambda: datetime(2026, 3, 2, 8, 45))
    assert parcours("tick", "corner", "--at", "2026-03-02 09:30").code == 0
    feed.write_text("contact,at,total\n1,2026-03-02 09:40,20\n")
    zone = ("--time-zone", "Europe/Paris")
    assert parcours("ingest", "feed.csv", "--event", "order", "--project", "corner", *zone).code == 0
    assert ": 1 entered" in parcours("tick", "corner", "--at", "2026-03-02 10:00").out


@pytest.mark.parametrize(
    ("options", "code", "message", "place"),
    [
        (("--event", "ordr"), "bad-option", "`ordr` is no event that can be received", "--event\n"),
        (("--time-zone", "Europe/Pari"), "bad-option", "`Europe/Pari` is no time zone", "--time-zone\n"),
    ],
)
def test_an_option_that_cannot_be_is_told(feed: Path, parcours, options, code, message, place) -> None:
    assert_told(parcours("ingest", "feed.csv", "--project", "corner", *options), code, message, place)


def test_a_file_that_is_not_there_is_told(feed: Path, parcours) -> None:
    answer = parcours("ingest", "fed.csv", "--event", "order", "--project", "corner")
    message = "this file cannot be read: no such file or directory"
    assert_told(answer, "unreadable-file", message, "fed.csv\n")


def test_the_rows_can_be_set_aside_elsewhere(feed: Path, parcours) -> None:
    options = ("--event", "order", "--project", "corner", "--rejected", "aside.csv")
    assert parcours("ingest", "feed.csv", *options).code == 1
    assert Path("aside.csv").exists() and not Path("feed.csv.rejected.csv").exists()
