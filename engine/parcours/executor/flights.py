"""Which versions of which journeys run: the newest of each, and older ones in which somebody still is (T18)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from parcours.checking import checked
from parcours.checking.event_tables import SQL_TYPES
from parcours.checking.usage import history_events, usage
from parcours.compiler.flights import Flight
from parcours.diagnostics import Diagnostic, problem
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.store import Store
from parcours.graph.edges import all_steps
from parcours.graph.stored import from_text
from parcours.graph.versions import content_hash


@dataclass(frozen=True)
class Fleet:
    """All that runs, by journey and number. `fresh`: versions that the state does not know yet; `edited`: the journeys of
    those of which it knows another version."""

    flights: tuple[Flight, ...]
    fresh: tuple[Flight, ...]
    edited: frozenset[str]


def fleet_of(project: checked.CheckedProject, store: Store, where: str) -> Fleet:
    """Numbers the versions, new ones after those that the state knows. `Problem` when somebody is in a version that the
    state does not keep as it should."""
    known = store.versions()
    paused = store.paused()
    hashes = {journey.name: content_hash(journey) for journey in project.journeys}
    numbers = {journey: version for version, journey, digest in known if hashes.get(journey) == digest}
    following = max((version for version, _, _ in known), default=0) + 1
    fresh = [journey for journey in project.journeys if journey.name not in numbers]
    numbers |= {journey.name: following + n for n, journey in enumerate(fresh)}
    flights = [Flight(numbers[j.name], j, paused=j.name in paused) for j in project.journeys]
    flights += [
        Flight(version, stored(store, version, journey, where), newest=False, paused=journey in paused)
        for version, journey, _ in known
        if version in store.standing() and numbers.get(journey) != version
    ]
    flights.sort(key=lambda flight: (flight.journey.name, flight.number))
    return Fleet(
        tuple(flights),
        tuple(flight for flight in flights if flight.number >= following),
        frozenset({journey for _, journey, _ in known} & {journey.name for journey in fresh}),
    )


def stored(store: Store, version: int, journey: str, where: str) -> checked.Journey:
    """A version as the state keeps it. `Problem` when it does not."""
    text = store.text(version)
    if text is None:
        raise problem(
            "state-damaged",
            f"the version {version} of `{journey}`, in which somebody is, is not kept in the state",
            where,
        )
    return from_text(text, f"{journey} {version}", where)


def with_flights(project: checked.CheckedProject, flights: Iterable[Flight]) -> checked.CheckedProject:
    """The project with the events that its older versions record or speak of too."""
    older = replace(project, journeys=tuple(f.journey for f in flights if not f.newest))
    recorded = {name: dict(fields) for name, fields in project.recorded}
    for journey in older.journeys:
        for step in all_steps(journey.steps):
            if isinstance(step, checked.Record):
                fields = recorded.setdefault(step.event, {})
                for name, term in step.bindings:
                    fields.setdefault(name, SQL_TYPES[term.kind])
    events = {*project.events, *recorded, *history_events(older)}
    return replace(
        project,
        events=tuple(sorted(events)),
        recorded=tuple((name, tuple(fields.items())) for name, fields in sorted(recorded.items())),
    )


def stranded(
    engine: DuckDBEngine, project: checked.CheckedProject, flights: Iterable[Flight], where: str
) -> dict[int, Diagnostic]:
    """The numbers of older versions that read what the datamart does not have any more, each with what to say of it. The
    newest have been checked."""
    found: dict[int, Diagnostic] = {}
    for flight in flights:
        missing = None if flight.newest else _missing(engine, project, flight.journey)
        if missing is not None:
            (found[flight.number],) = problem(
                "version-cannot-run",
                f"`{flight.journey.name}` in its version {flight.number}, in which somebody is, reads {missing}, which "
                "the datamart does not have any more",
                where,
                help="bring it back, or move those inside, or take them out, with `parcours apply --move` or `--leave`",
            ).diagnostics
    return found


def _missing(engine: DuckDBEngine, project: checked.CheckedProject, journey: checked.Journey) -> str | None:
    """The first thing that a journey reads and that is not there; None when all is."""
    read = usage(replace(project, journeys=(journey,), learned=(), events=()))
    tables = {
        "contact": read.attributes,
        **{f"event_{name}": columns for name, columns in read.events.items()},
    }
    tables |= {"product": read.products} if read.products else {}
    for table, columns in tables.items():
        there = {name for (name,) in engine.run_text(_COLUMNS, [table])}
        if not there:
            return f"`{table.removeprefix('event_')}`"
        gone = [column for column in columns if column not in there]
        if gone:
            return f"`{gone[0]}` of `{table.removeprefix('event_')}`"
    return None


_COLUMNS = """
    SELECT column_name FROM duckdb_columns()
    WHERE database_name = 'memory' AND schema_name = 'main' AND table_name = ?
"""
