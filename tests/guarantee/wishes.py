"""What contacts have asked for (P10), looked up in the events in which they said it: breaks, topics they do not want, and how
often they want to hear from us."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

_DAYS = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}


@dataclass(frozen=True)
class Wish:
    """An event by which a contact says what it prefers; `known` when everybody could see it."""

    contact: Any
    at: datetime
    id: str
    known: datetime
    fields: Mapping[str, Any]


def against(
    wishes: Sequence[Wish], topic: str, at: datetime, before: Sequence[datetime], clock: ZoneInfo
) -> Iterator[str]:
    """Why its contact, on this clock, did not want a message of a topic at this instant. `before`: when it got others."""
    until = _last(wishes, "until", None, at)
    if isinstance(until, date) and at < _midnight(until, clock):
        yield f"it came before {until}"
    if topic and _last(wishes, "wanted", topic, at) is False:
        yield f"nothing of {topic} was wanted"
    about = _last(wishes, "until", topic, at) if topic else None
    if isinstance(about, date) and at < _midnight(about, clock):
        yield f"nothing of {topic} was wanted before {about}"
    length = _DAYS.get(str(_last(wishes, "frequency", None, at)))
    if length is not None and any(at - length < other for other in before):
        yield f"it came too soon after another for {length}"


def _last(wishes: Sequence[Wish], field: str, topic: str | None, at: datetime) -> Any:
    """What the newest wish says, of those about the topic, or about none, in which the field is known."""
    said = [
        w
        for w in wishes
        if w.known <= at and w.fields.get(field) is not None and w.fields.get("topic") == topic
    ]
    return max(said, key=lambda wish: (wish.at, wish.id)).fields[field] if said else None


def _midnight(day: date, clock: ZoneInfo) -> datetime:
    """The first instant of a local day, as naive UTC."""
    local = datetime.combine(day, time(), clock)
    return (local - (local.utcoffset() or timedelta())).replace(tzinfo=None)
