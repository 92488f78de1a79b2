"""Who enters, and why the others do not (T2, T8–T11)."""

from calendar import isleap
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from parcours.checking import checked
from parcours.checking.parts import parts
from parcours.checking.terms import Learned
from parcours.clock import dates_in, share_of, threshold, to_local
from parcours.clock.span import Span
from parcours.oracle.data import EventRow, World
from parcours.oracle.gates import begins
from parcours.oracle.run import Run
from parcours.oracle.terms import DAY, Scene, holds, midnight, moved, picks, text, value

Members = dict[Any, str | None]
Journeys = Iterable[checked.Journey]
_Timed = checked.ScheduleTrigger | checked.DateTrigger


class Entries:
    """What entries remember; `begun`: the runs that began in a tick, `refused`: triggers that started none."""

    def __init__(self, world: World) -> None:
        self.world, self.at = world, datetime.min
        self.since: dict[str, datetime] = {}  # when a journey was applied, or had its first tick
        self.ticked: set[str] = set()  # the journeys that have had one
        self.paused: dict[str, datetime] = {}
        self.left: dict[Any, datetime] = {}  # by journey, contact and key
        self.over: set[Any] = set()  # names of runs
        self.asked: list[tuple[str, Any, datetime]] = []
        self.members: dict[str, Members] = defaultdict(dict)
        self._was: dict[str, Members] = {}  # of the groups that are refreshed in this tick
        self._new: set[str] = set()  # those of them that are for the first time
        self._refreshed: dict[str, tuple[checked.Group, datetime]] = {}
        self._begun: dict[str, list[datetime]] = defaultdict(list)
        self.begun: list[Run] = []
        self.refused: list[tuple[Run, str]] = []

    def enter(self, journeys: Journeys, runs: list[Run], before: datetime, at: datetime) -> None:
        """T5 (4)."""
        self.at, self._was, self._new, self.begun, self.refused = at, {}, set(), [], []
        asked, self.asked = self.asked, []
        for journey in journeys:
            self._refresh(journey)
            since = max(before, self.since.setdefault(journey.name, at))  # T2: history starts nobody
            by_name = [self._run(journey, who, when) for name, who, when in asked if name == journey.name]
            self._begin(journey, [*by_name, *self._triggered(journey, since)], runs)
            self.ticked.add(journey.name)

    def _run(self, journey: checked.Journey, who: Any, when: datetime, row: EventRow | None = None) -> Run:
        enter = journey.enter
        key = "" if enter.key is None else text(row and row[enter.key.name])
        entry = {name: row[name] for name, _ in enter.entry_captures} if row else {}
        event = {name: row[name] for name, _ in enter.event_captures} if row else {}
        return Run(journey, who, key, self.at, when, row=row, entry=entry, event=event)

    def _scene(self, who: Any, run: Run | None = None) -> Scene:
        return Scene(self.world, self.at, who, run)

    def _refresh(self, journey: checked.Journey) -> None:
        """T10: a new or edited group, one whose members come along, and each in the first tick of its stretch."""
        trigger, at, zone = journey.enter.trigger, self.at, self.world.zone
        if not isinstance(trigger, checked.GroupTrigger) or trigger.group.name in self._was:
            return
        group, brings = trigger.group, trigger.including_members and self._is_first(journey, trigger.group)
        read = [part.hash for part in parts(group) if isinstance(part, Learned)]
        if any(self.world.learned(digest, at) is None for digest in read):
            return  # A3
        known, last = self._refreshed.get(group.name, (None, at))
        if known != group or brings or stretch(group.refresh, last, zone) < stretch(group.refresh, at, zone):
            now: Members = {}
            for who in self.world.contacts(at):
                now[who] = next((name for name, term in group.stages if holds(term, self._scene(who))), None)
            self._was[group.name] = self.members[group.name] if known == group else now  # the base line
            self._new |= set() if known else {group.name}
            self._refreshed[group.name], self.members[group.name] = (group, at), now

    def _is_first(self, journey: checked.Journey, group: checked.Group) -> bool:
        """The journey's first tick, or, when nothing had been learned of its group then, the group's first refresh."""
        return journey.name not in self.ticked or group.name not in self._refreshed or group.name in self._new

    def _triggered(self, journey: checked.Journey, since: datetime) -> Iterator[Run]:
        match trigger := journey.enter.trigger:
            case checked.GroupTrigger(group) if group.name in self._was:
                is_first = self._is_first(journey, group)
                was, now = self._was[group.name], self.members[group.name]
                for who in {*was, *now}:
                    left, joined = was.get(who), now.get(who)
                    changed = left != joined and trigger.after in (None, left)
                    if joined == trigger.value and (trigger.including_members if is_first else changed):
                        yield self._run(journey, who, self.at)
            case checked.EventTrigger(events):
                for row in self.world.new(events.event, since, self.at):
                    if picks(events, row, self._scene(row.contact)):
                        yield self._run(journey, row.contact, row.at, row)
            case checked.ScheduleTrigger() | checked.DateTrigger():
                for who in self.world.contacts(self.at):
                    if fired := self._fired(trigger, who, since):
                        run = self._run(journey, who, fired)
                        wanted = trigger.predicate if isinstance(trigger, checked.ScheduleTrigger) else None
                        if holds(wanted, self._scene(who, run)):
                            yield run

    def _fired(self, trigger: _Timed, who: Any, since: datetime) -> datetime | None:
        """T11: the last occurrence in (T_before, T] on the contact's clock."""
        zone = self.world.zone_of(who)
        if isinstance(trigger, checked.ScheduleTrigger):
            return trigger.recurrence.latest_in(zone, since, self.at)
        day = value(trigger.attribute, self._scene(who))
        times = dates_in(zone, trigger.minutes, since, self.at)
        return max((at for local, at in times if day and falls(trigger, day, local)), default=None)

    def _begin(self, journey: checked.Journey, triggered: list[Run], runs: list[Run]) -> None:
        starts: dict[Any, Run] = {}
        inside = {run.name[:3] for run in runs}
        # T9: of several for one contact and key, the earliest that is not refused; equal times by the id
        for run in sorted(triggered, key=lambda run: (run.entry_at, run.row.id if run.row else "")):
            if reason := self._refusal(run, inside) or ("same_tick" if run.name[:3] in starts else None):
                self.refused.append((run, reason))
            else:
                starts[run.name[:3]] = run
        for run in sorted(starts.values(), key=lambda run: (run.entry_at, run.contact, run.key)):
            if self._is_full(run):
                self.refused.append((run, "full"))
            else:
                self._begun[journey.name].append(self.at)
                self.begun.append(run)

    def _refusal(self, run: Run, inside: set[Any]) -> str | None:
        """T8: the first reason."""
        enter, left, row, scene = (
            run.journey.enter,
            self.left.get(run.name[:3]),
            run.row,
            self._scene(run.contact, run),
        )
        share = share_of(f"{run.journey.name}/hold out:{run.contact}")  # T17
        reasons = {
            "unknown_contact": not self.world.knows(run.contact, self.at),
            "too_old": row and row.visible > scene.shifted(row.at, enter.max_age, 1),  # T9
            "no_key": run.key is None,
            "not_eligible": not holds(enter.condition, scene),
            "held_out": enter.hold_out and share < threshold(enter.hold_out),
            "paused": run.journey.name in self.paused,  # T19
            "already_running": run.name[:3] in inside,
            "already_ran": left and not enter.again,
            "too_soon": left and enter.after and self.at < scene.shifted(left, enter.after, 1),
            "same_instant": run.name in self.over,  # T9
        }
        return next((reason for reason, is_so in reasons.items() if is_so), None)

    def _is_full(self, run: Run) -> bool:
        """Whether the cap on entries is used up; its calendar is the project's."""
        if run.journey.enter.cap is None:
            return False
        count, period = run.journey.enter.cap
        begin = begins(period, self._scene(run.contact), self.world.zone)
        return sum(begun >= begin for begun in self._begun[run.journey.name]) >= count


def falls(trigger: checked.DateTrigger, day: date, local: date) -> bool:
    """T11: whether a date is kept on this day; one of 29 February on the 28th in other years, and not at birth."""
    if trigger.span is not None:
        return moved(midnight(day), trigger.span, trigger.sign).date() == local
    is_leap_day = (day.month, day.day) == (2, 29) and not isleap(local.year)
    return day < local and (local.month, local.day) == (day.month, 28 if is_leap_day else day.day)


def stretch(every: Span, at: datetime, zone: str) -> int:
    """T10: minutes and hours are counted from 1970 in UTC, all else by midnights of the project's zone."""
    if every.is_clock:
        return (at - datetime(1970, 1, 1)) // every.exact
    day = to_local(zone, at)
    month, number = day.year * 12 + day.month - 1, day.toordinal() - 1
    return month // every.months if every.is_calendar else number // (every.exact // DAY)
