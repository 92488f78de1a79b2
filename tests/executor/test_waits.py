"""How long a wait is: T12, T13 and T14, a table of moments in several zones.

Every case is a contact who comes to a wait; all of them live in one world, which ticks at each arrival."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest
from world import World, utc

NO_WAIT = "no wait"
FOR_EVER = "for ever"

PARIS, NEW_YORK, TOKYO, SANTIAGO = "Europe/Paris", "America/New_York", "Asia/Tokyo", "America/Santiago"


@dataclass(frozen=True)
class Case:
    """`arrives` and `ends` are instants in UTC; `event` and `contact` are what their rows hold besides."""

    sentence: str
    zone: str
    wait: str
    arrives: str
    ends: str
    event: dict[str, Any] = field(default_factory=dict)
    contact: dict[str, Any] = field(default_factory=dict)


# Paris leaves winter on 2026-03-29 at 01:00 UTC (02:00 becomes 03:00) and summer on 2026-10-25 at 01:00 UTC
# (03:00 becomes 02:00); New York leaves winter on 2026-03-08; Santiago springs forward at midnight, 2026-09-06.
T12 = [
    Case("a day keeps the clock over the start of summer time", PARIS, "1 day",
         utc(PARIS, "2026-03-28 09:00"), utc(PARIS, "2026-03-29 09:00")),
    Case("24 hours are exact over it", PARIS, "24 hours",
         utc(PARIS, "2026-03-28 09:00"), utc(PARIS, "2026-03-29 10:00")),
    Case("90 minutes are exact over it", PARIS, "90 minutes", "2026-03-29 00:00", "2026-03-29 01:30"),
    Case("a day keeps the clock over the end of summer time", PARIS, "1 day",
         utc(PARIS, "2026-10-24 09:00"), utc(PARIS, "2026-10-25 09:00")),
    Case("a week keeps the clock", NEW_YORK, "1 week",
         utc(NEW_YORK, "2026-03-05 18:00"), utc(NEW_YORK, "2026-03-12 18:00")),
    Case("a local time that does not exist moves forward to the first that does", PARIS, "1 day",
         utc(PARIS, "2026-03-28 02:30"), "2026-03-29 01:00"),
    Case("so it does at midnight", SANTIAGO, "1 day",
         utc(SANTIAGO, "2026-09-05 00:00"), "2026-09-06 04:00"),
    Case("one that exists twice is the first", PARIS, "1 day",
         utc(PARIS, "2026-10-24 02:30"), "2026-10-25 00:30"),
    Case("a day from the second of two equal times is the next day's", PARIS, "1 day",
         "2026-10-25 01:30", utc(PARIS, "2026-10-26 02:30")),
    Case("a day from the very instant of the change", PARIS, "1 day",
         "2026-03-29 01:00", utc(PARIS, "2026-03-30 03:00")),
    Case("a month is clipped to its end", PARIS, "1 month",
         utc(PARIS, "2026-01-31 10:00"), utc(PARIS, "2026-02-28 10:00")),
    Case("a month over the change keeps the clock", PARIS, "1 month",
         utc(PARIS, "2026-03-15 10:00"), utc(PARIS, "2026-04-15 10:00")),
    Case("two months from the 31st are not clipped by the month between", PARIS, "2 months",
         utc(PARIS, "2026-01-31 10:00"), utc(PARIS, "2026-03-31 10:00")),
    Case("a year from 29 February ends on the 28th", TOKYO, "1 year",
         utc(TOKYO, "2024-02-29 10:00"), utc(TOKYO, "2025-02-28 10:00")),
    Case("the contact's clock, not the project's", TOKYO, "1 day",
         utc(TOKYO, "2026-03-28 10:30"), utc(TOKYO, "2026-03-29 10:30")),
]  # fmt: skip

NIGHT = "until between 22:00 and 06:00"
T13 = [
    Case("09:00 in New York, asked on the eve of summer time", NEW_YORK, "until 09:00",
         utc(NEW_YORK, "2026-03-07 22:00"), utc(NEW_YORK, "2026-03-08 09:00")),
    Case("a time of day that is now is no wait", NEW_YORK, "until 09:00",
         utc(NEW_YORK, "2026-03-07 09:00"), NO_WAIT),
    Case("a time of day a microsecond ago is tomorrow's", NEW_YORK, "until 09:00",
         "2026-03-07 14:00:00.000001", utc(NEW_YORK, "2026-03-08 09:00")),
    Case("thursday 05:00 in Tokyo is wednesday in UTC", TOKYO, "until thursday at 05:00",
         "2026-03-04 12:00", "2026-03-04 20:00"),
    Case("thursday 05:00 in Tokyo, at that very time", TOKYO, "until thursday at 05:00",
         "2026-03-04 20:00", NO_WAIT),
    Case("thursday 05:00 in Tokyo, a minute later", TOKYO, "until thursday at 05:00",
         "2026-03-04 20:01", "2026-03-11 20:00"),
    Case("of several days the next", TOKYO, "until monday, friday at 12:00",
         utc(TOKYO, "2026-03-03 12:00"), utc(TOKYO, "2026-03-06 12:00")),
    Case("a weekday's time asked on friday evening", PARIS, "until 09:00 on weekdays",
         utc(PARIS, "2026-03-06 10:00"), utc(PARIS, "2026-03-09 09:00")),
    Case("a weekday's time asked on a weekday before it", PARIS, "until 09:00 on weekdays",
         utc(PARIS, "2026-03-06 08:00"), utc(PARIS, "2026-03-06 09:00")),
    Case("a weekday at any time is now on a weekday", PARIS, "until between 00:00 and 23:59 on weekdays",
         utc(PARIS, "2026-03-04 15:00"), NO_WAIT),
    Case("a weekday at any time is monday on a saturday", PARIS, "until between 00:00 and 23:59 on weekdays",
         utc(PARIS, "2026-03-07 15:00"), utc(PARIS, "2026-03-09 00:00")),
    Case("a night window is open at 23:00", PARIS, NIGHT, utc(PARIS, "2026-03-04 23:00"), NO_WAIT),
    Case("and at its first instant", PARIS, NIGHT, utc(PARIS, "2026-03-04 22:00"), NO_WAIT),
    Case("and at 05:59:59", PARIS, NIGHT, utc(PARIS, "2026-03-04 05:59:59"), NO_WAIT),
    Case("and closed at 06:00", PARIS, NIGHT, utc(PARIS, "2026-03-04 06:00"), utc(PARIS, "2026-03-04 22:00")),
    Case("a day window that has closed opens tomorrow", PARIS, "until between 09:00 and 18:00",
         utc(PARIS, "2026-03-04 18:00"), utc(PARIS, "2026-03-05 09:00")),
    Case("friday's night is still friday's on saturday at 03:00", PARIS, f"{NIGHT} on friday",
         utc(PARIS, "2026-03-07 03:00"), NO_WAIT),
    Case("thursday's night is not friday's", PARIS, f"{NIGHT} on friday",
         utc(PARIS, "2026-03-06 03:00"), utc(PARIS, "2026-03-06 22:00")),
    Case("after friday's night comes next friday's", PARIS, f"{NIGHT} on friday",
         utc(PARIS, "2026-03-07 06:00"), utc(PARIS, "2026-03-13 22:00")),
    Case("a time that does not exist today is the first that does", PARIS, "until 02:30",
         "2026-03-28 23:30", "2026-03-29 01:00"),
    Case("asked at the instant of the change it is now", PARIS, "until 02:30", "2026-03-29 01:00", NO_WAIT),
    Case("asked after the change it is tomorrow's", PARIS, "until 02:30",
         "2026-03-29 01:01", utc(PARIS, "2026-03-30 02:30")),
    Case("the hour that does not exist ends in the one that does", PARIS, "until 03:00",
         "2026-03-29 00:59", "2026-03-29 01:00"),
    Case("midnight that does not exist is 01:00", SANTIAGO, "until 00:00",
         utc(SANTIAGO, "2026-09-05 12:00"), "2026-09-06 04:00"),
    Case("of a doubled time the first", PARIS, "until 02:30", "2026-10-25 00:15", "2026-10-25 00:30"),
    Case("after the first of two it is tomorrow's", PARIS, "until 02:30",
         "2026-10-25 00:45", utc(PARIS, "2026-10-26 02:30")),
    Case("before the second of two it is tomorrow's", PARIS, "until 02:30",
         "2026-10-25 01:15", utc(PARIS, "2026-10-26 02:30")),
    Case("at the instant of the change back it is tomorrow's", PARIS, "until 02:30",
         "2026-10-25 01:00", utc(PARIS, "2026-10-26 02:30")),
    Case("03:00 at the instant of the change back has yet to come", PARIS, "until 03:00",
         "2026-10-25 01:00", "2026-10-25 02:00"),
    Case("02:00 at the instant of the change back was an hour ago", PARIS, "until 02:00",
         "2026-10-25 01:00", utc(PARIS, "2026-10-26 02:00")),
]  # fmt: skip

LATER = {"reminder_at": datetime(2026, 3, 10, 12)}
ENDS = {"contract_end": date(2026, 3, 31)}
T14 = [
    Case("a date that has passed is no wait", PARIS, "until 2026-02-01 at 09:00", "2026-03-01 10:00", NO_WAIT),
    Case("a date that is now is no wait", PARIS, "until 2026-03-01 at 09:00",
         utc(PARIS, "2026-03-01 09:00"), NO_WAIT),
    Case("a date is the contact's", TOKYO, "until 2026-04-01 at 09:00",
         "2026-03-01 10:00", utc(TOKYO, "2026-04-01 09:00")),
    Case("a date without a time begins at midnight", TOKYO, "until 2026-04-01",
         "2026-03-01 10:00", utc(TOKYO, "2026-04-01 00:00")),
    Case("hours before an instant are exact", PARIS, "until 2 hours before event.reminder_at",
         "2026-03-01 10:00", "2026-03-10 10:00", LATER),
    Case("days after an instant keep the clock", PARIS, "until 20 days after event.reminder_at",
         "2026-03-01 10:00", utc(PARIS, "2026-03-30 13:00"), LATER),
    Case("a month after an instant", PARIS, "until 1 month after event.at",
         utc(PARIS, "2026-01-31 10:00"), utc(PARIS, "2026-02-28 10:00")),
    Case("an instant that has passed is no wait", PARIS, "until 30 days before event.reminder_at",
         "2026-03-01 10:00", NO_WAIT, LATER),
    Case("days before a date of the contact", NEW_YORK, "until 7 days before contract_end",
         "2026-03-01 10:00", utc(NEW_YORK, "2026-03-24 00:00"), {}, ENDS),
    Case("a month before the last of a month", NEW_YORK, "until 1 month before contract_end",
         "2026-02-01 10:00", utc(NEW_YORK, "2026-02-28 00:00"), {}, ENDS),
    Case("hours after a date are counted from its first instant, exactly", PARIS,
         "until 6 hours after contract_end", "2026-03-01 10:00", utc(PARIS, "2026-03-29 07:00"), {},
         {"contract_end": date(2026, 3, 29)}),
    Case("an unknown instant rests for ever", PARIS, "until 2 hours before event.reminder_at",
         "2026-03-01 10:00", FOR_EVER),
    Case("an unknown date rests for ever", PARIS, "until 7 days before contract_end",
         "2026-03-01 10:00", FOR_EVER),
]  # fmt: skip

CASES = [*T12, *T13, *T14]


@pytest.fixture(scope="module")
def ends() -> dict[str, str]:
    """How long each case waits, by its sentence."""
    waits = sorted({case.wait for case in CASES})
    world = World("\n".join(
        f"""
