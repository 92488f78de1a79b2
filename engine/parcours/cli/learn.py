"""`parcours learn`."""

import io
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parcours.cli.opening import FORMAT, opened_without_error
from parcours.cli.state import STATE, now, state_of
from parcours.cli.streams import columns, is_coloured, is_terminal, say, tell

if TYPE_CHECKING:
    from parcours.analytics.due import Learnable
    from parcours.analytics.learn import Outcome

_COLOURS = {"learned": "green", "fresh": "dim", "failed": "red"}


@click.command(
    "learn",
    epilog="\b\nExamples:\n"
    "  parcours learn examples/shop\n"
    "  parcours learn examples/shop value typology --as-of 2026-03-01",
)
@click.argument("project", default=".", type=click.Path(path_type=Path))
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option(
    "--as-of",
    "instant",
    metavar="DATE",
    help="Only from what was known then: a date as it begins, or a local time.  [default: now]",
)
@STATE
@FORMAT
@click.pass_context
def command(
    context: click.Context,
    project: Path,
    names: tuple[str, ...],
    instant: str | None,
    state: Path | None,
    form: str,
) -> None:
    """Learn what is declared: rfm, clusters, scores and rules; and how messages are answered.

    All that is due by its `refresh`, in the order of what is learned from what; with a NAME, that one, due or not, and
    what it is learned from. Nothing is read that was not known at the date. The results are kept beside the state, each
    with its date; ticks read the newest.
    """
    from parcours.analytics.due import learnables, messages_read
    from parcours.analytics.learn import learn
    from parcours.analytics.store import AnalyticStore
    from parcours.engines.duckdb.engine import DuckDBEngine
    from parcours.executor.history import take_history
    from parcours.simulator.options import first_instant
    from parcours.workspace.analytics import analytics_kept, analytics_place

    with opened_without_error(project, needs_journeys=False) as loaded:
        assert loaded.checked is not None and loaded.connection is not None
        assert loaded.catalog is not None and loaded.project is not None
        # how messages are answered is told by segment and stage, and of those of journeys too
        events = tuple(sorted({*loaded.checked.events, "sent"}))
        checked, kind = (
            replace(loaded.checked, groups=loaded.groups, events=events),
            loaded.catalog.contact_type,
        )
        as_of = now() if instant is None else first_instant(instant, checked.time_zone, "--as-of")
        engine = DuckDBEngine(loaded.connection)
        history = (checked.learned, checked.groups, messages_read(checked))
        take_history(engine, checked, kind, state_of(project, state), of=history)
        if learnables(checked):
            store = AnalyticStore(engine, analytics_place(loaded.project), checked.name, kind)
            outcomes = learn(engine, checked, store, as_of, names, _show, analytics_kept(loaded.project))
        else:
            outcomes = ()
    if form == "json":
        say(json.dumps([_data(outcome) for outcome in outcomes], indent=2, ensure_ascii=False))
    else:
        say(_text(outcomes, checked.time_zone))
    why = [diagnostic for outcome in outcomes for diagnostic in outcome.why]
    if why:
        tell(why, loaded.sources)
        context.exit(2)


def _show(learnable: "Learnable") -> None:
    """Says what takes its time, where somebody watches."""
    if is_terminal(sys.stderr):
        print(f"learning {learnable.declared.kind} {learnable.declared.name} …", file=sys.stderr)


def _text(outcomes: "Sequence[Outcome]", zone: str) -> str:
    from parcours.clock.zones import to_local
    from parcours.simulator.tables import console_of, new_table, with_commas

    if not outcomes:
        return "nothing is declared that could be learned: no rfm, clusters, score or rules"
    table = new_table("", "", "", "as of", "rows", "", left=(1, 2, 3, 5))
    for outcome in outcomes:
        declared, run = outcome.learnable.declared, outcome.run
        table.add_row(
            declared.name,
            declared.kind,
            {"learned": "learned", "fresh": "still fresh", "failed": "not learned"}[outcome.became],
            f"{to_local(zone, run.as_of):%Y-%m-%d %H:%M}" if run else "never",
            with_commas(run.rows) if run else "",
            str(run.report["summary"]) if run else "",
            style=_COLOURS[outcome.became],
        )
    out = io.StringIO()
    console_of(out, colour=is_coloured(sys.stdout), width=columns(sys.stdout)).print(table)
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    return "\n".join([*lines, *_doubts(outcomes)])


def _doubts(outcomes: "Sequence[Outcome]") -> Iterator[str]:
    """What is to be doubted of what was learned now."""
    for outcome in outcomes:
        if outcome.became == "learned" and outcome.run is not None:
            for doubt in outcome.run.report.get("doubts", ()):
                yield f"{outcome.learnable.declared.name}: {doubt}"


def _data(outcome: "Outcome") -> dict[str, Any]:
    run = outcome.run
    return {
        "kind": outcome.learnable.declared.kind,
        "name": outcome.learnable.declared.name,
        "became": outcome.became,
        "why": [diagnostic.message for diagnostic in outcome.why],
        "run": None
        if run is None
        else {
            "number": run.number,
            "as_of": f"{run.as_of.isoformat()}Z",
            "rows": run.rows,
            "report": dict(run.report),
        },
    }
