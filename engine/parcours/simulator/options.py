"""What a simulation is asked for: from when to when, how often, which journeys, which contacts."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from parcours.clock.span import Span, SpanUnit
from parcours.clock.zones import FIRST, LAST, to_utc
from parcours.diagnostics import Problem, problem

_UNITS: Final[dict[str, SpanUnit]] = {
    "m": "minute",
    "min": "minute",
    "h": "hour",
    "d": "day",
    "w": "week",
    "minute": "minute",
    "hour": "hour",
    "day": "day",
    "week": "week",
    "month": "month",
    "year": "year",
}
_SPAN = re.compile(r"(\d{1,6})?\s*([a-z]+)")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?)(Z|[+-]\d\d:\d\d)?)?")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_LONGEST = timedelta(days=36525)


@dataclass(frozen=True, slots=True)
class Options:
    """`first` and `last` are instants (naive UTC): the first tick, and the latest that a tick may have.

    `journeys` are names, () for all; `sample` is a percentage of the contacts; `state` the file that the run is
    written to, None for memory. `learn`: whether it learns on the way what is declared, instead of reading what was learned
    before."""

    first: datetime
    last: datetime
    every: Span
    journeys: tuple[str, ...] = ()
    sample: Decimal | None = None
    state: Path | None = None
    learn: bool = False


def read_options(
    zone: str,
    first: str,
    last: str,
    every: str,
    journeys: tuple[str, ...] = (),
    sample: str | None = None,
    state: Path | None = None,
    *,
    learn: bool = False,
) -> Options:
    """What was asked for in words; `zone` is the project's. `Problem` for what makes no sense."""
    span = first_instant(first, zone), last_instant(last, zone)
    require_order(*span, (first, last))
    percent = None if sample is None else sample_percent(sample)
    return Options(*span, every_span(every), journeys, percent, state, learn)


def first_instant(text: str, zone: str, option: str = "--from") -> datetime:
    """The instant of `2026-01-01` (the midnight with which the day begins in `zone`), `2026-01-01 09:00` (there)
    or `2026-01-01T09:00Z`. `Problem` for anything else."""
    return _instant(text, zone, option, ends=False)


def last_instant(text: str, zone: str, option: str = "--to") -> datetime:
    """As `first_instant`, but a date is meant with all of its day: the midnight with which it ends."""
    return _instant(text, zone, option, ends=True)


def _instant(text: str, zone: str, option: str, *, ends: bool) -> datetime:
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        raise _bad(
            option,
            f"`{text}` is no date",
            "write a date such as 2026-01-31, or a local time such as 2026-01-31 09:00",
        )
    day, time, offset = match.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{time or '00:00'}{offset or ''}")
        if offset is not None:
            instant = moment.replace(tzinfo=None) - (moment.utcoffset() or timedelta())
        else:
            # the day after, so that a day of 23 or 25 hours ends at its own midnight
            instant = to_utc(zone, moment + timedelta(days=1) if ends and time is None else moment)
    except ValueError:
        raise _bad(option, f"`{text}` does not exist", "write a date and a time that exist") from None
    except OverflowError:
        instant = datetime.max
    if not FIRST <= instant < LAST:
        known = f"local times are known from {FIRST.year} to {LAST.year - 1} only"
        raise _bad(option, f"`{text}` is out of range", known)
    return instant


def every_span(text: str, option: str = "--every") -> Span:
    """`15m`, `1h`, `1d`, `2 hours`, `1 month`, `month` … as a span of at least a minute. `Problem` for anything else."""
    match = _SPAN.fullmatch(text.strip().lower())
    unit = _UNITS.get(match[2]) or _UNITS.get(match[2].removesuffix("s")) if match else None
    is_counted = match is not None and (
        match[1] is not None or match[2] == unit
    )  # `month`, but not `m` or `months`
    if match is None or unit is None or not is_counted:
        raise _bad(option, f"`{text}` is no length of time", _EVERY)
    span = Span(int(match[1] or 1), unit)
    if span.count == 0:
        raise _bad(option, f"`{text}` is no time at all: ticks strictly increase", _EVERY)
    if span.months > 1200 if span.is_calendar else span.exact > _LONGEST:
        raise _bad(option, f"`{text}` is longer than a hundred years", _EVERY)
    return span


_EVERY = "write for example 15m, 1h, 1d, 1w, or month"


def sample_percent(text: str, option: str = "--sample") -> Decimal:
    """`10%` as 10; more than 0 and at most 100. `Problem` for anything else."""
    match = _PERCENT.fullmatch(text.strip())
    try:
        percent = Decimal(match[1]) if match else None
    except InvalidOperation:
        percent = None
    if percent is None or not 0 < percent <= 100:
        raise _bad(
            option, f"`{text}` is no share of the contacts", "write a percentage above 0%, such as 10%"
        )
    return percent


def require_order(first: datetime, last: datetime, texts: tuple[str, str]) -> None:
    """`Problem` when the last instant is not after the first; `texts` are the two as the user wrote them.

    The day before `--from` ends with the midnight at which `--from` begins: equal instants are the wrong way round,
    and a first tick alone, which is only the base line, would show nothing."""
    if last <= first:
        raise _bad(
            "--to",
            f"`--to {texts[1]}` is not after `--from {texts[0]}`",
            "give an end that is after the beginning",
        )


def _bad(option: str, message: str, advice: str) -> Problem:
    return problem("bad-option", message, option, help=advice)
