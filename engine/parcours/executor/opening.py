"""From a checked project and a state to an executor."""

from pathlib import Path

from parcours.datamart.inbox import InboxReader, inbox_folder
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.costs import Meter
from parcours.executor.learned import attach_learned
from parcours.executor.tick import Executor
from parcours.workspace.analytics import analytics_place
from parcours.workspace.load import Loaded


def open_executor(
    loaded: Loaded,
    state: Path | None,
    meter: Meter | None = None,
    *,
    read_only: bool = False,
    is_patient: bool = False,
) -> Executor:
    """An executor over the live datamart, what was learned of it, and a state file, made when it is not there; None: in
    memory. With a `meter` the costs of its ticks are kept in the state. One that is `read_only` can be asked, and cannot
    tick; who `is_patient` waits some seconds for others to let go of the state.

    `Problem` when the state cannot be opened, was made by a newer version, or belongs to something else."""
    assert loaded.checked is not None and loaded.connection is not None
    assert loaded.catalog is not None and loaded.project is not None
    engine = DuckDBEngine(loaded.connection)
    engine.attach_state(state, read_only=read_only, is_patient=is_patient)
    contact_type = loaded.catalog.contact_type
    attach_learned(engine, analytics_place(loaded.project), loaded.checked.name, contact_type)
    where = "memory" if state is None else str(state)
    settings, folder = loaded.project.settings, Path(loaded.project.place.file)
    inbox = (
        InboxReader(loaded.connection, inbox_folder(settings, folder)) if settings.datamart.received else None
    )
    take_in = inbox.take_in if inbox else None
    return Executor(engine, loaded.checked, contact_type, where, meter, take_in)
