"""The executor on DuckDB as an engine of the cases: a real datamart, the real connection, the real ticks."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cases import EXPLAINED, Asked, Edit, Pause, Row
from learned_rows import write_runs
from mart import settings_text, write_mart
from running import Checked, Script
from sentences import explained, offering, run

from parcours.datamart.connection import connect
from parcours.diagnostics import Problem
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.applying import apply
from parcours.executor.entering import enter
from parcours.executor.fates import Fate
from parcours.executor.pausing import pause, resume
from parcours.executor.tick import Executor

_JOURNAL = """
    SELECT t.ticked_at, v.journey, j.contact, j.key, s.kind = 'enter', n.kind, n.name, n.outcome,
        row_number() OVER (PARTITION BY j.tick, v.journey, j.contact, j.key, j.entry_at ORDER BY j.round DESC) = 1
    FROM state.journal AS j JOIN state.tick AS t USING (tick) JOIN state.version AS v USING (version)
    JOIN state.route AS r USING (version, route)
    JOIN state.node AS s ON s.version = r.version AND s.node = r.source
    JOIN state.node AS n ON n.version = r.version AND n.node = r.target
"""
_TAKEN_OUT = """
    SELECT e.left_at, e.contact, e.journey, e.key, e.outcome
    FROM state.ended AS e JOIN state.version AS v USING (journey)
    JOIN state.transfer AS t ON t.version = v.version AND t.new_version IS NULL AND t.applied_at = e.left_at
        AND (t.contact, t.key, t.entry_at) = (e.contact, e.key, e.entry_at)
"""
_SENT = """SELECT sent_at, contact, message, channel, from_json(offers, '["VARCHAR"]'), stops, rates, value, subject
    FROM state.outbox"""
_NOT_SENT = """
    SELECT t.ticked_at, s.contact, n.title, s.decision, s.reason, s.stops, s.rates, s.value
    FROM state.not_sent AS s JOIN state.tick AS t USING (tick) JOIN state.node AS n USING (version, node)
"""
_REFUSED = """
    SELECT t.ticked_at, f.contact, v.journey, f.reason
    FROM state.refused AS f JOIN state.tick AS t USING (tick) JOIN state.version AS v USING (version)
"""


_Command = Callable[[Executor, datetime], Executor]
"""Something that is asked for at an instant; the executor that goes on from there."""


class ExecutorOnDuckDB:
    name = "duckdb"

    def run(self, script: Script) -> list[Row]:
        with TemporaryDirectory() as folder:
            return _run(script, Path(folder))


def _run(script: Script, folder: Path) -> list[Row]:
    case = script.case
    (folder / "parcours.yaml").write_text(settings_text(case.zone))
    write_mart(folder, case.contacts, case.events, case.products)
    connection, names, _ = connect(script.first.project.settings, folder)
    engine = DuckDBEngine(connection)
    try:
        engine.attach_state(None)
        if script.case.learned:
            engine.attach_analytics(None)
            write_runs(engine, "conformance", names.contact_type, script.learned)
        assert script.first.checked is not None
        executor = Executor(engine, script.first.checked, names.contact_type, "memory")
        commands = _commands(script, names.contact_type)
        for at in case.ticks:
            while commands and commands[0][0] <= at:
                instant, act = commands.pop(0)
                executor = act(executor, instant)
            executor.tick(at)
        return sorted(_seen(engine))
    finally:
        engine.close()


def _commands(script: Script, contact_type: str) -> list[tuple[datetime, _Command]]:
    """What is asked for between the ticks, in the order of time."""
    found: list[tuple[datetime, _Command]] = []
    for edit, text in script.edits:
        found.append((edit.at, partial(_edited, edit, text, contact_type)))
    for one in script.pauses:
        found.append((one.start, partial(_paused, one)))
        found.append((one.end, partial(_resumed, one)))
    found += [(one.at, partial(_asked, one)) for one in script.case.asked]
    return sorted(found, key=lambda command: command[0])


def _edited(edit: Edit, text: Checked, contact_type: str, before: Executor, at: datetime) -> Executor:
    assert text.checked is not None
    executor = Executor(before.engine, text.checked, contact_type, before.where)
    fate = Fate(edit.apply, edit.steps)  # type: ignore[arg-type]
    known = {journey for _, journey, _ in executor.store.versions()}
    try:
        apply(executor, at, dict.fromkeys(known, fate))
    except Problem as found:
        if found.diagnostics[0].code != edit.refused:
            raise
    else:
        assert not edit.refused, f"the edit is not refused as `{edit.refused}`"
    return executor


def _paused(one: Pause, executor: Executor, at: datetime) -> Executor:
    pause(executor, at, one.journey)
    return executor


def _resumed(one: Pause, executor: Executor, at: datetime) -> Executor:
    resume(executor, at, one.journey, one.overdue)  # type: ignore[arg-type]
    return executor


def _asked(one: Asked, executor: Executor, at: datetime) -> Executor:
    enter(executor, at, one.journey, [one.contact])
    return executor


# ---- what came of it


def _seen(engine: DuckDBEngine) -> Iterator[Row]:
    for at, journey, contact, key, begins, kind, step, outcome, is_last in engine.run_text(_JOURNAL):
        name = run(journey, key)
        if begins:
            yield Row(at, f"{contact} enters {name}", "entries")
        if outcome is not None:
            yield Row(at, f"{contact} leaves {name} as {outcome}", "exits")
        elif is_last and kind in ("wait", "wait_event"):
            yield Row(at, f"{contact} rests in {name} at {step}", "waits")
    for at, contact, journey, key, outcome in engine.run_text(_TAKEN_OUT):
        yield Row(at, f"{contact} leaves {run(journey, key)} as {outcome}", "exits")
    for at, contact, message, channel, offers, *told, subject in engine.run_text(_SENT):
        yield Row(at, f"{contact} gets {message} by {channel}{offering(offers)}", "messages")
        yield from explained(at, f"{message} to {contact}", *map(_plain, told))
        if subject is not None:
            yield Row(at, f"{message} to {contact} has subject {subject + 1}", EXPLAINED)
    for at, contact, title, decision, reason, *told in engine.run_text(_NOT_SENT):
        message = title.removeprefix("send ")
        yield from explained(at, f"{message} to {contact}", *map(_plain, told))
        if decision == "held":
            yield Row(at, f"{contact} must wait for {message} because of {reason}", "held")
        else:
            yield Row(at, f"{contact} does not get {message} because of {reason}", "not sent")
    for at, contact, journey, reason in engine.run_text(_REFUSED):
        yield Row(at, f"{contact} is refused by {journey} because of {reason}", "refused")


def _plain(told: Any) -> Any:
    """Records of the engine's as tuples."""
    if isinstance(told, list):
        return [tuple(one.values()) for one in told]
    return None if told is None else tuple(told.values())
