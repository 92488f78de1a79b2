"""How long one run takes at the least and at the most, when nobody reaches a goal and nobody leaves.

Counted from `entry.at`, with ticks on time and an event that is known at once. At the most: with every message held
as long as it may be (P7), and every event coming at the last moment."""

from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush

from parcours.checking import checked
from parcours.flow.cycles import cycles
from parcours.flow.hours import entry_hours
from parcours.flow.lengths import most_minutes
from parcours.flow.passing import slowest, soonest
from parcours.flow.states import States
from parcours.flow.week import ANY_TIME, Hours


@dataclass(frozen=True, slots=True)
class Longest:
    """`minutes` is None when there is no limit; then `because` is the step that knows none, None when steps are gone
    back to."""

    minutes: int | None
    because: checked.Step | None = None


def shortest(states: States, reached: Callable[[int], bool]) -> dict[int, int]:
    """For each state that can be reached, the least minutes from `entry.at` to it; nothing is looked at behind states
    that are `reached`."""
    found: dict[int, int] = {}
    seen: set[tuple[int, Hours]] = set()
    todo = [(0, 0, hours) for hours in entry_hours(states.journey.enter.trigger)]
    while todo:
        at, state, hours = heappop(todo)
        if (state, hours) in seen:
            continue
        seen.add((state, hours))
        found.setdefault(state, at)
        if reached(state):
            continue
        for move in states.moves[state]:
            for least, then in soonest(move.delay, hours, at):
                heappush(todo, (at + least, move.target, then))
    return found


def shortest_duration(states: States) -> int | None:
    """The least minutes to an end of the steps; None when they have none."""
    found = shortest(states, states.is_end)
    return min((at for state, at in found.items() if states.is_end(state)), default=None)


def longest_duration(states: States) -> Longest:
    """The most minutes to an end of the steps."""
    if _looped(states):
        return Longest(None)
    latest: dict[int, dict[Hours, int]] = {0: dict.fromkeys(entry_hours(states.journey.enter.trigger), 0)}
    for state in states.order:
        for move in states.moves[state]:
            there = latest.setdefault(move.target, {})
            for hours, at in latest[state].items():
                for most, then in slowest(move.delay, hours, at):
                    if most is None:
                        return Longest(None, states.steps[state])
                    there[then] = max(there.get(then, 0), at + most)
    return Longest(max(at for state in latest if states.is_end(state) for at in latest[state].values()))


def latest_arrivals(states: States) -> dict[int, int | None]:
    """For each state the most minutes from `entry.at` to it, at any hour; None when there is no limit. An event may
    be as old as the entry takes it (T9)."""
    enter = states.journey.enter
    late = most_minutes(enter.max_age) if isinstance(enter.trigger, checked.EventTrigger) else 0
    looped = set(_looped(states))
    found: dict[int, int | None] = {0: late}
    for state in states.order:
        at = None if state in looped else found[state]
        found[state] = at
        for move in states.moves[state]:
            if not move.target:
                continue  # another run has an entry of its own
            waits = [] if at is None else [most for most, _ in slowest(move.delay, ANY_TIME, at)]
            there = None if at is None or None in waits else at + max(w for w in waits if w is not None)
            known = found.get(move.target, 0)
            found[move.target] = None if there is None or known is None else max(known, there)
    return found


def _looped(states: States) -> list[int]:
    """The states that lead back to themselves."""
    ways = {state: [m.target for m in states.moves[state] if m.target] for state in states.order}
    return [state for loop in cycles(states.order, ways.__getitem__) for state in loop]
