"""All that one run of a journey can do, step by step: where it may stand, and how it goes on from there.

A state is a step together with how often each `repeat` around it has begun, so that a `repeat` never comes back to
a state; only `go to` can. What a condition says is left open: every branch can be taken."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from parcours.checking import checked
from parcours.checking.terms import Captured, Shift, Term
from parcours.clock.span import Span
from parcours.flow.lengths import NOTHING, Length, length, minutes, most_minutes
from parcours.flow.week import Until, until
from parcours.graph.edges import ENTER, Edge, all_steps, blocks, edges

MOST_STATES = 50_000
"""Repeats within repeats can have more: then nothing is counted."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until so long after `entry.at`, in minutes, at the least and at the most; no wait when that has passed."""

    shortest: int
    longest: int


Delay = Length | Until | Deadline


@dataclass(frozen=True, slots=True)
class Move:
    """A way out of a state, with the time that passes before it is taken. `sent`: the message goes out on it.
    `is_refusal`: not taken where every message is granted."""

    label: str
    target: int
    delay: Delay
    sent: bool = False
    is_refusal: bool = False


@dataclass(frozen=True)
class States:
    """Numbered from 0, which is the entry. `names`: the names of their steps; `steps`: the steps themselves, None at
    the entry and the end. `order`: every state that can be reached, each before those that it leads to except where
    a loop closes."""

    journey: checked.Journey
    names: tuple[str, ...]
    steps: tuple[checked.Step | None, ...]
    moves: tuple[tuple[Move, ...], ...]
    order: tuple[int, ...]

    def is_end(self, state: int) -> bool:
        return not self.moves[state]


def states(journey: checked.Journey, keep_held: Span) -> States | None:
    """The states of a journey; None when there are too many to count. `keep_held`: how long a message is held where
    its send says nothing (P7)."""
    return _Unfolding(journey, keep_held).states()


_Key = tuple[str, tuple[int, ...]]


