"""What comes from outside, looked at before it is let in: a row of plain values becomes an event, or a reason why not."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any

from parcours.clock import to_utc
from parcours.delivery.inbox import Received
from parcours.model.receiving import FieldType, ReceivedEvent

LONGEST_KEY = 200
LONGEST_SEND = 500
LONGEST_TEXT = 10_000
"""Characters of a contact or an id, of a send, and of a field."""

_AHEAD = timedelta(days=1)
_EARLIEST = datetime(1900, 1, 1)
_MILLISECONDS = 100_000_000_000
_MOST_DIGITS = 32
_LARGEST = Decimal(10) ** _MOST_DIGITS
_YES_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_OWN = ("contact", "at", "id", "send")
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_JSON = json.JSONEncoder()


class Refused(Exception):  # noqa: N818 - a mistake of whoever sent it
    """The message says what is wrong with a row, in one line."""


class Door:
    """Lets in the events that a project declares as received. `zone` is that of times without one; `now` in `take` is
    the instant at which something came."""

    def __init__(self, events: Iterable[ReceivedEvent], zone: str = "UTC") -> None:
        self._fields = {e.name.text: {f.name.text: f.type for f in e.fields} for e in events}
        self._zone = zone

    def has(self, event: str) -> bool:
        return event in self._fields

    def fields(self, event: str) -> Mapping[str, FieldType]:
        """The fields of an event that can be received, with their types."""
        return self._fields[event]

    def take(
        self, event: str, row: Mapping[str, Any], now: datetime, *, must_have_time: bool = False
    ) -> Received:
        """The event that a row tells of: `contact`, and if said `at`, `id`, `send` and any of its fields. Without `at` it
        happened now; without `id` it has one made of all that it says, so that the same row is the same event. Empty
        text is unknown. Raises `Refused`."""
        types = self._fields.get(event)
        if types is None:
            raise Refused(f"`{_short(event)}` is no event that can be received")
        said = {key: value for key, value in row.items() if value is not None and value != ""}
        contact = _key("contact", said.get("contact"))
        if contact is None:
            raise Refused("`contact` is missing")
        if must_have_time and "at" not in said:
            raise Refused("`at` is missing")
        at = self._instant("at", said["at"]) if "at" in said else now
        if at > now + _AHEAD:
            raise Refused("`at` is more than a day ahead")
        send = None if "send" not in said else _text("send", said["send"], LONGEST_SEND)
        fields = {
            name: self._value(name, value, types[name]) for name, value in said.items() if name in types
        }
        for name in said:
            if name not in types and name not in _OWN:
                raise Refused(f"`{event}` has no field `{_short(name)}`")
        known = _key("id", said.get("id"))
        return Received(event, contact, at, known or _derived(event, contact, at, send, fields), fields, send)

    def of_link(
        self, event: str, contact: str, send: str | None, fields: Mapping[str, Any], now: datetime
    ) -> Received:
        """The event that a link of ours tells of. Contact and send are taken as they are, spaces and all: nobody else can
        have written them, and whoever unsubscribes must be found again. Fields as in `take`. Raises `Refused`."""
        types = self._fields[event]
        said = {name: self._value(name, value, types[name]) for name, value in fields.items()}
        return Received(event, contact, now, _derived(event, contact, now, send, said), said, send)

    def _value(self, name: str, value: Any, kind: FieldType) -> str:
        """A value as text that the datamart reads as its type."""
        match kind:
            case "text":
                return _text(name, value, LONGEST_TEXT)
            case "number":
                return _number(name, value)
            case "yes_no":
                found = value if isinstance(value, bool) else _YES_NO.get(str(value).strip().lower())
                if found is None:
                    raise Refused(f"`{name}` is neither yes nor no: `{_short(value)}`")
                return "true" if found else "false"
            case "date":
                return _day(name, value).isoformat()
            case "instant":
                return self._instant(name, value).isoformat(sep=" ")

    def _instant(self, name: str, value: Any) -> datetime:
        """Naive UTC. A number is seconds since 1970, or milliseconds when it is too large for that."""
        try:
            if isinstance(value, datetime):
                found = value
            elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
                seconds = float(value)
                seconds = seconds / 1000 if abs(seconds) >= _MILLISECONDS else seconds
                found = datetime.fromtimestamp(seconds, UTC)
            else:
                found = datetime.fromisoformat(str(value).strip())
            if found.tzinfo is not None:
                found = found.astimezone(UTC).replace(tzinfo=None)
            else:
                found = to_utc(self._zone, found)
        except (ValueError, OverflowError, OSError):
            raise Refused(f"`{name}` is no time: `{_short(value)}`") from None
        if found < _EARLIEST:
            raise Refused(f"`{name}` is before 1900")
        return found


def _day(name: str, value: Any) -> date:
    try:
        if isinstance(value, date):
            return value.date() if isinstance(value, datetime) else value
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise Refused(f"`{name}` is no date: `{_short(value)}`") from None


def _number(name: str, value: Any) -> str:
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        found = Decimal("NaN")
    exponent = found.as_tuple().exponent
    is_short = isinstance(exponent, int) and -_MOST_DIGITS <= exponent <= _MOST_DIGITS
    if isinstance(value, bool) or not is_short or abs(found) >= _LARGEST:
        raise Refused(f"`{name}` is no number: `{_short(value)}`")
    return f"{found:f}"


def _key(name: str, value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Refused(f"`{name}` is neither a text nor a whole number")
    text = str(value).strip()
    if not text.isprintable():
        raise Refused(f"`{name}` has characters that cannot be seen")
    return _text(name, text, LONGEST_KEY) or None


def _text(name: str, value: Any, longest: int) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise Refused(f"`{name}` is no text")
    text = str(value)
    if len(text) > longest:
        raise Refused(f"`{name}` has more than {longest:,} characters")
    if _NO_TEXT.search(text):
        raise Refused(f"`{name}` has characters that are no text")
    return text


def _derived(event: str, contact: str, at: datetime, send: str | None, fields: Mapping[str, str]) -> str:
    said = _JSON.encode([event, contact, at.isoformat(), send, sorted(fields.items())])
    return sha256(said.encode()).hexdigest()[:32]


def _short(value: Any) -> str:
    text = "".join(c if c.isprintable() else "?" for c in str(value)[:41])
    return text if len(text) <= 40 else f"{text[:40]}…"
