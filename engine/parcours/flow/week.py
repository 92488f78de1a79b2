"""The hours of the week, and what `wait until 10:00 on weekdays` takes from each of them (T13).

Minutes are counted from Monday, 00:00, on the contact's wall clock."""

from collections.abc import Iterator
from dataclasses import dataclass

from parcours.checking import checked
from parcours.flow.lengths import DAY, WEEK


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """A stretch of the week from `start` on, half-open; a single minute's beginning when `length` is 0. Whoever is
    in it may be at any place of it."""

    start: int
    length: int

    def later(self, minutes: int) -> "Hours":
        """Everybody in it, so much later."""
        return self if self.length == WEEK else Hours((self.start + minutes) % WEEK, self.length)


ANY_TIME = Hours(0, WEEK)


@dataclass(frozen=True, slots=True)
class Until:
    """A moment that comes again every week: its stretches in the order of the week; instants have no length."""

    pieces: tuple[Hours, ...]


@dataclass(frozen=True, slots=True)
class Arrival:
    """Some of those who wait: at least and at most so many minutes, and when in the week they go on."""

    shortest: int
    longest: int
    hours: Hours


def until(moment: checked.AtTime | checked.InWindow) -> Until:
    """The moment as stretches of the week."""
    match moment:
        case checked.AtTime():
            start, width = moment.minutes, 0
        case checked.InWindow():
            # over midnight it belongs to the day on which it opens
            start, width = moment.start, (moment.end - moment.start) % DAY or DAY
    return Until(tuple(Hours((day - 1) * DAY + start, width) for day in sorted(moment.days)))


def arrivals(hours: Hours, moment: Until) -> list[Arrival]:
    """What waiting for the moment takes of those who come at these hours, stretch by stretch.

    The shortest is what those take who come last before it; they need not be there to the minute (`hours` is
    half-open), so it is the limit that they come as near to as they like."""
    if hours.length == 0:
        return [_one(hours.start, moment)]
    start = moment.pieces[0].start if hours == ANY_TIME else hours.start
    end = start + hours.length
    found: list[Arrival] = []
    at = start  # all who come before are dealt with
    for piece, stop in _from(start, moment):
        if at < piece or (at == piece == stop):
            last = min(end, piece)
            found.append(Arrival(piece - last, piece - at, Hours(piece % WEEK, 0)))
        first, last = max(piece, at), min(stop, end)
        if first < last:
            found.append(Arrival(0, 0, Hours(first % WEEK, last - first)))
        at = max(at, stop)
        if at >= end:
            break
    return found


def _one(at: int, moment: Until) -> Arrival:
    for piece, stop in _from(at, moment):
        if piece <= at < stop or piece >= at:
            wait = max(piece - at, 0)
            return Arrival(wait, wait, Hours((at + wait) % WEEK, 0))
    raise AssertionError("a moment comes again every week")


def _from(start: int, moment: Until) -> Iterator[tuple[int, int]]:
    """(begin, end) of the stretches that are not over at `start`, for two weeks, in order."""
    for week in (-WEEK, 0, WEEK, 2 * WEEK):
        for piece in moment.pieces:
            begin = piece.start + week
            if begin + piece.length > start or (piece.length == 0 and begin >= start):
                yield begin, begin + piece.length
