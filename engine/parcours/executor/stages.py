"""The stages of one tick in their order (LANGUAGE.md T5), inside its transaction.

The statements decide everything about everybody; what is looked at here are counts, to leave out statements that
would have nothing to do."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parcours.checking import checked
from parcours.compiler.choices import Choose
from parcours.compiler.entries import firing
from parcours.compiler.layout import (
    ACT,
    COME,
    EXIT,
    GRANTED,
    HELD,
    JUNCTION,
    NOT_SENT,
    PASSED,
    REST,
    SEND,
)
from parcours.compiler.program import TickProgram, Version
from parcours.compiler.statement import Statement
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.costs import Costs
from parcours.executor.result import ConservationError, TickResult
from parcours.executor.schedules import Firing

_MOST_ROUNDS = 100_000
"""Far above what a `repeat` may ask for; somebody who still moves then is a fault of ours."""

_A_CROWD = 3
"""Anchors from which somebody sets off, as of which one statement for all that there may be costs less."""


@dataclass(frozen=True, slots=True)
class Work:
    """What there is to do in a tick: how many instances are `due`, how many events of each kind `arrived`, how many
    `requests` to enter there are, and at how many instances the tick looks whatever they wait for; the groups to refresh,
    each with its hash and whether this is its base line; where schedules fire, by version."""

    due: int
    arrived: Mapping[str, int]
    requests: int
    looked: int
    refreshing: Sequence[tuple[checked.Group, str, bool]]
    firings: Mapping[int, Sequence[Firing]]

    def __bool__(self) -> bool:
        counted = self.due or self.requests or self.looked or any(self.arrived.values())
        return bool(counted or self.refreshing or self.firings)


@dataclass(frozen=True, slots=True)
class Listening:
    """After which instant each version takes people in; for those of `first` this is the journey's first tick (T2)."""

    since: Mapping[int, datetime]
    first: Collection[int]


