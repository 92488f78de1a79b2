"""What a check found out, kept in the user's cache folder for the next process.

Two files a project: the verdict, which is all that is needed when nothing has changed, and the memory, file by file.
Both begin with the fingerprint of the Parcours that wrote them and are taken for absent by any other."""

import pickle
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parcours.language.cache import keep, kept
from parcours.workspace.fingerprint import fingerprint
from parcours.workspace.verdict import Judged

if TYPE_CHECKING:
    from parcours.workspace.memory import Memory

MOST_FILES = 64
"""Of all projects together: the oldest go."""


class Store:
    """`cache` is the folder for what can be made again, None to keep nothing; `name` tells the project from others."""

    def __init__(self, cache: Path | None, name: str) -> None:
        self._folder = None if cache is None else cache / "checks"
        self._name = name
        self._kept: dict[str, bytes] = {}  # the memory of each file as it was kept

    def judged(self, key: str) -> Judged | None:
        """What was kept under this key, if that was the last."""
        found = self._read("verdict")
        return None if found is None or found[0] != key else found[1]

    def memory(self, world: str) -> "Memory":
        """What was kept of the files in this world, that is, with these settings and this catalog."""
        from parcours.workspace.memory import Memory

        found = self._read("memory")
        if found is None or found[0] != world:
            return Memory(world)
        _, self._kept, pressure = found
        return Memory(world, {name: pickle.loads(stored) for name, stored in self._kept.items()}, pressure)

    def keep_judged(self, key: str, judged: Judged) -> None:
        self._write("verdict", (key, judged))

    def keep_memory(self, memory: "Memory") -> None:
        """Keeps what is new; the rest is there."""
        self._kept = {
            name: pickle.dumps(file) if name in memory.new or name not in self._kept else self._kept[name]
            for name, file in memory.files.items()
        }
        memory.new.clear()
        self._write("memory", (memory.world, self._kept, memory.pressure))

    def _file(self, what: str) -> Path | None:
        return None if self._folder is None else self._folder / f"{self._name}.{what}"

    def _read(self, what: str) -> Any:
        file = self._file(what)
        stored = None if file is None else kept(file)
        mark = fingerprint()
        if stored is None or not stored.startswith(mark):
            return None
        return pickle.loads(memoryview(stored)[len(mark) :])

    def _write(self, what: str, content: Any) -> None:
        file = self._file(what)
        if file is not None:
            keep(file, fingerprint() + pickle.dumps(content))
            _clear_out(file.parent)


def _clear_out(folder: Path) -> None:
    with suppress(OSError):
        by_age = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime_ns)
        for old in by_age[:-MOST_FILES]:
            old.unlink(missing_ok=True)
