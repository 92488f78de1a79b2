"""The database files of ours, and what a user is told when one of them cannot be opened or written."""

from dataclasses import dataclass

import duckdb

from parcours.diagnostics import Problem, problem


@dataclass(frozen=True, slots=True)
class File:
    """`name` is the database that it is attached as, `called` what people call it, `nature` what it is of Parcours;
    the rest are the codes of what can be wrong with it."""

    name: str
    called: str
    nature: str
    locked: str
    foreign: str
    damaged: str
    newer: str
    unwritable: str

    def as_problem(self, error: Exception, where: str) -> Problem | None:
        """What the user can do something about; None for what is our fault or unknown."""
        text = str(error)
        first = text.splitlines()[0] if text else type(error).__name__
        if isinstance(error, OSError):
            first = (error.strerror or first).lower()  # without number and path: the place says which
        if "set lock on file" in text or "being used by another process" in text:
            return problem(self.locked, f"{self.called} is open in another process", where)
        if "not a valid DuckDB database" in text:
            return problem(self.foreign, f"the file is no {self.nature} of Parcours", where)
        if "Corrupt" in text or "Could not read enough bytes" in text:
            return problem(self.damaged, f"{self.called} cannot be read: {_reason(first)}", where)
        if "newer version" in text or "newer DuckDB" in text:
            return problem(self.newer, "the file was written by a newer version of DuckDB", where)
        # a commit that finds the disk full is told as an error of the transaction
        full = isinstance(error, duckdb.TransactionException) and "Could not write file" in text
        if full or isinstance(error, OSError | duckdb.IOException | duckdb.OutOfMemoryException):
            return problem(self.unwritable, f"{self.called} cannot be written: {_cause(first)}", where)
        return None


STATE = File(
    "state",
    "the state",
    "state",
    "state-locked",
    "state-foreign",
    "state-damaged",
    "state-newer",
    "state-unwritable",
)

ANALYTICS = File(
    "analytics",
    "the analytic store",
    "analytic store",
    "analytics-locked",
    "analytics-foreign",
    "analytics-damaged",
    "analytics-newer",
    "analytics-unwritable",
)


def _cause(line: str) -> str:
    """What the operating system said, where DuckDB hands it on: without the path, which the place says."""
    _, named, cause = line.rpartition('": ')
    return cause[:1].lower() + cause[1:] if named else line


def _reason(line: str) -> str:
    """DuckDB's words without the name of its error class, and without path and place in the file."""
    words = line.removeprefix("IO Error: ")
    for more in (' from file "', " in block at ", ": attempted "):
        words = words.partition(more)[0]
    return words[:1].lower() + words[1:]
