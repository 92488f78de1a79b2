"""Which zones a schedule or a date fires in, tick by tick (T11)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from parcours.checking import checked
from parcours.clock.calendar import Recurrence, dates_in
from parcours.clock.span import Span

Firing = tuple[str, date, datetime]  # zone, local date, instant of the occurrence


class Schedules:
    """Remembers for each trigger when it fires next anywhere, so that the ticks between cost nothing."""

    def __init__(self, zones: Sequence[str]) -> None:
        self._zones = tuple(sorted(zones))
        self._next: dict[int, tuple[datetime, datetime]] = {}

    def firing(self, version: int, trigger: checked.Trigger, before: datetime, now: datetime) -> list[Firing]:
        """The occurrences of a trigger in (before, now], in every zone in which it has one."""
        if not isinstance(trigger, checked.ScheduleTrigger | checked.DateTrigger):
            return []
        known = self._next.get(version)
        if known is not None and known[0] <= before and now < known[1]:
            return []
        found = [f for zone in self._zones for f in _in_zone(trigger, zone, before, now)]
        self._next[version] = (now, self.next_after(trigger, now))
        return found

    def next_after(
        self, trigger: checked.ScheduleTrigger | checked.DateTrigger, instant: datetime
    ) -> datetime:
        """The first instant after this one at which the trigger may fire in some zone."""
        recurrence = (
            trigger.recurrence
            if isinstance(trigger, checked.ScheduleTrigger)
            else Recurrence("day", minutes=trigger.minutes)
        )
        return min(recurrence.next_after(zone, instant) for zone in self._zones)


def _in_zone(
    trigger: checked.ScheduleTrigger | checked.DateTrigger, zone: str, before: datetime, now: datetime
) -> list[Firing]:
    if isinstance(trigger, checked.DateTrigger):
        return [(zone, day, instant) for day, instant in dates_in(zone, trigger.minutes, before, now)]
    latest = trigger.recurrence.latest_in(zone, before, now)
    return [] if latest is None else [(zone, latest.date(), latest)]


def is_refresh_due(
    every: Span, last: datetime | None, now: datetime, local_day: int, last_local_day: int
) -> bool:
    """T10: whether a tick is the first in its hour, or in its stretch of `every`.

    Days and longer stretches begin at midnight of the project's zone; `local_day` counts days there."""
    if last is None:
        return True
    if every.is_clock:
        length = every.exact
        return (now - _EPOCH) // length > (last - _EPOCH) // length
    if every.is_calendar:
        return _month(local_day) // every.months > _month(last_local_day) // every.months
    days = every.exact // timedelta(days=1)
    # day 1 was a monday: weeks begin as those of caps do (P4)
    return (local_day - 1) // days > (last_local_day - 1) // days


_EPOCH = datetime(1970, 1, 1)


def _month(local_day: int) -> int:
    day = date.fromordinal(local_day)
    return day.year * 12 + day.month - 1
