"""Pausing a journey, and resuming it (T19). Both happen between two ticks, in one transaction."""

from datetime import datetime
from typing import Literal

from parcours.clock.zones import to_local
from parcours.diagnostics import problem
from parcours.executor.asking import must_not_precede
from parcours.executor.tick import Executor

Overdue = Literal["sent", "skipped", "shifted"]


def pause(executor: Executor, at: datetime, journey: str) -> None:
    """From `at` on nobody enters the journey and nobody of it moves. `Problem` when it is paused already."""
    must_not_precede(executor, at)
    since = executor.store.paused().get(journey)
    if since is not None:
        zone = executor.program.project.time_zone
        raise problem(
            "already-paused",
            f"`{journey}` is paused since {to_local(zone, since)} ({zone})",
            executor.where,
            help="there is nothing to do",
        )
    with executor.engine.transaction():
        executor.engine.run_text("INSERT INTO state.pause VALUES (?, ?, NULL, NULL)", [journey, at])
        executor.store.add_command(at, "pause", journey)
    executor.load()


def resume(executor: Executor, at: datetime, journey: str, overdue: Overdue) -> int:
    """Ends a pause; how many instances fell due in it or before. The next tick looks at everybody of the journey.

    What is overdue is `sent`: it goes on; `skipped`: it goes on, and what it would send in that tick is not sent;
    `shifted`: it rests on, longer by the length of the pause. `Problem` when the journey is not paused."""
    must_not_precede(executor, at)
    since = executor.store.paused().get(journey)
    if since is None:
        raise problem(
            "already-paused", f"`{journey}` is not paused", executor.where, help="there is nothing to do"
        )
    engine = executor.engine
    with engine.transaction():
        ((late,),) = engine.run_text(_COUNT, [journey, at])
        if overdue == "shifted" and late:
            length = at - since
            engine.run_text(_SHIFT, [length, length, journey, at])
        engine.run_text(_LOOK, [overdue == "skipped", at, journey])
        engine.run_text(
            "UPDATE state.pause SET resumed_at = ?, overdue = ? WHERE journey = ? AND resumed_at IS NULL",
            [at, overdue, journey],
        )
        executor.store.add_command(at, "resume", journey)
    executor.load()
    return int(late)


_COUNT = """SELECT count(*) FROM state.instance
    WHERE version IN (SELECT version FROM state.version WHERE journey = ?) AND due_at < ?"""
_SHIFT = """UPDATE state.instance SET due_at = due_at + ?, keep_until = keep_until + ?
    WHERE version IN (SELECT version FROM state.version WHERE journey = ?) AND due_at < ?"""
_LOOK = """INSERT INTO state.look
    SELECT version, contact, key, entry_at, ? AND coalesce(due_at < ?, false) FROM state.instance
    WHERE version IN (SELECT version FROM state.version WHERE journey = ?) ORDER BY contact, key, entry_at"""
