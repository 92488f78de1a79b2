"""The page of a run: what `parcours models PROJECT NAME` shows."""

import io
import sys
from typing import TYPE_CHECKING

import click

from parcours.cli.streams import columns, is_coloured

if TYPE_CHECKING:
    from parcours.analytics.learner import Run


def page(run: "Run", zone: str) -> str:
    """The report of a run as text."""
    from parcours.analytics.reports import blocks
    from parcours.clock.zones import to_local
    from parcours.simulator.tables import console_of, new_table

    out = io.StringIO()
    coloured = is_coloured(sys.stdout)
    console = console_of(out, colour=coloured, width=columns(sys.stdout))
    console.print(
        f"{run.kind} {run.name}, as of {to_local(zone, run.as_of):%Y-%m-%d %H:%M}: {run.rows:,} rows"
    )
    for block in blocks(run.kind, run.report):
        if block.title:
            console.print()
            console.print(click.style(block.title, bold=True) if coloured else block.title, soft_wrap=True)
        if not block.header:
            for (line,) in block.rows:
                console.print(line)
            continue
        table = new_table(*block.header)
        for row in block.rows:
            table.add_row(*row)
        console.print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())
