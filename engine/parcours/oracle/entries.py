"""Who enters, and why the others do not (T2, T8–T11)."""

from calendar import isleap
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from parcours.checking import checked
from parcours.clock import dates_in, share_of, threshold, to_local
from parcours.clock.span import Span
from parcours.oracle.data import EventRow, World, visible
from parcours.oracle.gates import begins
from parcours.oracle.run import Run
from parcours.oracle.terms import DAY, Scene, holds, midnight, moved, picks, text, value

Members = dict[Any, str | None]


class Entries:
    """What entries remember: who ran, who was in which group, who was asked to enter."""

    def __init__(self, world: World, log: list[tuple[Any, ...]]) -> None:
        self.world, self.log = world, log
        self.since: dict[str, datetime] = {}  # T2: when a journey was applied, or had its first tick
        self.paused: dict[str, datetime] = {}
        self._ticked: set[str] = set()
        self.left: dict[tuple[str, Any, Any], datetime] = {}
        self.asked: list[tuple[str, Any, datetime]] = []
        self.members: dict[str, Members] = defaultdict(dict)
        self._begun: dict[str, list[datetime]] = defaultdict(list)
        self._refreshed: dict[str, tuple[checked.Group, datetime]] = {}
        self._was: dict[str, Members] = {}  # of the groups that were refreshed in this tick

    def enter(
        self, journeys: Iterable[checked.Journey], runs: list[Run], before: datetime, at: datetime
    ) -> list[Run]:
        """T5 (4): the runs that begin."""
        self._was, asked, self.asked = {}, self.asked, []
        begun: list[Run] = []
        for journey in journeys:
            since = max(before, self.since.setdefault(journey.name, at))  # T2: history starts nobody
            self._refresh(journey, at)
            runs_asked = [
                self._run(journey, who, when, at) for name, who, when in asked if name == journey.name
            ]
            begun += self._begin(journey, [*runs_asked, *self._triggered(journey, since, at)], runs, at)
            self._ticked.add(journey.name)
        return begun

    def _run(
        self, journey: checked.Journey, who: Any, when: datetime, at: datetime, row: EventRow | None = None
    ) -> Run:
        enter = journey.enter
        key = "" if enter.key is None else text(row and row[enter.key.name])
        kept = [
            {name: row[name] for name, _ in c} if row else {}
            for c in (enter.entry_captures, enter.event_captures)
        ]
        return Run(journey, who, key, when, at, row, entry=kept[0], event=kept[1])

    def _refresh(self, journey: checked.Journey, at: datetime) -> None:
        """T10: a new or edited group, one whose members come along, and each in the first tick of its stretch."""
        trigger = journey.enter.trigger
        if not isinstance(trigger, checked.GroupTrigger) or trigger.group.name in self._was:
            return
        group, zone = trigger.group, self.world.zone
        known, last = self._refreshed.get(group.name, (None, at))
        members_come = trigger.including_members and journey.name not in self._ticked
        if (
            known != group
            or members_come
            or stretch(group.refresh, at, zone) > stretch(group.refresh, last, zone)
        ):
            now: Members = {}
            for who in self.world.contacts(at):
                scene = Scene(self.world, at, who)
                now[who] = next((stage for stage, term in group.stages if holds(term, scene)), None)
            self._refreshed[group.name] = (group, at)
            self._was[group.name] = self.members[group.name] if known == group else now  # the base line
            self.members[group.name] = now

    def _triggered(self, journey: checked.Journey, before: datetime, at: datetime) -> Iterator[Run]:
        is_first, trigger = journey.name not in self._ticked, journey.enter.trigger
        match trigger:
            case checked.GroupTrigger() if trigger.group.name in self._was:
                was, now = self._was[trigger.group.name], self.members[trigger.group.name]
                for who in {*was, *now}:
                    before_, stage = was.get(who), now.get(who)
                    joins = stage != before_ and trigger.after in (None, before_) and not is_first
                    if stage == trigger.value and (joins or (is_first and trigger.including_members)):
                        yield self._run(journey, who, at, at)
            case checked.EventTrigger(events=events):
                for row in self.world.new(events.event, before, at):
                    if picks(events, row, Scene(self.world, at, row.contact)):
                        yield self._run(journey, row.contact, row.at, at, row)
            case checked.ScheduleTrigger() | checked.DateTrigger():
                for who in self.world.contacts(at):
                    fired = self._fired(trigger, who, before, at)
                    if fired:
                        run = self._run(journey, who, fired, at)
                        wanted = trigger.predicate if isinstance(trigger, checked.ScheduleTrigger) else None
                        if holds(wanted, Scene(self.world, at, who, run)):
                            yield run

    def _fired(self, trigger: checked.Trigger, who: Any, before: datetime, at: datetime) -> datetime | None:
        """T11: the last occurrence in (T_before, T] on the contact's clock."""
        zone = self.world.zone_of(who)
        match trigger:
            case checked.ScheduleTrigger(recurrence=recurrence):
                return recurrence.latest_in(zone, before, at)
            case checked.DateTrigger() if day := value(trigger.attribute, Scene(self.world, at, who)):
                kept = dates_in(zone, trigger.minutes, before, at)
                return max((when for local, when in kept if falls(trigger, day, local)), default=None)
        return None

    def _begin(
        self, journey: checked.Journey, triggered: list[Run], runs: list[Run], at: datetime
    ) -> list[Run]:
        starts: dict[Any, Run] = {}
        refused: list[tuple[Run, str]] = []
        # T9: of several for one contact and key, the earliest that is not refused; equal times by the id
        for run in sorted(triggered, key=lambda run: (run.entry_at, run.row.id if run.row else "")):
            reason = self._refusal(run, runs, at) or ("same_tick" if run.name[:3] in starts else None)
            if reason:
                refused.append((run, reason))
            else:
                starts[run.name[:3]] = run
        begun = []
        for run in sorted(starts.values(), key=lambda run: (run.entry_at, run.contact, run.key)):
            if journey.enter.cap and self._is_full(run, *journey.enter.cap):
                refused.append((run, "full"))
            else:
                self._begun[journey.name].append(at)
                begun.append(run)
        self.log += [("refused", at, *run.name[:2], run.key or "", reason) for run, reason in refused]
        self.log += [("entered", at, *run.name) for run in begun]
        return begun

    def _refusal(self, run: Run, runs: list[Run], at: datetime) -> str | None:
        """T8: the first reason."""
        enter, left, row = run.journey.enter, self.left.get(run.name[:3]), run.row
        scene = Scene(self.world, at, run.contact, run)
        share = share_of(f"{run.journey.name}/hold out:{run.contact}")  # T17
        reasons = {
            "unknown_contact": run.contact not in self.world.contacts(at),
            "too_old": row and visible(row) > scene.shifted(row.at, enter.max_age, 1),  # T9
            "no_key": run.key is None,
            "not_eligible": not holds(enter.condition, scene),
            "held_out": enter.hold_out and share < threshold(enter.hold_out),
            "paused": run.journey.name in self.paused,  # T19
            "already_running": any(run.name[:3] == other.name[:3] for other in runs),
            "already_ran": left and not enter.again,
            "too_soon": left and enter.after and at < scene.shifted(left, enter.after, 1),
        }
        return next((reason for reason, is_so in reasons.items() if is_so), None)

    def _is_full(self, run: Run, count: int, period: checked.Period) -> bool:
        scene = Scene(self.world, run.entered_at, run.contact, run)
        begin = begins(period, scene, self.world.zone)
        return sum(begun >= begin for begun in self._begun[run.journey.name]) >= count


def falls(trigger: checked.DateTrigger, day: date, local: date) -> bool:
    """T11: whether a date is kept on this day; one of 29 February on the 28th in other years, and not at birth."""
    if trigger.span is not None:
        return moved(midnight(day), trigger.span, trigger.sign).date() == local
    leaps = (day.month, day.day) == (2, 29) and not isleap(local.year)
    return day < local and (local.month, local.day) == (day.month, 28 if leaps else day.day)


def stretch(every: Span, at: datetime, zone: str) -> int:
    """T10: minutes and hours are counted from 1970 in UTC, all else by midnights of the project's zone."""
    if every.is_clock:
        return (at - datetime(1970, 1, 1)) // every.exact
    day = to_local(zone, at)
    return (
        (day.year * 12 + day.month - 1) // every.months
        if every.is_calendar
        else (day.toordinal() - 1) // (every.exact // DAY)
    )