class _Unfolding:
    def __init__(self, journey: checked.Journey, keep_held: Span) -> None:
        self._journey = journey
        self._keep_held = keep_held
        self._steps = {step.name: step for step in all_steps(journey.steps)}
        self._around = _repeats_around(journey.steps)
        self._edges: dict[str, list[Edge]] = {}
        for edge in edges(journey):
            self._edges.setdefault(edge.source, []).append(edge)
        self._woken = self._after_an_event()

    def states(self) -> States | None:
        numbers: dict[_Key, int] = {(ENTER, ()): 0}
        keys: list[_Key] = [(ENTER, ())]
        moves: list[tuple[Move, ...]] = []
        for key in keys:  # grows while it is read
            found: list[Move] = []
            for edge, target in self._ways(key):
                if target not in numbers:
                    if len(keys) == MOST_STATES:
                        return None
                    numbers[target] = len(keys)
                    keys.append(target)
                found.append(self._move(edge, numbers[target]))
            moves.append(tuple(found))
        names = tuple(name for name, _ in keys)
        return States(
            self._journey,
            names,
            tuple(self._steps.get(name) for name in names),
            tuple(moves),
            _order(moves),
        )

    def _ways(self, key: _Key) -> list[tuple[Edge, _Key]]:
        name, counts = key
        step = self._steps.get(name)
        around = self._around.get(name, ())
        counted = dict(zip(around, counts, strict=False))
        found = []
        for edge in self._edges.get(name, ()):
            here = counted
            if isinstance(step, checked.Repeat):
                begun = counts[-1]
                if edge.label == "again":
                    if begun >= step.times:
                        continue
                    here = {**counted, name: begun + 1}
                elif begun < step.times and step.until is None:
                    continue
            found.append((edge, self._target(edge.target, here)))
        return found

    def _target(self, name: str, counted: Mapping[str, int]) -> _Key:
        """Whoever jumps into what is repeated is there for the first time."""
        counts = tuple(counted.get(repeat, 1) for repeat in self._around.get(name, ()))
        if isinstance(self._steps.get(name), checked.Repeat):
            return name, (*counts, counted.get(name, 0))
        return name, counts

    def _move(self, edge: Edge, target: int) -> Move:
        step = self._steps.get(edge.source)
        match step:
            case checked.Send():
                return Move(
                    edge.label,
                    target,
                    self._held(step),
                    sent=edge.label == "sent",
                    is_refusal=edge.label == "not sent" and step.unless is None,
                )
            case checked.Wait():
                return Move(edge.label, target, length(step.span))
            case checked.WaitEvent() | checked.WaitCondition() if edge.label == "then":
                return Move(edge.label, target, Length(0, length(step.up_to).longest))
            case checked.WaitEvent() | checked.WaitCondition():
                return Move(edge.label, target, length(step.up_to))
            case checked.WaitUntil():
                return Move(edge.label, target, self._moment(step))
            case _:
                return Move(edge.label, target, NOTHING)

    def _held(self, send: checked.Send) -> Length:
        keep = most_minutes(self._keep_held if send.keep_for is None else send.keep_for)
        best = most_minutes(send.best_hour) if send.best_hour else 0
        fresh = max((most_minutes(n.wait) for n in self._journey.needs if n.wait), default=0)
        return Length(0, best + fresh, held=keep)

    def _moment(self, step: checked.WaitUntil) -> Delay:
        moment = step.moment
        match moment:
            case checked.AtTime() | checked.InWindow():
                return until(moment)
            case checked.Offset():
                return self._offset(step.name, moment)
            case _:
                return Length(0, None)  # T14: the day may be over already

    def _offset(self, name: str, moment: checked.Offset) -> Delay:
        least, most, origin = _from_origin(moment.item)
        least += moment.sign * (minutes if moment.sign == 1 else most_minutes)(moment.span)
        most += moment.sign * (most_minutes if moment.sign == 1 else minutes)(moment.span)
        if not isinstance(origin, Captured) or origin.name != "at":
            return Length(0, None)
        if origin.origin == "entry" or name not in self._woken:
            return Deadline(max(least, 0), max(most, 0))
        return Length(0, max(most, 0))  # the event is not newer than now

    def _after_an_event(self) -> set[str]:
        """The steps where `event` may be another than the one that started the run."""
        waits = (step for step in self._steps.values() if isinstance(step, checked.WaitEvent))
        todo = [e.target for wait in waits for e in self._edges[wait.name] if e.label == "then"]
        found: set[str] = set()
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                todo.extend(edge.target for edge in self._edges.get(name, ()))
        return found


def _from_origin(item: Term) -> tuple[int, int, Term]:
    """An instant as what it is counted from, with the minutes after it at the least and at the most."""
    if not isinstance(item, Shift):
        return 0, 0, item
    least, most, origin = _from_origin(item.item)
    if item.sign == 1:
        return least + minutes(item.span), most + most_minutes(item.span), origin
    return least - most_minutes(item.span), most - minutes(item.span), origin


def _repeats_around(steps: tuple[checked.Step, ...]) -> dict[str, tuple[str, ...]]:
    """For each step the `repeat`s that it stands in, the outermost first."""
    found: dict[str, tuple[str, ...]] = {}

    def walk(block: tuple[checked.Step, ...], around: tuple[str, ...]) -> None:
        for step in block:
            found[step.name] = around
            inside = (*around, step.name) if isinstance(step, checked.Repeat) else around
            for _, inner in blocks(step):
                walk(inner, inside)

    walk(steps, ())
    return found


def _order(moves: list[tuple[Move, ...]]) -> tuple[int, ...]:
    """All states from the entry on, in reverse of the order in which a depth-first search leaves them."""
    left: deque[int] = deque()
    seen = {0}
    path = [(0, iter(moves[0]))]
    while path:
        state, ways = path[-1]
        move = next(ways, None)
        if move is None:
            path.pop()
            left.appendleft(state)
        elif move.target not in seen:
            seen.add(move.target)
            path.append((move.target, iter(moves[move.target])))
    return tuple(left)
