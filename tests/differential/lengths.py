"""Lengths of time and moments, as text. Ticks lie apart by the same lengths, so that ends of waits fall on ticks."""

from datetime import date, datetime, timedelta

from dice import Dice

WAITS = (
    *("1 minute", "5 minutes", "30 minutes", "59 minutes", "1 hour", "90 minutes", "2 hours", "6 hours"),
    *("12 hours", "24 hours", "1 day", "1 day", "2 days", "3 days", "1 week", "1 month", "1 year"),
)
WINDOWS = ("30 minutes", "1 hour", "6 hours", "1 day", "2 days", "1 week", "1 month", "2 months", "1 year")
KEEPS = ("0 minutes", "5 minutes", "1 hour", "6 hours", "1 day", "2 days", "1 week")
TIMES = (
    "00:00",
    "00:30",
    "01:30",
    "02:00",
    "02:15",
    "02:30",
    "03:00",
    "08:00",
    "09:00",
    "12:00",
    "18:30",
    "23:59",
)
DAYS = (
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "weekdays", "weekends"),
    *("monday, thursday", "friday, saturday, sunday"),
)
SCHEDULE_DAYS = (
    "monday",
    "tuesday",
    "friday",
    "weekday",
    "saturday",
    "monday, thursday",
    "sunday, wednesday",
)


def hours(dice: Dice) -> tuple[str, str]:
    """Two different times of day; half of these stretches run over midnight."""
    start = dice.one(TIMES)
    return start, dice.one([time for time in TIMES if time != start])


def day_near(dice: Dice, begin: datetime) -> date:
    return begin.date() + timedelta(days=dice.one((-400, -31, -2, -1, 0, 0, 1, 2, 3, 7, 31)))


def instant_near(dice: Dice, begin: datetime) -> str:
    """An instant on the project's clock."""
    return f"{day_near(dice, begin)} {dice.one(TIMES)}"


def plain_moment(dice: Dice, begin: datetime) -> str:
    """A moment that speaks of no contact and no event."""
    match dice.below(6):
        case 0:
            return dice.one(TIMES)
        case 1:
            return f"{dice.one(TIMES)} on {dice.one(DAYS)}"
        case 2:
            return f"{dice.one(DAYS)} at {dice.one(TIMES)}"
        case 3:
            start, end = hours(dice)
            return f"between {start} and {end}"
        case 4:
            start, end = hours(dice)
            return f"between {start} and {end} on {dice.one(DAYS)}"
        case _:
            at = f" at {dice.one(TIMES)}" if dice.percent(60) else ""
            return f"{day_near(dice, begin)}{at}"


def schedule(dice: Dice, begin: datetime) -> str:
    """What stands behind `every`."""
    at = f" at {dice.one(TIMES)}" if dice.percent(75) else ""
    match dice.below(8):
        case 0:
            return "hour"
        case 1 | 2 | 3:
            return f"day{at}"
        case 4:
            return f"week{at}"
        case 5:
            day = dice.one((1, 28, 30, 31, begin.day, (begin + timedelta(days=1)).day))
            return f"month on {day}{at}"
        case _:
            return f"{dice.one(SCHEDULE_DAYS)}{at}"
