"""Who enters, and why the others do not (T2, T8–T11)."""

from calendar import isleap
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from parcours.checking import checked
from parcours.clock import dates_in, share_of, threshold, to_local
from parcours.clock.span import Span
from parcours.oracle.data import Contact, EventRow, World
from parcours.oracle.gates import in_period
from parcours.oracle.moments import midnight, moved, shifted
from parcours.oracle.run import Run
from parcours.oracle.terms import Scene, holds, picks, text, value

Log = list[tuple[object, ...]]


class Trigger(NamedTuple):
    contact: Contact
    entry_at: datetime
    row: EventRow | None = None
    asked: bool = False


class Entries:
    """What entries remember: who ran, who was in which group, who was asked to enter."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.known: set[str] = set()  # journeys that have had a tick
        self.left: dict[tuple[str, Contact, str], datetime] = {}
        self.asked: list[tuple[str, Contact, datetime]] = []
        self.members: dict[str, dict[Contact, str | None]] = defaultdict(dict)
        self._begun: dict[str, list[datetime]] = defaultdict(list)
        self._refreshed: dict[str, tuple[checked.Group, datetime]] = {}
        self._changes: dict[str, dict[Contact, tuple[str | None, str | None]]] = {}

    def enter(
        self, journeys: Iterable[checked.Journey], runs: list[Run], before: datetime, at: datetime, log: Log
    ) -> list[Run]:
        """T5 (4): the runs that begin."""
        self._changes, asked, begun = {}, self.asked, []
        self.asked = []
        for journey in journeys:
            self._refresh(journey, at)
            triggers = [Trigger(who, when, None, True) for name, who, when in asked if name == journey.name]
            triggers += self._triggers(journey, before, at)
            begun += self._begin(journey, triggers, runs, at, log)
            self.known.add(journey.name)
        return begun

    # ---- what might start a run

    def _refresh(self, journey: checked.Journey, at: datetime) -> None:
        """T10: compared with what was stored at the last refresh; the first one only stores."""
        trigger = journey.enter.trigger
        if not isinstance(trigger, checked.GroupTrigger) or trigger.group.name in self._changes:
            return
        group, last = trigger.group, self._refreshed.get(trigger.group.name)
        if last and last[0] == group and not (trigger.including_members and journey.name not in self.known):
            if stretch(group.refresh, at, self.world.zone) == stretch(
                group.refresh, last[1], self.world.zone
            ):
                return
        stages = {who: self._stage(group, who, at) for who in self.world.contacts(at)}
        was, now = self.members[group.name], defaultdict(lambda: None, stages)
        self._refreshed[group.name], self.members[group.name] = (group, at), now
        differs = {who for who in {*was, *now} if was.get(who) != now.get(who)}
        is_base = last is None or last[0] != group
        self._changes[group.name] = {} if is_base else {who: (was.get(who), now.get(who)) for who in differs}

    def _stage(self, group: checked.Group, contact: Contact, at: datetime) -> str | None:
        scene = Scene(self.world, at, contact)
        return next((stage for stage, term in group.stages if holds(term, scene)), None)

    def _triggers(self, journey: checked.Journey, before: datetime, at: datetime) -> Iterator[Trigger]:
        is_first = journey.name not in self.known
        trigger = journey.enter.trigger
        match trigger:
            case checked.GroupTrigger(including_members=True) if is_first:
                members = self.members[trigger.group.name]
                yield from (Trigger(who, at) for who, stage in members.items() if stage == trigger.value)
            case _ if is_first:
                return  # T2
            case checked.EventTrigger(events=events):
                for row in self.world.new(events.event, before, at):
                    if picks(events, row, Scene(self.world, at, row.contact)):
                        yield Trigger(row.contact, row.at, row)
            case checked.GroupTrigger():
                for who, (was, now) in self._changes.get(trigger.group.name, {}).items():
                    if now == trigger.value and trigger.after in (None, was):
                        yield Trigger(who, at)
            case checked.ScheduleTrigger() | checked.DateTrigger():
                for who in self.world.contacts(at):
                    if fired := self._fired(trigger, who, before, at):
                        yield Trigger(who, fired)

    def _fired(
        self,
        trigger: checked.ScheduleTrigger | checked.DateTrigger,
        who: Contact,
        before: datetime,
        at: datetime,
    ) -> datetime | None:
        """T11: the last occurrence in (T_before, T] on the contact's clock."""
        zone, scene = self.world.zone_of(who), Scene(self.world, at, who)
        if isinstance(trigger, checked.ScheduleTrigger):
            return trigger.recurrence.latest_in(zone, before, at)
        day = value(trigger.attribute, scene)
        found = [
            when for local, when in dates_in(zone, trigger.minutes, before, at) if _falls(trigger, day, local)
        ]
        return max(found, default=None)

    # ---- who of them does

    def _begin(
        self, journey: checked.Journey, triggers: list[Trigger], runs: list[Run], at: datetime, log: Log
    ) -> list[Run]:
        begun: dict[tuple[str, Contact, str], Run] = {}
        for trigger in sorted(triggers, key=lambda one: (one.entry_at, one.row.id if one.row else "")):
            run = _run(journey, trigger, at)
            schedule = journey.enter.trigger
            if isinstance(schedule, checked.ScheduleTrigger) and not trigger.asked:
                if not holds(schedule.predicate, Scene(self.world, at, trigger.contact, run)):
                    continue  # whom a schedule does not choose is nobody's refusal
            reason = self._refusal(run, trigger, runs, at)
            if not reason and run.name[:3] in begun:
                reason = "same_tick"  # T9: the earliest that is not refused
            if reason:
                log.append(("refused", at, journey.name, run.contact, run.key or "", reason))
            else:
                begun[run.name[:3]] = run
        starts = []
        for run in sorted(begun.values(), key=lambda run: (run.entry_at, run.contact, run.key)):
            if self._is_full(journey, at):
                log.append(("refused", at, journey.name, run.contact, run.key, "full"))
            else:
                starts.append(run)
                self._begun[journey.name].append(at)
                log.append(("entered", at, *run.name))
        return starts

    def _refusal(self, run: Run, trigger: Trigger, runs: list[Run], at: datetime) -> str | None:
        """T8: the first reason."""
        enter, name, zone, row = run.journey.enter, run.journey.name, self.world.zone, trigger.row
        left = self.left.get(run.name[:3])
        reasons = {
            "unknown_contact": trigger.contact not in self.world.contacts(at),
            "too_old": row is not None and shifted(row.at, enter.max_age, 1, zone) < row.visible,  # T9
            "no_key": run.key is None,
            "not_eligible": not holds(enter.condition, Scene(self.world, at, trigger.contact, run)),
            "held_out": enter.hold_out is not None
            and share_of(f"{name}/hold out:{trigger.contact}") < threshold(enter.hold_out),  # T17
            "already_running": any(run.name[:3] == other.name[:3] for other in runs),
            "already_ran": left is not None and not enter.again,
            "too_soon": left is not None
            and enter.after is not None
            and at < shifted(left, enter.after, 1, zone),
        }
        return next((reason for reason, holds_ in reasons.items() if holds_), None)

    def _is_full(self, journey: checked.Journey, at: datetime) -> bool:
        if journey.enter.cap is None:
            return False
        count, period = journey.enter.cap
        return (
            len(in_period(self._begun[journey.name], period, at, self.world.zone, self.world.zone)) >= count
        )


