"""All that is known of a journey as a whole before anybody is in it."""

from dataclasses import dataclass
from decimal import Decimal

from parcours.checking import checked
from parcours.flow.bound import Bound, bounds
from parcours.flow.costs import greatest_cost
from parcours.flow.durations import Longest, longest_duration, shortest_duration
from parcours.flow.states import States, states


@dataclass(frozen=True, slots=True)
class Explained:
    """Of one run that nobody leaves early. `shortest` in minutes, None when the steps have no end; `cost` in the
    project's currency, None when there is no limit."""

    unfolded: States
    shortest: int | None
    longest: Longest
    cost: Decimal | None
    bounds: tuple[Bound, ...]


def explain(journey: checked.Journey, project: checked.CheckedProject) -> Explained | None:
    """None when repeats within repeats give more states than can be counted."""
    unfolded = states(journey, project.policy.keep_held)
    if unfolded is None:
        return None
    topics = {message.name: message.topic for message in project.messages}
    return Explained(
        unfolded,
        shortest_duration(unfolded),
        longest_duration(unfolded),
        greatest_cost(unfolded, project.policy),
        bounds(unfolded, project.policy, topics),
    )
