"""When the ticks are: a clock by chance, uneven, often where local time does something odd."""

from datetime import datetime, timedelta

from dice import Dice

from parcours.clock import to_utc

ZONES = (
    *("Europe/Paris", "Australia/Lord_Howe", "Africa/Casablanca", "America/New_York", "Pacific/Apia"),
    *("Asia/Kathmandu", "Asia/Tokyo", "America/Sao_Paulo", "UTC", "Pacific/Kiritimati"),
)
PROJECT_ZONES = ("Europe/Paris", "UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
BEGINS = tuple(
    datetime.fromisoformat(text)
    for text in (
        "2026-03-28 10:00",  # Paris goes to summer time in the night to the 29th
        "2026-10-24 09:00",  # and back in the night to the 25th
        "2026-03-07 12:00",  # New York, the 8th
        "2026-10-31 20:00",  # New York, 1 November
        "2026-04-04 03:00",  # Lord Howe goes back half an hour, at 15:00 UTC
        "2026-10-03 08:00",  # and forward
        "2026-02-14 00:00",  # Casablanca before Ramadan
        "2026-03-21 00:00",  # and after it
        "2011-12-29 06:00",  # Apia has no 30 December
        "2028-02-27 23:30",  # a leap year
        "2026-02-27 12:00",  # and none
        "2026-12-30 18:00",  # the year ends
        "2026-01-30 07:30",  # a month that has more days than the next
        "2026-06-10 09:00",  # nothing of the kind
    )
)
_GAPS = (
    *((timedelta(seconds=1), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))),
    *((timedelta(minutes=59), timedelta(minutes=60), timedelta(minutes=60), timedelta(minutes=90))),
    *((timedelta(hours=2), timedelta(hours=6), timedelta(hours=6), timedelta(hours=12), timedelta(hours=23))),
    *((timedelta(hours=24), timedelta(hours=24), timedelta(hours=25), timedelta(days=2), timedelta(days=3))),
    *((timedelta(days=7), timedelta(days=31))),
)
_CLOCK_TIMES = (0, 30, 90, 120, 135, 150, 180, 480, 540, 720, 1110)


def ticks(dice: Dice, begin: datetime) -> tuple[datetime, ...]:
    """Instants of ticks, in order; each is a round length of time behind another, at a time of day somewhere, or at a
    full hour."""
    found = [begin]
    for _ in range(dice.between(6, 13)):
        last = found[-1]
        match dice.below(10):
            case 0:
                following = last.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
            case 1 | 2:
                following = _on_the_clock(dice, last)
            case 3:
                following = last + dice.one(_GAPS[:8])
            case 4:
                following = dice.one(found) + dice.one(_GAPS)
            case _:
                following = last + dice.one(_GAPS)
        if following > last:
            found.append(following)
    return tuple(found)


def _on_the_clock(dice: Dice, after: datetime) -> datetime:
    """A round time of day in some zone, soon."""
    day = after.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=dice.between(0, 2))
    return to_utc(dice.one(ZONES), day + timedelta(minutes=dice.one(_CLOCK_TIMES)))
