"""A file of events into the inbox."""

from pathlib import Path
from typing import Any

import pytest
from receiving_world import NOW, SETTINGS, inbox_rows

from parcours.delivery.door import Door
from parcours.delivery.inbox import Inbox
from parcours.delivery.ingest import Ingested, ingest
from parcours.diagnostics import Problem
from parcours.language.settings import read_settings

DOOR = Door(read_settings(SETTINGS, "p")[0].datamart.received)  # type: ignore[union-attr]
GOOD = "contact,at,amount,colour\n1,2026-03-01 10:00,1.5,red\n2,2026-03-01 11:00,,\n"


class Feed:
    def __init__(self, folder: Path) -> None:
        self.folder, self.inbox = folder, folder / "inbox"
        self.rejected = folder / "rejected.csv"

    def take(self, text: str, event: str | None = "order", name: str = "a.csv") -> Ingested:
        (self.folder / name).write_text(text)
        with Inbox(self.inbox, lambda: NOW) as inbox:
            return ingest(self.folder / name, event, DOOR, inbox, NOW, self.rejected)

    def rows(self, columns: str = "event, contact, fields") -> list[Any]:
        return inbox_rows(self.inbox, columns)


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    return Feed(tmp_path)


def test_rows_become_events(feed: Feed) -> None:
    assert feed.take(GOOD) == Ingested(taken=2, rejected=0, left_out={"colour"})
    assert feed.rows() == [("order", "1", '{"amount":"1.5"}'), ("order", "2", "{}")]
    assert not feed.rejected.exists()


def test_the_same_file_twice_is_the_same_events(feed: Feed) -> None:
    feed.take(GOOD)
    feed.take(GOOD)
    assert len(feed.rows()) == 2
    # what is left out tells nothing apart
    feed.take(GOOD.replace("red", "blue"))
    assert len(feed.rows()) == 2
    feed.take(GOOD.replace("1.5", "1.6"))
    assert len(feed.rows()) == 3


def test_the_event_may_stand_in_the_row(feed: Feed) -> None:
    done = feed.take("event,contact,at\nopen,1,2026-03-01\n,1,2026-03-01\nopn,1,2026-03-01\n", None)
    assert (done.taken, done.rejected) == (1, 2)
    assert feed.rejected.read_text().splitlines() == [
        "line,reason,row",
        '3,`event` is missing,",1,2026-03-01"',
        '4,`opn` is no event that can be received,"opn,1,2026-03-01"',
    ]


def test_bad_rows_are_set_aside_and_the_others_taken(feed: Feed) -> None:
    text = "contact,at,amount\n1,2026-03-01,x\n,2026-03-01,1\n2,,1\n3,2026-03-01,1\n4\n"
    done = feed.take(text)
    assert (done.taken, done.rejected) == (1, 4)
    assert feed.rows("contact") == [("3",)]
    assert feed.rejected.read_text().splitlines() == [
        "line,reason,row",
        '2,`amount` is no number: `x`,"1,2026-03-01,x"',
        '3,`contact` is missing,",2026-03-01,1"',
        '4,`at` is missing,"2,,1"',
        "6,has 1 values for 3 columns,4",
    ]
    # once they are repaired there is nothing aside any more
    feed.take(GOOD)
    assert not feed.rejected.exists()


def test_text_of_another_encoding_is_set_aside(feed: Feed) -> None:
    (feed.folder / "l.csv").write_bytes(
        "contact,at,note\n1,2026-03-01,été\n2,2026-03-01,a\n".encode("latin-1")
    )
    with Inbox(feed.inbox, lambda: NOW) as inbox:
        done = ingest(feed.folder / "l.csv", "order", DOOR, inbox, NOW, feed.rejected)
    assert (done.taken, done.rejected) == (1, 1)
    assert "`note` has characters that are no text" in feed.rejected.read_text()


def test_an_xml_feed(feed: Feed) -> None:
    text = "<orders><o><contact>1</contact><at>2026-03-01</at><amount>3</amount></o><o/></orders>"
    done = feed.take(text, name="a.xml")
    assert (done.taken, done.rejected) == (1, 1)
    assert feed.rows() == [("order", "1", '{"amount":"3"}')]


def test_many_rows_are_written_in_pieces(feed: Feed) -> None:
    lines = "".join(f"{n},2026-03-01,{n}\n" for n in range(12_001))
    assert feed.take(f"contact,at,amount\n{lines}").taken == 12_001
    assert len(list((feed.inbox / "new").iterdir())) == 3
    assert feed.rows("count(*), count(DISTINCT id)") == [(12_001, 12_001)]


def test_an_inbox_that_cannot_be_written_is_told(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    (feed.folder / "a.csv").write_text(GOOD)
    with Inbox(feed.inbox, lambda: NOW) as inbox:
        (feed.inbox / "new").rmdir()
        with pytest.raises(Problem, match="the inbox cannot be written: no such file or directory"):
            ingest(feed.folder / "a.csv", "order", DOOR, inbox, NOW, feed.rejected)


def test_rows_that_cannot_be_set_aside_are_told(feed: Feed) -> None:
    feed.rejected = feed.folder / "nowhere" / "rejected.csv"
    with pytest.raises(Problem, match="the rows cannot be set aside: no such file or directory"):
        feed.take("contact,at\n1,x\n")


def test_the_rows_set_aside_never_take_the_place_of_the_file_itself(feed: Feed) -> None:
    path = feed.folder / "a.csv"
    path.write_text("contact,at\n1,2026-03-01\n", encoding="utf-8")
    with Inbox(feed.inbox, lambda: NOW) as inbox, pytest.raises(Problem):
        ingest(path, "order", DOOR, inbox, NOW, path)
    assert path.read_text(encoding="utf-8").startswith("contact")
