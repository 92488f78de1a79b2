"""Which zones a schedule or a date fires in, tick by tick (T11)."""

from collections.abc import Sequence
from datetime import date, datetime

from parcours.checking import checked
from parcours.clock.calendar import Recurrence, dates_in

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
