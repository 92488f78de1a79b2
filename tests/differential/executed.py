"""A script run by the executor on DuckDB, tick by tick, and its rows."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from learned_rows import write_runs

from differential.cases import Script
from differential.learned import rows_of
from differential.mart import Where, mart
from differential.rows import Outcome, Row, fields, outcome
from differential.ways import Ways
from parcours.checking.checked import CheckedProject
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.tick import Executor

_RUN = "v.journey, x.contact, x.key, x.entry_at"
_TOLD = "x.stops, x.rates, x.value"
_LOGS = {
    "sent": f"SELECT x.sent_at, {_RUN}, n.name, x.message, x.channel, {_TOLD}, x.subject FROM state.outbox AS x "
    "JOIN state.version AS v USING (version) JOIN state.node AS n USING (version, node)",
    "stopped": f"SELECT x.decision, t.ticked_at, {_RUN}, n.name, x.message, x.channel, x.reason, x.rule, x.place, {_TOLD} "
    "FROM state.not_sent AS x JOIN state.version AS v USING (version) JOIN state.tick AS t USING (tick) "
    "JOIN state.node AS n USING (version, node)",
    "refused": "SELECT t.ticked_at, v.journey, x.contact, x.key, x.reason FROM state.refused AS x "
    "JOIN state.version AS v USING (version) JOIN state.tick AS t USING (tick)",
    "ended": "SELECT left_at, journey, contact, key, entry_at, outcome FROM state.ended",
    "recorded": "SELECT recorded_at, event, contact, id, fields FROM state.recorded",
    "journal": f"SELECT t.ticked_at, {_RUN}, x.route FROM state.journal AS x "
    "JOIN state.version AS v USING (version) JOIN state.tick AS t USING (tick) ORDER BY x.round",
    "attributes": "SELECT contact, name, value FROM state.attribute",
    "members": "SELECT name, contact, value FROM state.membership",
}
_STANDING = (
    f"SELECT {_RUN}, x.entered_at, n.name, x.arrived_at, x.due_at, x.keep_until, x.entry, x.event, x.laps, x.tried "
    "FROM state.instance AS x JOIN state.version AS v USING (version) JOIN state.node AS n USING (version, node)"
)
AfterTick = Callable[["Running", datetime], None]


@dataclass(frozen=True)
class Running:
    """A script in the middle of its ticks."""

    engine: DuckDBEngine
    executor: Executor
    project: CheckedProject

    def rows(self, query: str, *values: Any) -> list[Row]:
        return self.engine.run_text(query, values)

    def standing(self, at: datetime) -> Iterator[Row]:
        """Who stands where, after the tick at this instant."""
        for *front, entry, event, laps, tried in self.rows(_STANDING):
            kept = (fields(json.loads(entry)), fields(json.loads(event)))
            yield (at, *front, *kept, _laps(laps), fields(json.loads(tried or "{}")))


@contextmanager
def running(
    script: Script,
    project: CheckedProject,
    where: Where,
    *,
    threads: int = 1,
    engine_type: type[DuckDBEngine] = DuckDBEngine,
) -> Iterator[Running]:
    """The script's datamart filled and its project opened on an empty state."""
    opened = mart(where, script.zone)
    opened.fill(script)
    opened.connection.execute("SET threads = ?", [threads])
    engine = engine_type(opened.connection)
    engine.attach_state(None)
    if script.learned:
        engine.attach_analytics(None)
        write_runs(engine, project.name, "VARCHAR", rows_of(script.learned, project))
    try:
        yield Running(engine, Executor(engine, project, "VARCHAR", "memory"), project)
    finally:
        engine.abandon_state()
        engine.run_text("DETACH DATABASE IF EXISTS analytics")


def executed(
    script: Script,
    project: CheckedProject,
    where: Where,
    *,
    threads: int = 1,
    after: AfterTick | None = None,
) -> Outcome:
    """All ticks of a script; `after` looks on after each."""
    with running(script, project, where, threads=threads) as run:
        standing: list[Row] = []
        for at in script.ticks:
            run.executor.tick(at)
            standing += run.standing(at)
            if after is not None:
                after(run, at)
        return finished(run, standing)


def _laps(laps: list[int] | None) -> Row:
    """Of each repeat that has begun: its number and how often."""
    return tuple((number, count) for number, count in enumerate(laps or ()) if count)


def told(row: Row) -> Row:
    """A row in which lists and records of the engine's are tuples."""
    return tuple(_plain(value) for value in row)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_plain(item) for item in value)
    return tuple(value.values()) if isinstance(value, dict) else value


def finished(run: Running, standing: list[Row]) -> Outcome:
    """All that a script has come to, after its last tick. `standing`: who stood where after each."""
    logs = {name: run.rows(query) for name, query in _LOGS.items()}
    found: dict[str, list[Row]] = {name: logs[name] for name in ("refused", "ended", "attributes", "members")}
    found["standing"] = standing
    found["sent"] = [told(row) for row in logs["sent"]]
    for decision in ("held", "not_sent"):
        found[decision] = [told(row[1:]) for row in logs["stopped"] if row[0] == decision]
    found["recorded"] = [(*front, fields(json.loads(record))) for *front, record in logs["recorded"]]
    ways = Ways(run.project)
    taken: dict[Row, list[Row]] = {}
    for at, journey, contact, key, entry_at, route in logs["journal"]:
        taken.setdefault((at, journey, contact, key, entry_at), []).extend(ways.edges(journey, route))
    found["moved"] = [(*front, tuple(edges)) for front, edges in taken.items()]
    found["entered"] = [front for front, edges in taken.items() if edges and edges[0][0] == "enter"]
    return outcome(found)
