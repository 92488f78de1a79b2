"""What a wait takes of those who begin it at some hours of the week: at the least, and at the most.

Every wait keeps the order of those who wait: whoever begins it later does not end it earlier. So a way as a whole
takes least when each of its waits does, and most likewise."""

from parcours.flow.lengths import Length
from parcours.flow.states import Deadline, Delay
from parcours.flow.week import ANY_TIME, Hours, Until, arrivals


def soonest(delay: Delay, hours: Hours, at: int) -> list[tuple[int, Hours]]:
    """(minutes, hours at the end) of those for whom it is shortest. `at`: minutes since `entry.at`."""
    match delay:
        case Until():
            return [(a.shortest, a.hours) for a in arrivals(hours, delay)]
        case Deadline():
            wait = max(delay.shortest - at, 0)
            return [(wait, _later(hours, wait, is_exact=delay.shortest == delay.longest or not wait))]
        case Length():
            return [(delay.shortest, _later(hours, delay.shortest, is_exact=not delay.months))]


def slowest(delay: Delay, hours: Hours, at: int) -> list[tuple[int | None, Hours]]:
    """(minutes, hours at the end) of those for whom it is longest, every message being held (P7) as long as it may
    be. None: there is no limit."""
    match delay:
        case Until():
            return [(a.longest, a.hours) for a in arrivals(hours, delay)]
        case Deadline():
            wait = max(delay.longest - at, 0)
            return [(wait, _later(hours, wait, is_exact=delay.shortest == delay.longest or not wait))]
        case Length(longest=None):
            return [(None, ANY_TIME)]
        case Length():
            wait = (delay.longest or 0) + delay.held
            return [(wait, _later(hours, wait, is_exact=not delay.months))]


def _later(hours: Hours, minutes: int, *, is_exact: bool) -> Hours:
    return hours.later(minutes) if is_exact else ANY_TIME
