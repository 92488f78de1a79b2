"""When the groups that a journey listens to are refreshed (T10), and which of these refreshes can matter.

An example that runs over months would tick every day or every hour for a refresh that finds nothing new. With one
contact whose few events are all known, the instants at which a group can change are known too."""

from collections.abc import Iterator
from dataclasses import is_dataclass
from datetime import date, datetime, timedelta

from parcours.checking import checked, terms
from parcours.checking.parts import parts
from parcours.clock.span import Span, add_months
from parcours.clock.zones import to_local, to_utc

_EPOCH = datetime(1970, 1, 1)
_DAY = timedelta(days=1)

# The value of these depends on events, attributes and the ends of windows alone.
_STEADY = (
    terms.Constant
    | terms.Attribute
    | terms.Field
    | terms.Arithmetic
    | terms.Count
    | terms.Aggregate
    | terms.Nth
    | terms.PartOf
    | terms.InLast
    | terms.Compare
    | terms.Among
    | terms.Known
    | terms.And
    | terms.Or
    | terms.Not
    | terms.Holds
    | terms.Events
    | Span
)


def boundary_before(zone: str, every: Span, instant: datetime) -> datetime:
    """The last instant up to this one at which a stretch of `every` begins: counted from 1970 for minutes and hours,
    at midnights of `zone` for days and longer."""
    if every.is_clock:
        return instant - (instant - _EPOCH) % every.exact
    day = to_local(zone, instant).date()
    if every.is_calendar:
        month = day.year * 12 + day.month - 1
        start = date((first := month - month % every.months) // 12, first % 12 + 1, 1)
    else:
        start = day - timedelta(days=(day.toordinal() - 1) % (every.exact // _DAY))
    return to_utc(zone, datetime(start.year, start.month, start.day))


def boundary_after(zone: str, every: Span, instant: datetime) -> datetime:
    """The first such instant that comes later than this one."""
    if every.is_clock:
        return boundary_before(zone, every, instant) + every.exact
    start = to_local(zone, boundary_before(zone, every, instant)).date()
    local = datetime(start.year, start.month, start.day)
    following = add_months(local, every.months) if every.is_calendar else local + every.exact
    return to_utc(zone, following)


def changes(group: checked.Group, zone: str, moments: list[datetime]) -> frozenset[datetime] | None:
    """The refreshes of a group at which its value can differ from the one before, when `moments` are all instants
    that the contact's data hold: of its events, when they happen and when they become known, and of the values in
    them, and nothing is learned: a group that reads what is learned is not refreshed then (A3). None when the group has
    terms that change by themselves: then every refresh can matter."""
    if any(isinstance(part, terms.Learned) for _, term in group.stages for part in parts(term)):
        return frozenset()
    spans: set[Span] = set()
    for _, term in group.stages:
        for part in parts(term):
            match part:
                case terms.Window(kind="ever"):
                    continue
                case terms.Window(kind="in_last", span=span) if span is not None:
                    spans.add(span)
                case terms.InLast(span=span):
                    spans.add(span)
                case _ if is_dataclass(part) and not isinstance(part, _STEADY):
                    return None
    found: set[datetime] = set()
    for moment in moments:
        found.add(_from(zone, group.refresh, moment))
        for span in spans:
            found.update(_ends(zone, group.refresh, moment, span))
    return frozenset(found)


def _ends(zone: str, every: Span, moment: datetime, span: Span) -> Iterator[datetime]:
    """The refreshes at which a moment may just have fallen out of a window."""
    if not span.is_calendar:
        yield _from(zone, every, moment + span.exact)
        return
    # E2: months are clipped at their ends, so the window ends within a few days of the same day
    about = to_utc(zone, add_months(to_local(zone, moment), span.months))
    instant = _from(zone, every, about - _DAY)
    while instant <= about + 4 * _DAY:
        yield instant
        instant = boundary_after(zone, every, instant)
    yield instant


def _from(zone: str, every: Span, instant: datetime) -> datetime:
    """The first boundary at or after an instant."""
    before = boundary_before(zone, every, instant)
    return before if before == instant else boundary_after(zone, every, instant)
