"""What a journey has to do with the others, so that they can be looked at together without reading them all again."""

from dataclasses import dataclass

from parcours.checking import checked
from parcours.flow.loops import starts_at_once
from parcours.graph.edges import all_steps


@dataclass(frozen=True, slots=True)
class Ties:
    """`sends`: the messages it sends. `awaited`: its goals about what only a message can cause. `starts`: its steps
    that start a journey without a wait before them."""

    journey: str
    sends: frozenset[str]
    awaited: tuple[checked.Goal, ...]
    starts: tuple[checked.Start, ...]


def ties_of(journey: checked.Journey) -> Ties:
    return Ties(
        journey.name,
        frozenset(step.message for step in all_steps(journey.steps) if isinstance(step, checked.Send)),
        tuple(goal for goal in journey.goals if goal.events.of is not None),
        tuple(starts_at_once(journey)),
    )
