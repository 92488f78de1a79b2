"""Why a run began: the event, the change, the day or the person that started it (LANGUAGE.md T8-T11)."""

from dataclasses import dataclass
from typing import Any

from parcours.checking import checked
from parcours.checking.parts import parts
from parcours.checking.terms import Field
from parcours.explaining.context import Context, line_of
from parcours.explaining.evidence import asked, facts_of, shown
from parcours.explaining.records import Move
from parcours.explaining.story import Fact, Line
from parcours.explaining.story import Run as RunName
from parcours.graph.wording import term_words
from parcours.oracle.data import EventRow
from parcours.oracle.run import Run
from parcours.oracle.terms import picks, plain, text


@dataclass(frozen=True, slots=True)
class Entered:
    """The run as it begins, with what it keeps of its event; and the line that tells of it."""

    run: Run
    line: Line


class Entering:
    def __init__(self, context: Context) -> None:
        self._context = context

    def entered(self, move: Move, journey: checked.Journey) -> Entered:
        """`move` is the first of the run."""
        run = Run(journey, self._context.contact, move.key, move.at, move.entry_at)
        words, facts = self._because(move, journey, run)
        enter = journey.enter
        scene = self._context.scene(move.at, run)
        if enter.condition is not None:
            facts = (*facts, asked(enter.condition, scene))
        name = RunName(move.journey, move.version, move.key, move.entry_at)
        return Entered(run, Line(move.at, "entered", name, words, line_of(journey.place), facts))

    def _because(self, move: Move, journey: checked.Journey, run: Run) -> tuple[str, tuple[Fact, ...]]:
        asker = self._asker(move)
        if asker:
            return f"enters `{move.journey}`: {asker}", ()
        trigger = journey.enter.trigger
        scene = self._context.scene(move.at, run)
        match trigger:
            case checked.EventTrigger(events=events):
                row = self._row(trigger, journey.enter, move)
                if row is None:
                    gone = Fact(f"the `{events.event}` is not in the datamart any more")
                    return f"enters `{move.journey}` because of `{events.event}`", (gone,)
                keep(run, journey.enter, row)
                facts = event_facts(journey.enter, row, self._context)
                when = self._context.local(row.at)
                return f"enters `{move.journey}` because of `{events.event}` of {when}", facts
            case checked.GroupTrigger():
                stages = dict(trigger.group.stages)
                term = stages.get(trigger.value or "")
                facts = () if term is None else facts_of(term, scene)
                return f"enters `{move.journey}` {journey.enter_text}", facts
            case checked.ScheduleTrigger(predicate=predicate):
                facts = () if predicate is None else (asked(predicate, scene),)
                return f"enters `{move.journey}`, {journey.enter_text}", facts
            case checked.DateTrigger(attribute=attribute):
                said = plain(self._context.world.attribute(self._context.contact, attribute.name))
                facts = (Fact(f"`{attribute.name}`", shown(said, scene), todays=True),)
                return f"enters `{move.journey}` {journey.enter_text}", facts
        return f"enters `{move.journey}` by hand", ()

    def _asker(self, move: Move) -> str:
        """Who asked for it by name; "" when its own trigger started it."""
        if self._context.records.asked_by_hand(move.journey, move.entry_at):
            return "asked for by `parcours enter`"
        for other in self._context.records.moves:
            if other.at == move.entry_at and other.run != move.run:
                step = self._context.step(other.version, other.target)
                if isinstance(step, checked.Start) and step.journey == move.journey:
                    return f"started by `{other.journey}` at {line_of(step.place)}"
        return ""

    def _row(self, trigger: checked.EventTrigger, enter: checked.Enter, move: Move) -> EventRow | None:
        rows = self._context.world.events(trigger.events.event, self._context.contact, move.at)
        scene = self._context.scene(move.at)
        return next(
            (
                row
                for row in rows
                if row.at == move.entry_at
                and key_of(enter, row) == move.key
                and picks(trigger.events, row, scene)
            ),
            None,
        )


def key_of(enter: checked.Enter, row: EventRow) -> str:
    """The key of the run that an event starts, "" where runs have none."""
    return "" if enter.key is None else text(row[enter.key.name]) or ""


def keep(run: Run, enter: checked.Enter, row: EventRow) -> None:
    """What a run keeps of the event that started it."""
    run.entry = {name: row[name] for name, _ in enter.entry_captures}
    run.event = {name: row[name] for name, _ in enter.event_captures}


def event_facts(enter: checked.Enter, row: EventRow, context: Context) -> tuple[Fact, ...]:
    """The fields of an event that the entry looks at, and when it became known, if that was later."""
    assert isinstance(enter.trigger, checked.EventTrigger)
    names = [name for name, _ in (*enter.entry_captures, *enter.event_captures)]
    names += [part.name for part in parts(enter.trigger.events.filter) if isinstance(part, Field)]
    names += [enter.key.name] if enter.key is not None else []
    scene = context.scene(row.visible)
    facts = [Fact(f"its `{name}`", _said(row[name], scene)) for name in dict.fromkeys(names) if name != "at"]
    if row.visible > row.at:
        facts.append(Fact("known since", context.local(row.visible)))
    return tuple(facts)


def trigger_words(events: checked.EventTrigger) -> str:
    """The event as the entry asks for it."""
    chosen = events.events
    return chosen.event if chosen.filter is None else f"{chosen.event}[{term_words(chosen.filter)}]"


def _said(raw: Any, scene: Any) -> str:
    return shown(plain(raw), scene)
