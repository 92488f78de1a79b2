"""Who enters a journey: triggers and their clauses, checked (T8–T11)."""

from decimal import Decimal

from parcours.checking import checked
from parcours.checking.captures import Captures
from parcours.checking.moments import Moments
from parcours.checking.predicates import Predicates
from parcours.checking.scope import OUTSIDE, Scope
from parcours.checking.terms import Attribute, Captured, Window
from parcours.clock.span import Span
from parcours.model import journey as written
from parcours.model.node import Name
from parcours.model.values import Duration, Path

_ONE_DAY = Span(1, "day")  # T9
DEFAULT_REFRESH = Span(1, "hour")  # T10
_EVENT_FIRST = "leave it out, or begin with `enter on EVENT`"


class Entries:
    def __init__(self, predicates: Predicates, captures: Captures) -> None:
        self._predicates = predicates
        self._vocabulary = predicates.vocabulary
        self._groups = predicates.groups
        self._findings = predicates.findings
        self._span = predicates.literals.span
        self._captures = captures

    def scope(self, enter: written.Enter) -> Scope:
        """What the journey's terms can read of its entry."""
        if not isinstance(enter.trigger, written.OnEvent):
            return Scope(in_run=True)
        table = self._predicates.events.read(enter.trigger.event.name.text)
        return Scope(in_run=True, entry=table, events=(table,))

    def enter(self, enter: written.Enter, scope: Scope) -> checked.Enter | None:
        trigger = self._trigger(enter.trigger, scope)
        condition = self._predicates.optional(enter.condition, scope)
        hold_out = None if enter.hold_out is None else self._hold_out(enter.hold_out)
        cap = None if enter.cap is None else self._cap(enter.cap)
        key = None if enter.per is None else self._key(enter.per, scope)
        max_age = _ONE_DAY if enter.within is None else self._max_age(enter.within, scope)
        reentry = enter.reentry
        after = self._span(reentry.after) if reentry and reentry.after else None
        if trigger is None or (enter.condition and condition is None) or (enter.per and key is None):
            return None
        return checked.Enter(
            trigger,
            condition,
            bool(reentry and reentry.again),
            after,
            key,
            max_age,
            self._captures.of_entry(scope.entry),
            self._captures.of_event(scope.entry),
            hold_out,
            cap,
        )

    def _hold_out(self, hold_out: written.HoldOut) -> Decimal:
        if not 0 < hold_out.percent < 100:
            self._findings.add(
                "bad-number",
                f"`{hold_out.percent:f}%` is no share of the contacts that leaves some and takes some",
                hold_out.place,
                advice="hold out more than 0% and less than 100%",
            )
        return hold_out.percent

    def _cap(self, cap: written.EntryCap) -> tuple[int, checked.Period]:
        if cap.count < 1:
            self._findings.add("bad-number", "nobody at all can enter", cap.place, advice="let at least 1 in")
        return cap.count, self._predicates.literals.period(cap.period)

    def _key(self, per: Path, scope: Scope) -> Captured | None:
        if scope.entry is None:
            self._findings.add(
                "no-event-here", f"`per {per}`: no event starts this journey", per.place, advice=_EVENT_FIRST
            )
            return None
        found = self._predicates.names.path(per, scope)
        if found is None or isinstance(found, Captured):
            return found
        self._findings.add(
            "no-event-here",
            f"`per {per}`: a key is a field of the entering event",
            per.place,
            mark="write `per event.…`",
            advice=_EVENT_FIRST,
        )
        return None

    def _max_age(self, within: Duration, scope: Scope) -> Span:
        """T9: how old an event may be."""
        if scope.entry is None:
            self._findings.add(
                "no-event-here",
                f"`within {within}`: no event starts this journey",
                within.place,
                advice=_EVENT_FIRST,
            )
        return self._span(within)

    def _trigger(self, trigger: written.Trigger, scope: Scope) -> checked.Trigger | None:
        match trigger:
            case written.OnEvent():
                return self._event(trigger)
            case written.OnJoining():
                return self._segment(trigger.segment, joining=True, including=trigger.including_members)
            case written.OnLeaving():
                return self._segment(trigger.segment, joining=False, including=False)
            case written.OnBecoming():
                return self._becoming(trigger)
            case written.OnAnniversary() | written.OnDate():
                return self._date(trigger, scope)
            case written.OnSchedule():
                recurrence = Moments(self._predicates).recurrence(trigger.schedule)
                predicate = self._predicates.optional(trigger.predicate, scope)
                if recurrence is None or (trigger.predicate is not None and predicate is None):
                    return None
                return checked.ScheduleTrigger(recurrence, predicate)
            case written.ByHand():
                return checked.HandTrigger()

    def _event(self, trigger: written.OnEvent) -> checked.EventTrigger | None:
        # the filter is looked at before there is a run: it cannot speak of one
        events = self._predicates.events.chosen(trigger.event, Window("ever"), OUTSIDE)
        return None if events is None else checked.EventTrigger(events)

    def _segment(self, name: Name, *, joining: bool, including: bool) -> checked.GroupTrigger | None:
        term = self._groups.segment(name)
        if term is None:
            return None
        declared = self._vocabulary.segments[name.text]
        refresh = self._span(declared.refresh) if declared.refresh else DEFAULT_REFRESH
        group = checked.Group(name.text, ((name.text, term),), refresh, True)
        return checked.GroupTrigger(group, name.text if joining else None, None, including)

    def _becoming(self, trigger: written.OnBecoming) -> checked.GroupTrigger | None:
        stage = trigger.stage
        holders = [
            lifecycle
            for _, lifecycle in sorted(self._vocabulary.lifecycles.items())
            if any(s.name.text == stage.text for s in lifecycle.stages)
        ]
        if not holders:
            known = [s.name.text for c in self._vocabulary.lifecycles.values() for s in c.stages]
            self._findings.unknown(
                "unknown-stage", f"`{stage}` is no stage of a lifecycle", stage.place, stage.text, known
            )
            return None
        if len(holders) > 1:
            names = " and ".join(f"`{lifecycle.name}`" for lifecycle in holders)
            self._findings.add("duplicate-name", f"`{stage}` is a stage of {names}", stage.place)
            return None
        lifecycle = holders[0]
        names_here = [s.name.text for s in lifecycle.stages]
        if trigger.after is not None and trigger.after.text not in names_here:
            self._findings.unknown(
                "unknown-stage",
                f"`{trigger.after}` is no stage of `{lifecycle.name}`",
                trigger.after.place,
                trigger.after.text,
                names_here,
            )
            return None
        stages = self._groups.stages(lifecycle, stage)
        if stages is None:
            return None
        refresh = self._span(lifecycle.refresh) if lifecycle.refresh else DEFAULT_REFRESH
        group = checked.Group(lifecycle.name.text, stages, refresh, False)
        return checked.GroupTrigger(group, stage.text, trigger.after.text if trigger.after else None)

    def _date(
        self, trigger: written.OnAnniversary | written.OnDate, scope: Scope
    ) -> checked.DateTrigger | None:
        minutes = self._predicates.literals.minutes(trigger.time) if trigger.time else 0
        term = self._predicates.names.path(trigger.path, scope)
        if term is None or minutes is None:
            return None
        if not isinstance(term, Attribute) or term.kind != "date":
            self._findings.add(
                "wrong-type",
                f"`{trigger.path}` is no date of the contact",
                trigger.path.place,
                advice="name a column of the contacts table that holds a date",
            )
            return None
        if isinstance(trigger, written.OnAnniversary):
            return checked.DateTrigger(term, minutes, True)
        span = self._span(trigger.duration, may_be_nothing=True)
        if span.is_clock:
            self._findings.add(
                "bad-number", "count days, weeks, months or years from a date", trigger.duration.place
            )
            return None
        return checked.DateTrigger(term, minutes, False, span, -1 if trigger.direction == "before" else 1)
