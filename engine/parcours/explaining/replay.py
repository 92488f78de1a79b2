"""The runs of a contact gone through once more, move by move: each line with what was known at its instant."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parcours.checking import checked
from parcours.explaining.context import Context
from parcours.explaining.entering import Entering
from parcours.explaining.records import Decision, Move, RunKey, Transfer
from parcours.explaining.sends import Sends
from parcours.explaining.steps import Steps
from parcours.explaining.story import Fact, Line
from parcours.explaining.story import Run as RunName
from parcours.graph.edges import ENTER
from parcours.oracle.run import Run

_Order = tuple[datetime, int]
Order = tuple[datetime, int, int]
"""The instant; which run, -1 for what happens before a tick; and what comes first in it."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A decision; of one that was the same several times in a row the first, and when it was made `again`."""

    decision: Decision
    again: tuple[datetime, ...]


class Replay:
    def __init__(self, context: Context, delivered: Mapping[int, tuple[Fact, ...]]) -> None:
        self._context = context
        self._entering = Entering(context)
        self._steps = Steps(context)
        self._sends = Sends(context, delivered)

    def lines(self) -> list[tuple[Order, Line]]:
        """Of all runs, each with what puts it in order: within an instant one run after the other."""
        happened: dict[RunKey, list[tuple[_Order, Any]]] = defaultdict(list)
        moves: dict[tuple[RunKey, int], list[Move]] = defaultdict(list)
        for move in self._context.records.moves:
            happened[move.run].append(((move.at, move.round * 10), move))
            moves[move.run, move.tick].append(move)
        for transfer in self._context.records.transfers:
            # between two ticks: before what a tick of the same instant did
            happened[transfer.run].append(((transfer.at, -1), transfer))
        for held in _folded(self._context.records.decisions):
            one = held.decision
            happened[one.run].append(((one.at, _position(one, moves[one.run, one.tick])), held))
        found: list[tuple[Order, Line]] = []
        for number, run in enumerate(sorted(happened)):
            told = self._told(sorted(happened[run], key=lambda item: item[0]))
            found += [((at, number, position), line) for (at, position), line in told]
        return found

    def _told(self, items: list[tuple[_Order, Any]]) -> Iterator[tuple[_Order, Line]]:
        run: Run | None = None
        at: datetime | None = None
        for order, item in items:
            if order[0] != at and run is not None:
                run.sets = {}  # T7: what it sets is everybody's from the next tick on
            at = order[0]
            match item:
                case Move():
                    journey = self._context.journeys.get(item.version)
                    if journey is None:
                        yield order, _plain(item)
                        continue
                    if item.source == ENTER:
                        entered = self._entering.entered(item, journey)
                        run = entered.run
                        yield order, entered.line
                    run = self._run(run, item, journey)
                    for line in self._of_move(item, run):
                        yield order, line
                case Transfer():
                    yield order, _moved(item)
                case _Held(decision=one):
                    journey = self._context.journeys.get(one.version)
                    if journey is not None:
                        run = self._run(run, one, journey)
                        yield order, self._sends.line(one, run, item.again)

    def _of_move(self, move: Move, run: Run) -> Iterator[Line]:
        yield from self._steps.departure(move, run)
        yield from self._steps.decisions(move, run)
        yield from self._steps.arrival(move, run)

    def _run(self, run: Run | None, item: Move | Decision, journey: checked.Journey) -> Run:
        """The run as it goes on, in the version in which it does."""
        if run is None:
            run = Run(journey, self._context.contact, item.key, item.at, item.entry_at)
            run.arrived = item.at
        run.journey = journey
        return run


def _folded(decisions: tuple[Decision, ...]) -> Iterator[_Held]:
    """What is held again and again for the same reason is told once."""
    by_send: dict[tuple[Any, ...], list[list[Decision]]] = defaultdict(list)
    for one in sorted(decisions, key=lambda d: (d.tick, d.place_in_outbox)):
        told = by_send[one.run, one.step]
        if told and one.decision == "held" and _same(told[-1][0], one):
            told[-1].append(one)
        else:
            told.append([one])
    for groups in by_send.values():
        for group in groups:
            yield _Held(group[0], tuple(one.at for one in group[1:]))


def _same(one: Decision, other: Decision) -> bool:
    return (one.decision, one.channel, one.reason, one.rule) == (
        other.decision,
        other.channel,
        other.reason,
        other.rule,
    )


def _position(one: Decision, moves: list[Move]) -> int:
    """In its tick: before the move by which the run left the send, after the one by which it came there."""
    for move in moves:
        if move.source == one.step and move.label in ("sent", "not sent"):
            return move.round * 10 - 1
    return max((move.round * 10 + 1 for move in moves if move.target == one.step), default=0)


def _plain(move: Move) -> Line:
    """Of a version that the state does not keep: the names of its steps are all that is known."""
    name = RunName(move.journey, move.version, move.key, move.entry_at)
    way = " → ".join((move.source, *move.decisions, move.target))
    return Line(move.at, "left" if move.outcome else "branch", name, f"{way} (the version is not kept)")


def _moved(transfer: Transfer) -> Line:
    name = RunName(transfer.journey, transfer.version, transfer.key, transfer.entry_at)
    if transfer.new_version is None:
        text = f"is taken out of `{transfer.journey}` by `parcours apply --leave`, at `{transfer.step}`"
        return Line(transfer.at, "left", name, text)
    text = (
        f"is moved by `parcours apply` from version {transfer.version}, `{transfer.step}`, "
        f"to version {transfer.new_version}, `{transfer.new_step}`"
    )
    return Line(transfer.at, "moved", name, text)
