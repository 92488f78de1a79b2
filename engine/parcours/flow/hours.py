"""At which hours of the week a run may come to each of its states."""

from parcours.checking import checked
from parcours.flow.lengths import DAY, WEEK, Length
from parcours.flow.states import Deadline, Delay, States
from parcours.flow.week import ANY_TIME, Hours, Until, arrivals

_MOST_STRETCHES = 50  # a state with more counts as one that may be come to at any time


def entry_hours(trigger: checked.Trigger) -> tuple[Hours, ...]:
    """When in the week a run may begin, with ticks on time."""
    match trigger:
        case checked.ScheduleTrigger(recurrence=recurrence) if (
            recurrence.weekdays or recurrence.unit == "week"
        ):
            return tuple(
                Hours((day - 1) * DAY + recurrence.minutes, 0) for day in recurrence.weekdays or (1,)
            )
        case checked.ScheduleTrigger(recurrence=recurrence) if recurrence.unit != "hour":
            return tuple(Hours(day * DAY + recurrence.minutes, 0) for day in range(7))
        case checked.DateTrigger():
            return tuple(Hours(day * DAY + trigger.minutes, 0) for day in range(7))
    return (ANY_TIME,)


def possible_hours(states: States) -> dict[int, tuple[Hours, ...]]:
    """For each state the hours at which it may be come to: events may come at any moment of a wait for them, and
    messages may be held for as long as they may be (P7)."""
    found: dict[int, dict[Hours, None]] = {0: dict.fromkeys(entry_hours(states.journey.enter.trigger))}
    todo = [(0, hours) for hours in found[0]]
    while todo:
        state, hours = todo.pop()
        if hours not in found[state]:
            continue  # all hours have taken its place
        for move in states.moves[state]:
            there = found.setdefault(move.target, {})
            for then in spread(move.delay, hours):
                if then in there or ANY_TIME in there:
                    continue
                if then == ANY_TIME or len(there) == _MOST_STRETCHES:
                    there.clear()
                    then = ANY_TIME
                there[then] = None
                todo.append((move.target, then))
    return {state: tuple(hours) for state, hours in found.items()}


def spread(delay: Delay, hours: Hours) -> list[Hours]:
    """When those go on who begin a wait at these hours, however long it takes them."""
    match delay:
        case Until():
            return list(dict.fromkeys(arrival.hours for arrival in arrivals(hours, delay)))
        case Deadline() | Length(longest=None):
            return [ANY_TIME]
        case Length():
            width = hours.length + (delay.longest or 0) + delay.held - delay.shortest
            if width >= WEEK or delay.months:
                return [ANY_TIME]
            return [Hours((hours.start + delay.shortest) % WEEK, width)]
