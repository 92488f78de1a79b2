"""`parcours run`: ticks and relay, for years."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parcours.cli.opening import PROJECT
from parcours.cli.relay import opened_to_relay, told
from parcours.cli.state import STATE, alone, now, shown
from parcours.cli.stopping import stopped_by_signals
from parcours.cli.streams import say, tell
from parcours.cli.tick import told_tick
from parcours.diagnostics import problem

if TYPE_CHECKING:
    from parcours.cli.stopping import Stop
    from parcours.diagnostics import Problem


@click.command(
    "run",
    epilog="\b\nExamples:\n  parcours run examples/shop\n  parcours run examples/shop --every 1m",
)
@PROJECT
@click.option(
    "--every", metavar="TIME", default="5m", show_default=True, help="From tick to tick: 1m, 5m, 1h …"
)
@STATE
def command(project: Path, every: str, state: Path | None) -> None:
    """Tick and hand over messages, again and again, until it is told to stop.

    Errors of the datamart are told and survived: it tries again, after a time that grows. SIGTERM and Ctrl-C end it
    when the tick or the batch that is going on has been recorded.
    """
    from parcours.delivery.running import Runner

    interval = _interval(every)
    with alone(project, state), stopped_by_signals() as stop:
        work = _Work(project, state, stop)
        runner = Runner(interval, work.tick, now, stop.nap, _tell, work.last_tick())
        say(f"process {os.getpid()} ticks every {every}")
        runner.run()
        say("stopped")


class _Work:
    """A tick, and then the relay. Everything is opened for it and closed after it: between two ticks others may write to
    the datamart, and what they wrote is seen."""

    def __init__(self, project: Path, state: Path | None, stop: "Stop") -> None:
        self._project, self._state, self._stop = project, state, stop

    def last_tick(self) -> datetime | None:
        """When the last tick was. `Problem` when there is something wrong from the beginning."""
        with opened_to_relay(self._project, self._state, self._stop.is_asked) as (executor, _):
            last = executor.store.last_tick()
            return None if last is None else last[1]

    def tick(self, at: datetime) -> None:
        import asyncio

        with opened_to_relay(self._project, self._state, self._stop.is_asked) as (executor, relay):
            result = executor.tick(at)
            say(told_tick(result, shown(executor, at)))
            if self._stop.is_asked():
                return
            relayed = asyncio.run(relay.run())
            if relayed != type(relayed)():
                say(told(relayed))


def _interval(every: str) -> timedelta:
    from parcours.simulator.options import every_span

    span = every_span(every)
    if span.is_calendar:
        message = f"`{every}` has no length: months and years differ"
        raise problem("bad-option", message, "--every", help="write for example 5m, 1h or 1d")
    return span.exact


def _tell(message: str, found: "Problem | None") -> None:
    say(message)
    if found is not None:
        tell(found.diagnostics, {})
