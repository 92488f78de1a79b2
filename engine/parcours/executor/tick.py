"""One tick: the whole population moved at one instant (LANGUAGE.md T5).

The executor runs the program's statements in their order and decides nothing about anybody: every decision is in
the SQL. What it looks at are counts, to leave out statements that have nothing to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from parcours.checking import checked
from parcours.clock.span import Span, add_months
from parcours.clock.zones import to_local, to_utc
from parcours.compiler.entries import firing
from parcours.compiler.layout import JUNCTION, PASSED, SEND, SINCE
from parcours.compiler.program import TickProgram, Version, compile_program
from parcours.diagnostics import problem
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.schedules import Schedules, is_refresh_due
from parcours.executor.store import Store
from parcours.graph.versions import content_hash

_MOST_ROUNDS = 1000


@dataclass(frozen=True, slots=True)
class TickResult:
    """What a tick did, in counts of instances, triggers and messages."""

    tick: int
    at: datetime
    woken: int = 0
    entered: int = 0
    refused: int = 0
    moved: int = 0
    ended: int = 0
    granted: int = 0
    held: int = 0
    not_sent: int = 0

    def row(self) -> tuple[Any, ...]:
        """In the order of state.tick."""
        return (
            self.tick,
            self.at,
            self.woken,
            self.entered,
            self.refused,
            self.moved,
            self.ended,
            self.granted,
            self.held,
            self.not_sent,
        )


class ConservationError(AssertionError):
    """A tick would have lost or doubled somebody. It was rolled back; this is a fault of ours or of the engine."""


class Executor:
    """Ticks of one project on one state. `where` names the state in messages."""

    def __init__(
        self, engine: DuckDBEngine, project: checked.CheckedProject, contact_type: str, where: str
    ) -> None:
        self._engine = engine
        self._store = Store(engine, project.name, contact_type, where)
        self._where = where
        self._zone = project.time_zone
        self._hashes = {journey.name: content_hash(journey) for journey in project.journeys}
        self._new: dict[int, Version] = {}
        self.program = self._compile(project, contact_type)
        for statement in self.program.setup:
            engine.run(statement, {})
        zones = engine.run_text("SELECT DISTINCT _zone FROM contact WHERE _zone IS NOT NULL")
        self._schedules = Schedules([zone for (zone,) in zones] or [self._zone])
        self._refreshed = self._store.refreshed()
        self._last = self._store.last_tick()

    def _compile(self, project: checked.CheckedProject, contact_type: str) -> TickProgram:
        """Numbers the versions, new ones after those that the state knows."""
        known = self._store.versions()
        numbers = {
            journey: version for version, journey, digest in known if self._hashes.get(journey) == digest
        }
        for version, journey, digest in known:
            if self._hashes.get(journey) != digest and self._store.standing(version):
                raise problem(
                    "not-supported-yet",
                    f"not supported yet: {self._store.standing(version)} contacts stand in an older version of "
                    f"`{journey}`",
                    self._where,
                    help="take the change of the journey back until they have left, or begin a new state",
                )
        following = max((version for version, _, _ in known), default=0) + 1
        fresh = [journey.name for journey in project.journeys if journey.name not in numbers]
        numbers.update({name: following + n for n, name in enumerate(fresh)})
        program = compile_program(project, numbers, contact_type)
        self._new = {v.number: v for v in program.versions if v.journey.name in fresh}
        self._edited = {journey for _, journey, _ in known} & set(fresh)
        return program

    # ---- a tick

    def tick(self, at: datetime) -> TickResult:
        """Moves everybody to the instant `at` (naive UTC) and commits; nothing is written when it fails."""
        number, before = (0, at) if self._last is None else (self._last[0] + 1, self._last[1])
        if self._last is not None and at <= before:
            raise problem("clock-back", f"a tick at {at} cannot follow the one at {before}", self._where)
        bindings = self._bindings(number, before, at)
        due, *new = self._engine.run(self.program.look, bindings)[0]
        arrived = dict(zip(self.program.events, new, strict=True))
        refreshing = self._due_groups(at)
        firings = {
            v.number: found
            for v in self.program.versions
            if (found := self._schedules.firing(v.number, v.journey.enter.trigger, before, at))
            and self._listens(v)
        }
        with self._engine.transaction():
            self._register(at)
            if due or any(arrived.values()) or refreshing or firings:
                result = _Tick(self._engine, self.program, bindings).run(
                    number,
                    at,
                    due,
                    arrived,
                    refreshing,
                    firings,
                    {v for v in self._new if not self._listens_new(v)},
                )
            else:
                result = TickResult(number, at)
            for group, digest, _ in refreshing:
                self._store.add_refresh(group.name, digest, at)
            self._store.add_tick(result.row())
        self._last = (number, at)
        self._refreshed |= {group.name: (digest, at) for group, digest, _ in refreshing}
        self._new = {}
        return result

    def next_due(self) -> datetime | None:
        """The earliest instant at which a resting instance wakes by itself."""
        return self._engine.run_text("SELECT min(due_at) FROM state.instance")[0][0]  # type: ignore[no-any-return]

    def next_firing(self, after: datetime) -> datetime | None:
        """The next instant after this one at which a schedule or a date may start somebody."""
        triggers = [v.journey.enter.trigger for v in self.program.versions]
        found = [
            self._schedules.next_after(trigger, after)
            for trigger in triggers
            if isinstance(trigger, checked.ScheduleTrigger | checked.DateTrigger)
        ]
        return min(found, default=None)

    def _bindings(self, number: int, before: datetime, at: datetime) -> dict[str, Any]:
        return {
            "tick": number,
            "now": at,
            "before": before,
            **{name: self._ago(span, at) for name, span in self.program.spans.items()},
        }

    def _ago(self, span: Span, at: datetime) -> datetime:
        """T - span. E2: months and years are calendar steps in the project's zone."""
        if not span.is_calendar:
            return at - span.exact
        return to_utc(self._zone, add_months(to_local(self._zone, at), -span.months))

    def _listens_new(self, version: int) -> bool:
        """T2: a journey that this tick sees first takes nobody in; one that was edited goes on listening."""
        return self._new[version].journey.name in self._edited

    def _listens(self, version: Version) -> bool:
        return version.number not in self._new or self._listens_new(version.number)

    def _due_groups(self, at: datetime) -> list[tuple[checked.Group, str, bool]]:
        """The groups to refresh now: each with its hash, and whether this is its base line (T10)."""
        found = []
        day = to_local(self._zone, at).toordinal()
        for group, _ in self.program.groups:
            digest = sha256(repr(group).encode()).hexdigest()[:16]
            known = self._refreshed.get(group.name)
            last = known[1] if known else None
            last_day = to_local(self._zone, last).toordinal() if last else 0
            changed = known is None or known[0] != digest
            if changed or is_refresh_due(group.refresh, last, at, day, last_day):
                found.append((group, digest, changed))
        return found

    def _register(self, at: datetime) -> None:
        """Writes the versions that this tick sees first, with their nodes and routes."""
        for number, version in sorted(self._new.items()):
            routes, name = version.routes, version.journey.name
            self._store.add_version(number, name, self._hashes[name], at)
            self._store.add_nodes(
                (number, routes.numbers[node], node, data["kind"], data["title"], _outcome(data["step"]))
                for node, data in routes.graph.nodes(data=True)
            )
            self._store.add_routes(
                (
                    number,
                    route.number,
                    routes.numbers[route.anchor.node],
                    route.anchor.label,
                    list(route.decisions),
                    routes.numbers[route.target],
                )
                for route in routes.routes
            )


