"""What is let in as an event, and what is told to whoever is not."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from receiving_world import NOW, SETTINGS

from parcours.delivery.door import Door, Refused
from parcours.delivery.inbox import Received
from parcours.language.settings import read_settings

RECEIVED = read_settings(SETTINGS, "p")[0].datamart.received  # type: ignore[union-attr]
DOOR = Door(RECEIVED)


def take(door: Door = DOOR, **row: Any) -> Received:
    return door.take("order", {"contact": "1", **row}, NOW)


def reason(event: str = "order", **row: Any) -> str:
    with pytest.raises(Refused) as refused:
        DOOR.take(event, row, NOW)
    return str(refused.value)


def test_a_row_becomes_an_event() -> None:
    row = {"id": 7, "at": "2026-03-01T12:00:00+02:00", "send": "welcome:hello", "amount": 12.5, "note": ""}
    assert take(**row) == Received(
        "order", "1", datetime(2026, 3, 1, 10), "7", {"amount": "12.5"}, "welcome:hello"
    )


def test_without_a_time_it_happened_now_and_without_an_id_it_has_one_of_its_own() -> None:
    event = take(amount=1)
    assert event.at == NOW
    assert event.id == take(amount="1").id
    assert len({event.id, take(amount=2).id, take(amount=1, send="x").id, take(amount=1, at=0).id}) == 4


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-03-01 10:00", datetime(2026, 3, 1, 10)),
        ("2026-03-01T10:00:00.25Z", datetime(2026, 3, 1, 10, 0, 0, 250_000)),
        ("2026-03-01", datetime(2026, 3, 1)),
        (1772359200, datetime(2026, 3, 1, 10)),
        (1772359200000, datetime(2026, 3, 1, 10)),
        (Decimal("1772359200.5"), datetime(2026, 3, 1, 10, 0, 0, 500_000)),
        (datetime(2026, 3, 1, 10), datetime(2026, 3, 1, 10)),
        (datetime(2026, 3, 1, 10, tzinfo=UTC), datetime(2026, 3, 1, 10)),
    ],
)
def test_times(said: Any, meant: datetime) -> None:
    assert take(at=said).at == meant


def test_a_time_without_a_zone_is_of_the_zone_that_was_told() -> None:
    paris = Door(RECEIVED, "Europe/Paris")
    assert take(paris, at="2026-03-01 10:00").at == datetime(2026, 3, 1, 9)
    assert take(paris, at="2026-03-01 10:00Z").at == datetime(2026, 3, 1, 10)
    # T12: a time that does not exist is the first that does, and one that exists twice is the first
    assert take(paris, at="2025-03-30 02:30").at == datetime(2025, 3, 30, 1)
    assert take(paris, at="2025-10-26 02:30").at == datetime(2025, 10, 26, 0, 30)


@pytest.mark.parametrize(
    ("field", "said", "kept"),
    [
        ("amount", "1e3", "1000"),
        ("amount", " 0.10 ", "0.10"),
        ("gift", True, "true"),
        ("gift", "No", "false"),
        ("day", "2026-02-28", "2026-02-28"),
        ("day", date(2026, 2, 28), "2026-02-28"),
        ("paid_at", "2026-02-28T10:00:00+01:00", "2026-02-28 09:00:00"),
        ("note", "<b>\n", "<b>\n"),
        ("note", 12, "12"),
    ],
)
def test_fields_are_kept_as_their_types_read_them(field: str, said: Any, kept: str) -> None:
    assert take(**{field: said}).fields == {field: kept}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({}, "`contact` is missing"),
        ({"contact": " "}, "`contact` is missing"),
        ({"contact": True}, "`contact` is neither a text nor a whole number"),
        ({"contact": 1.5}, "`contact` is neither a text nor a whole number"),
        ({"contact": ["1"]}, "`contact` is neither a text nor a whole number"),
        ({"contact": "1\n2"}, "`contact` has characters that cannot be seen"),
        ({"contact": "x" * 201}, "`contact` has more than 200 characters"),
        ({"contact": 10**300}, "`contact` has more than 200 characters"),
        ({"contact": "1", "id": "\0"}, "`id` has characters that cannot be seen"),
        ({"contact": "1", "at": "yesterday"}, "`at` is no time: `yesterday`"),
        ({"contact": "1", "at": 1e300}, "`at` is no time: `1e+300`"),
        ({"contact": "1", "at": True}, "`at` is no time: `True`"),
        ({"contact": "1", "at": "0001-01-01T00:00:00+14:00"}, "`at` is no time: `0001-01-01T00:00:00+14:00`"),
        ({"contact": "1", "at": "1815-06-18"}, "`at` is before 1900"),
        ({"contact": "1", "at": NOW + timedelta(days=2)}, "`at` is more than a day ahead"),
        ({"contact": "1", "send": {}}, "`send` is no text"),
        ({"contact": "1", "amount": "12,5"}, "`amount` is no number: `12,5`"),
        ({"contact": "1", "amount": "nan"}, "`amount` is no number: `nan`"),
        ({"contact": "1", "amount": "1e-999999"}, "`amount` is no number: `1e-999999`"),
        ({"contact": "1", "amount": "9" * 60}, f"`amount` is no number: `{'9' * 40}…`"),
        ({"contact": "1", "amount": True}, "`amount` is no number: `True`"),
        ({"contact": "1", "gift": "maybe"}, "`gift` is neither yes nor no: `maybe`"),
        ({"contact": "1", "day": "2026-02-30"}, "`day` is no date: `2026-02-30`"),
        ({"contact": "1", "note": "a\0b"}, "`note` has characters that are no text"),
        ({"contact": "1", "note": "\udc80"}, "`note` has characters that are no text"),
        ({"contact": "1", "note": "x" * 10_001}, "`note` has more than 10,000 characters"),
        ({"contact": "1", "colour": "red"}, "`order` has no field `colour`"),
    ],
)
def test_what_is_not_let_in_is_told_why(row: dict[str, Any], said: str) -> None:
    assert reason(**row) == said


def test_an_event_that_is_not_received_is_not_let_in() -> None:
    assert reason("ordr", contact="1") == "`ordr` is no event that can be received"
    assert not DOOR.has("ordr")


def test_a_row_of_a_feed_has_a_time() -> None:
    with pytest.raises(Refused, match="`at` is missing"):
        DOOR.take("order", {"contact": "1"}, NOW, must_have_time=True)
