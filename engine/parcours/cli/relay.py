"""`parcours relay`: what the ticks have granted leaves."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parcours.cli.opening import PROJECT, Told, opened_without_error
from parcours.cli.state import STATE, alone, logbook_at, many, meter, now, state_of
from parcours.cli.stopping import stopped_by_signals
from parcours.cli.streams import say, tell

if TYPE_CHECKING:
    from parcours.delivery.relay import Relay, Relayed
    from parcours.executor.tick import Executor


@click.command(
    "relay",
    epilog="\b\nExample:\n  parcours relay examples/shop",
)
@PROJECT
@STATE
def command(project: Path, state: Path | None) -> None:
    """Hand over the messages that ticks have granted.

    What delivers each channel stands under `channels:` in parcours.yaml. What cannot be handed over now is tried
    again by the next `relay`, after a time that grows; `parcours run` does both, ticks and relay.
    """
    from parcours.delivery import loop

    with (
        alone(project, state),
        stopped_by_signals() as stop,
        opened_to_relay(project, state, stop.is_asked) as (_, relay),
    ):
        say(told(loop.run(relay.run())))


@contextmanager
def opened_to_relay(
    project: Path,
    state: Path | None,
    stopping: Callable[[], bool],
    told: Told = tell,
    *,
    is_patient: bool = False,
) -> Iterator["tuple[Executor, Relay]"]:
    """The executor and the relay over a project's state; who `is_patient` waits some seconds for others to let go of it."""
    from parcours.delivery.opening import open_relay
    from parcours.executor.opening import open_executor

    with opened_without_error(project, told=told) as loaded:
        executor = open_executor(loaded, state_of(project, state), meter, is_patient=is_patient)
        logbook = logbook_at(project, state, executor)
        yield executor, open_relay(loaded, executor, project, os.environ, now, stopping, logbook)


def told(relayed: "Relayed") -> str:
    """What a run of the relay came to: one line, and one for each reason why something was not accepted."""
    words = {
        "handed over before": relayed.recalled,
        "tried again later": relayed.retried,
        "held by quiet hours": relayed.deferred,
        "cancelled": relayed.cancelled,
        "failed": relayed.failed,
        "parked": relayed.parked,
        "given up": relayed.given_up,
    }
    counts = [f"{number:,} {word}" for word, number in words.items() if number]
    line = "; ".join((f"{many(relayed.accepted, 'message')} handed over", *counts))
    left = f"; {relayed.waiting:,} waiting" if relayed.waiting else ""
    alone = [
        f"  `{name}` does not answer: it is left alone until the next run"
        for name in sorted(relayed.left_alone)
    ]
    reasons = sorted(relayed.reasons.items(), key=lambda item: (-item[1], item[0]))
    return "\n".join(
        (f"relay: {line}{left}", *(f"  {number:,} × {reason}" for reason, number in reasons[:10]), *alone)
    )
