"""Whether every run of a journey sends more than a cap allows: then nobody can ever be sent all of it."""

from collections.abc import Callable

from parcours.checking import checked
from parcours.flow.lengths import Length, minutes
from parcours.flow.states import Move, States

MOST_TRIED = 20_000
"""Ways that are looked at before the answer is no: an error is told only where it is certain."""


def must_exceed(states: States, weight: Callable[[int], int], period: checked.Period, limit: int) -> bool:
    """True when there is no way through the steps on which at most `limit` messages fall into each window.

    Each wait is as long as it can be, which spreads messages most; one without an end spreads them for good. Of a
    calendar period only messages at one instant are certain to share one."""
    window = minutes(period.span) if period.kind == "rolling" else 1
    # minutes since each of the messages that still count; the oldest first
    start: tuple[int, tuple[int, ...]] = (0, ())
    seen = {start}
    todo = [start]
    while todo:
        state, ages = todo.pop()
        if states.is_end(state):
            return False
        for move in states.moves[state]:
            if move.is_refusal:
                continue  # what the caps themselves refuse is what is asked here
            after = _after(ages, _longest(move), window)
            if move.sent:
                after = (*after, *([0] * weight(state)))
            if len(after) > limit:
                continue
            there = (move.target, after)
            if there not in seen:
                if len(seen) >= MOST_TRIED:
                    return False
                seen.add(there)
                todo.append(there)
    return True


def _longest(move: Move) -> int | None:
    """None: as long as you like."""
    delay = move.delay
    if isinstance(delay, Length):
        return None if delay.longest is None else delay.longest + delay.held
    return None  # an hour of the week, or a time since the entry: it may be far


def _after(ages: tuple[int, ...], wait: int | None, window: int) -> tuple[int, ...]:
    if wait is None:
        return ()
    return tuple(age + wait for age in ages if age + wait < window)
