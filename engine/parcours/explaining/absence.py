"""Why a contact is not in a journey now: everything that a trigger is asked, in the order in which a tick asks it
(LANGUAGE.md T2, T8-T11, T19), and what would stop the messages of the journey besides (P1)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from parcours.checking import checked
from parcours.checking.terms import Term
from parcours.clock import share_of, threshold
from parcours.clock.calendar import Recurrence
from parcours.explaining.context import Context, line_of
from parcours.explaining.entering import event_facts, trigger_words
from parcours.explaining.evidence import asked, facts_of, needed, shown
from parcours.explaining.refusals import WORDS, Refusals
from parcours.explaining.rules import REASONS, Rules
from parcours.explaining.story import Absence, Check, Fact
from parcours.graph.edges import all_steps
from parcours.oracle.data import EventRow
from parcours.oracle.run import Run
from parcours.oracle.terms import holds, picks, plain, value


class Absences:
    """`applied` is since when each journey is known to the state; `paused` which are paused, since when."""

    def __init__(self, context: Context, applied: dict[str, datetime], paused: dict[str, datetime]) -> None:
        self._context = context
        self._applied = applied
        self._paused = paused
        self._refusals = Refusals(context)
        self._rules = Rules(context)

    def absence(self, journey: checked.Journey) -> Absence:
        """Of a contact who is in no run of the journey now."""
        checks: list[Check] = []
        for check in self._checks(journey):
            checks.append(check)
            if check.passes is False:
                break
        stops = next((check for check in checks if check.passes is False), None)
        if stops is None:
            text = f"is not in `{journey.name}` now: nothing would keep the next trigger from starting a run"
        else:
            text = f"is not in `{journey.name}` now: {stops.text}"
        return Absence(journey.name, text, tuple(checks), tuple(self._sends(journey)))

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
        key = "" if row is None or enter.key is None else str(row[enter.key.name])
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
        if fitting:
            last = Fact(f"the last `{words}`", self._context.local(fitting[-1].at))
            since = Fact("the journey runs since", self._context.local(known))
            text = f"no `{words}` has become known since the journey runs"
            return None, Check("trigger", False, text, place, (last, since), f"needed: a new `{words}`")
        if rows and events.filter is not None:
            newest = rows[-1]
            found = replace(scene, row=newest)
            last = Fact(f"the last `{events.event}`", self._context.local(newest.at))
            text = f"there is no `{words}`"
            facts = (last, *facts_of(events.filter, found))
            change = f"needed: one for which {needed(events.filter, found)}"
            return None, Check("trigger", False, text, place, facts, change)
        text = f"no `{events.event}` of the contact is known"
        return None, Check("trigger", False, text, place, change=f"needed: a `{words}`")

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
            facts = (*facts, asked(term, scene))
        if trigger.value is None:
            text = f"has not left {words} since the journey runs"
            return Check("trigger", False, text, place, facts, f"needed: to be in {words}, and to leave it")
        if value_now == trigger.value:
            since = self._context.local(stored[1]) if stored is not None else ""
            text = f"is in {words} since {since}, and only a change starts a run"
            return Check("trigger", False, text, place, facts, f"needed: to leave {words}, and to come back")
        change = f"needed: {needed(term, scene)}, at a refresh" if term is not None else ""
        return Check("trigger", False, f"is not in {words}", place, facts, change)

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
        return Check(
            "trigger", False, "its day has not come, or has passed", place, (fact,), "the day must come"
        )

    # ---- its messages

    def _sends(self, journey: checked.Journey) -> Iterator[Check]:
        """Every channel of its messages that is closed for good now: no address, no consent, suppressed, never."""
        scene = self._context.scene(self._context.as_of)
        policy = self._context.project.policy
        used = [s.channels for s in all_steps(journey.steps) if isinstance(s, checked.Send)]
        names = dict.fromkeys(name for channels in used for name in channels)
        for channel in policy.channels:
            if channel.name not in names:
                continue
            reason, fact, change = "", None, ""
            if value(channel.address, scene) in (None, ""):
                fact = Fact(f"`{channel.address.name}`", "unknown", todays=True)
                reason, change = "unreachable", f"`{channel.address.name}` would have to be known"
            elif not holds(channel.consent, scene):
                fact = asked(channel.consent, scene)
                reason, change = "no_consent", f"needed: {needed(channel.consent, scene)}"
            else:
                for event, suppressed in channel.suppressed:
                    if holds(suppressed, scene):
                        reason, change = "suppressed", "the contact would have to say yes again"
                        fact = Fact(f"there is a `{event}`")
                        break
            if fact is not None:
                text = f"a message by {channel.name} would not go: {REASONS[reason]}"
                yield Check(reason, False, text, line_of(channel.place), (fact,), change)
