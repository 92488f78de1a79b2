"""DuckDB as the engine of ticks: renders trees, runs them at an instant, commits all or nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from time import sleep
from typing import Any

import duckdb
from sqlglot import ErrorLevel, exp

from parcours.compiler.statement import Statement
from parcours.diagnostics import Problem, problem
from parcours.engines.duckdb.datamart_schema import (
    attach_datamart,
    hide_schema,
    make_schema,
    show_schema,
)
from parcours.engines.duckdb.files import ANALYTICS, STATE, File
from parcours.workspace.datamart_schema import DatamartSchema

_HEADERS = 3 * 4096
"""The bytes of a DuckDB file before its first block."""

_ATTEMPTS = 50
_PAUSE_SECONDS = 0.1

Binding = Any  # datetime, int or bool: what a parameter can be

EngineError = duckdb.Error
"""Whatever DuckDB can say no with."""


class DuckDBEngine:
    """One connection: the datamart's views, temporary tables, and the state attached as `state`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self._parsed: dict[Statement, duckdb.Statement] = {}
        self._paths: dict[File, Path | None] = {}
        self.reads_only = False
        self._datamart: DatamartSchema | None = None  # while it is open to write

    def attach_state(
        self,
        path: Path | None,
        *,
        read_only: bool = False,
        is_patient: bool = False,
        trusting: bool = False,
    ) -> None:
        """Attaches the state: a file, made when it is not there, or memory. Raises `Problem` when it cannot be. A state
        that is `read_only` is there, and nothing is written to it. Who `is_patient` tries a state that is locked again for
        some seconds: somebody may have a look at it. With `trusting` nobody looks whether the file has all its blocks, which
        takes as long as there are many: one that is missing is found when it is read."""
        self.reads_only = read_only
        attach = partial(self._attach, STATE, path, read_only=read_only, trusting=trusting)
        self._again(STATE, attach, attempts=_ATTEMPTS if is_patient else 1)

    def attach_analytics(self, place: Path | DatamartSchema | None, *, read_only: bool = False) -> None:
        """Attaches the analytic store as the state is attached; to be read alone, it must be there. Who writes a run into
        it holds it for a moment only, so a store that is locked is tried again for some seconds.

        A schema of the datamart's file is seen as the schema `analytics` in memory; to write, the datamart is attached
        anew, and its own tables are written to."""
        attach = partial(self._attach_store, place, read_only=read_only)
        self._again(ANALYTICS, attach, attempts=_ATTEMPTS)

    def detach_analytics(self) -> None:
        """Lets go of the analytic store, so that others may write to it."""
        self._execute("DETACH DATABASE IF EXISTS analytics", ())
        hide_schema(self.connection)
        if self._datamart is not None:
            attach_datamart(self.connection, self._datamart.path, read_only=True)
            self._datamart = None

    def _open_datamart(self, place: DatamartSchema) -> None:
        try:
            attach_datamart(self.connection, place.path, read_only=False)
            make_schema(self.connection, place.name)
        except duckdb.Error as error:
            attach_datamart(self.connection, place.path, read_only=True)
            raised = ANALYTICS.as_problem(error, str(place))
            if raised is None:
                raise
            raise raised from error
        self._datamart = place

    def _again(self, file: File, attach: Callable[[], None], *, attempts: int) -> None:
        """Attaches a file; one that is locked is tried so many times."""
        for left in reversed(range(attempts)):
            try:
                attach()
                break
            except Problem as found:
                if not left or found.diagnostics[0].code != file.locked:
                    raise
            sleep(_PAUSE_SECONDS)

    def _attach_store(self, place: Path | DatamartSchema | None, *, read_only: bool) -> None:
        if not isinstance(place, DatamartSchema):
            self._attach(ANALYTICS, place, read_only=read_only)
        elif read_only:
            show_schema(self.connection, place.name)
        else:
            self._paths[ANALYTICS] = place.path
            self._open_datamart(place)

    def _attach(
        self, file: File, path: Path | None, *, read_only: bool = False, trusting: bool = False
    ) -> None:
        self._paths[file] = path
        try:
            if path is not None and not read_only:
                path.parent.mkdir(parents=True, exist_ok=True)
            name = ":memory:" if path is None else str(path).replace("'", "''")
            how = " (READ_ONLY)" if read_only else ""
            self.connection.execute(f"ATTACH '{name}' AS {file.name}{how}")
            if path is not None and not trusting:
                self._must_be_whole(file, path)
        except (duckdb.Error, OSError) as error:
            raised = file.as_problem(error, self._where(file))
            if raised is None:
                raise
            raise raised from error

    def _must_be_whole(self, file: File, path: Path) -> None:
        """The file has all the blocks that its tables speak of, also those that nobody reads for now. (Its header may
        count more: free blocks at the end are cut off after it is written.)"""
        there = path.stat().st_size
        ((size,),) = self.connection.execute(
            "SELECT block_size FROM pragma_database_size() WHERE database_name = ?", [file.name]
        ).fetchall()
        tables = self.connection.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = ?", [file.name]
        ).fetchall()
        for schema, table in tables:
            name = ".".join(f'"{part.replace(chr(34), chr(34) * 2)}"' for part in (file.name, schema, table))
            ((last,),) = self.connection.execute(
                "SELECT max(greatest(block_id, list_max(additional_block_ids))) FROM pragma_storage_info(?)",
                [name],
            ).fetchall()
            if last is not None and there < _HEADERS + size * (last + 1):
                raise problem(
                    file.damaged, f"{file.called} is cut short: it ends after {there:,} bytes", str(path)
                )

    def abandon_state(self) -> None:
        """Lets go of a state whose file nobody will read again, in whatever condition it is."""
        # letting go writes the log into the file, which fails once more on a disk that is full: the caller's own
        # error is the one to tell
        with suppress(duckdb.Error):
            self.connection.execute("DETACH DATABASE IF EXISTS state")

    def use_threads(self, count: int) -> None:
        """How many threads a statement may use. Results do not depend on it (T3)."""
        self.connection.execute("SET threads = ?", [count])

    def close(self) -> None:
        self.connection.close()

    def render(self, tree: exp.Expr, *, pretty: bool = False) -> str:
        """The statement as DuckDB's SQL; a construct that DuckDB has not is an error, never a guess."""
        # not copied first: what the generator does to a tree leaves its text as it is, and a copy costs as much again
        return tree.sql("duckdb", pretty=pretty, copy=False, unsupported_level=ErrorLevel.RAISE)

    def run(self, statement: Statement, bindings: Mapping[str, Binding]) -> list[tuple[Any, ...]]:
        """Runs a statement with those of the bindings that it takes, and gives its rows (a write: the count)."""
        parsed = self._parsed.get(statement)
        if parsed is None:
            (parsed,) = duckdb.extract_statements(self.render(statement.tree))
            self._parsed[statement] = parsed
        return self._execute(parsed, {name: bindings[name] for name in statement.parameters})

    def run_text(
        self, text: str, values: Sequence[Binding] | Mapping[str, Binding] = ()
    ) -> list[tuple[Any, ...]]:
        """Runs a statement of our own that stands in the code as it is; values only as parameters."""
        return self._execute(text, dict(values) if isinstance(values, Mapping) else list(values))

    def run_tree(self, tree: exp.Expr) -> list[tuple[Any, ...]]:
        """Runs a tree that is made for this moment."""
        return self._execute(self.render(tree), {})

    def arrays(self, query: exp.Query) -> dict[str, Any]:
        """The columns of a query by their names, as numpy arrays (masked where something is unknown)."""
        return self.connection.execute(self.render(query)).fetchnumpy()

    def _execute(self, text: str | duckdb.Statement, values: Any) -> list[tuple[Any, ...]]:
        try:
            # duckdb has no rows for statements without a result, but gives the count for those that write
            return self.connection.execute(text, values or None).fetchall()
        except duckdb.Error as error:
            raised = self._as_problem(error)
            if raised is None:
                raise
            raise raised from error

    def write_parquet(self, path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Writes a table of texts, in the order of its rows. It may be called in another thread. OSError when it cannot be
        written."""
        names = [
            f"unnest($c{n}::VARCHAR[]) AS {exp.to_identifier(name, quoted=True).sql('duckdb')}"
            for n, name in enumerate(columns)
        ]
        values = {f"c{n}": [row[n] for row in rows] for n in range(len(columns))}
        where = exp.Literal.string(str(path)).sql("duckdb")
        try:
            with self.connection.cursor() as connection:
                connection.execute(
                    f"COPY (SELECT {', '.join(names)}) TO {where} (FORMAT parquet, PRESERVE_ORDER true)",
                    values,
                )
        except duckdb.IOException as error:
            raise OSError(0, str(error).partition(chr(10))[0]) from error

    @contextmanager
    def transaction(
        self, around_commit: Callable[[], AbstractContextManager[None]] = nullcontext
    ) -> Iterator[None]:
        """All of it, or nothing. The commit itself happens in a context of the caller's."""
        self._execute("BEGIN", ())
        try:
            yield
            with around_commit():
                self._execute("COMMIT", ())
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        try:
            self.connection.execute("ROLLBACK")
        except duckdb.TransactionException:
            return  # the engine has rolled back already

    def _as_problem(self, error: Exception) -> Problem | None:
        """What the user can do something about; None for what is our fault or unknown."""
        path = self._paths.get(ANALYTICS)
        file = ANALYTICS if path is not None and str(path) in str(error) else STATE
        return file.as_problem(error, self._where(file))

    def _where(self, file: File) -> str:
        path = self._paths.get(file)
        return str(path) if path else f"{file.called} in memory"