def _run(journey: checked.Journey, trigger: Trigger, at: datetime) -> Run:
    enter, row = journey.enter, trigger.row
    key = "" if enter.key is None else text(row[enter.key.name]) if row else None
    entry, event = (
        {name: row[name] for name, _ in captures} if row else {}
        for captures in (enter.entry_captures, enter.event_captures)
    )
    return Run(journey, trigger.contact, key, trigger.entry_at, at, entry, event)


def _falls(trigger: checked.DateTrigger, day: date | None, local: date) -> bool:
    """T11: whether the date is kept on this local day; one of 29 February on the 28th in other years."""
    if day is None or trigger.span is not None:
        return day is not None and moved(midnight(day), trigger.span, trigger.sign).date() == local
    is_leap_day = (day.month, day.day) == (2, 29) and not isleap(local.year)
    return day < local and (local.month, local.day) == (day.month, 28 if is_leap_day else day.day)


def stretch(refresh: Span, at: datetime, zone: str) -> int:
    """T10: the number of the stretch in which an instant lies; its first tick refreshes."""
    if refresh.is_clock:
        return (at - datetime(1970, 1, 1)) // refresh.exact
    day = to_local(zone, at)
    if refresh.is_calendar:
        return (day.year * 12 + day.month - 1) // refresh.months
    return (day.toordinal() - 1) // (refresh.exact // timedelta(days=1))
