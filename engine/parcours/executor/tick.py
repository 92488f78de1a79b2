"""One tick: the whole population moved at one instant (LANGUAGE.md T5).

The executor runs the program's statements in their order and decides nothing about anybody: every decision is in
the SQL. What it looks at are counts, to leave out statements that have nothing to do."""

from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

from parcours.checking import checked
from parcours.checking.event_tables import SQL_TYPES
from parcours.clock.calendar import period_start
from parcours.clock.span import Span, add_months
from parcours.clock.zones import BEGINNING, to_local, to_utc
from parcours.compiler.acts import drop_view
from parcours.compiler.program import TickProgram, Version, compile_program
from parcours.datamart.catalog import kind_of
from parcours.diagnostics import problem
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.costs import Costs, Meter
from parcours.executor.result import TickResult
from parcours.executor.schedules import Schedules, is_refresh_due
from parcours.executor.stages import Stages
from parcours.executor.store import Store
from parcours.graph.versions import content_hash


class Executor:
    """Ticks of one project on one state. `where` names the state in messages; with a `meter` the state keeps what
    the stages of each tick cost."""

    def __init__(
        self,
        engine: DuckDBEngine,
        project: checked.CheckedProject,
        contact_type: str,
        where: str,
        meter: Meter | None = None,
    ) -> None:
        self._costs = Costs(meter)
        self._engine = engine
        self._store = Store(engine, project.name, contact_type, where)
        self._where = where
        self._zone = project.time_zone
        self._hashes = {journey.name: content_hash(journey) for journey in project.journeys}
        self._new: dict[int, Version] = {}
        self.program = self._compile(project, contact_type)
        self._make_views()
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
        program = compile_program(project, numbers, contact_type, self._set_before())
        self._new = {v.number: v for v in program.versions if v.journey.name in fresh}
        self._edited = {journey for _, journey, _ in known} & set(fresh)
        return program

    def _make_views(self) -> None:
        """The views by which this program sees what journeys have written, in place of those of another before it."""
        for (name,) in self._engine.run_text(
            "SELECT view_name FROM duckdb_views() WHERE temporary AND NOT internal"
        ):
            self._engine.run_tree(drop_view(name))
        for view in self.program.views:
            self._engine.run_tree(view)

    def _set_before(self) -> dict[str, str]:
        """The attributes that journeys have set, these or former ones, with the SQL types in which they are kept."""
        described = self._engine.run_text(
            "SELECT column_name, column_type FROM (DESCRIBE memory.main.contact)"
        )
        types = dict(described)
        kept: dict[str, str] = {str(kind): sql_type for kind, sql_type in SQL_TYPES.items()}
        return {
            name: kept[kind_of(types[name])]
            for name in self._store.set_attributes()
            if name in types and kind_of(types[name]) in kept
        }

    # ---- a tick

    def tick(self, at: datetime) -> TickResult:
        """Moves everybody to the instant `at` (naive UTC) and commits; nothing is written when it fails."""
        number, before = (0, at) if self._last is None else (self._last[0] + 1, self._last[1])
        if self._last is not None and at <= before:
            here, there = (to_local(self._zone, instant) for instant in (at, before))
            raise problem(
                "clock-back", f"a tick at {here} cannot follow the one at {there} ({self._zone})", self._where
            )
        bindings = self._bindings(number, before, at)
        self._costs.begin()
        with self._costs.of("look"):
            due, requests, *new = self._engine.run(self.program.look, bindings)[0]
        arrived = dict(zip(self.program.events, new, strict=True))
        refreshing = self._due_groups(at)
        firings = {
            v.number: found
            for v in self.program.versions
            if (found := self._schedules.firing(v.number, v.journey.enter.trigger, before, at))
            and self._listens(v)
        }
        busy = due or requests or any(arrived.values()) or refreshing or firings
        with self._engine.transaction(partial(self._costs.of, "commit")):
            self._register(at)
            if busy:
                result = Stages(self._engine, self.program, bindings, self._costs).run(
                    number,
                    at,
                    due,
                    arrived,
                    refreshing,
                    firings,
                    {v for v in self._new if not self._listens_new(v)},
                    requests,
                )
                self._store.add_costs(self._costs.rows(number))
            else:
                result = TickResult(number, at)
            for group, digest, _ in refreshing:
                self._store.add_refresh(group.name, digest, at)
            self._store.add_tick(result.row())
        self._last = (number, at)
        if busy:
            self._costs.end(number)
        self._refreshed |= {group.name: (digest, at) for group, digest, _ in refreshing}
        self._new = {}
        return result

    @property
    def has_acted(self) -> bool:
        """Whether the last tick recorded an event."""
        last = None if self._last is None else self._last[0]
        return bool(self._engine.run_text("SELECT count(*) FROM state.recorded WHERE tick = ?", [last])[0][0])

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
            # of no instances: all that ever was
            "since_entry": BEGINNING,
            "since_arrived": BEGINNING,
            # T16: the first tick of each hour
            "hourly": before.replace(minute=0, second=0, microsecond=0)
            < at.replace(minute=0, second=0, microsecond=0),
            **{name: self._ago(span, at) for name, span in self.program.spans.items()},
            **{name: period_start(self._zone, unit, at) for name, unit in self.program.periods.items()},
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
        # a journey that takes the members along takes them in its first tick, whenever the last refresh was
        wanted = {
            trigger.group.name
            for v in self._new.values()
            if isinstance(trigger := v.journey.enter.trigger, checked.GroupTrigger)
            and trigger.including_members
        }
        day = to_local(self._zone, at).toordinal()
        for group, _ in self.program.groups:
            digest = sha256(repr(group).encode()).hexdigest()[:16]
            known = self._refreshed.get(group.name)
            last = known[1] if known else None
            last_day = to_local(self._zone, last).toordinal() if last else 0
            changed = known is None or known[0] != digest
            if changed or group.name in wanted or is_refresh_due(group.refresh, last, at, day, last_day):
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
