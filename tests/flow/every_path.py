"""Every path of a small journey, one after the other, with every length that each wait can have on a grid of hours.

It shares no code with the engine's search: it reads the steps as they are written."""

from collections.abc import Iterator

from parcours.model import journey as written

GRID = 6
"""Hours: every wait and every time of day of these journeys is so many of them, or several times as many."""
DAY = 24
WEEK = 7 * DAY

Sends = tuple[tuple[int, str], ...]
"""(hours since the week of the entry began, message)."""


def paths(journey: written.Journey, held: int) -> Iterator[Sends]:
    """The messages of every run. `held`: the most hours for which a message is held."""
    for start in range(0, WEEK, GRID):
        for _, sends in _block(journey.steps, start, held):
            yield sends


def _block(steps: tuple[written.AnyStep, ...], at: int, held: int) -> Iterator[tuple[int | None, Sends]]:
    """(when it comes out, None after an exit; the messages on the way)."""
    if not steps:
        yield at, ()
        return
    first, *others = steps
    for out, sends in _step(first, at, held):
        if out is None:
            yield None, sends
        else:
            for end, further in _block(tuple(others), out, held):
                yield end, sends + further


def _step(step: written.AnyStep, at: int, held: int) -> Iterator[tuple[int | None, Sends]]:
    match step:
        case written.Exit():
            yield None, ()
        case written.Send():
            for wait in range(0, held + 1, GRID):
                yield at + wait, ((at + wait, step.message.text),)
            if step.unless is not None:
                yield from _block(step.if_not_sent, at, held)
        case written.WaitFor():
            yield at + _hours(step.duration), ()
        case written.WaitUntil():
            hour = int(str(step.moment.time).split(":")[0])
            yield at + (hour - at) % DAY, ()
        case written.WaitEvent():
            for wait in range(0, _hours(step.up_to) + 1, GRID):
                yield from _block(step.then, at + wait, held)
            yield from _block(step.otherwise, at + _hours(step.up_to), held)
        case written.If():
            for branch in step.branches:
                yield from _block(branch.steps, at, held)
            yield from _block(step.otherwise, at, held)
        case written.Split():
            for arm in step.arms:
                yield from _block(arm.steps, at, held)
        case written.Repeat():
            yield from _times(step, step.times, at, held)
        case _:
            raise AssertionError(f"not in these journeys: {step.kind}")


def _times(step: written.Repeat, left: int, at: int, held: int) -> Iterator[tuple[int | None, Sends]]:
    if left == 0 or step.until is not None:
        yield at, ()
    if left > 0:
        for out, sends in _block(step.steps, at, held):
            if out is None:
                yield None, sends
            else:
                for end, further in _times(step, left - 1, out, held):
                    yield end, sends + further


def _hours(duration: object) -> int:
    count, unit = str(duration).split()
    return int(count) * {"hour": 1, "day": DAY, "week": WEEK}[unit.rstrip("s")]


def most_in_any_window(sends: list[int], hours: int) -> int:
    """The most of some instants in any half-open stretch of so many hours."""
    return max((sum(first <= at < first + hours for at in sends) for first in sends), default=0)
