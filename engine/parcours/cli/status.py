"""`parcours status`: how a project is doing in operation."""

import json
import os
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parcours.cli.opening import FORMAT, PROJECT
from parcours.cli.state import STATE, now, state_of
from parcours.cli.streams import say

if TYPE_CHECKING:
    from parcours.delivery.condition import Condition

NOT_HEALTHY = 1


@click.command(
    "status",
    epilog="\b\nExamples:\n"
    "  parcours status examples/shop\n"
    "  parcours status examples/shop --late 15m --format json",
)
@PROJECT
@click.option(
    "--late",
    metavar="TIME",
    help="The last tick may be so old.  [default: three intervals of `run`; where nobody runs, 1h]",
)
@STATE
@FORMAT
def command(project: Path, late: str | None, state: Path | None, form: str) -> None:
    """Show whether ticks are made, and what stands where.

    The last tick and what it took, runs by journey, messages by channel, who works on the state, and what is wrong.
    Nothing is changed, and nobody is held up. Exit code 0: all is well; 1: something is wrong, and what; 2: the
    state cannot be read.
    """
    from parcours.delivery.condition import condition_of
    from parcours.delivery.receiving import settings_of

    found, settings = settings_of(project, os.environ)
    click.get_current_context().obj.update(found.sources)
    longest = None if late is None else _length(late)
    condition = condition_of(state_of(project, state), settings.name, now(), longest)
    if form == "json":
        say(json.dumps(_data(condition), indent=2, ensure_ascii=False))
    else:
        from parcours.cli.status_text import status_text

        say(status_text(condition, settings.name, settings.time_zone.text))
    if condition.faults:
        raise click.exceptions.Exit(NOT_HEALTHY)


def _length(late: str) -> timedelta:
    from parcours.simulator.options import every_span

    span = every_span(late, "--late")
    return timedelta(days=30 * span.months) if span.is_calendar else span.exact


def _data(condition: "Condition") -> dict[str, Any]:
    """Instants are in UTC, lengths of time in seconds."""
    status, notes = condition.status, condition.notes
    last = condition.last_tick_at
    overdue = 0 if status is None else status.due_by(condition.at)
    said = {
        "healthy": not condition.faults,
        "reasons": condition.faults,
        "at": condition.at,
        "lag_seconds": None if last is None else (condition.at - last).total_seconds(),
        "overdue": overdue,
        "overdue_since": None if status is None else status.first_due(condition.at),
        "in_a_tick": condition.is_busy,
        "holder": None if condition.holder is None else asdict(condition.holder),
        "run": None if notes is None else {k: v for k, v in asdict(notes).items() if k != "status"},
        "state": None if status is None else {k: v for k, v in asdict(status).items() if k != "due"},
    }
    plain: dict[str, Any] = _plain(said)
    return plain


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain(one) for key, one in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
        case datetime():
            return f"{value.isoformat()}Z"
        case timedelta():
            return value.total_seconds()
        case _:
            return value
