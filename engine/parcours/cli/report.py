"""`parcours report`."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parcours.cli.opening import PROJECT, opened_without_error
from parcours.cli.state import STATE, state_of
from parcours.cli.streams import columns, is_coloured, say
from parcours.cli.writing import write_file
from parcours.diagnostics import problem

if TYPE_CHECKING:
    from parcours.executor.tick import Executor
    from parcours.reporting.span import Span


@click.command(
    "report",
    epilog="\b\nExamples:\n"
    "  parcours report examples/shop --from 2026-03-01 --to 2026-03-31\n"
    "  parcours report examples/shop --from 2026-03-01 --to 2026-03-31 --as-of 2026-04-07 --out march.html",
)
@PROJECT
@click.option(
    "--from", "first", metavar="DATE", help="The first day, or a local time.  [default: of the state]"
)
@click.option("--to", "last", metavar="DATE", help="The last day, all of it.  [default: of the state]")
@click.option(
    "--as-of",
    metavar="DATE",
    help="What came of it counts up to then, all of the day.  [default: the end of the span]",
)
@STATE
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv", "html"]),
    help="How to write it.  [default: by the ending of --out, else text]",
)
@click.option(
    "--out", metavar="FILE", type=click.Path(path_type=Path), help="The file to write, not standard output."
)
def command(
    project: Path,
    first: str | None,
    last: str | None,
    as_of: str | None,
    state: Path | None,
    form: str | None,
    out: Path | None,
) -> None:
    """Tell what messages and journeys came to.

    Of what was sent in the span: the rates at which it was opened, clicked and so on, by journey, message, channel,
    segment, stage and campaign purpose; and the goals, against the hold-outs. What each figure is: docs/reporting.md.
    As html it is one page with pictures, which needs nothing else. The state is only read.
    """
    path = state_of(project, state)
    if not path.exists():
        raise problem("bad-option", f"`{path}` is not there", "--state", help="name the file of a state")
    with opened_without_error(project) as loaded:
        from parcours.executor.opening import open_executor
        from parcours.reporting.report import report

        executor = open_executor(loaded, path, read_only=True)
        span = _span(executor, first, last, as_of)
        if span is None:
            raise problem("bad-option", f"`{path}` has no tick yet", "--state", help="see `parcours tick`")
        made, journeys = report(loaded, executor, span)
    match form or _form_of(out):
        case "json":
            from parcours.reporting.as_json import as_json

            text = as_json(made)
        case "csv":
            from parcours.reporting.as_csv import as_csv

            text = as_csv(made)
        case "html":
            from parcours.reporting.page import as_page

            text = as_page(made, journeys)
        case _:
            from parcours.reporting.text import as_text

            colour, width = (False, 100) if out else (is_coloured(sys.stdout), columns(sys.stdout))
            text = as_text(made, colour=colour, width=width)
    if out is None:
        say(text)
    else:
        write_file(out, text)


def _span(executor: "Executor", first: str | None, last: str | None, as_of: str | None) -> "Span | None":
    from parcours.reporting.span import span_of
    from parcours.simulator.options import first_instant, last_instant

    zone = executor.project.time_zone

    def read(text: str | None, option: str) -> datetime | None:
        if text is None:
            return None
        return first_instant(text, zone, option) if option == "--from" else last_instant(text, zone, option)

    asked = (read(first, "--from"), read(last, "--to"), read(as_of, "--as-of"))
    return span_of(executor.engine, zone, *asked)


def _form_of(out: Path | None) -> str:
    endings = {".json": "json", ".csv": "csv", ".html": "html", ".htm": "html"}
    return endings.get(out.suffix.lower(), "text") if out else "text"
