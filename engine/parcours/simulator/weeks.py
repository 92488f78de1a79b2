"""Messages by day, put together so that a table of them stays short: days, weeks or months."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from parcours.simulator.report import MessagesOfDay

_MOST_DAYS, _MOST_WEEKS = 31, 26


@dataclass(frozen=True, slots=True)
class Stretch:
    """`sent` has the messages of a day, week or month by channel."""

    label: str
    sent: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.sent.values())


def stretches(
    by_day: Sequence[MessagesOfDay], first: date, last: date
) -> tuple[Literal["day", "week", "month"], list[Stretch]]:
    """All stretches from the day `first` to the day `last`, those without messages too. Weeks begin on Monday
    (P4); the label of the first one is the day on which it begins in the span."""
    days = (last - first).days + 1
    unit: Literal["day", "week", "month"] = (
        "day" if days <= _MOST_DAYS else "week" if days <= _MOST_WEEKS * 7 else "month"
    )
    labels: dict[date, str] = {}
    found: dict[str, dict[str, int]] = {}
    begins: dict[date, date] = {}
    for n in range(days):
        day = first + timedelta(days=n)
        start = begins.setdefault(_start(day, unit), day)
        labels[day] = _label(start, unit)
        found.setdefault(labels[day], {})
    for row in by_day:
        sent = found[labels[row.day]]
        sent[row.channel] = sent.get(row.channel, 0) + row.sent
    return unit, [Stretch(label, sent) for label, sent in found.items()]


def _start(day: date, unit: str) -> date:
    match unit:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case _:
            return day.replace(day=1)


def _label(start: date, unit: str) -> str:
    match unit:
        case "day":
            return f"{start} {_DAYS[start.weekday()]}"
        case "week":
            return f"{start}"
        case _:
            return f"{start:%Y-%m}"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