def _outcome(step: checked.Step | None) -> str | None:
    return step.outcome if isinstance(step, checked.Exit) else None


class _Tick:
    """The work of one tick, inside its transaction."""

    def __init__(self, engine: DuckDBEngine, program: TickProgram, bindings: Mapping[str, Any]) -> None:
        self._engine = engine
        self._program = program
        self._bindings = dict(bindings)

    def _run(self, statement: Any, **more: Any) -> int:
        """Runs a statement and gives the number of rows that it wrote."""
        rows = self._engine.run(statement, {**self._bindings, **more})
        return int(rows[0][0]) if rows and rows[0] and rows[0][0] is not None else 0

    def run(
        self,
        number: int,
        at: datetime,
        due: int,
        arrived: Mapping[str, int],
        refreshing: list[tuple[checked.Group, str, bool]],
        firings: Mapping[int, list[tuple[Any, ...]]],
        deaf: set[int],
    ) -> TickResult:
        """The stages of T5 in their order. `deaf` versions take nobody in."""
        program = self._program
        for statement in program.empty:
            self._run(statement)
        self._run(program.zone_now)
        self._refresh(refreshing)
        woken = self._wake(due, any(arrived[event] for event in program.listened))
        entered, refused = self._enter(arrived, refreshing, firings, deaf)
        awake = woken + entered
        stored_before = self._count("count_stored")
        self._rounds(awake)
        result = self._write(number, at, woken, entered, refused)
        self._check(stored_before, awake, result)
        return result

    def _refresh(self, refreshing: list[tuple[checked.Group, str, bool]]) -> None:
        if not refreshing:
            return
        self._run(self._program.members)
        statements = {group.name: statement for group, statement in self._program.groups}
        for group, _, base_line in refreshing:
            self._run(statements[group.name], base_line=base_line)

    def _wake(self, due: int, reached: bool) -> int:
        """T5, steps 1, 3 and 5: how many instances move."""
        program = self._program
        if reached and program.arrivals is not None:
            self._run(program.arrivals)
            waking = self._run(program.waking)
        else:
            waking = self._run(program.waking_due) if due else 0
        return sum(self._run(v.fates) for v in self._with_rows("_waking")) if waking else 0

    def _with_rows(self, table: str) -> list[Version]:
        """The versions that have rows in one of the tables of the tick."""
        found = self._engine.run_text(_VERSIONS_IN[table])
        present = {version for (version,) in found}
        return [v for v in self._program.versions if v.number in present]

    def _enter(
        self,
        arrived: Mapping[str, int],
        refreshing: list[tuple[checked.Group, str, bool]],
        firings: Mapping[int, list[tuple[Any, ...]]],
        deaf: set[int],
    ) -> tuple[int, int]:
        """T5, step 4: how many runs begin, and how many triggers are refused."""
        refreshed = {group.name for group, _, _ in refreshing}
        triggered = 0
        for version in self._program.versions:
            trigger = version.journey.enter.trigger
            match trigger:
                case checked.EventTrigger():
                    fires = arrived[trigger.events.event] > 0 and version.number not in deaf
                case checked.GroupTrigger():
                    fires = trigger.group.name in refreshed and (
                        version.number not in deaf or trigger.including_members
                    )
                case _:
                    fires = version.number in firings
                    if fires:
                        self._engine.run_tree(firing(firings[version.number]))
            if fires and self._run(version.candidates):
                triggered += self._run(version.triggers)
        entered = self._run(self._program.starts) if triggered else 0
        return entered, triggered - entered

    def _rounds(self, awake: int) -> None:
        """T5, step 6: until nobody moves."""
        program = self._program
        for number in range(1, _MOST_ROUNDS):
            if not awake:
                return
            self._bindings["round"] = number
            for version in self._with_rows("_awake"):
                self._run(version.move)
            kinds: dict[str, int] = {}
            for _, kind, count in self._engine.run(program.outcomes, self._bindings):
                kinds[kind] = kinds.get(kind, 0) + count
            if kinds.get(SEND) and program.verdicts is not None:
                self._run(program.to_send)
                for rank in range(1, self._run(program.ranks) + 1):
                    self._run(program.verdicts, rank=rank)
            awake = self._run(program.go_on) if {SEND, PASSED, JUNCTION} & kinds.keys() else 0
            if kinds.get(SINCE):
                if not awake:
                    self._engine.run_text(_NOBODY_AWAKE)
                self._run(program.wake_since)
                awake += sum(self._run(v.fates) for v in self._with_rows("_waking"))
        raise ConservationError(f"still moving after {_MOST_ROUNDS} rounds")

    def _count(self, name: str) -> int:
        (statement,) = (s for s in self._program.conservation if s.name == name)
        return self._run(statement)

    def _write(self, number: int, at: datetime, woken: int, entered: int, refused: int) -> TickResult:
        """T5, step 7, up to the commit. What has no rows is not written."""
        writes = self._program.writes
        self._gone = self._rested = moved = granted = refusals = ended = 0
        if woken or entered:
            self._gone = self._run(writes["write_gone"])
            self._rested = self._run(writes["write_rest"])
            moved = self._run(writes["write_journal"])
            ended = self._run(writes["write_ended"])
            granted = self._run(writes["write_outbox"])
            refusals = self._run(writes["write_not_sent"])
        if refused:
            refused = self._run(writes["write_refused"])
        self._run(self._program.forget_changed)
        self._run(self._program.remember_changed)
        held = self._count("count_held")
        return TickResult(number, at, woken, entered, refused, moved, ended, granted, held, refusals - held)

    def _check(self, before: int, awake: int, result: TickResult) -> None:
        """Nobody is lost and nobody doubled, by scans of what was really stored; see ARCHITECTURE.md."""
        after = self._count("count_stored")
        if after != before - self._gone + self._rested or awake != self._rested + result.ended:
            raise ConservationError(
                f"tick {result.tick}: {before} instances - {self._gone} + {self._rested} is not {after}, or "
                f"{awake} awake are not {self._rested} at rest and {result.ended} ended"
            )


_VERSIONS_IN = {
    "_waking": "SELECT DISTINCT version FROM _waking",
    "_awake": "SELECT DISTINCT version FROM _awake",
}
_NOBODY_AWAKE = "DELETE FROM _awake"
