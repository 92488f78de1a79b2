# ruff: noqa: S608 - every name goes through quoting.identifier, every value through quoting.literal
"""The user's own tables: of the attached database, of files, and the views over them.

DuckDB resolves the names inside a view when the view is *used*, first among temporary tables, then in the
view's own schema. So what is the user's stands in a schema of its own, and what is ours in `main` and never
in TEMP: otherwise a user's view over a table called `contact` or `product` would silently read our view."""

from collections.abc import Iterable
from dataclasses import dataclass
from glob import escape
from pathlib import Path

import duckdb

from parcours.datamart.catalog import kind_of
from parcours.datamart.memory import SOURCE, reason
from parcours.datamart.quoting import identifier, literal
from parcours.diagnostics import Diagnostic, nearest
from parcours.model.node import Name
from parcours.model.settings import DatamartMapping, View

DATABASE = "datamart"
"""The name under which the user's database is attached."""

_CSV = (".csv", ".csv.gz")


@dataclass(frozen=True, slots=True)
class Relation:
    """Something to select from. `settled`: its rows cannot change while we are connected, because DuckDB
    holds a lock on the file. `untyped`: a CSV file without a row, whose columns count as text."""

    sql: str
    columns: dict[str, str]
    settled: bool
    untyped: bool = False


