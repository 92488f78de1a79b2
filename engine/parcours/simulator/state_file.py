"""The state file of a simulation: new, and either whole or not there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parcours.diagnostics import problem
from parcours.engines.duckdb.engine import DuckDBEngine


@contextmanager
def new_state(engine: DuckDBEngine, path: Path | None) -> Iterator[None]:
    """Attaches a new state to the engine, a file or memory. Whatever goes wrong inside, Ctrl-C too, takes the file
    away again, with the folders that were made for it. `Problem` when something is there already."""
    if path is not None and os.path.lexists(path):
        raise problem("state-used", f"`{path}` is there already", str(path))
    made = [] if path is None else [folder for folder in path.absolute().parents if not folder.exists()]
    try:
        engine.attach_state(path)
        yield
        if path is not None:
            engine.run_text("CHECKPOINT state")  # everything in the one file, no log beside it
    except BaseException:
        if path is not None:
            _take_away(engine, path, made)
        raise


def _take_away(engine: DuckDBEngine, path: Path, made: list[Path]) -> None:
    engine.abandon_state()
    for file in (path, path.with_name(f"{path.name}.wal")):
        if os.path.lexists(file):
            file.unlink()
    for folder in made:  # innermost first
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