journey j{number}
    enter on cart[cart_id = "{number}"]
    wait {wait}
    send hello by email
"""
        for number, wait in enumerate(waits)
    ))  # fmt: skip
    for number, case in enumerate(CASES):
        world.contact(f"c{number}", zone=case.zone, **case.contact)
        world.event("cart", f"c{number}", case.arrives, cart_id=str(waits.index(case.wait)), **case.event)
    world.tick("2024-01-01 00:00")
    found = {}
    for arrives in sorted({case.arrives for case in CASES}):
        world.tick(arrives)
        for number, case in enumerate(CASES):
            if case.arrives == arrives:
                resting = world.where(f"c{number}")
                found[case.sentence] = (resting[0][1] or FOR_EVER) if resting else NO_WAIT
    sent_at = {contact: at for contact, _, _, at in world.sent()}
    for number, case in enumerate(CASES):
        if found[case.sentence] == NO_WAIT:
            assert sent_at[f"c{number}"] == case.arrives
    return found


def sentences(cases: list[Case]) -> Any:
    return pytest.mark.parametrize("case", [pytest.param(case, id=case.sentence) for case in cases])


@sentences(T12)
def test_t12_a_wait_of_a_length(ends: dict[str, str], case: Case) -> None:
    assert ends[case.sentence] == case.ends


@sentences(T13)
def test_t13_a_wait_for_a_time_of_day(ends: dict[str, str], case: Case) -> None:
    assert ends[case.sentence] == case.ends


@sentences(T14)
def test_t14_a_wait_for_a_moment(ends: dict[str, str], case: Case) -> None:
    assert ends[case.sentence] == case.ends


def test_t12_a_late_tick_moves_on_at_its_own_instant_and_the_next_wait_begins_there() -> None:
    world = World("""
        journey j
            enter on cart
            wait 1 day
            wait 1 day
            send hello by email
    """)
    world.contact("ann")
    world.event("cart", "ann", "2026-03-01 10:00")
    world.tick("2026-03-01 00:00", "2026-03-01 10:00", "2026-03-05 17:00")
    assert world.where("ann") == [("2 wait", "2026-03-06 17:00")]