class Sources:
    """The tables and views by name. What is wrong with them is appended to `findings`."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        mapping: DatamartMapping,
        folder: Path,
        findings: list[Diagnostic],
    ) -> None:
        self._connection = connection
        self._mapping = mapping
        self._folder = folder.absolute()
        self._findings = findings
        self._known: dict[str, tuple[str, bool]] = {}  # name -> (SQL, settled)
        self._untyped: set[str] = set()
        self._broken: set[str] = set()  # reported already: what is built on them is not reported again
        self._database_broken = False
        connection.execute(f"CREATE SCHEMA {identifier(SOURCE)}")
        self._attach()
        self._open_files()
        self._make_views()

    def relation(self, table: Name) -> Relation | None:
        """The table, view or file of that name; None when it cannot be read, which is then in the findings."""
        name = table.text
        if name.lower() in self._broken:
            return None
        if name not in self._known and name.lower().endswith((".parquet", *_CSV)):
            self._open_file(name, table)
        if name in self._known:
            sql, settled = self._known[name]
            try:
                described = self._connection.execute(f"DESCRIBE SELECT * FROM {sql}").fetchall()
            except duckdb.Error as error:
                self._find("datamart-failed", f"`{name}` cannot be read: {reason(error)}", table)
                return None
            return Relation(sql, {row[0]: row[1] for row in described}, settled, name in self._untyped)
        if not self._database_broken and name.lower() not in self._broken:
            near = nearest(name, self._known)
            self._find("unknown-table", f"there is no table `{name}`", table, near)
        return None

    # ---- the database

    def _attach(self) -> None:
        database = self._mapping.database
        if database is None:
            return
        path = self._folder / database.text
        self._database_broken = True
        if not path.is_file():
            self._find(
                "no-database", f"there is no file `{database.text}`", database, advice=self._mapping.missing
            )
            return
        try:
            self._connection.execute(f"ATTACH {literal(str(path))} AS {identifier(DATABASE)} (READ_ONLY)")
        except duckdb.Error as error:
            text = str(error).lower()
            if "lock" in text or "conflict" in text:
                self._find("database-locked", f"`{database.text}` is in use by another process", database)
            else:
                self._find("not-a-database", f"`{database.text}` is no DuckDB database", database)
            return
        self._database_broken = False
        rows = self._connection.execute(
            "SELECT schema_name, table_name, true FROM duckdb_tables() WHERE database_name = $1 "
            "UNION ALL SELECT schema_name, view_name, false FROM duckdb_views() "
            "WHERE database_name = $1 AND NOT internal ORDER BY ALL",
            [DATABASE],
        ).fetchall()
        for schema, name, settled in rows:
            known = name if schema == "main" else f"{schema}.{name}"
            self._known[known] = (identifier(DATABASE, schema, name), settled)
        if self._mapping.views:
            self._make_aliases((schema, name) for schema, name, _ in rows)

    def _make_aliases(self, tables: Iterable[tuple[str, str]]) -> None:
        """Makes the database's tables visible to the user's views under their own names."""
        for schema, name in tables:
            ours = SOURCE if schema == "main" else schema
            self._connection.execute(f"CREATE SCHEMA IF NOT EXISTS {identifier(ours)}")
            try:
                self._connection.execute(
                    f"CREATE VIEW {identifier('memory', ours, name)} AS "
                    f"SELECT * FROM {identifier(DATABASE, schema, name)}"
                )
            except duckdb.Error:
                continue  # a view of the database that is itself broken matters only to who uses it

    # ---- files

    def _open_files(self) -> None:
        for file in self._mapping.tables:
            if self._is_free(file.name):
                self._open_file(file.name.text, file.path)

    def _open_file(self, name: str, path: Name) -> None:
        self._broken.add(name.lower())
        # A folder may hold glob signs in its own name; those of the user's path are meant.
        pattern = literal(str(Path(escape(str(self._folder))) / path.text))
        if not self._connection.execute(f"SELECT 1 FROM glob({pattern}) LIMIT 1").fetchone():
            self._find("no-data-file", f"there is no file `{path.text}`", path, advice=self._mapping.missing)
            return
        try:
            if path.text.lower().endswith(".parquet"):
                source = f"read_parquet({pattern})"
            elif path.text.lower().endswith(_CSV):
                # Types are found once, from all rows: a later look at a part could find others.
                rows = self._connection.execute(
                    f"DESCRIBE SELECT * FROM read_csv({pattern}, sample_size = -1)"
                ).fetchall()
                types = ", ".join(f"{literal(row[0])}: {literal(row[1])}" for row in rows)
                source = f"read_csv({pattern}, types = {{{types}}})"
                if not self._connection.execute(f"SELECT 1 FROM {source} LIMIT 1").fetchone():
                    self._untyped.add(name)
            else:
                self._find("bad-data-file", f"`{path.text}` is neither Parquet nor CSV", path)
                return
            self._create(name, f"SELECT * FROM {source}", settled=False)
        except duckdb.Error:
            # DuckDB's own words name the whole path on this machine; the user's shorter one is enough.
            self._find("bad-data-file", f"`{path.text}` cannot be read as what its ending says", path)

    # ---- views

    def _make_views(self) -> None:
        # Names in a new view are looked up here, as they will be when it is used.
        self._connection.execute(f"SET search_path = {literal('memory.' + SOURCE)}")
        for view in self._mapping.views:
            if self._is_free(view.name) and self._make_view(view.name.text, view.file) and view.dropped:
                self._make_dropped(view, view.dropped)
        self._connection.execute("RESET search_path")

    def _make_view(self, name: str, file: Name) -> bool:
        self._broken.add(name.lower())
        query = self._one_select(file)
        if query is None:
            return False
        try:
            self._create(name, query, settled=False)
        except duckdb.Error as error:
            if not self._is_told(error, name):
                self._find("bad-view", f"`{file.text}` cannot be a view: {reason(error)}", file)
            return False
        return True

    def _is_told(self, error: duckdb.Error, name: str) -> bool:
        """Whether a view only fails because a table that it reads is in the findings already."""
        if not isinstance(error, duckdb.CatalogException):
            return False
        line = reason(error).lower()
        others = self._broken - {name.lower()}
        return self._database_broken or any(f"table with name {other} does" in line for other in others)

    def _one_select(self, file: Name) -> str | None:
        try:
            text = (self._folder / file.text).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            self._find("unreadable-file", f"`{file.text}` cannot be read", file)
            return None
        try:
            statements = duckdb.extract_statements(text)
        except duckdb.Error as error:
            self._find("bad-view", f"`{file.text}` is no SQL: {reason(error)}", file)
            return None
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            self._find("bad-view", f"`{file.text}` is not one single SELECT", file)
            return None
        return str(statements[0].query)

    def _make_dropped(self, view: View, file: Name) -> None:
        name = dropped_view(view.name.text)
        if self._make_view(name, file):
            types = self._connection.execute(f"DESCRIBE SELECT * FROM {self._known[name][0]}").fetchall()
            if len(types) != 2 or kind_of(types[1][1]) != "number":
                message = f"`{file.text}` must give two columns: a reason and a number of rows"
                self._find("bad-view", message, file)

    # ---- small parts

    def _is_free(self, name: Name) -> bool:
        taken = {known.lower() for known in self._known} | self._broken
        if name.text.lower() in taken:
            self._find("duplicate-name", f"there is a table `{name.text}` already", name)
        return name.text.lower() not in taken

    def _create(self, name: str, query: str, *, settled: bool) -> None:
        """Makes a view of the user's. What `query` is has been checked by the caller."""
        sql = identifier("memory", SOURCE, name)
        self._connection.execute(f"CREATE VIEW {sql} AS {query}")
        self._known[name] = (sql, settled)
        self._broken.discard(name.lower())

    def _find(self, code: str, message: str, name: Name, near: str | None = None, advice: str = "") -> None:
        mark = f"did you mean `{near}`?" if near else ""
        self._findings.append(Diagnostic(code, message, name.place, mark, advice))


def dropped_view(view: str) -> str:
    """The name of the view that says what `view` leaves out. No name of the user's has a space in front."""
    return f" dropped by {view}"
