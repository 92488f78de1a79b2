"""A simulation: the real ticks with a virtual clock, over the datamart as it stood at each instant."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from parcours.checking import checked
from parcours.checking.usage import usage
from parcours.clock.chance import threshold
from parcours.datamart.catalog import Catalog
from parcours.datamart.freeze import freeze
from parcours.datamart.quality import Note, dropped_rows, quality
from parcours.diagnostics.nearest import no_such
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.learned import attach_learned
from parcours.executor.tick import Executor
from parcours.executor.unlearned import Unlearned
from parcours.simulator.instants import count_of, instants
from parcours.simulator.learning import LearnedOnTheWay, Learning
from parcours.simulator.options import Options
from parcours.simulator.state_file import new_state
from parcours.workspace.analytics import analytics_place
from parcours.workspace.load import Loaded

_FEW_CONTACTS = 200_000
"""Below this a statement of a tick costs more to share out between threads than to run."""

Progress = Callable[[datetime, int, int], None]
"""Called after each tick: its instant, how many are done, how many there are."""


@dataclass(frozen=True)
class Simulation:
    """A simulation that has run: its state is attached to `engine` as `state`, for a report to read.

    `notes` and `dropped` tell about the datamart as a whole, whatever the sample; `contacts` are those who were
    simulated; `unlearned` is what they took as unknown because nothing was learned of it."""

    engine: DuckDBEngine
    project: checked.CheckedProject
    options: Options
    contacts: int
    notes: tuple[Note, ...]
    dropped: tuple[tuple[str, str, int], ...]
    learned: tuple[LearnedOnTheWay, ...] = ()
    unlearned: tuple[Unlearned, ...] = ()


def simulate(loaded: Loaded, options: Options, progress: Progress | None = None) -> Simulation:
    """Runs the journeys of a checked project from `options.first` to `options.last` and sends nothing.

    The connection of `loaded` is used up: its tables are frozen and the state stays attached to it. Nothing of the
    user's is written but the file `options.state`, and that only when the simulation comes to its end. `Problem` for
    a journey that is not there, a file that is, and data or a state that cannot be read or written."""
    assert loaded.checked is not None and loaded.connection is not None
    assert loaded.catalog is not None and loaded.project is not None
    project = only(loaded.checked, options.journeys)
    engine = DuckDBEngine(loaded.connection)
    with new_state(engine, options.state):
        notes = tuple(quality(loaded.connection, loaded.catalog))
        dropped = tuple(dropped_rows(loaded.connection, loaded.project.settings))
        contact_type = loaded.catalog.contact_type
        if not options.learn:
            attach_learned(engine, analytics_place(loaded.project), project.name, contact_type)
        read = usage(
            replace(project, groups=loaded.groups) if options.learn else replace(project, learned=())
        )
        events = _with_messages(read.events, loaded.catalog) if options.learn else read.events
        sample = None if options.sample is None else threshold(options.sample)
        freeze(loaded.connection, loaded.catalog, events, read.attributes, sample)
        ((known,),) = engine.run_text("SELECT count(*) FROM contact")
        if known < _FEW_CONTACTS:
            engine.use_threads(1)
        where = "memory" if options.state is None else str(options.state)
        executor = Executor(engine, project, contact_type, where)
        learning = Learning(executor, contact_type, loaded.groups) if options.learn else None
        _run(executor, project.time_zone, options, progress, learning)
        ((contacts,),) = engine.run_text(
            "SELECT count(*) FROM contact WHERE _visible_at <= ?", [options.last]
        )
    learned = tuple(learning.found.values()) if learning else ()
    unlearned = executor.unlearned_reads()
    return Simulation(engine, project, options, contacts, notes, dropped, learned, unlearned)


def _with_messages(events: Mapping[str, Collection[str]], catalog: Catalog) -> dict[str, set[str]]:
    """The columns of events that are read, and those by which it is learned how messages are answered."""
    found = {name: set(columns) for name, columns in events.items()}
    for name, table in catalog.events.items():
        if catalog.event_has_send and {"channel", "message"} <= table.columns.keys():
            found.setdefault(name, set()).update({"channel", "message"})
    return found


def _run(
    executor: Executor, zone: str, options: Options, progress: Progress | None, learning: Learning | None
) -> None:
    span = (zone, options.first, options.last, options.every)
    whole = count_of(*span)
    for number, instant in enumerate(instants(*span), 1):
        if learning is not None:
            learning.before_tick(instant)
        executor.tick(instant)
        if progress is not None:
            progress(instant, number, whole)


def only(
    project: checked.CheckedProject, journeys: tuple[str, ...], place: str = "--journey"
) -> checked.CheckedProject:
    """The project with the named journeys alone, with all of them for (). `Problem` for a name that is none."""
    if not journeys:
        return project
    known = [journey.name for journey in project.journeys]
    for name in journeys:
        if name not in known:
            raise no_such("unknown-journey", f"`{name}` is no journey", place, name, known, "the journeys")
    return replace(project, journeys=tuple(j for j in project.journeys if j.name in journeys))
