"""One tick: the whole population moved at one instant (LANGUAGE.md T5).

The executor runs the program's statements in their order and decides nothing about anybody: every decision is in
the SQL. What it looks at are counts, to leave out statements that have nothing to do."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

from parcours.checking import checked
from parcours.checking.event_tables import SQL_TYPES
from parcours.clock.refreshing import is_refresh_due
from parcours.clock.zones import BEGINNING, to_local
from parcours.compiler.acts import drop_view
from parcours.compiler.bindings import instants_at
from parcours.compiler.flights import Flight
from parcours.compiler.program import Version, compile_program
from parcours.compiler.routes import Routes
from parcours.datamart.catalog import kind_of
from parcours.diagnostics import Problem, problem
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.costs import Costs, Meter
from parcours.executor.flights import fleet_of, stranded, with_flights
from parcours.executor.learned import first_learned, runs_at, show_learned
from parcours.executor.registering import register
from parcours.executor.result import TickResult
from parcours.executor.schedules import Firing, Schedules
from parcours.executor.stages import Listening, Stages, Work
from parcours.executor.store import Store
from parcours.executor.unlearned import Unlearned, UnlearnedReads


class Executor:
    """Ticks of one project on one state. `where` names the state in messages; with a `meter` the state keeps what
    the stages of each tick cost. `take_in` is called before each tick with the instant of the one before: it makes what
    was received since then a part of the datamart."""

    def __init__(
        self,
        engine: DuckDBEngine,
        project: checked.CheckedProject,
        contact_type: str,
        where: str,
        meter: Meter | None = None,
        take_in: Callable[[datetime | None], object] | None = None,
    ) -> None:
        self._take_in = take_in
        self._costs = Costs(meter)
        self.engine = engine
        self.where = where
        self.store = Store(engine, project.name, contact_type, where)
        self._project = project
        self._contact_type = contact_type
        self._zone = project.time_zone
        self.unlearned = UnlearnedReads()
        self.load()
        zones = engine.run_text("SELECT DISTINCT _zone FROM contact WHERE _zone IS NOT NULL")
        self._schedules = Schedules([zone for (zone,) in zones] or [self._zone])
        self._refreshed = self.store.refreshed()
        self._last = self.store.last_tick()

    def load(self) -> None:
        """Makes the program of what runs now: the newest versions, and those in which somebody still is. Those that cannot
        run any more are `stranded`: no tick is made, but whoever is in them can be taken out or moved."""
        self.fleet = fleet_of(self._project, self.store, self.where)
        project = with_flights(self._project, self.fleet.flights)
        self.stranded = stranded(self.engine, project, self.fleet.flights, self.where)
        self.program = compile_program(
            project,
            [flight for flight in self.fleet.flights if flight.number not in self.stranded],
            self._contact_type,
            self._set_before(),
            skipping=self.store.skips(),
        )
        self._make_views()
        for statement in self.program.setup:
            self.engine.run(statement, {})
        self._applied = self.store.applied()
        self._looked = self.store.looked()
        self._asked = self.store.last_command()

    def _make_views(self) -> None:
        """The views by which this program sees what journeys have written, in place of those of another before it."""
        for (name,) in self.engine.run_text(
            "SELECT view_name FROM duckdb_views() WHERE temporary AND NOT internal"
        ):
            self.engine.run_tree(drop_view(name))
        for view in self.program.views:
            self.engine.run_tree(view)
        show_learned(self.engine, self.program.learned, self._contact_type)

    def _set_before(self) -> dict[str, str]:
        """The attributes that journeys have set, these or former ones, with the SQL types in which they are kept."""
        described = self.engine.run_text(
            "SELECT column_name, column_type FROM (DESCRIBE memory.main.contact)"
        )
        types = dict(described)
        kept: dict[str, str] = {str(kind): sql_type for kind, sql_type in SQL_TYPES.items()}
        return {
            name: kept[kind_of(types[name])]
            for name in self.store.set_attributes()
            if name in types and kind_of(types[name]) in kept
        }

    @property
    def project(self) -> checked.CheckedProject:
        """The project as its files say it now."""
        return self._project

    def newest(self, journey: str) -> Flight | None:
        """The version of a journey that takes people in; None when the files do not have it any more."""
        return next((f for f in self.fleet.flights if f.newest and f.journey.name == journey), None)

    def routes(self, flight: Flight) -> Routes:
        """The shape of a version in which somebody is."""
        compiled = (version.routes for version in self.program.versions if version.number == flight.number)
        return next(compiled, None) or Routes(flight.journey)

    # ---- a tick

    def tick(self, at: datetime) -> TickResult:
        """Moves everybody to the instant `at` (naive UTC) and commits; nothing is written when it fails."""
        number, before = (0, at) if self._last is None else (self._last[0] + 1, self._last[1])
        if self.stranded:
            raise Problem(tuple(self.stranded.values()))
        self._must_follow(at)
        self.take_in()
        bindings = self.bindings(number, before, at)
        self._costs.begin()
        with self._costs.of("look"):
            due, requests, *new = self.engine.run(self.program.look, bindings)[0]
        arrived = dict(zip(self.program.events, new, strict=True))
        refreshing = self._due_groups(at)
        since = {v.number: self._since(v, before, at) for v in self.program.versions if v.takes_in}
        work = Work(due, arrived, requests, self._looked, refreshing, self._firings(since, at))
        with self.engine.transaction(partial(self._costs.of, "commit")):
            register(self.store, self.program, self.fleet, at)
            if work:
                runs = runs_at(self.engine, self.program.parameters, at)
                self.unlearned.note(runs, at)
                stages = Stages(self.engine, self.program, bindings | runs, self._costs)
                result = stages.run(number, at, work, Listening(since, self._first_ticks()))
                self.store.add_costs(self._costs.rows(number))
            else:
                result = TickResult(number, at)
            for group, digest, _ in refreshing:
                self.store.add_refresh(group.name, digest, at)
            if work.looked:
                self.store.forget_looked()
            self.store.add_tick(result.row())
        self._last = (number, at)
        if work:
            self._costs.end(number)
        self._refreshed |= {group.name: (digest, at) for group, digest, _ in refreshing}
        for flight in self.fleet.fresh:
            self._applied.setdefault(flight.journey.name, at)
        self._looked = 0
        self.fleet = replace(self.fleet, fresh=())
        if work.looked:
            # the next tick is one like all others again
            self.load()
        return result

    def take_in(self) -> datetime:
        """Makes what was received up to now a part of the datamart: each tick does, and whoever wants to know of an opt-out
        before the next one; it is new to the next tick all the same (T4). Gives the earliest instant at which what it took
        in can be seen: just after the last tick."""
        last = None if self._last is None else self._last[1]
        if self._take_in is not None:
            self._take_in(last)
        return BEGINNING if last is None else last + timedelta(microseconds=1)

    def _must_follow(self, at: datetime) -> None:
        """T2: ticks strictly increase, and come after what was asked for before them."""
        after: datetime | None = None
        if self._last is not None and at <= self._last[1]:
            after, what = self._last[1], "the one"
        elif self._asked is not None and at < self._asked:
            after, what = self._asked, "what was asked for"
        if after is not None:
            here, there = (to_local(self._zone, instant) for instant in (at, after))
            raise problem(
                "clock-back", f"a tick at {here} cannot follow {what} at {there} ({self._zone})", self.where
            )

    def unlearned_reads(self) -> tuple[Unlearned, ...]:
        """What the ticks of this executor took as unknown because nothing was learned of it."""
        journeys = [version.journey for version in self.program.versions]
        return self.unlearned.told(journeys, self._project.policy, first_learned(self.engine))

    def seconds(self) -> dict[str, float]:
        """What the stages of the last tick took; nothing without a meter."""
        return self._costs.spent()

    @property
    def has_acted(self) -> bool:
        """Whether the last tick recorded an event."""
        last = None if self._last is None else self._last[0]
        return bool(self.engine.run_text("SELECT count(*) FROM state.recorded WHERE tick = ?", [last])[0][0])

    def next_due(self) -> datetime | None:
        """The earliest instant at which a resting instance wakes by itself."""
        return self.engine.run_text("SELECT min(due_at) FROM state.instance")[0][0]  # type: ignore[no-any-return]

    def next_firing(self, after: datetime) -> datetime | None:
        """The next instant after this one at which a schedule or a date may start somebody."""
        triggers = [v.journey.enter.trigger for v in self.program.versions if v.takes_in]
        found = [
            self._schedules.next_after(trigger, after)
            for trigger in triggers
            if isinstance(trigger, checked.ScheduleTrigger | checked.DateTrigger)
        ]
        return min(found, default=None)

    def bindings(self, number: int, before: datetime, at: datetime) -> dict[str, Any]:
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
            **instants_at(self._zone, self.program.parameters, at),
        }

    def _firings(self, since: Mapping[int, datetime], at: datetime) -> dict[int, list[Firing]]:
        """Where schedules and dates fire, by version; those that fire nowhere are left out."""
        triggers = {v.number: v.journey.enter.trigger for v in self.program.versions if v.takes_in}
        found = {n: self._schedules.firing(n, trigger, since[n], at) for n, trigger in triggers.items()}
        return {number: fired for number, fired in found.items() if fired}

    def _since(self, version: Version, before: datetime, at: datetime) -> datetime:
        """T2: a journey takes only what is newer than its `apply`; one that was edited goes on listening."""
        return max(before, self._applied.get(version.journey.name, at))

    def _first_ticks(self) -> set[int]:
        """The versions of journeys that no tick has known before; and those that take members along of a group of which
        there was no refresh yet, because nothing was learned of what it reads (A3)."""
        last = self._last[1] if self._last else None
        return {
            v.number
            for v in self.program.versions
            if v.takes_in
            and (
                (known := self._applied.get(v.journey.name)) is None
                or (last is not None and known > last)
                or last is None
                or _waits_for_members(v.journey.enter.trigger, self._refreshed)
            )
        }

    def _due_groups(self, at: datetime) -> list[tuple[checked.Group, str, bool]]:
        """The groups to refresh now: each with its hash, and whether this is its base line (T10)."""
        found = []
        # a journey that takes the members along takes them in its first tick, whenever the last refresh was
        wanted = {
            trigger.group.name
            for v in self.program.versions
            if v.number in self._first_ticks()
            and isinstance(trigger := v.journey.enter.trigger, checked.GroupTrigger)
            and trigger.including_members
        }
        day = to_local(self._zone, at).toordinal()
        for group, statement in self.program.groups:
            digest = sha256(repr(group).encode()).hexdigest()[:16]
            known = self._refreshed.get(group.name)
            last = known[1] if known else None
            last_day = to_local(self._zone, last).toordinal() if last else 0
            changed = known is None or known[0] != digest
            if changed or group.name in wanted or is_refresh_due(group.refresh, last, at, day, last_day):
                runs = runs_at(self.engine, statement.parameters, at)
                self.unlearned.note(runs, at)
                # A3: nobody joins or leaves because something was not learned in time
                if None not in runs.values():
                    found.append((group, digest, changed))
        return found


def _waits_for_members(trigger: checked.Trigger, refreshed: Mapping[str, object]) -> bool:
    return (
        isinstance(trigger, checked.GroupTrigger)
        and trigger.including_members
        and trigger.group.name not in refreshed
    )
