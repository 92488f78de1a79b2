"""`parcours run`: ticks and relay, for years."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parcours.cli.opening import PROJECT
from parcours.cli.relay import opened_to_relay
from parcours.cli.state import STATE, alone, logbook_at, now, shown, state_of
from parcours.cli.stopping import stopped_by_signals
from parcours.diagnostics import Problem, problem

if TYPE_CHECKING:
    from parcours.cli.logs import Form, Teller
    from parcours.cli.stopping import Stop
    from parcours.delivery.relay import Relay
    from parcours.delivery.running import Trouble
    from parcours.delivery.watch import Watch
    from parcours.executor.tick import Executor

LEAST_RELAY = timedelta(minutes=1)
"""So long the relay may go on where a tick has taken all the time until the next; or an interval, where that is shorter."""


@click.command(
    "run",
    epilog="\b\nExamples:\n"
    "  parcours run examples/shop\n"
    "  parcours run examples/shop --every 1m --metrics 9108 --log json",
)
@PROJECT
@click.option(
    "--every", metavar="TIME", default="5m", show_default=True, help="From tick to tick: 1m, 5m, 1h …"
)
@click.option(
    "--metrics",
    metavar="[HOST:]PORT",
    help="Serve /metrics for Prometheus, and /healthz; on this machine only, unless HOST says otherwise.",
)
@click.option(
    "--log",
    "form",
    type=click.Choice(["text", "json"]),
    help="Say what happens on standard error, one event a line.",
)
@STATE
def command(project: Path, every: str, metrics: str | None, form: "Form | None", state: Path | None) -> None:
    """Tick and hand over messages, again and again, until it is told to stop.

    Errors of the datamart are told and survived: it tries again, after a time that grows. SIGTERM and Ctrl-C end it
    when the tick that is going on, or what is just being handed over, has been recorded. `parcours status` says how it is
    doing.
    """
    from parcours.cli.logs import Lines, Sentences
    from parcours.delivery.running import Runner

    interval = _interval(every)
    address = None if metrics is None else _address(metrics)
    teller: Teller = Sentences() if form is None else Lines(form)
    try:
        with alone(project, state), stopped_by_signals() as stop:
            work = Work(project, state, stop, interval, teller)
            with closing(work.begin()) as watch, _monitored(address, watch) as url:
                runner = Runner(
                    interval, work.tick, now, stop.nap, work.trouble, watch.waits, watch.notes().last_tick_at
                )
                teller.started(os.getpid(), every, interval, url)
                runner.run()
    except Problem as error:
        teller.ended(error)
        raise click.exceptions.Exit(2) from error
    teller.ended(None)


class Work:
    """A tick, and then the relay. Everything is opened for it and closed after it: between two ticks others may write to
    the datamart, and what they wrote is seen."""

    def __init__(
        self, project: Path, state: Path | None, stop: "Stop", every: timedelta, teller: "Teller"
    ) -> None:
        self._project, self._state, self._stop, self._every, self._teller = (
            project,
            state,
            stop,
            every,
            teller,
        )
        self._until = datetime.max

    def begin(self) -> "Watch":
        """Looks how things are, and makes the notes. `Problem` when there is something wrong from the beginning."""
        from parcours.delivery.watch import Watch
        from parcours.executor.status import status_of

        with self._opened() as (executor, _):
            last = executor.store.last_tick()
            at = None if last is None else last[1]
            status = status_of(executor.engine, now())
        where = state_of(self._project, self._state)
        self._watch = Watch(where, os.getpid(), self._every, now, at, status)
        return self._watch

    def tick(self, at: datetime, due: datetime) -> None:
        """`due` is when the next one is: until then the relay has time."""
        from parcours.delivery import loop
        from parcours.delivery.logbook import ticks
        from parcours.executor.status import journeys_of, status_of

        watch, teller = self._watch, self._teller
        watch.does("ticking")
        with self._opened() as (executor, relay):
            for instant, result in ticks(executor, logbook_at(self._project, self._state, executor), at):
                watch.ticked(instant)
                journeys = journeys_of(executor.engine, result.tick)
                teller.ticked(result, shown(executor, instant), executor.seconds(), journeys)
                if self._stop.is_asked():
                    break
            if not self._stop.is_asked():
                watch.does("relaying")
                self._until = max(due, now() + min(self._every, LEAST_RELAY))
                relayed = loop.run(relay.run())
                watch.relayed(relayed)
                teller.relayed(relayed)
            watch.looked(status_of(executor.engine, now()))

    def trouble(self, trouble: "Trouble") -> None:
        self._watch.failed(trouble)
        self._teller.troubled(trouble)

    def _opened(self) -> AbstractContextManager["tuple[Executor, Relay]"]:
        return opened_to_relay(
            self._project, self._state, self._is_over, self._teller.warned, is_patient=True
        )

    def _is_over(self) -> bool:
        return self._stop.is_asked() or now() >= self._until


def _interval(every: str) -> timedelta:
    from parcours.simulator.options import every_span

    span = every_span(every)
    if span.is_calendar:
        message = f"`{every}` has no length: months and years differ"
        raise problem("bad-option", message, "--every", help="write for example 5m, 1h or 1d")
    return span.exact


def _address(metrics: str) -> tuple[str, int]:
    from parcours.delivery.metrics import need_metrics

    host, _, port = metrics.rpartition(":")
    if not port.isdecimal() or int(port) > 65535:
        message = f"`{metrics}` is no port"
        raise problem("bad-option", message, "--metrics", help="write for example 9108, or 0.0.0.0:9108")
    need_metrics("--metrics")
    return host.strip("[]") or "127.0.0.1", int(port)


@contextmanager
def _monitored(address: tuple[str, int] | None, watch: "Watch") -> Iterator[str | None]:
    if address is None:
        yield None
        return
    from parcours.delivery.monitor import monitored

    with monitored(*address, watch.notes, now) as (host, port):
        yield f"http://{f'[{host}]' if ':' in host else host}:{port}"
