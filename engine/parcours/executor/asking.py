"""What people ask for between two ticks has its place in time like everything else."""

from datetime import datetime

from parcours.clock.zones import to_local
from parcours.diagnostics import problem
from parcours.executor.tick import Executor


def must_not_precede(executor: Executor, at: datetime) -> None:
    """`Problem` when something has happened after `at` already."""
    last = executor.store.last_tick()
    happened = [instant for instant in (last and last[1], executor.store.last_command()) if instant]
    if happened and at < max(happened):
        zone = executor.program.project.time_zone
        here, there = (to_local(zone, instant) for instant in (at, max(happened)))
        raise problem(
            "clock-back",
            f"a change at {here} cannot come before what happened at {there} ({zone})",
            executor.where,
            help="give a later instant",
        )
