"""`parcours stages`."""

import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parcours.cli.opening import FORMAT, opened_without_error
from parcours.cli.state import STATE, many, state_of
from parcours.cli.streams import columns, is_coloured, say
from parcours.cli.writing import write_file

if TYPE_CHECKING:
    from rich.table import Table

    from parcours.analytics.stages import Flow
    from parcours.checking.checked import Group
    from parcours.workspace.load import Loaded


@click.command(
    "stages",
    epilog="\b\nExamples:\n"
    "  parcours stages examples/shop --from 2025-01-01 --to 2025-12-31\n"
    "  parcours stages examples/shop customer --from 2025-01-01 --to 2025-12-31 --every '3 months' --svg stages.svg",
)
@click.argument("project", default=".", type=click.Path(path_type=Path))
@click.argument("lifecycle", required=False)
@click.option("--from", "first", metavar="DATE", required=True, help="The first date: as the day begins.")
@click.option("--to", "last", metavar="DATE", required=True, help="The last day, all of it.")
@click.option(
    "--every",
    metavar="TIME",
    default="1 month",
    show_default=True,
    help="From date to date: 1w, month, 3 months …",
)
@click.option(
    "--svg", "picture", metavar="FILE", type=click.Path(path_type=Path), help="Draw the flow into this file."
)
@STATE
@FORMAT
def command(
    project: Path,
    lifecycle: str | None,
    first: str,
    last: str,
    every: str,
    picture: Path | None,
    state: Path | None,
    form: str,
) -> None:
    """Show how contacts moved through the stages of a LIFECYCLE.

    How many were in each stage at each date, as it was known then, and from which stage to which they went in between.
    Without a name: the project's only lifecycle.
    """
    from parcours.analytics.flow_picture import to_svg
    from parcours.analytics.stages import flow
    from parcours.analytics.store import store_to_read
    from parcours.engines.duckdb.engine import DuckDBEngine
    from parcours.executor.history import take_history
    from parcours.simulator.instants import instants
    from parcours.simulator.options import every_span, first_instant, last_instant, require_order
    from parcours.workspace.analytics import analytics_place

    with opened_without_error(project, needs_journeys=False) as loaded:
        assert loaded.checked is not None and loaded.connection is not None
        assert loaded.catalog is not None and loaded.project is not None
        zone, kind = loaded.checked.time_zone, loaded.catalog.contact_type
        begin, end = first_instant(first, zone), last_instant(last, zone)
        require_order(begin, end, (first, last))
        dates = tuple(instants(zone, begin, end, every_span(every)))
        group = _lifecycle(loaded, lifecycle)
        engine = DuckDBEngine(loaded.connection)
        take_history(engine, loaded.checked, kind, state_of(project, state), of=group)
        place = analytics_place(loaded.project)
        store_to_read(engine, place, loaded.checked.name, kind)
        found = flow(engine, loaded.checked, group, dates)
    if picture is not None:
        write_file(picture, to_svg(found, zone))
    say(json.dumps(_data(found), indent=2, ensure_ascii=False) if form == "json" else _text(found, zone))


def _lifecycle(loaded: "Loaded", name: str | None) -> "Group":
    """The lifecycle of a name, or the only one. `Problem` when there is none, or more than one to choose from."""
    from parcours.diagnostics import problem
    from parcours.diagnostics.nearest import no_such

    known = {group.name: group for group in loaded.groups if not group.is_segment}
    if not known:
        assert loaded.project is not None
        raise problem(
            "bad-option",
            "the project declares no lifecycle",
            loaded.project.place.file,
            help="declare one: `lifecycle customer`, with a line for each stage",
        )
    if name is None and len(known) == 1:
        return next(iter(known.values()))
    if name is None:
        raise problem(
            "bad-option",
            "there is more than one lifecycle",
            "LIFECYCLE",
            help=f"name one of them after the project: {', '.join(f'`{one}`' for one in known)}",
        )
    if name not in known:
        raise no_such("unknown-name", f"`{name}` is no lifecycle", "LIFECYCLE", name, known, "the lifecycles")
    return known[name]


# ---- as text


def _text(found: "Flow", zone: str) -> str:
    from parcours.simulator.tables import console_of

    out = io.StringIO()
    console = console_of(out, colour=is_coloured(sys.stdout), width=columns(sys.stdout))
    console.print(f"{found.name}: {many(len(found.dates), 'date')} ({zone})", style="bold")
    console.print()
    console.print("How many were in each stage", style="bold")
    console.print(_counts(found, zone))
    if found.moves:
        console.print()
        console.print("From one date to the next, all together", style="bold")
        console.print(_matrix(found))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def _counts(found: "Flow", zone: str) -> "Table":
    from parcours.clock.zones import to_local
    from parcours.simulator.tables import new_table, with_commas

    table = new_table("", *(_called(stage) for stage in found.stages), "contacts")
    for date, counts in zip(found.dates, found.counts, strict=True):
        numbers = [with_commas(counts.get(stage, 0)) for stage in found.stages]
        table.add_row(f"{to_local(zone, date):%Y-%m-%d}", *numbers, with_commas(sum(counts.values())))
    return table


def _matrix(found: "Flow") -> "Table":
    from parcours.simulator.tables import new_table, with_commas

    moves = found.all_moves()
    table = new_table("from, to", *(_called(stage) for stage in found.stages), "all")
    for before in (*found.stages, None):
        row = {stage: moves.get((before, stage), 0) for stage in found.stages}
        whole = sum(row.values())
        if not whole:
            continue
        cells = [f"{with_commas(n)} ({n / whole:.0%})" if n else "" for n in row.values()]
        name = "not known yet" if before is None else _called(before)
        table.add_row(name, *cells, with_commas(whole))
    return table


def _called(stage: str) -> str:
    return stage or "no stage"


def _data(found: "Flow") -> dict[str, Any]:
    return {
        "lifecycle": found.name,
        "stages": list(found.stages),
        "dates": [f"{date.isoformat()}Z" for date in found.dates],
        "counts": [{stage: counts.get(stage, 0) for stage in found.stages} for counts in found.counts],
        "moves": [
            [
                {"from": before, "to": now, "contacts": count}
                for (before, now), count in sorted(moves.items(), key=str)
            ]
            for moves in found.moves
        ],
    }
