"""A project that is checked again and again: by a command, which begins with what the last one kept, or in an
editor's loop, file by file."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from parcours.datamart.catalog import Catalog, described
from parcours.datamart.connection import connect
from parcours.datamart.statistics import Statistics
from parcours.diagnostics import Diagnostic, Problem
from parcours.language.files import SETTINGS_FILE, ProjectFiles, project_files, with_text
from parcours.workspace.data import answers
from parcours.workspace.fingerprint import digest
from parcours.workspace.store import Store
from parcours.workspace.verdict import Judged, Verdict

# What reads and checks is imported when something is to be read or checked: that takes longer than the rest.
if TYPE_CHECKING:
    import duckdb

    from parcours.workspace.memory import Memory


class Workspace:
    """`cache` is the folder in which something is kept for the next process; None: nothing is. To be closed."""

    def __init__(self, folder: Path, environment: Mapping[str, str], cache: Path | None = None) -> None:
        self._folder = folder
        self._environment = environment
        self._store = Store(cache, digest(f"{folder.absolute()}\0{folder}")[:32])
        self._files = ProjectFiles()
        self._datamart: _Datamart | None = None
        self._unconnected: tuple[Diagnostic, ...] = ()
        self._memory: Memory | None = None
        self._judged = Judged((), None)

    def check(self) -> Verdict:
        """What there is to say of the project as it lies on disk, with the datamart as it is now."""
        self.close()
        self._files = project_files(self._folder, self._environment)
        self._connect()
        if self._datamart is None:
            return self._unchecked()
        world = self._world(self._datamart.catalog)
        key = self._key(world)
        judged = self._store.judged(key)
        if judged is None:
            judged, memory = self._judge(self._datamart.catalog, world)
            self._store.keep_memory(memory)
            self._store.keep_judged(key, judged)
        return self._verdict(judged, self._datamart)

    def update(self, file: Path, text: str) -> Verdict:
        """What there were to say if a journey file had this text; the rest is as `check` and earlier updates left it.
        `file` begins with the folder of the project, as that was given."""
        self._files = with_text(self._files, file, text)
        if self._datamart is None:
            return self._unchecked()
        judged, _ = self._judge(self._datamart.catalog, self._world(self._datamart.catalog))
        return self._verdict(judged, self._datamart)

    def doubts(self) -> tuple[Diagnostic, ...]:
        """What in the rows of the datamart can mislead a journey, and which tests are over: warnings beside those of the
        last `check`."""
        from parcours.datamart.doubts import doubted_addresses, doubts
        from parcours.workspace.finished import finished_tests

        if self._datamart is None or self._files.settings is None:
            return ()
        connection, catalog = self._datamart.connection, self._datamart.catalog
        of_events = doubts(connection, catalog, self._files.settings)
        of_addresses = doubted_addresses(connection, catalog, self._judged.channels)
        return (*of_events, *of_addresses, *finished_tests(self._folder, self._judged.tests))

    def close(self) -> None:
        if self._datamart is not None:
            self._datamart.connection.close()
        self._datamart = None

    def _connect(self) -> None:
        if self._files.settings is None:
            return
        try:
            self._datamart = _Datamart(*connect(self._files.settings, self._folder))
        except Problem as problem:
            self._unconnected = problem.diagnostics

    def _unchecked(self) -> Verdict:
        """What the files say by themselves, where there is nothing to check them against."""
        from parcours.language.project import project_of

        project, found = project_of(self._folder, self._files)
        return Verdict((*found, *(self._unconnected if project else ())), self._files.sources)

    def _judge(self, catalog: Catalog, world: str) -> tuple[Judged, "Memory"]:
        from parcours.workspace.judge import judge

        with _without_collecting():
            is_first = self._memory is None or self._memory.world != world
            if self._memory is None or is_first:
                self._memory = self._store.memory(world)
            judged = judge(self._folder, self._files, catalog, self._memory)
            if is_first:
                gc.freeze()
            return judged, self._memory

    def _verdict(self, judged: Judged, datamart: "_Datamart") -> Verdict:
        self._judged = judged
        found = (*datamart.notes, *judged.diagnostics, *answers(judged.questions, datamart.statistics))
        is_right = not any(diagnostic.severity == "error" for diagnostic in found)
        name = self._files.settings.name if self._files.settings else ""
        counts = judged.counts if is_right else None
        return Verdict(found, self._files.sources, name, counts)

    def _world(self, catalog: Catalog) -> str:
        """What the check of every file depends on: how parcours.yaml reads, and the names and types of the datamart.
        Paths with variables in them, which may hold a secret, are not in it."""
        settings = self._files.sources[(self._folder / SETTINGS_FILE).as_posix()]
        return digest(f"{settings}\0{described(catalog)}")

    def _key(self, world: str) -> str:
        """All that a verdict depends on, but for the rows of the datamart."""
        parts = [str(self._folder), world, repr(self._files.diagnostics)]
        for name, text in self._files.texts.items():
            parts += [name, digest(text)]
        return digest("\0".join(parts))


class _Datamart:
    def __init__(
        self, connection: "duckdb.DuckDBPyConnection", catalog: Catalog, notes: tuple[Diagnostic, ...]
    ) -> None:
        self.connection, self.catalog, self.notes = connection, catalog, notes
        self.statistics = Statistics(connection, catalog)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """What is read of a project stays, and has no circles: to go through all of it for garbage again and again takes a
    third of the time. So it is frozen afterwards, too."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
