"""`parcours pressure`."""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parcours.cli.opening import FORMAT, PROJECT, opened_without_error
from parcours.cli.progress import progress_bar
from parcours.cli.streams import columns, is_coloured, say
from parcours.diagnostics import problem

if TYPE_CHECKING:
    from parcours.simulator.pressure_report import PressureReport

_OWN = "this policy"


@click.command(
    "pressure",
    epilog="\b\nExamples:\n"
    "  parcours pressure examples/shop --from 2026-01-01 --to 2026-03-31 --sample 10%\n"
    "  parcours pressure examples/shop --from 2026-01-01 --to 2026-03-31 --against gentler.journey\n"
    "  parcours pressure examples/shop --state examples/shop/state/state.duckdb",
)
@PROJECT
@click.option(
    "--from", "first", metavar="DATE", help="The first day, or a local time.  [default: of the state]"
)
@click.option("--to", "last", metavar="DATE", help="The last day, all of it.  [default: of the state]")
@click.option(
    "--every", metavar="TIME", default="1h", show_default=True, help="From tick to tick of a simulation."
)
@click.option("--sample", metavar="PERCENT", help="Simulate only so many of the contacts: 10%.")
@click.option(
    "--state",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Tell what happened in this state, and simulate nothing.",
)
@click.option(
    "--against",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A journey file with another policy: simulate both over the same days, side by side.",
)
@FORMAT
def command(
    project: Path,
    first: str | None,
    last: str | None,
    every: str,
    sample: str | None,
    state: Path | None,
    against: Path | None,
    form: str,
) -> None:
    """Show how many messages contacts get, and what the rules of pressure hold back.

    Either of a simulation over the days that are named, or of what happened in a state. With another policy the same
    days are simulated under both: a policy is tried before it is law.
    """
    from parcours.simulator.pressure_text import as_text
    from parcours.simulator.report_json import as_json

    if state is not None:
        if against is not None:
            message = "what happened in a state cannot happen again under another policy"
            raise problem(
                "bad-option", message, "--against", help="leave out `--state`, and say `--from` and `--to`"
            )
        reports = [_of_state(project, state, first, last)]
    else:
        policies = [None] if against is None else [None, against]
        reports = [_simulated(project, first, last, every, sample, policy) for policy in policies]
    if form == "json":
        say(as_json(reports[0] if len(reports) == 1 else tuple(reports)))
        return
    say(as_text(reports, colour=is_coloured(sys.stdout), width=columns(sys.stdout)))


def _of_state(project: Path, state: Path, first: str | None, last: str | None) -> "PressureReport":
    from parcours.executor.opening import open_executor
    from parcours.simulator.options import first_instant, last_instant
    from parcours.simulator.pressure_report import pressure_report

    if not state.exists():
        raise problem("bad-option", f"`{state}` is not there", "--state", help="name the file of a state")
    with opened_without_error(project) as loaded:
        executor = open_executor(loaded, state)
        known = replace(executor.program.project, groups=loaded.groups)
        span = _instants(known.time_zone, (first, first_instant), (last, last_instant))
        return pressure_report(executor.engine, known, _OWN, *span)


def _instants(zone: str, *asked: tuple[str | None, Callable[[str, str], datetime]]) -> list[datetime | None]:
    return [None if text is None else read(text, zone) for text, read in asked]


def _simulated(
    project: Path, first: str | None, last: str | None, every: str, sample: str | None, policy: Path | None
) -> "PressureReport":
    from parcours.simulator.options import read_options
    from parcours.simulator.pressure_report import pressure_report
    from parcours.simulator.run import simulate

    if first is None or last is None:
        missing = "--from" if first is None else "--to"
        advice = "say `--from` and `--to`, or name a state with `--state`"
        raise problem("bad-option", "there are no days to simulate", missing, help=advice)
    with opened_without_error(project, policy) as loaded:
        assert loaded.checked is not None
        zone = loaded.checked.time_zone
        options = read_options(zone, first, last, every, sample=sample)
        telling = replace(loaded, checked=replace(loaded.checked, groups=loaded.groups))
        with progress_bar(zone) as show:
            simulation = simulate(telling, options, show)
        return pressure_report(simulation.engine, simulation.project, _OWN if policy is None else policy.name)
