"""`parcours sql`."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parcours.cli.opening import PROJECT_OPTION, journey_of, opened_without_error
from parcours.cli.streams import say

if TYPE_CHECKING:
    from parcours.checking import checked
    from parcours.compiler.statement import Statement
    from parcours.workspace.load import Loaded

_PARAMETERS = (
    ("now", "the instant of the tick, in UTC"),
    ("before", "the instant of the tick before"),
    ("tick", "the number of the tick"),
    ("round", "the number of the round: 1, 2 …"),
    ("arbitrated", "the last round whose sends were arbitrated"),
    ("step", "which candidates are decided: the best of each contact in step 1, and so on"),
    ("decided", "how many candidates of the step are decided already"),
    ("since_entry", "the earliest entry of the runs that the statement moves"),
    (
        "since_arrived",
        "the earliest arrival, at the node where it rests, of the runs that the statement moves",
    ),
    ("base_line", "whether a segment or lifecycle is refreshed for the first time"),
    ("first", "whether the journey is in a tick for the first time"),
    ("hourly", "whether the tick is the first in its hour"),
    *(
        (f"since_{unit}", f"the beginning of the {unit}, in the project's zone")
        for unit in ("day", "week", "month", "year")
    ),
)

_RUN = "the newest run of `{}`, as it is declared now, at or before `$now`; NULL: nothing is learned of it"


@click.command("sql", epilog="\b\nExample:\n  parcours sql cart_abandonment --project examples/shop")
@click.argument("journey")
@PROJECT_OPTION
def command(journey: str, project: Path) -> None:
    """Print the SQL that a journey becomes.

    That is the tick program: the statements that each tick runs to move all contacts of the journey at once, in their
    order, as DuckDB runs them.
    """
    with opened_without_error(project) as loaded:
        text = "\n".join(_lines(loaded, journey))
    say(text)


def _lines(loaded: "Loaded", name: str) -> Iterator[str]:
    from parcours.checking.checked import declared_hash
    from parcours.compiler.flights import Flight
    from parcours.compiler.instants import span_of_parameter
    from parcours.compiler.learned import run_parameter
    from parcours.compiler.program import compile_program
    from parcours.engines.duckdb.engine import DuckDBEngine

    project, catalog, connection = loaded.checked, loaded.catalog, loaded.connection
    assert project is not None and catalog is not None and connection is not None
    journey = journey_of(loaded, name)
    numbers = {known.name: number for number, known in enumerate(project.journeys, start=1)}
    flights = [Flight(numbers[known.name], known) for known in project.journeys]
    program = compile_program(project, flights, catalog.contact_type)
    engine = DuckDBEngine(connection)
    stages = [("once, before the first tick", list(program.setup))]
    firing = _firing(journey, project.time_zone)
    stages += [
        (title, [*(firing if title.startswith("4") else ()), *statements])
        for title, statements in program.stages(name)
        if statements
    ]
    used = {parameter for _, statements in stages for s in statements for parameter in s.parameters}
    yield f"-- The tick program of the journey `{name}` ({journey.place.file}) in the SQL of DuckDB."
    yield f"-- In a new state the journey is version {numbers[name]}."
    yield "--"
    yield "-- Tables: contact, event_NAME and zone_period are the datamart, read only; state.NAME is the state; names"
    yield "-- that begin with _ are temporary. All journeys of a project move in one tick: what they share is shown too."
    yield "-- _learned_KIND_NAME are what was learned, in dated runs."
    yield "--"
    yield "-- Parameters:"
    known = [(parameter, words) for parameter, words in _PARAMETERS if parameter in used]
    spans = [(p, f"`$now` less {span}") for p in sorted(used) if (span := span_of_parameter(p))]
    declared = {run_parameter(declared_hash(d)): f"{d.kind} {d.name}" for d in project.learned}
    runs = [(p, _RUN.format(declared[p])) for p in sorted(used) if p in declared]
    width = max(len(parameter) for parameter, _ in [*known, *spans, *runs])
    for parameter, words in [*known, *spans, *runs]:
        yield f"--   ${parameter:<{width}}  {words}"
    for title, statements in stages:
        yield ""
        yield ""
        yield f"-- {'=' * 4} {title} {'=' * max(4, 92 - len(title))}"
        for statement in statements:
            yield ""
            yield f"-- {statement.name}: {statement.purpose}"
            yield f"{engine.render(statement.tree, pretty=True)};"


def _firing(journey: "checked.Journey", zone: str) -> "list[Statement]":
    """What a tick makes when the clock starts the journey: its rows are of the tick (T11), so one is made up here."""
    from parcours.checking import checked
    from parcours.clock.zones import to_utc
    from parcours.compiler.entries import firing
    from parcours.compiler.statement import Statement

    if not isinstance(journey.enter.trigger, checked.ScheduleTrigger | checked.DateTrigger):
        return []
    example = datetime(2026, 1, 1, 9)
    rows = [(zone, example.date(), to_utc(zone, example))]
    purpose = "the zones in which it fires in this tick, with day and instant; one row as an example"
    return [Statement("firing", purpose, firing(rows))]
