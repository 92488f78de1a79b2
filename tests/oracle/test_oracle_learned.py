"""P2: what an answer is an answer to, and shares that are cut off after six digits."""

from datetime import datetime
from fractions import Fraction

from parcours.oracle.data import EventRow
from parcours.oracle.learned import share

NOON = datetime(2026, 3, 2, 12)


def row(of: str | None) -> EventRow:
    return EventRow("ann", NOON, NOON, "e1", {}, of)


def test_a_share_is_of_twenty_more_and_has_six_digits() -> None:
    assert share(0 + 1, 0) == Fraction(1, 20)
    assert share(1 + 1, 1) == Fraction(95238, 1_000_000)
    assert share(0, 7) == 0


def test_an_event_names_a_message_or_the_id_of_one_that_was_sent() -> None:
    of_one = "j:k:1772445600000000:hello:email"
    assert row("hello").names("hello") and row("hello").names("hello", of_one)
    assert row(of_one).names("hello") and row(of_one).names("hello", of_one)
    assert not row(of_one).names("hello", of_one.replace("email", "sms"))
    assert not row(of_one).names("email") and not row("helo").names("hello") and not row(None).names("hello")
