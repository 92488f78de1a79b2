"""A script run in other ways that must come to the same: after crashes, with ticks at which nothing happens, with its rows
in another order and on more threads (T2, T3)."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta

from differential.cases import Script
from differential.executed import executed, finished, running
from differential.mart import Where
from differential.rows import PARTS, Outcome, Row
from parcours.checking.checked import CheckedProject
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.tick import Executor


class CrashError(Exception):
    """What stops a tick in the tests, before its commit."""


class CutOff(DuckDBEngine):
    """An engine that breaks down just before a commit, when it is told to."""

    is_cut = False

    @contextmanager
    def transaction(
        self, around_commit: Callable[[], AbstractContextManager[None]] = nullcontext
    ) -> Iterator[None]:
        with super().transaction(around_commit):
            yield
            if self.is_cut:
                raise CrashError


def after_crashes(
    script: Script, project: CheckedProject, where: Where, is_hit: Callable[[int], bool]
) -> Outcome:
    """Each tick whose number is hit is first cut off just before its commit; then the process begins anew."""
    with running(script, project, where, engine_type=CutOff) as run:
        assert isinstance(run.engine, CutOff)
        standing: list[Row] = []
        for number, at in enumerate(script.ticks):
            if is_hit(number):
                run.engine.is_cut = True
                try:
                    run.executor.tick(at)
                except CrashError:
                    run.engine.is_cut = False
                    run = replace(run, executor=Executor(run.engine, project, "VARCHAR", "memory"))
                else:
                    raise AssertionError("the tick was not cut off")
            run.executor.tick(at)
            standing += run.standing(at)
        return finished(run, standing)


def with_idle_ticks(script: Script, outcome: Outcome) -> tuple[datetime, ...]:
    """The ticks of a script and more: a few seconds behind a tick, where nothing is due, nothing is new, and the tick
    before has left nothing that is new after it. No boundary of a minute lies between, so that no schedule fires and no
    refresh is due."""
    busy: dict[datetime, int] = {}
    for part in ("entered", "sent", "held", "not_sent", "ended", "recorded", "moved"):
        for row in outcome.rows[part]:
            busy[row[0]] = busy.get(row[0], 0) + 1
    dues = [row[8] for row in outcome.rows["standing"] if row[8] is not None]
    seen = [max(event.at, event.loaded or event.at) for event in script.events]
    seen += [contact.known_since for contact in script.contacts if contact.known_since is not None]
    found = list(script.ticks)
    for number, at in enumerate(script.ticks):
        more = at.replace(microsecond=0) + timedelta(seconds=7)
        following = script.ticks[number + 1] if number + 1 < len(script.ticks) else datetime.max
        same_minute = at.replace(second=0, microsecond=0) == more.replace(second=0, microsecond=0)
        quiet = not any(at < instant <= more for instant in (*dues, *seen))
        if number and quiet and same_minute and more < following and at not in busy:
            found.append(more)
    return tuple(sorted(found))


def without(outcome: Outcome, instants: set[datetime]) -> Outcome:
    """An outcome without the rows that tell where everybody stands after these ticks."""
    kept: Mapping[str, tuple[Row, ...]] = {
        part: tuple(row for row in outcome.rows[part] if part != "standing" or row[0] not in instants)
        for part in PARTS
    }
    return Outcome(kept)


def turned_round(script: Script, project: CheckedProject, where: Where) -> Outcome:
    """The rows of the datamart in the opposite order, and two threads."""
    backwards = replace(script, contacts=script.contacts[::-1], events=script.events[::-1])
    return executed(backwards, project, where, threads=2)
