"""From a checked project and a state to an executor."""

from pathlib import Path

from parcours.datamart.inbox import InboxReader, inbox_folder
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.costs import Meter
from parcours.executor.tick import Executor
from parcours.workspace.load import Loaded


def open_executor(loaded: Loaded, state: Path | None, meter: Meter | None = None) -> Executor:
    """An executor over the live datamart and a state file, made when it is not there; None: in memory. With a `meter`
    the costs of its ticks are kept in the state.

    `Problem` when the state cannot be opened, was made by a newer version, or belongs to something else."""
    assert loaded.checked is not None and loaded.connection is not None
    assert loaded.catalog is not None and loaded.project is not None
    engine = DuckDBEngine(loaded.connection)
    engine.attach_state(state)
    where = "memory" if state is None else str(state)
    settings, folder = loaded.project.settings, Path(loaded.project.place.file)
    inbox = (
        InboxReader(loaded.connection, inbox_folder(settings, folder)) if settings.datamart.received else None
    )
    take_in = inbox.take_in if inbox else None
    return Executor(engine, loaded.checked, loaded.catalog.contact_type, where, meter, take_in)
