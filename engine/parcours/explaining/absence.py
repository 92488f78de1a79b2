"""Why a contact is not in a journey now: everything that a trigger is asked, in the order in which a tick asks it
(LANGUAGE.md T2, T8-T11, T19), and what would stop the messages of the journey besides (P1)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from parcours.checking import checked
from parcours.checking.terms import Events, Term
from parcours.clock import share_of, threshold, to_local
from parcours.clock.calendar import Recurrence
from parcours.diagnostics import Place
from parcours.explaining.context import Context, line_of
from parcours.explaining.entering import event_facts, key_of, trigger_words
from parcours.explaining.evidence import asked, facts_of, needed, shown
from parcours.explaining.refusals import WORDS, Refusals
from parcours.explaining.rules import REASONS
from parcours.explaining.story import Absence, Check, Fact
from parcours.graph.edges import all_steps
from parcours.oracle.data import EventRow
from parcours.oracle.entries import falls
from parcours.oracle.gates import Grant, selects
from parcours.oracle.run import Run
from parcours.oracle.terms import DAY, holds, midnight, moved, picks, plain, value

_DAYS_OF_TWO_YEARS = 731


class Absences:
    """`applied` is since when each journey is known to the state; `paused` which are paused, since when."""

    def __init__(self, context: Context, applied: dict[str, datetime], paused: dict[str, datetime]) -> None:
        self._context = context
        self._applied = applied
        self._paused = paused
        self._refusals = Refusals(context)

    def absence(self, journey: checked.Journey) -> Absence:
        """Of a contact who is in no run of the journey now."""
        checks: list[Check] = []
        for check in self._checks(journey):
            checks.append(check)
            if check.passes is False:
                break
        stops = next((check for check in checks if check.passes is False), None)
        if stops is None:
            text = f"is not in `{journey.name}` now: {self._before(journey)}"
        else:
            text = f"is not in `{journey.name}` now: {stops.text}"
        return Absence(journey.name, text, tuple(checks), tuple(self._sends(journey)))

    def _before(self, journey: checked.Journey) -> str:
        """Of whom nothing keeps out: what became of the last run."""
        ended = [one for one in self._context.records.ended if one.journey == journey.name]
        free = "nothing would keep the next trigger from starting a run"
        if not ended:
            return free
        left = self._context.local(ended[-1].left_at)
        return f"the last run left as `{ended[-1].outcome}` on {left}, and {free}"

    # ---- in the order of a tick

    def _checks(self, journey: checked.Journey) -> Iterator[Check]:
        context, at = self._context, self._context.as_of
        known = self._applied.get(journey.name)
        if known is None:
            yield Check(
                "applied",
                False,
                "no tick has run since the journey was written",
                line_of(journey.place),
                change="the next tick takes it up, and what is newer than that starts runs",
            )
            return
        visible = context.world.data.known.get(context.contact)
        is_there = context.world.attributes is not None and visible is not None and visible <= at
        yield Check(
            "contact",
            is_there,
            "the contact is in the datamart" if is_there else "the contact is not in the datamart",
            change="" if is_there else "it would have to be in the table of contacts",
        )
        row, trigger = self._trigger(journey, known)
        yield trigger
        enter = journey.enter
        key = "" if row is None else key_of(enter, row)
        run = self._refusals.candidate(journey, key, at, row)
        if enter.condition is not None:
            yield self._condition("if", journey, enter.condition, run)
        if enter.hold_out is not None:
            share = share_of(f"{journey.name}/hold out:{context.contact}")
            yield self._asked("held_out", share < threshold(enter.hold_out), journey, run, "is not held out")
        yield self._asked("paused", journey.name in self._paused, journey, run, "the journey is not paused")
        yield self._again(journey, run)
        if enter.cap is not None:
            count, _ = enter.cap
            facts, _ = self._refusals.told("full", journey, run, at)
            entered = int(facts[0].text.split(" ", 1)[0])
            yield self._asked(
                "full", entered >= count, journey, run, "there is room under the cap on entries"
            )

    def _asked(self, reason: str, stops: bool, journey: checked.Journey, run: Run, passes: str) -> Check:
        facts, change = self._refusals.told(reason, journey, run, self._context.as_of)
        text = WORDS[reason] if stops else passes
        return Check(reason, not stops, text, line_of(journey.place), facts, change if stops else "")

    def _condition(self, name: str, journey: checked.Journey, condition: Term, run: Run) -> Check:
        scene = self._context.scene(self._context.as_of, run)
        passes = holds(condition, scene)
        fact = asked(condition, scene)
        text = f"`{name}` of the entry {'holds' if passes else 'does not hold'} now"
        change = "" if passes else f"needed: {needed(condition, scene)}"
        return Check(name, passes, text, line_of(journey.place), (fact,), change)

    def _again(self, journey: checked.Journey, run: Run) -> Check:
        """T8: once, or again after so long a time; by key where there is one."""
        enter, at = journey.enter, self._context.as_of
        left = self._refusals.last_run(journey, run.key, at)
        scene = self._context.scene(at, run)
        if left is not None and not enter.again:
            return self._asked("already_ran", True, journey, run, "")
        if left is not None and enter.after is not None:
            stops = scene.shifted(left.left_at, enter.after, 1) > at
            return self._asked(
                "too_soon", stops, journey, run, f"the last run left {enter.after} ago or more"
            )
        text = "no run of it has ended before" if left is None else "it may be entered again"
        return Check("again", True, text, line_of(journey.place))

    # ---- the trigger

    def _trigger(self, journey: checked.Journey, known: datetime) -> tuple[EventRow | None, Check]:
        trigger, place = journey.enter.trigger, line_of(journey.place)
        match trigger:
            case checked.EventTrigger():
                return self._event(journey, trigger, known)
            case checked.GroupTrigger():
                return None, self._group(trigger, place)
            case checked.ScheduleTrigger():
                return None, self._schedule(trigger, known, place)
            case checked.DateTrigger():
                return None, self._date(trigger, place)
        return None, Check(
            "trigger",
            False,
            "it is entered by hand, and nobody has asked for this contact",
            place,
            change=f"needed: `parcours enter {journey.name} {self._context.contact}`",
        )

    def _event(
        self, journey: checked.Journey, trigger: checked.EventTrigger, known: datetime
    ) -> tuple[EventRow | None, Check]:
        """The newest event that could have started a run; else the newest that could not, and why."""
        events, place, at = trigger.events, line_of(journey.place), self._context.as_of
        rows = self._context.world.events(events.event, self._context.contact, at)
        scene, words = self._context.scene(at), trigger_words(trigger)
        fitting = [row for row in rows if picks(events, row, scene)]
        new = [row for row in fitting if row.visible > known]
        if new:
            row = max(new, key=lambda one: (one.visible, one.at))
            text = f"`{words}` of {self._context.local(row.at)} is a trigger"
            facts = event_facts(journey.enter, row, self._context)
            if row.visible > scene.shifted(row.at, journey.enter.max_age, 1):
                run = self._refusals.candidate(journey, "", at, row)
                facts, change = self._refusals.told("too_old", journey, run, at)
                return row, Check("trigger", False, f"{text}, but {WORDS['too_old']}", place, facts, change)
            return row, Check("trigger", True, text, place, facts)
        coming = self._coming(events)
        if fitting:
            last = Fact(f"the last `{words}`", self._context.local(fitting[-1].at))
            since = Fact("the journey runs since", self._context.local(known))
            text = f"no `{words}` has become known since the journey runs"
            facts = (last, since, *coming)
            return None, Check("trigger", False, text, place, facts, f"needed: a new event `{words}`")
        if rows and events.filter is not None:
            newest = rows[-1]
            found = replace(scene, row=newest)
            last = Fact(f"the last `{events.event}`", self._context.local(newest.at))
            text = f"there is no `{words}`"
            facts = (last, *facts_of(events.filter, found), *coming)
            change = f"needed: one for which {needed(events.filter, found)}"
            return None, Check("trigger", False, text, place, facts, change)
        text = f"no `{events.event}` of the contact is known"
        return None, Check("trigger", False, text, place, coming, f"needed: an event `{words}`")

    def _coming(self, events: Events) -> tuple[Fact, ...]:
        """The first event that would be a trigger and that the last tick could not see, as it is dated or was loaded later
        (E2)."""
        context = self._context
        rows = context.world.events(events.event, context.contact, datetime.max)
        later = [row for row in rows if row.visible > context.as_of]
        fitting = [row for row in later if picks(events, row, context.scene(row.visible))]
        if not fitting:
            return ()
        row = min(fitting, key=lambda one: one.visible)
        seen = f"no tick before {context.local(row.visible)} sees it"
        return (Fact(f"the datamart has one of {context.local(row.at)}", seen),)

    def _group(self, trigger: checked.GroupTrigger, place: str) -> Check:
        """T10: what is stored of the contact, and what its conditions say now."""
        group, at = trigger.group, self._context.as_of
        scene = self._context.scene(at)
        stored = self._context.records.membership(group.name)
        value_now = None if stored is None else stored[0]
        words = f"`{group.name}`" if trigger.value is None or group.is_segment else f"`{trigger.value}`"
        where = "nothing" if stored is None else f"`{stored[0]}` since {self._context.local(stored[1])}"
        facts: tuple[Fact, ...] = (Fact(f"in `{group.name}` the contact is stored as", where),)
        terms = dict(group.stages)
        term = terms.get(trigger.value or next(iter(terms), ""))
        if term is not None:
            name = f"in segment {group.name}" if group.is_segment else f"{group.name} is {trigger.value}"
            facts = (*facts, asked(term, scene, name))
        if trigger.value is None:
            text = f"the contact has not left {words} since the journey runs"
            return Check("trigger", False, text, place, facts, f"needed: to be in {words}, and to leave it")
        if value_now == trigger.value:
            since = self._context.local(stored[1]) if stored is not None else ""
            text = f"the contact is in {words} since {since}, and only a change starts a run"
            return Check("trigger", False, text, place, facts, f"needed: to leave {words}, and to come back")
        change = f"needed: {needed(term, scene)}, at a refresh" if term is not None else ""
        return Check("trigger", False, f"the contact is not in {words}", place, facts, change)

    def _schedule(self, trigger: checked.ScheduleTrigger, known: datetime, place: str) -> Check:
        """T11: it must have fired since the journey runs, and its `for` must hold."""
        at, zone = self._context.as_of, self._context.zone
        recurrence: Recurrence = trigger.recurrence
        last, following = recurrence.latest_in(zone, known, at), recurrence.next_after(zone, at)
        facts = [Fact("it fires next", self._context.local(following))]
        if last is not None:
            facts.insert(0, Fact("it fired last", self._context.local(last)))
        scene = self._context.scene(at)
        if trigger.predicate is not None:
            facts.append(asked(trigger.predicate, scene))
            if not holds(trigger.predicate, scene):
                change = f"needed: {needed(trigger.predicate, scene)}"
                return Check(
                    "for", False, "`for` of the entry does not hold now", place, tuple(facts), change
                )
        if last is None:
            text = "its schedule has not come since the journey runs"
            change = f"it comes on {self._context.local(following)}"
            return Check("trigger", False, text, place, tuple(facts), change)
        return Check("trigger", True, "its schedule has come", place, tuple(facts))

    def _date(self, trigger: checked.DateTrigger, place: str) -> Check:
        scene = self._context.scene(self._context.as_of)
        name = trigger.attribute.name
        said = value(trigger.attribute, scene)
        fact = Fact(f"`{name}`", shown(plain(said), scene), todays=True)
        if said is None:
            return Check(
                "trigger", False, f"`{name}` is unknown", place, (fact,), f"`{name}` would have to be known"
            )
        day = self._next_day(trigger, said)
        if day is None:
            return Check("trigger", False, "its day has passed", place, (fact,), f"`{name}` must be later")
        change = f"on {day} its day comes, and starts a run"
        return Check("trigger", False, "its day has not come", place, (fact,), change)

    def _next_day(self, trigger: checked.DateTrigger, said: date) -> date | None:
        """The first local day from now on that starts a run; None when there is none to come."""
        now = to_local(self._context.zone, self._context.as_of)
        today = now.date() if now.hour * 60 + now.minute < trigger.minutes else now.date() + DAY
        if trigger.span is not None:
            day = moved(midnight(said), trigger.span, trigger.sign).date()
            return day if day >= today else None
        coming = (today + n * DAY for n in range(_DAYS_OF_TWO_YEARS))
        return next((day for day in coming if falls(trigger, said, day)), None)

    # ---- its messages

    def _sends(self, journey: checked.Journey) -> Iterator[Check]:
        """Every channel of its messages that is closed for good now: no address, no consent, suppressed, never."""
        sends = [step for step in all_steps(journey.steps) if isinstance(step, checked.Send)]
        for channel in self._context.project.policy.channels:
            here = [send for send in sends if channel.name in send.channels]
            closed = self._closed(channel, journey, here) if here else None
            if closed is not None:
                reason, fact, change, place = closed
                text = f"a message by {channel.name} would not go: {REASONS[reason]}"
                yield Check(reason, False, text, line_of(place), (fact,), change)

    def _closed(
        self, channel: checked.Channel, journey: checked.Journey, sends: Sequence[checked.Send]
    ) -> tuple[str, Fact, str, Place] | None:
        """The first final gate of P1 that is closed: reason, what it looked at, what would open it, its place."""
        scene, name = self._context.scene(self._context.as_of), channel.address.name
        if value(channel.address, scene) in (None, ""):
            fact = Fact(f"`{name}`", "unknown", todays=True)
            return "unreachable", fact, f"`{name}` would have to be known", channel.address_place
        if not holds(channel.consent, scene):
            wishes = f"needed: {needed(channel.consent, scene)}"
            return "no_consent", asked(channel.consent, scene), wishes, channel.consent_place
        for event, suppressed in channel.suppressed:
            if holds(suppressed, scene):
                fact = Fact(f"there is a `{event}`")
                return "suppressed", fact, "the contact would have to say yes again", channel.place
        for never in self._context.project.policy.never:
            if holds(never.condition, scene) and self._speaks_of(never, channel, journey, sends):
                wishes = f"needed: {needed(never.condition, scene, wanted=False)}"
                return "never", asked(never.condition, scene), wishes, never.place
        return None

    def _speaks_of(
        self,
        never: checked.Never,
        channel: checked.Channel,
        journey: checked.Journey,
        sends: Sequence[checked.Send],
    ) -> bool:
        """Whether a rule stops one of the messages, and nothing exempts it."""
        topics = {message.name: message.topic for message in self._context.project.messages}
        for send in sends:
            grant = Grant(
                self._context.as_of,
                self._context.contact,
                channel.name,
                journey.purpose,
                topics.get(send.message, ""),
                journey.name,
                send.message,
                channel.cost,
                False,
                None,
            )
            exempt = any(selects(selector, grant) for selector in self._context.project.policy.exempt)
            if selects(never.selector, grant) and not exempt:
                return True
        return False
