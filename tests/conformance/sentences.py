"""The sentences of a case: what happens, `2026-03-02 10:00 ann order with amount = 50`, and what comes of it,
`2026-03-02 10:00 ann gets hello by email`."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from cases import Row

from parcours.clock import to_utc

_INSTANT = r"(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?Z?)"
_EVENT = re.compile(rf"{_INSTANT}\s+(?P<contact>\w+) (?P<kind>\w+)(?: with (?P<fields>.+))?")
_ASKED = re.compile(rf"{_INSTANT}\s+(?P<contact>\w+) into (?P<journey>\w+)")
_FIELD = re.compile(r'\s*(?P<name>\w+) = (?P<value>"[^"]*"|[^,]+?)\s*(?:,|$)')
_LINE = re.compile(rf"{_INSTANT}\s+(?P<what>.+)")
_RUN = r"\w+(?: \([^)]+\))?"
_KINDS = {
    "entries": rf"\w+ enters {_RUN}",
    "waits": rf"\w+ rests in {_RUN} at .+",
    "exits": rf"\w+ leaves {_RUN} as \w+",
    "messages": r"\w+ gets \w+ by \w+(?: offering \w+(?: and \w+)*)?",
    "held": r"\w+ must wait for \w+ because of \w+",
    "not sent": r"\w+ does not get \w+ because of \w+",
    "explained": r"\w+ to \w+ (?:is stopped on \w+ because of .+|is answered .+|is worth .+|has subject \d+)",
    "refused": r"\w+ is refused by \w+ because of \w+",
}
_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


def instant(text: str, clock: str) -> datetime:
    """The instant (naive UTC) that a clock shows; with `Z` behind it, it is UTC already."""
    if not re.fullmatch(_INSTANT, text):
        raise ValueError(f"`{text}` is no instant; write 2026-03-02 10:00")
    local = datetime.fromisoformat(text.removesuffix("Z"))
    return local if text.endswith("Z") else to_utc(clock, local)


def length(text: str) -> timedelta:
    """`90 seconds`, `15 minutes`, `1 hour`, `2 days`: always exact."""
    number, _, unit = text.partition(" ")
    if not number.isdecimal() or unit.removesuffix("s") not in _UNITS:
        raise ValueError(f"`{text}` is no length of time; write 15 minutes")
    return timedelta(seconds=int(number) * _UNITS[unit.removesuffix("s")])


def value(text: str, clock: str) -> Any:
    """A plain value: yes, no, unknown, a number, a date, an instant; anything else, and what stands in quotes, is text."""
    words = {"yes": True, "no": False, "unknown": None}
    if text in words:
        return words[text]
    if text.startswith('"'):
        return text.strip('"')
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    if re.fullmatch(r"-?\d+\.\d+", text):
        return float(text)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text)
    return instant(text, clock) if re.fullmatch(_INSTANT, text) else text


def event(text: str, clock: str) -> tuple[datetime, str, str, dict[str, Any]]:
    """When, who, what, and the fields, with `loaded` and `id` among them."""
    found = _EVENT.fullmatch(text)
    if not found:
        raise ValueError(f"`{text}` is no event; write 2026-03-02 10:00 ann order with amount = 50")
    fields: dict[str, Any] = {}
    rest = found["fields"] or ""
    while rest:
        one = _FIELD.match(rest)
        if not one:
            raise ValueError(f"`{rest}` does not begin with a field; write amount = 50")
        fields[one["name"]] = value(one["value"], clock)
        rest = rest[one.end() :]
    return instant(found["at"], clock), found["contact"], found["kind"], fields


def asked(text: str, clock: str) -> tuple[datetime, str, str]:
    """When, who, and into which journey."""
    found = _ASKED.fullmatch(text)
    if not found:
        raise ValueError(f"`{text}` asks nobody in; write 2026-03-02 10:00 ann into welcome")
    return instant(found["at"], clock), found["contact"], found["journey"]


def outcome(text: str, clock: str) -> Row:
    """A line of `expect`."""
    found = _LINE.fullmatch(text)
    for part, pattern in _KINDS.items():
        if found and re.fullmatch(pattern, found["what"]):
            return Row(instant(found["at"], clock), found["what"], part)
    raise ValueError(f"`{text}` is none of the sentences of README.md")


def rule(text: str) -> dict[str, Any]:
    """`phone, card => case`: what the rule says."""
    antecedent, arrow, consequent = text.partition(" => ")
    if not arrow:
        raise ValueError(f"`{text}` is no rule; write phone, card => case")
    return {"antecedent": sorted(antecedent.split(", ")), "consequent": consequent}


def offering(products: Sequence[str] | None) -> str:
    """How a sentence on a message ends that has offers."""
    return "" if products is None else f" offering {' and '.join(products) or 'nothing'}"


Told = Iterable[Sequence[Any]]


def explained(
    at: datetime, what: str, stops: Told | None, rates: Told | None, value: Sequence[Any] | None
) -> Iterator[Row]:
    """Why a message, `hello to ann`, went as it did: the channels that were closed, with their reasons; how well those of a
    `best of` are answered; and the channel by which it is worth so much."""
    if stops:
        listed = ", on ".join(f"{channel} because of {reason}" for channel, reason, *_ in stops)
        yield Row(at, f"{what} is stopped on {listed}", "explained")
    if rates:
        listed = ", ".join(
            f"{float(rate):.6f} by {channel}{_told(segment)}" for channel, rate, segment in rates
        )
        yield Row(at, f"{what} is answered {listed}", "explained")
    if value:
        channel, expected, probability, worth, cost, risk, segment = value
        numbers = [f"{float(number):.6f}" for number in (expected, probability, worth, cost, risk)]
        yield Row(
            at,
            "{} is worth {} by {}{}; {} of {} less {}, risk {}".format(
                what, numbers[0], channel, _told(segment), *numbers[1:]
            ),
            "explained",
        )


def _told(segment: str | None) -> str:
    """Of which segment it was learned, if it was."""
    return "" if segment is None else f" of {segment or 'everybody'}"


def run(journey: str, key: str) -> str:
    """A run as sentences name it."""
    return f"{journey} ({key})" if key else journey
