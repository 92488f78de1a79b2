"""What is waited for (T13, T14)."""

from datetime import datetime

import pytest
from journey_check import findings, journey, only, told

from parcours.checking.checked import AtLocal, AtTime, InWindow, Offset, WaitUntil
from parcours.checking.terms import Attribute, Captured, Shift
from parcours.clock.span import Span

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
ENTRY_AT = Captured("entry", "at", "instant", "TIMESTAMP")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("10:00", AtTime(600, EVERY_DAY)),
        ("10:00 on weekdays", AtTime(600, (1, 2, 3, 4, 5))),
        ("thursday at 05:00", AtTime(300, (4,))),
        ("between 22:00 and 06:00", InWindow(1320, 360, EVERY_DAY)),
        ("between 10:00 and 19:00 on weekends", InWindow(600, 1140, (6, 7))),
        ("2026-12-01 at 09:00", AtLocal(datetime(2026, 12, 1, 9))),
        ("2026-12-01", AtLocal(datetime(2026, 12, 1))),
        ("2 days after entry.at", Offset(Span(2, "day"), 1, ENTRY_AT)),
        ("3 weeks before birth_date", Offset(Span(3, "week"), -1, Attribute("birth_date", "date"))),
        (
            "2 days before entry.at + 60 days",
            Offset(Span(2, "day"), -1, Shift(ENTRY_AT, Span(60, "day"), 1, "instant")),
        ),
    ],
)
def test_a_moment_is_kept_with_what_was_written(moment: str, expected: object) -> None:
    (step,) = only(journey(f"    wait until {moment}\n")).steps
    assert isinstance(step, WaitUntil)
    assert (step.moment, step.text) == (expected, moment)


@pytest.mark.parametrize(
    ("moment", "code", "message", "column"),
    [
        ("25:00", "impossible-time", "`25:00` is no time of day", 16),
        ("between 10:00 and 24:00", "impossible-time", "`24:00` is no time of day", 34),
        ("2026-02-30 at 09:00", "impossible-date", "`2026-02-30` is no date", 16),
        ("2026-02-28 at 24:00", "impossible-time", "`24:00` is no time of day", 30),
        ("2 days after age", "wrong-type", "a moment is counted from an instant or a date: `age` is a number", 29),
    ],
)  # fmt: skip
def test_a_moment_that_never_comes_is_said_at_its_place(
    moment: str, code: str, message: str, column: int
) -> None:
    assert told(findings(journey(f"    wait until {moment}\n"))) == [(code, message, 17, column, "")]
