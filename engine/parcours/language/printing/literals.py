"""Literals, lengths of time, days, periods and schedules as they are written."""

from decimal import Decimal

from parcours.model.moments import WEEK, Days, Period, Schedule
from parcours.model.values import Duration, Money, TimeOfDay
from parcours.model.vocabulary import MonthDay


def text(said: str) -> str:
    """In quotes, with `\\"`, `\\\\` and `\\n` for a quote, a backslash and a new line."""
    assert "\r" not in said, "a line end is one \\n wherever a text comes from"
    inner = said.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{inner}"'


def number(value: Decimal) -> str:
    """With the digits as they were written: 0.20 stays 0.20."""
    return format(value, "f")


def percent(value: Decimal) -> str:
    return f"{number(value)}%"


def money(value: Money) -> str:
    return f"{number(value.amount)} {value.currency}"


def optional(value: Duration | TimeOfDay | None) -> str | None:
    return None if value is None else str(value)


def span(duration: Duration) -> str:
    """`7 days`; `day` for one: what stands behind `per` and `every`."""
    return duration.unit if duration.count == 1 else str(duration)


def period(value: Period) -> str:
    return f"calendar {value.duration.unit}" if value.kind == "calendar" else span(value.duration)


def days(value: Days, *, plural: bool = True) -> str:
    """In the order of the week; all of monday to friday are `weekdays`, and the other two `weekends`."""
    s = "s" if plural else ""
    left = list(value.days)
    said = []
    for group, members in (("weekday", WEEK[:5]), ("weekend", WEEK[5:])):
        if set(members) <= set(value.days):
            said.append(f"{group}{s}")
        else:
            said.extend(day for day in left if day in members)
    return ", ".join(said)


def schedule(value: Schedule) -> str:
    """`day`, `month on 31`, `tuesday`: what stands between `every` and the time."""
    if value.days is not None:
        return days(value.days, plural=False)
    on = "" if value.day_of_month is None else f" on {value.day_of_month}"
    return f"{value.unit}{on}"


def month_day(value: MonthDay) -> str:
    return f"{value.month:02}-{value.day:02}"
