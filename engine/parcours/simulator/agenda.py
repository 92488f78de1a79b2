"""The clock of an example: the instants at which something can happen, and when there is nothing more to see."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from parcours.checking import checked
from parcours.clock.calendar import Recurrence
from parcours.clock.span import Span, add_months
from parcours.clock.zones import to_local
from parcours.executor.tick import Executor
from parcours.graph.edges import all_steps
from parcours.simulator.boundaries import boundary_after, boundary_before, changes
from parcours.simulator.example_world import World

_DAY = timedelta(days=1)
_HOUR = Span(1, "hour")
_SOON = timedelta(minutes=1)
LONGEST = timedelta(days=400)
"""How long after the last instant named a run is followed that an event began."""
LONGEST_LISTENING = timedelta(days=75)
"""And how long when a schedule, a date or a group begins runs: these never come to an end by themselves."""


class Agenda:
    """`named` are the instants that the example names. The first tick is a day before the earliest of them."""

    def __init__(
        self, journey: checked.Journey, project_zone: str, world: World, named: list[datetime]
    ) -> None:
        self._trigger = journey.enter.trigger
        self._zone = project_zone
        self._last = max(named)
        self._watches = any(isinstance(step, checked.WaitCondition) for step in all_steps(journey.steps))
        self.start = min(named) - _DAY
        self._has_fired = False  # a schedule fires at least once, or `expect no entry` would always hold
        by_event = isinstance(self._trigger, checked.EventTrigger)
        self._end = self._last + (LONGEST if by_event else LONGEST_LISTENING)
        known = {happening.visible_at for happening in world.happenings}
        self._refreshes: frozenset[datetime] | None = frozenset()
        if isinstance(self._trigger, checked.GroupTrigger):
            moments = [*world.moments, *known, *(happening.at for happening in world.happenings)]
            self._refreshes = changes(self._trigger.group, project_zone, moments)
            known |= self._refreshes or set()
        if isinstance(self._trigger, checked.DateTrigger):
            known |= set(self._dates(self._trigger, world))
        self._known = sorted(known)

    def following(self, executor: Executor, at: datetime, *, running: bool) -> datetime | None:
        """The next tick after the one at `at`; None when the example is over. `running`: somebody is in the journey."""
        found = [instant for instant in self._known if instant > at][:1]
        if running and (due := executor.next_due()) is not None:
            found.append(max(due, at + timedelta.resolution))
        if running and self._watches:
            found.append(boundary_after(self._zone, _HOUR, at))  # T16: the first tick of the next hour
        if executor.has_acted:
            found.append(at + _SOON)  # T7: what was recorded is known from the next tick on
        firing = None
        if isinstance(self._trigger, checked.ScheduleTrigger):
            firing = executor.next_firing(at)
            found += [firing] if firing is not None else []
        if isinstance(self._trigger, checked.GroupTrigger):
            found += self._refreshes_before(min(found, default=None), at)
        instant = min(found, default=None)
        if instant is None or self._is_over(instant, running=running):
            return None
        self._has_fired = self._has_fired or instant == firing
        return instant

    def _refreshes_before(self, instant: datetime | None, at: datetime) -> list[datetime]:
        """A tick refreshes when a boundary has passed since the last: so none may pass without a tick of its own."""
        assert isinstance(self._trigger, checked.GroupTrigger)
        every = self._trigger.group.refresh
        if self._refreshes is None:
            return [boundary_after(self._zone, every, at)]
        passed = boundary_before(self._zone, every, instant) if instant is not None else at
        return [passed] if passed > at else []

    def _is_over(self, instant: datetime, *, running: bool) -> bool:
        if instant <= self._last:
            return False
        match self._trigger:
            case checked.EventTrigger() if not running:
                return True
            case checked.ScheduleTrigger() if not running and instant > self._last + _DAY and self._has_fired:
                return True
            case _:
                return instant > self._end

    def _dates(self, trigger: checked.DateTrigger, world: World) -> Iterator[datetime]:
        """The instants at which the date of the contact can come round (T11)."""
        value = world.attributes.get(trigger.attribute.name)
        if not isinstance(value, date):
            return
        every_day = Recurrence("day", minutes=trigger.minutes)
        instant = every_day.next_after(world.zone, self.start)
        while instant <= self._end:
            if _may_be(trigger, value, to_local(world.zone, instant).date()):
                yield instant
            instant = every_day.next_after(world.zone, instant)


def _may_be(trigger: checked.DateTrigger, value: date, day: date) -> bool:
    if trigger.yearly:
        leap = (value.month, value.day) == (2, 29) and day.month == 2 and day.day >= 28
        return (value.month, value.day) == (day.month, day.day) or leap
    span = trigger.span
    assert span is not None
    start = datetime(value.year, value.month, value.day)
    if span.is_calendar:
        moved = add_months(start, trigger.sign * span.months)
    else:
        moved = start + trigger.sign * span.exact
    return abs(moved.date() - day) <= timedelta(days=4)  # whichever way a month is clipped
