"""The instants of a simulation."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count

from parcours.clock.span import Span, add_months
from parcours.clock.zones import to_local, to_utc


def instants(zone: str, first: datetime, last: datetime, every: Span) -> Iterator[datetime]:
    """`first`, and every `every` after it up to and including `last` (naive UTC).

    T12: minutes and hours are exact; days and longer keep the wall clock of `zone`, and months are counted from
    `first`, so that the 31st comes back after a shorter month."""
    start = to_local(zone, first)
    before = None
    for n in count():
        if every.is_clock:
            instant = first + n * every.exact
        elif every.is_calendar:
            instant = to_utc(zone, add_months(start, n * every.months))
        else:
            instant = to_utc(zone, start + n * every.exact)
        if n == 0:
            instant = first  # the second of two equal local times stays itself
        if instant > last:
            return
        if before is None or instant > before:
            yield instant
        before = instant


def count_of(zone: str, first: datetime, last: datetime, every: Span) -> int:
    """How many instants there are."""
    return sum(1 for _ in instants(zone, first, last, every))
