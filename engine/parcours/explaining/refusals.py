"""Why a trigger started nobody (LANGUAGE.md T8, T9)."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from parcours.checking import checked
from parcours.clock import share_of, threshold
from parcours.explaining.context import Context, line_of
from parcours.explaining.entering import keep, key_of
from parcours.explaining.evidence import asked, needed
from parcours.explaining.records import Ended, Refusal
from parcours.explaining.story import Fact, Line
from parcours.explaining.story import Run as RunName
from parcours.oracle.data import EventRow
from parcours.oracle.gates import begins
from parcours.oracle.run import Run
from parcours.oracle.terms import picks

WORDS = {
    "unknown_contact": "the contact was not known then",
    "too_old": "the event was too old when it became known",
    "no_key": "there is no key",
    "not_eligible": "`if` does not hold",
    "already_running": "a run is going on",
    "already_ran": "a run has ended before, and the journey is entered once",
    "too_soon": "the last run left too short a time ago",
    "same_instant": "a run that began by a trigger of the same instant is over",
    "same_tick": "another trigger of the same tick started the run",
    "held_out": "the contact is held out",
    "full": "as many have entered as may",
    "paused": "the journey is paused",
}
"""The reasons in words."""


class Refusals:
    def __init__(self, context: Context) -> None:
        self._context = context

    def lines(self) -> list[Line]:
        """One for each tick, journey, key and reason, however many triggers there were."""
        times = Counter(self._context.records.refusals)
        return [self.line(one, count) for one, count in times.items()]

    def line(self, one: Refusal, count: int = 1) -> Line:
        """`count`: how many triggers it was."""
        journey = self._context.journeys.get(one.version)
        name = RunName(one.journey, one.version, one.key, one.at)
        words = WORDS.get(one.reason, one.reason.replace("_", " "))
        if journey is None:
            return Line(one.at, "refused", name, f"does not enter `{one.journey}`: {words}")
        row = self._row(journey, one)
        run = self.candidate(journey, one.key, one.at, row)
        facts, change = self.told(one.reason, journey, run, one.at)
        of = (
            ""
            if row is None or not isinstance(journey.enter.trigger, checked.EventTrigger)
            else (f" in spite of `{journey.enter.trigger.events.event}` of {self._context.local(row.at)}")
        )
        text = f"does not enter `{one.journey}`{of}: {words}"
        if count > 1:
            facts = (*facts, Fact(f"the same for {count} triggers"))
        return Line(one.at, "refused", name, text, line_of(journey.place), facts, change)

    def told(
        self, reason: str, journey: checked.Journey, run: Run, at: datetime
    ) -> tuple[tuple[Fact, ...], str]:
        """What there is to tell of a reason, and what would have to be otherwise."""
        enter, scene, local = journey.enter, self._context.scene(at, run), self._context.local
        match reason:
            case "not_eligible" if enter.condition is not None:
                wishes = needed(enter.condition, scene)
                return (asked(enter.condition, scene),), f"needed: {wishes}" if wishes else ""
            case "held_out" if enter.hold_out is not None:
                share = share_of(f"{journey.name}/hold out:{self._context.contact}") / 2**32
                facts = (
                    Fact("the share of the contact, always the same", f"{share:.4%}"),
                    Fact("held out is who is below", f"{threshold(enter.hold_out) / 2**32:.4%}"),
                )
                return facts, "nothing that the contact does: fewer would have to be held out"
            case "already_ran":
                left = self.last_run(journey, run.key, at)
                return _left(left, local), "the journey would have to be entered `again`"
            case "too_soon" if enter.after is not None:
                left = self.last_run(journey, run.key, at)
                free = "" if left is None else local(scene.shifted(left.left_at, enter.after, 1))
                return _left(left, local), f"from {free} on the next trigger starts a run" if free else ""
            case "same_instant":
                over = self._run_of(journey, run)
                return _left(over, local, "that run"), "a trigger of another instant starts a run"
            case "already_running":
                return (), "the run would have to end first"
            case "full" if enter.cap is not None:
                count, period = enter.cap
                begin = begins(period, scene, self._context.world.zone)
                entered = self._context.records.entered_since(journey.name, begin, at)
                words = f"{entered} of {count} have entered since {local(begin)}"
                return (Fact(words),), "the cap would have to be larger, or the next period to begin"
            case "too_old" if run.row is not None:
                facts = (
                    Fact("it happened", local(run.row.at)),
                    Fact("it became known", local(run.row.visible)),
                )
                change = f"it would have to be known within {enter.max_age} (`within` allows for more)"
                return facts, change
            case "paused":
                return (), f"needed: `parcours resume {journey.name}`"
            case "no_key":
                return (), "it would have to come by an event that has the key"
            case "unknown_contact":
                return (), "the contact would have to be in the datamart before"
        return (), ""

    def candidate(self, journey: checked.Journey, key: str, at: datetime, row: EventRow | None) -> Run:
        """The run that would have begun."""
        run = Run(journey, self._context.contact, key, at, at if row is None else row.at, row=row)
        if row is not None:
            keep(run, journey.enter, row)
        return run

    def last_run(self, journey: checked.Journey, key: str, at: datetime) -> Ended | None:
        """The last run of the journey and key that had left by an instant."""
        before = [
            e
            for e in self._context.records.ended
            if e.journey == journey.name and e.key == key and e.left_at <= at
        ]
        return before[-1] if before else None

    def _run_of(self, journey: checked.Journey, run: Run) -> Ended | None:
        """The run that began at the instant of another that would have begun."""
        named = (journey.name, run.key, run.entry_at)
        ended = self._context.records.ended
        return next((e for e in ended if (e.journey, e.key, e.entry_at) == named), None)

    def _row(self, journey: checked.Journey, one: Refusal) -> EventRow | None:
        """The newest event that may have been the trigger: it became known by this tick, and has its key."""
        trigger, enter = journey.enter.trigger, journey.enter
        if not isinstance(trigger, checked.EventTrigger):
            return None
        scene = self._context.scene(one.at)
        rows = [
            row
            for row in self._context.world.events(trigger.events.event, self._context.contact, one.at)
            if picks(trigger.events, row, scene) and (enter.key is None or key_of(enter, row) == one.key)
        ]
        return max(rows, key=lambda row: (row.visible, row.at), default=None)


def _left(
    left: Ended | None, local: Callable[[datetime], str], which: str = "the last run"
) -> tuple[Fact, ...]:
    if left is None:
        return ()
    return (Fact(f"{which} left as `{left.outcome}`", local(left.left_at)),)
