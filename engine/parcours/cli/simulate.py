"""`parcours simulate`."""

import sys
from pathlib import Path

import click

from parcours.cli.opening import FORMAT, PROJECT, opened_without_error
from parcours.cli.progress import progress_bar
from parcours.cli.streams import columns, is_coloured, say


@click.command(
    "simulate",
    epilog="\b\nExamples:\n"
    "  parcours simulate examples/shop --from 2026-01-01 --to 2026-03-31 --every 1h\n"
    "  parcours simulate examples/shop --from '2026-01-01 10:00' --to 2026-01-31 --every 1d --sample 10%",
)
@PROJECT
@click.option(
    "--from",
    "first",
    metavar="DATE",
    required=True,
    help="The first day, or a local time: '2026-01-01 09:00'.",
)
@click.option("--to", "last", metavar="DATE", required=True, help="The last day, all of it, or a local time.")
@click.option(
    "--every", metavar="TIME", default="1h", show_default=True, help="From tick to tick: 15m, 1h, 1d …"
)
@click.option(
    "--journey", "journeys", metavar="NAME", multiple=True, help="Only this one; may be given again."
)
@click.option(
    "--sample", metavar="PERCENT", help="Only so many of the contacts, the same ones each time: 10%."
)
@click.option(
    "--state",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Keep state, journal and outbox in this new DuckDB file.",
)
@click.option(
    "--learn",
    is_flag=True,
    help="Learn what is declared on the way, as often as its `refresh` says, from what was known then.",
)
@FORMAT
def command(
    project: Path,
    first: str,
    last: str,
    every: str,
    journeys: tuple[str, ...],
    sample: str | None,
    state: Path | None,
    learn: bool,
    form: str,
) -> None:
    """Run the journeys of a project on its past, and send nothing.

    The ticks are the real ones, over the data of PROJECT (the current folder if not given) as it was known at each
    instant. The report says who entered, where they are, what was sent, and what was not sent by which rule.
    """
    from parcours.simulator.options import read_options
    from parcours.simulator.report import report
    from parcours.simulator.report_json import as_json
    from parcours.simulator.run import simulate
    from parcours.simulator.text import as_text

    with opened_without_error(project) as loaded:
        assert loaded.checked is not None
        zone = loaded.checked.time_zone
        options = read_options(zone, first, last, every, journeys, sample, state, learn=learn)
        with progress_bar(zone) as show:
            simulation = simulate(loaded, options, show)
        made = report(simulation)
        colour, width = is_coloured(sys.stdout), columns(sys.stdout)
        say(as_json(made) if form == "json" else as_text(made, colour=colour, width=width))
