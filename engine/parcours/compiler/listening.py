"""Which kinds of events may wake somebody."""

from collections.abc import Sequence

from parcours.checking import checked
from parcours.checking.parts import parts
from parcours.checking.terms import Attribute, Events, InLast, InSeason, Learned, PartOf
from parcours.compiler.routes import S
from parcours.graph.edges import all_steps


def listened_kinds(project: checked.CheckedProject, journeys: Sequence[checked.Journey]) -> tuple[str, ...]:
    """The event kinds that may wake an instance. T6, T16: with `leave when`, and with a wait for a condition, every
    event of the contact does; and so it does where an event may be counted later that was not when it came."""
    awaited = [
        events
        for journey in journeys
        for events in (
            *(goal.events for goal in journey.goals),
            *(step.events for step in _waits_for(journey, checked.WaitEvent)),
        )
    ]
    if any(journey.leaves or _waits_for(journey, checked.WaitCondition) for journey in journeys):
        return project.events
    if any(_changes(part) for events in awaited for part in parts(events.filter)):
        return project.events
    return tuple(sorted({events.event for events in awaited}))


_CHANGING = (Attribute, InLast, InSeason, Learned, Events)


def _changes(part: object) -> bool:
    """Whether a part of a filter may say another thing of the same event at another time. Of an instant the clock of the contact
    says what hour it is, and a contact may move to another zone."""
    return isinstance(part, _CHANGING) or (isinstance(part, PartOf) and part.item.kind == "instant")


def _waits_for(journey: checked.Journey, kind: type[S]) -> list[S]:
    return [step for step in all_steps(journey.steps) if isinstance(step, kind)]
