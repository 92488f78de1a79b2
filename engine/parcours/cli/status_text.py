"""The text of `parcours status`."""

import io
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from parcours.cli.state import many
from parcours.cli.streams import columns, is_coloured

if TYPE_CHECKING:
    from rich.table import Table

    from parcours.delivery.condition import Condition
    from parcours.delivery.notes import Notes
    from parcours.executor.status import LastTick, Status


def status_text(condition: "Condition", project: str, zone: str) -> str:
    """For a terminal or a pipe; instants are on the clock of `zone`."""
    from parcours.simulator.tables import console_of

    out = io.StringIO()
    console = console_of(out, colour=is_coloured(sys.stdout), width=columns(sys.stdout))
    word = "not healthy" if condition.faults else "healthy"
    console.print(f"{project}: {word}", style="bold red" if condition.faults else "bold green")
    for fault in condition.faults:
        console.print(f"- {fault}")
    console.print()
    for line in _lines(condition, zone):
        console.print(line, soft_wrap=True)
    status = condition.status
    if status is not None and status.journeys:
        console.print()
        console.print(_journeys(status, zone))
    if status is not None and status.channels:
        console.print()
        console.print(_channels(status, condition, zone))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _lines(condition: "Condition", zone: str) -> Iterator[str]:
    notes, holder = condition.notes, condition.holder
    if notes is not None and not condition.is_dead:
        yield f"run        {_doing(notes, condition.at, zone)}; process {notes.process}, {_every(notes)}"
    elif holder is not None:
        yield f"at work    {holder}"
    else:
        yield "at work    nobody"
    if notes is not None and notes.failure is not None:
        yield f"failed     {many(notes.failure.times, 'try', 'tries')} in a row, the last {_ago(notes.failure.at, condition.at)}"
        yield f"           {notes.failure.code}: {notes.failure.message}"
    status = condition.status
    if status is None:
        yield "state      there is none yet"
        return
    if condition.is_busy:
        yield f"state      in the middle of a tick; what follows is of {_at(status.at, zone)}"
    if status.last is not None:
        yield from _last(status.last, condition, zone)
    overdue, first = status.due_by(condition.at), status.first_due(condition.at)
    if overdue and first is not None:
        yield f"due        {many(overdue, 'run')} wait for the next tick, the first since {_at(first, zone)}"


def _last(last: "LastTick", condition: "Condition", zone: str) -> Iterator[str]:
    yield f"last tick  {last.tick} at {_at(last.at, zone)} ({zone}), {_ago(last.at, condition.at)}"
    did = [f"{count:,} {name.replace('_', ' ')}" for name, count in last.counts.items() if count]
    yield f"           {', '.join(did) or 'nothing to do'}"
    if last.seconds:
        most = sorted(last.seconds.items(), key=lambda one: (-one[1], one[0]))
        parts = ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in most if seconds >= 0.005)
        yield f"           {sum(last.seconds.values()):.2f} seconds{f': {parts}' if parts else ''}"


def _doing(notes: "Notes", at: datetime, zone: str) -> str:
    if notes.doing != "waiting":
        return f"{notes.doing} since {_at(notes.since, zone)}"
    if notes.next_at is None:
        return "waiting"
    what = "try" if notes.failure is not None else "tick"
    soon = "now" if notes.next_at <= at else f"at {_at(notes.next_at, zone)}"
    return f"waiting, the next {what} is due {soon}"


def _every(notes: "Notes") -> str:
    from parcours.delivery.health import length

    return f"a tick every {length(notes.every)}"


def _journeys(status: "Status", zone: str) -> "Table":
    from parcours.simulator.tables import new_table, with_commas, words

    table = new_table("journey", "standing", "entered", "ended", "held", left=(4,))
    for one in status.journeys:
        held = [f"{runs:,} {words(reason)}" for reason, runs in sorted(one.held.items())]
        if one.paused_since is not None:
            held.append(f"paused since {_at(one.paused_since, zone)}")
        table.add_row(one.journey, *map(with_commas, (one.standing, one.entered, one.ended)), ", ".join(held))
    return table


_OUTCOMES = ("accepted", "failed", "parked", "cancelled", "given_up")


def _channels(status: "Status", condition: "Condition", zone: str) -> "Table":
    from parcours.simulator.tables import new_table, with_commas, words

    left = () if condition.notes is None else condition.notes.left_alone
    names = [words(name) for name in _OUTCOMES]
    table = new_table("channel, last day", "waiting", *names, "", left=(len(names) + 2,))
    for one in status.channels:
        notes = []
        if one.channel in left:
            notes.append("does not answer")
        if one.retrying:
            notes.append(f"{one.retrying:,} tried before")
        if one.oldest is not None:
            notes.append(f"the oldest of {_at(one.oldest, zone)}")
        counts = (one.waiting, *(one.last_day.get(name, 0) for name in _OUTCOMES))
        table.add_row(one.channel, *map(with_commas, counts), ", ".join(notes))
    return table


def _at(at: datetime, zone: str) -> str:
    from parcours.clock.zones import to_local

    return f"{to_local(zone, at):%Y-%m-%d %H:%M}"


def _ago(at: datetime, now: datetime) -> str:
    from parcours.delivery.health import length

    return f"{length(now - at)} ago"
