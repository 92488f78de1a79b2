"""The most messages that a run can send within a stretch of time.

A longest path with the time as its budget, found by going forward in time from each message with which the stretch
may begin. Of two ways to the same state at the same hours, the one that comes later with no more messages is dropped:
so each state keeps at most one way for each number of messages, and branches do not multiply."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush

from parcours.checking import checked
from parcours.flow.cycles import cycles
from parcours.flow.durations import latest_arrivals
from parcours.flow.hours import possible_hours, spread
from parcours.flow.lengths import DAY, HOUR, WEEK, Length, most_minutes
from parcours.flow.passing import soonest
from parcours.flow.states import Deadline, Delay, Move, States
from parcours.flow.week import Hours, Until, arrivals

MOST_MESSAGES = 1_000
"""More are not told apart."""

_MIDNIGHTS = tuple(Hours(day * DAY, 0) for day in range(7))
Weight = Callable[[int], int]
"""How many messages that count leave a state when its message is sent."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """So many minutes, half-open: from any message on, or (`begins`) from the beginning of a calendar period, when
    they are counted on the wall clock. `ends_with_month`: it is over before a month is."""

    minutes: int
    begins: tuple[Hours, ...] = ()
    ends_with_month: bool = False


def stretch(period: checked.Period) -> Stretch:
    """The longest that the period can be (P4)."""
    if period.kind == "rolling":
        return Stretch(most_minutes(period.span))
    match period.span.unit:
        case "day":
            return Stretch(DAY, _MIDNIGHTS, ends_with_month=True)
        case "week":
            return Stretch(WEEK, _MIDNIGHTS[:1], ends_with_month=True)
        case "month":
            return Stretch(31 * DAY, _MIDNIGHTS, ends_with_month=True)
        case _:
            return Stretch(366 * DAY, _MIDNIGHTS)


@dataclass(frozen=True, slots=True)
class Passage:
    """A move taken, so many minutes after the first message of the stretch began to count."""

    at: int
    state: int
    move: Move


@dataclass(frozen=True, slots=True)
class _Way:
    """So far: `count` messages, and the moves behind it. `at`: minutes from the beginning of the stretch; `entry`:
    when `entry.at` was at the earliest, in the same minutes; None when it may be as long ago as you like, or does not
    matter. `is_spare`: no change of the clocks has been used yet."""

    at: int
    state: int
    hours: Hours
    is_spare: bool
    count: int
    entry: int | None
    last: Move | None
    before: "_Way | None"


@dataclass
class Most:
    """`count` is None when there is no limit, and `is_more` when it is `MOST_MESSAGES` at the least. `tried`: how
    many ways were followed."""

    count: int | None = 0
    is_more: bool = False
    tried: int = 0
    _first: dict[int, _Way] = field(default_factory=dict)

    def way(self, count: int) -> tuple[Passage, ...]:
        """The quickest way to so many messages or more, from the first of them on; () when there is none that ends
        with a message that was to be judged."""
        ways = [way for n, way in self._first.items() if n >= count]
        way: _Way | None = min(ways, key=lambda way: (way.at, way.count), default=None)
        found: list[Passage] = []
        while way is not None and way.last is not None and way.before is not None:
            found.append(Passage(way.at, way.before.state, way.last))
            way = way.before
        return tuple(Passage(p.at - found[-1].at, p.state, p.move) for p in reversed(found))


def most(
    states: States,
    weight: Weight,
    limits: Stretch,
    *,
    judged: Callable[[int], bool] = lambda _: True,
    clocks_change: bool = False,
) -> Most:
    """The most messages in any such stretch. `judged`: whether a way may end with the message of a state.
    `clocks_change`: the clocks may be changed once within the stretch, which takes an hour off a wait by the wall
    clock (or, in a calendar period, off one in hours)."""
    found = Most()
    weights = {state: weight(state) for state in states.order}
    if not any(weight and judged(state) for state, weight in weights.items()):
        return found
    if _is_endless(states, weights):
        found.count = None
        return found
    search = _Search(states, weights, limits, judged, found)
    for firsts in search.beginnings(is_spare=clocks_change):
        if not search.follow(firsts):
            found.is_more = True
            break
    return found


class _Search:
    def __init__(
        self,
        states: States,
        weights: dict[int, int],
        limits: Stretch,
        judged: Callable[[int], bool],
        found: Most,
    ) -> None:
        self._states = states
        self._weights = weights
        self._limits = limits
        self._judged = judged
        self._found = found
        self._rank = {state: number for number, state in enumerate(states.order)}
        self._latest = latest_arrivals(states)
        self._counts_from_entry = any(
            isinstance(move.delay, Deadline) for state in states.order for move in states.moves[state]
        )

    def beginnings(self, *, is_spare: bool) -> list[list[_Way]]:
        """The messages that a stretch may begin with, at every hour at which each may go: all together, or state by
        state where it matters how long ago the entry was."""
        hours = possible_hours(self._states)
        found = []
        for state in self._states.order:
            ways = [
                way
                for move in self._states.moves[state]
                if move.sent and self._weights[state]
                for way in self._first(state, move, hours[state], is_spare)
            ]
            if ways:
                found.append(ways)
        return found if self._counts_from_entry else [[way for ways in found for way in ways]]

    def _first(self, state: int, move: Move, hours: tuple[Hours, ...], is_spare: bool) -> Iterator[_Way]:
        held = move.delay.held if isinstance(move.delay, Length) else 0
        arrived = self._latest[state] if self._counts_from_entry else None
        at_hours = dict.fromkeys(then for at in hours for then in spread(move.delay, at))
        begins = dict.fromkeys((0, then) for then in at_hours)
        if self._limits.begins:
            begins = dict.fromkeys(
                _soon_after(midnight, then) for midnight in self._limits.begins for then in at_hours
            )
        for at, then in begins:
            if at < self._limits.minutes:
                entry = None if arrived is None else at - arrived - held
                start = _Way(at, state, then, is_spare, 0, entry, None, None)
                yield _Way(at, move.target, then, is_spare, self._weights[state], entry, move, start)

    def follow(self, firsts: list[_Way]) -> bool:
        """Follows all ways in the order of time; False when the messages become too many to tell apart."""
        todo: list[tuple[int, int, int, int, _Way]] = []
        best: dict[tuple[int, Hours, bool, int | None], int] = {}
        pushed = 0
        for way in firsts:
            self._note(way)
            heappush(todo, (way.at, self._rank[way.state], -way.count, pushed, way))
            pushed += 1
        while todo:
            *_, way = heappop(todo)
            key = (way.state, way.hours, way.is_spare, way.entry)
            if best.get(key, -1) >= way.count:
                continue
            best[key] = way.count
            self._found.tried += 1
            for after in self._following(way):
                if after.count > way.count:
                    self._note(after)
                if after.count >= MOST_MESSAGES:
                    return False
                heappush(todo, (after.at, self._rank[after.state], -after.count, pushed, after))
                pushed += 1
        return True

    def _following(self, way: _Way) -> Iterator[_Way]:
        for move in self._states.moves[way.state]:
            count = way.count + (self._weights[way.state] if move.sent else 0)
            for wait, hours, is_spare in _waits(move.delay, way, self._limits):
                at = way.at + wait
                if at >= self._limits.minutes:
                    continue
                # another run has an entry of its own
                entry = (
                    at - (self._latest[0] or 0) if self._counts_from_entry and not move.target else way.entry
                )
                yield _Way(at, move.target, hours, is_spare, count, entry, move, way)

    def _note(self, way: _Way) -> None:
        found = self._found
        assert found.count is not None and way.before is not None
        if not self._judged(way.before.state):
            return
        found.count = max(found.count, way.count)
        known = found._first.get(way.count)
        if known is None or way.at < known.at:
            found._first[way.count] = way


def _soon_after(midnight: Hours, hours: Hours) -> tuple[int, Hours]:
    """The first minute of some hours after a midnight: nothing is gained by a message that goes later."""
    wait = (hours.start - midnight.start) % WEEK
    if wait + hours.length > WEEK:  # midnight is one of them
        wait = 0
    return wait, Hours((midnight.start + wait) % WEEK, 0)


def _waits(delay: Delay, way: _Way, limits: Stretch) -> Iterator[tuple[int, Hours, bool]]:
    """(minutes, hours at the end, whether a change of the clocks is still to come)."""
    if isinstance(delay, Length) and delay.months and limits.ends_with_month:
        return
    if isinstance(delay, Deadline) and way.entry is None:
        yield 0, way.hours, way.is_spare
        return
    for wait, hours in soonest(delay, way.hours, way.at - (way.entry or 0)):
        yield wait, hours, way.is_spare
        if not way.is_spare or wait < HOUR:
            continue
        by_the_clock = isinstance(delay, Length) and not delay.is_local
        if limits.begins and by_the_clock:
            yield wait - HOUR, way.hours.later(wait - HOUR), False
        elif not limits.begins and not by_the_clock:
            yield wait - HOUR, hours, False


def _is_endless(states: States, weights: dict[int, int]) -> bool:
    """Whether steps that send can be gone round in no time: by events that come one after the other."""
    moves = {state: states.moves[state] for state in states.order}
    if not cycles(states.order, lambda state: [move.target for move in moves[state]]):
        return False
    moments = {
        piece.start
        for state in states.order
        for move in moves[state]
        if isinstance(move.delay, Until)
        for piece in move.delay.pieces
    }
    for at in moments or {0}:
        ways = {s: [m.target for m in moves[s] if takes_no_time(m.delay, Hours(at, 0))] for s in states.order}
        for loop in cycles(states.order, ways.__getitem__):
            inside = set(loop)
            for state in loop:
                for move in moves[state]:
                    if move.sent and weights[state] and move.target in inside:
                        return True
    return False


def takes_no_time(delay: Delay, hours: Hours) -> bool:
    """Whether a wait may be over as soon as it begins, for those who come at one minute of the week."""
    match delay:
        case Until():
            return arrivals(hours, delay)[0].shortest == 0
        case Deadline():
            return True
        case Length():
            return delay.shortest == 0
