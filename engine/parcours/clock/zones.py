"""Time zones as a table of periods with one offset each, from the pinned `tzdata` package only.

The machine's own tz database is never asked: two machines must give the same journal (T3). The same periods
serve Python (here) and SQL (joined as a table), so that both turn a local time into the same instant."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple
from zoneinfo import ZoneInfo

BEGINNING = datetime(1, 1, 2)
"""Where the first period of every zone starts: a day late, so that no offset overflows."""
END = datetime(9999, 12, 30)
"""Where the last period of every zone ends."""
FIRST = datetime(1990, 1, 1)
LAST = datetime(2070, 1, 1)
"""Changes of offset are looked for between these two; before and after, the nearest offset holds."""

# Two changes closer together than this that cancel out would be missed. The shortest period since 1990 is
# one of 12 days (America/Argentina/Tucuman 2004).
_STEP = timedelta(days=7)
_QUARTER = timedelta(minutes=15)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class ZonePeriod:
    """A stretch in which `zone` has one `offset` (local = UTC + offset). Half-open, without gaps in between.

    A local time x with `local_from <= x < local_to` is the instant `max(x - offset, utc_from)` (T12)."""

    zone: str
    utc_from: datetime
    utc_to: datetime
    offset: timedelta
    local_from: datetime
    local_to: datetime


class Wall(NamedTuple):
    """What calendar and clock on the wall show: local day, ISO weekday (monday = 1), minutes since midnight."""

    day: date
    weekday: int
    minutes: int


@cache
def zone_names() -> frozenset[str]:
    """All zones of the pinned tz database."""
    return frozenset((resources.files("tzdata") / "zones").read_text(encoding="ascii").split())


def is_zone(name: str | None) -> bool:
    """Whether `name` is a zone of the pinned tz database, exactly as written there."""
    return name in zone_names()


@cache
def _zone(name: str) -> ZoneInfo:
    if not is_zone(name):
        raise KeyError(f"{name!r} is no zone: callers ask is_zone first")
    file = resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
    with file.open("rb") as stream:
        return ZoneInfo.from_file(stream, key=name)


def _offset(utc: datetime) -> timedelta:
    """The offset at a UTC reading that carries its zone as `tzinfo`, as `ZoneInfo.fromutc` takes it."""
    zone = utc.tzinfo
    assert zone is not None
    offset = zone.fromutc(utc).utcoffset()
    assert offset is not None
    return offset


def _changes(first: datetime, last: datetime) -> list[tuple[datetime, timedelta]]:
    """The instants in (first, last] at which the offset changes, to the second, with the new offset.
    UTC readings that carry their zone, as in `_offset`."""
    found: list[tuple[datetime, timedelta]] = []
    here, offset = first, _offset(first)
    while here < last:
        there = min(here + _STEP, last)
        if _offset(there) == offset:
            here = there
            continue
        # Quarters of an hour first: nearly every change falls on one, which saves half the probes.
        low, high = _between(here, there, offset, _QUARTER)
        if _offset(high - _SECOND) == offset:
            low = high - _SECOND
        low, here = _between(low, high, offset, _SECOND)
        offset = _offset(here)
        found.append((here, offset))
    return found


def _between(low: datetime, high: datetime, offset: timedelta, grain: timedelta) -> tuple[datetime, datetime]:
    """Narrows (low, high], in which `offset` ends, down to `grain`."""
    while high - low > grain:
        middle = low + (high - low) // grain // 2 * grain
        if _offset(middle) == offset:
            low = middle
        else:
            high = middle
    return low, high


@lru_cache(maxsize=1024)
def periods(zone: str, first: datetime = FIRST, last: datetime = LAST) -> tuple[ZonePeriod, ...]:
    """The periods of `zone` in order, from BEGINNING to END, with the changes between `first` and `last`
    (UTC, whole seconds). KeyError for a name that is no zone."""
    info = _zone(zone)
    found = _changes(first.replace(tzinfo=info), last.replace(tzinfo=info))
    changes = [(BEGINNING, _offset(first.replace(tzinfo=info)))]
    changes += [(utc.replace(tzinfo=None), offset) for utc, offset in found]
    # T12: a period begins at the local time that the *old* offset gives it. So a doubled local time still
    # belongs to the period before (the first of the two), and a skipped one to the period after.
    locals_from = [BEGINNING]
    locals_from += [start + old for (start, _), (_, old) in zip(changes[1:], changes, strict=False)]
    utc_to = [start for start, _ in changes[1:]] + [END]
    local_to = [*locals_from[1:], END]
    return tuple(
        ZonePeriod(zone, start, until, offset, local_from, local_until)
        for (start, offset), until, local_from, local_until in zip(
            changes, utc_to, locals_from, local_to, strict=True
        )
    )


@cache
def _starts(zone: str) -> tuple[Sequence[datetime], Sequence[datetime]]:
    spans = periods(zone)
    return [p.utc_from for p in spans], [p.local_from for p in spans]


def _at(zone: str, starts: Sequence[datetime], moment: datetime) -> ZonePeriod:
    return periods(zone)[max(bisect_right(starts, moment) - 1, 0)]


def to_local(zone: str, utc: datetime) -> datetime:
    """The local time of an instant."""
    return utc + _at(zone, _starts(zone)[0], utc).offset


def to_utc(zone: str, local: datetime) -> datetime:
    """The instant of a local time. T12: one that does not exist moves forward to the first that does; one
    that exists twice is the first."""
    period = _at(zone, _starts(zone)[1], local)
    return max(local - period.offset, period.utc_from)


def wall(zone: str, utc: datetime) -> Wall:
    """Local day, ISO weekday and whole minutes since midnight at an instant."""
    local = to_local(zone, utc)
    return Wall(local.date(), local.isoweekday(), local.hour * 60 + local.minute)
