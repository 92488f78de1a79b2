"""`parcours models`."""

import io
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parcours.cli.model_page import page
from parcours.cli.opening import FORMAT, PROJECT, opened_without_error
from parcours.cli.state import AT, many, now
from parcours.cli.streams import columns, is_coloured, say

if TYPE_CHECKING:
    from parcours.analytics.models import Model

_COLOURS = {"fresh": "", "due": "yellow", "changed": "red", "never learned": "red", "not declared": "dim"}


@click.command(
    "models",
    epilog="\b\nExamples:\n  parcours models examples/shop\n  parcours models examples/shop appetency\n"
    "  parcours models examples/shop --format json",
)
@PROJECT
@click.argument("name", required=False)
@AT
@FORMAT
def command(project: Path, name: str | None, instant: str | None, form: str) -> None:
    """List what has been learned: how old it is, and how good; with a NAME, show what is known of that.

    A tick reads of each declaration the newest that is dated at or before its instant. What was learned before the
    declaration was changed is not read any more.
    """
    from parcours.analytics.models import models
    from parcours.analytics.store import store_to_read
    from parcours.engines.duckdb.engine import DuckDBEngine
    from parcours.simulator.options import first_instant
    from parcours.workspace.analytics import analytics_place

    with opened_without_error(project, needs_journeys=False) as loaded:
        assert loaded.checked is not None and loaded.connection is not None
        assert loaded.catalog is not None and loaded.project is not None
        zone = loaded.checked.time_zone
        at = now() if instant is None else first_instant(instant, zone, "--at")
        place = analytics_place(loaded.project)
        engine = DuckDBEngine(loaded.connection)
        store = store_to_read(engine, place, loaded.checked.name, loaded.catalog.contact_type)
        found = models(loaded.checked, store.runs(), at)
    if name is not None:
        found = (_named(found, name),)
    if form == "json":
        say(json.dumps([_data(model) for model in found], indent=2, ensure_ascii=False))
        return
    run = found[0].run if name is not None else None
    say(page(run, zone) if run is not None else _text(found, zone, at))


def _named(found: "Sequence[Model]", name: str) -> "Model":
    """The model of that name; the first by the order in which they are learned, where there are several."""
    from parcours.diagnostics.nearest import no_such

    for model in found:
        if model.name == name:
            return model
    names = [model.name for model in found]
    message = f"nothing is learned that is called `{name}`"
    raise no_such("unknown-name", message, "NAME", name, names, "what is learned")


def _text(found: "Sequence[Model]", zone: str, at: datetime) -> str:
    from parcours.clock.zones import to_local
    from parcours.simulator.tables import console_of, new_table, with_commas

    if not found:
        return "nothing is declared that could be learned, and nothing has been"
    table = new_table("", "", "", "as of", "age", "runs", "rows", "", left=(1, 2, 3, 7))
    for model in found:
        run = model.run
        table.add_row(
            model.name,
            model.kind,
            model.condition,
            f"{to_local(zone, run.as_of):%Y-%m-%d %H:%M}" if run else "",
            _age(at, run.as_of) if run else "",
            with_commas(model.runs) if run else "",
            with_commas(run.rows) if run else "",
            str(run.report["summary"]) if run else "",
            style=_COLOURS[model.condition],
        )
    out = io.StringIO()
    console_of(out, colour=is_coloured(sys.stdout), width=columns(sys.stdout)).print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def _age(at: datetime, then: datetime) -> str:
    hours = int((at - then).total_seconds()) // 3600
    return many(hours // 24, "day") if hours >= 48 else many(hours, "hour")


def _data(model: "Model") -> dict[str, Any]:
    run = model.run
    return {
        "kind": model.kind,
        "name": model.name,
        "condition": model.condition,
        "runs": model.runs,
        "as_of": None if run is None else f"{run.as_of.isoformat()}Z",
        "rows": None if run is None else run.rows,
        "report": None if run is None else dict(run.report),
    }