class Stages:
    """The work of one tick, inside its transaction."""

    def __init__(
        self, engine: DuckDBEngine, program: TickProgram, bindings: Mapping[str, Any], costs: Costs
    ) -> None:
        self._engine = engine
        self._program = program
        self._bindings = dict(bindings)
        self._costs = costs
        self._kinds: Counter[str] = Counter()
        self._decisions: Counter[str] = Counter()
        self._held_runs = 0
        self._counted: set[str] = set()
        self._caps = any(v.journey.enter.cap is not None for v in program.versions)

    def _run(self, statement: Statement, **more: Any) -> int:
        """Runs a statement and gives the number of rows that it wrote (or its one number)."""
        rows = self._engine.run(statement, {**self._bindings, **more})
        return int(rows[0][0]) if rows and rows[0][0] is not None else 0

    def _empty(self, *tables: str) -> None:
        for name in tables:
            self._run(self._program.empty[name])

    def run(self, number: int, at: datetime, work: Work, listening: Listening) -> TickResult:
        """The stages of T5 in their order."""
        program = self._program
        self._empty("_waking", "_awake")
        self._run(program.zone_now)
        costs = self._costs
        with costs.of("refresh"):
            self._refresh(work.refreshing)
        with costs.of("wake"):
            woken = self._wake(work)
        with costs.of("enter"):
            entered, refused = self._enter(work, listening)
        with costs.of("check"):
            stored = self._run(program.count_stored) if woken or entered else 0
        if woken or entered:
            self._rounds()
        with costs.of("write"):
            result = self._write(number, at, woken, entered, refused, bool(work.refreshing))
        with costs.of("check"):
            if woken or entered:
                self._check(stored, result)
        return result

    def _refresh(self, refreshing: Sequence[tuple[checked.Group, str, bool]]) -> None:
        if not refreshing:
            return
        self._empty("_change")
        self._run(self._program.members)
        statements = {group.name: statement for group, statement in self._program.groups}
        for group, _, base_line in refreshing:
            self._run(statements[group.name], base_line=base_line)

    def _wake(self, work: Work) -> int:
        """T5, steps 1, 3 and 5: how many instances move."""
        program = self._program
        if program.arrivals is not None and (work.looked or work.requests or any(work.arrived.values())):
            self._run(program.arrivals)
        if work.looked:
            waking = self._run(program.waking_looked)
        elif any(work.arrived[event] for event in program.listened):
            waking = self._run(program.waking)
        else:
            waking = self._run(program.waking_due) if work.due else 0
        return self._fates() if waking else 0

    def _fates(self, *, came: bool = False) -> int:
        """What happens to the waking instances, or to those that have just `came` to a wait; how many of them move."""
        waking = self._engine.run(self._program.waking_in, self._bindings)
        moving = 0
        for fates in self._program.fates:
            since = [(entry, arrival) for version, entry, arrival in waking if version in fates.versions]
            if since:
                entry, arrival = (min(instants) for instants in zip(*since, strict=True))
                moving += self._run(fates.statement, since_entry=entry, since_arrived=arrival, came=came)
        return moving

    def _enter(self, work: Work, listening: Listening) -> tuple[int, int]:
        """T5, step 4: how many runs begin, and how many triggers are refused."""
        program = self._program
        found = self._candidates(work, listening)
        triggered = 0
        if found:
            self._empty("_triggered")
            self._run(program.over)
            triggered = sum(self._run(judge) for versions, judge in program.judgements if versions & found)
        entered = self._run(program.starts) if triggered else 0
        if entered and self._caps:
            self._run(program.acts["write_entries"])
        if work.requests:
            self._run(program.acts["forget_requests"])
        return entered, triggered - entered

    def _candidates(self, work: Work, listening: Listening) -> set[int]:
        """Fills `_candidate`, and gives the versions of which somebody may be in it."""
        fired = [v for v in self._program.versions if v.takes_in and self._fires(v, work, listening)]
        if not fired and not work.requests:
            return set()
        self._empty("_candidate")
        found = set()
        for version in fired:
            assert version.candidates is not None
            if version.number in work.firings:
                self._engine.run_tree(firing(work.firings[version.number]))
            is_first = version.number in listening.first
            since = listening.since[version.number]
            if self._run(version.candidates, first=is_first, before=since):
                found.add(version.number)
        if work.requests and self._run(self._program.requested):
            found |= {v.number for v in self._program.versions if v.takes_in}
        return found

    @staticmethod
    def _fires(version: Version, work: Work, listening: Listening) -> bool:
        """Whether the trigger of a version fires in this tick, for anybody at all."""
        trigger = version.journey.enter.trigger
        match trigger:
            case checked.EventTrigger():
                return work.arrived[trigger.events.event] > 0
            case checked.GroupTrigger():
                listens = version.number not in listening.first or trigger.including_members
                return listens and any(group.name == trigger.group.name for group, _, _ in work.refreshing)
            case checked.HandTrigger():
                return False
            case _:
                return version.number in work.firings

    def _rounds(self) -> None:
        """T5, step 6: until nobody moves.

        Everybody goes on until he rests or stands at a send, however many passes that takes (a wait that is over, an
        event that has come, a junction). Only then are all sends that wait arbitrated, together: a journey must not
        get ahead of another one because its way to the send is shorter."""
        program = self._program
        self._empty("_moved")
        self._run(program.moving)
        self._bindings["arbitrated"] = sends = 0
        for number in range(1, _MOST_ROUNDS):
            self._bindings["round"] = number
            with self._costs.of("move"):
                kinds, awake = self._pass()
            sends += kinds[SEND]
            if sends and not awake:
                with self._costs.of("arbitrate"):
                    decisions = self._arbitrate()
                self._bindings["arbitrated"], sends = number, 0
                if decisions[GRANTED] or decisions[NOT_SENT]:
                    awake = self._run(program.go_on_decided)
            if not awake:
                return
        raise ConservationError(f"still moving after {_MOST_ROUNDS} rounds")

    def _pass(self) -> tuple[Counter[str], int]:
        """One pass: what it came to, and how many go on without a decision."""
        program = self._program
        self._move()
        kinds = Counter(dict(self._engine.run(program.outcomes, self._bindings)))
        self._kinds += kinds
        self._empty("_awake")
        awake = 0
        if kinds[PASSED] or kinds[JUNCTION] or kinds[ACT]:
            awake += self._run(program.go_on_passed)
        if kinds[COME]:
            self._run(program.wake_come)
            awake += self._fates(came=True)
        return kinds, awake

    def _move(self) -> None:
        """Everybody awake goes the way from the anchor at which he stands."""
        self._empty("_chosen")
        choices = list(self._choices())
        self._count({event for choose, _, _ in choices for event in choose.asks})
        for choose, entry, arrival in choices:
            self._run(choose.statement, since_entry=entry, since_arrived=arrival)
        self._run(self._program.move)

    def _choices(self) -> Iterator[tuple[Choose, datetime, datetime]]:
        """The statements that find out which way somebody goes, each with the earliest entry and arrival."""
        versions = {v.number: v for v in self._program.versions}
        found = [
            ((version, anchor), choose, entry, arrival)
            for version, anchor, entry, arrival in self._engine.run(self._program.awake_at, self._bindings)
            if (choose := versions[version].choices.get(anchor)) is not None
        ]
        for together in self._program.all_choices:
            made = [one for one in found if one[0] in together.anchors]
            if len(made) >= _A_CROWD:
                entry, arrival = min(entry for *_, entry, _ in made), min(arrival for *_, arrival in made)
                yield together.choose, entry, arrival
                found = [one for one in found if one[0] not in together.anchors]
        yield from ((choose, entry, arrival) for _, choose, entry, arrival in found)

    def _count(self, asked: set[str]) -> None:
        """What steps ask about the events of those who move: once a tick for each kind, and not before it is asked."""
        missing = sorted(asked - self._counted)
        for event in missing:
            self._run(self._program.counts[event])
        self._counted |= asked

    def _arbitrate(self) -> Counter[str]:
        """Section 6: every contact's best candidate, then every contact's second, and so on (P3)."""
        program = self._program
        if not self._decisions:
            if program.counting and not self._run(program.counting[0]):
                self._run(program.counting[1])
            for statement in program.of_channels:
                self._run(statement)
            self._empty("_verdict", *(["_settled"] if program.settle else []))
        for statement in (*program.before_sends, program.to_send, program.known):
            self._run(statement)
        is_first = not self._decisions[GRANTED]
        for step, candidates in self._engine.run(program.steps, self._bindings):
            self._decide(step, candidates, is_first=is_first)
            is_first = False
        decisions = Counter(dict(self._engine.run(program.decisions, self._bindings)))
        self._decisions += decisions
        if program.settle and program.held_runs:
            self._run(program.settle)
            self._held_runs += self._run(program.held_runs)
        else:
            self._held_runs += decisions[HELD]
        return decisions

    def _decide(self, step: int, candidates: int, *, is_first: bool) -> None:
        """One step of an arbitration. In the first one of a tick nothing was granted before. Where a channel can take only
        so many, it takes several passes."""
        deciding = self._program.deciding if is_first else self._program.deciding_again
        verdicts = deciding.verdicts
        if deciding.faced:
            self._run(deciding.faced, step=step)
        in_passes = "decided" in verdicts.parameters
        decided = found = self._run(verdicts, step=step, decided=0)
        while in_passes and found and decided < candidates:
            found = self._run(verdicts, step=step, decided=decided)
            decided += found
        if decided != candidates:
            raise ConservationError(f"step {step}: {decided} decided of {candidates}")

    def _write(
        self, number: int, at: datetime, woken: int, entered: int, refused: int, refreshed: bool
    ) -> TickResult:
        """T5, step 7, up to the commit. What has no rows is not written."""
        kinds, decisions = self._kinds, self._decisions
        if decisions[GRANTED]:
            self._offer()  # T7: before what the tick itself sets is written
        self._gone = self._rested = moved = ended = 0
        if woken or entered:
            if not decisions:
                self._empty("_verdict", *(["_settled"] if self._program.settle else []))
            self._gone = self._write_rows("write_gone", woken)
            self._rested = self._write_rows("write_rest", kinds[REST] + self._held_runs)
            moved = self._write_rows("write_journal", sum(kinds.values()))
            ended = self._write_rows("write_ended", kinds[EXIT])
            if kinds[ACT]:
                self._write_acts()
        granted = self._write_rows("write_outbox", decisions[GRANTED])
        stopped = self._write_rows("write_not_sent", decisions[HELD] + decisions[NOT_SENT])
        refused = self._write_rows("write_refused", refused)
        if refreshed:
            self._run(self._program.forget_changed)
            self._run(self._program.remember_changed)
        held = decisions[HELD]
        return TickResult(number, at, woken, entered, refused, moved, ended, granted, held, stopped - held)

    def _offer(self) -> None:
        """A10: what is offered with the messages that were granted."""
        program = self._program
        if program.offers:
            self._run(program.no_offers)
        for offers in program.offers:
            if not self._run(offers.asking):
                continue
            for statement in offers.by_rules:
                self._run(statement)
            if self._run(offers.short):
                for statement in offers.by_sales:
                    self._run(statement)
            self._run(offers.keep)

    def _write_acts(self) -> None:
        acts = self._program.acts
        if self._run(acts["find_set"]):
            self._run(acts["forget_set"])
            self._run(acts["write_set"])
        self._run(acts["write_recorded"])
        self._run(acts["write_requests"])

    def _write_rows(self, name: str, expected: int) -> int:
        if not expected:
            return 0
        written = self._run(self._program.writes[name])
        # a message that is tried again is on the same route still: it has no new row in the journal
        if written != expected and name != "write_journal":
            raise ConservationError(f"{name}: {written} rows instead of {expected}")
        return written

    def _check(self, before: int, result: TickResult) -> None:
        """Nobody is lost and nobody doubled, by scans of what was really stored; see ARCHITECTURE.md."""
        after = self._run(self._program.count_stored)
        awake = result.woken + result.entered
        if after != before - self._gone + self._rested or awake != self._rested + result.ended:
            raise ConservationError(
                f"tick {result.tick}: {before} instances - {self._gone} + {self._rested} is not {after}, or "
                f"{awake} awake are not {self._rested} at rest and {result.ended} ended"
            )
