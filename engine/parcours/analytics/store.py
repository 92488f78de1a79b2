"""The analytic store: opened, asked what was learned, and written a run at a time."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlglot import exp

from parcours.analytics.learner import Report, Result, Run
from parcours.compiler.analytic_store import FORM, META, RUN, RUNS, SCHEMA, Kind, table_of
from parcours.compiler.expressions import cast_to, column, number, own, table, text, timestamp
from parcours.diagnostics import problem
from parcours.engines.duckdb.analytic_file import analytic_columns, analytic_tables, check_analytic_meta
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.workspace.datamart_schema import DatamartSchema


class AnalyticStore:
    """The store of a project: a file, made when it is not there, a schema of the datamart's file, or (None) memory, or
    whatever the engine has attached already. A file is attached to be read, so that ticks can read it too, and to be written
    only for as long as a run takes.

    `Problem` when it belongs to another project, was made by a newer version, is not as it was written, or when another
    process keeps it."""

    def __init__(
        self,
        engine: DuckDBEngine,
        place: Path | DatamartSchema | None,
        project: str,
        contact_type: str,
    ) -> None:
        self.engine, self._place = engine, place
        self._where = "memory" if place is None else str(place)
        if place is not None and place.exists():
            engine.attach_analytics(place, read_only=True)
        elif place is not None or not _is_attached(engine):
            engine.attach_analytics(place)
        tables = analytic_columns(engine)
        if tables:
            check_analytic_meta(engine, project, contact_type, self._where)
            self._must_be_whole(tables)
        else:
            with self._to_write():
                self._begin(project, contact_type)

    def runs(self) -> tuple[Run, ...]:
        """Every run: the oldest first, by the instants that they are dated at."""
        return _read(self.engine, None)

    def earlier(self, kind: Kind, name: str, digest: str, as_of: datetime) -> tuple[Run, ...]:
        """The runs of a declaration as it is now, dated at or before an instant: the oldest first."""
        return earlier_runs(self.engine, kind, name, digest, as_of)

    def write(
        self,
        kind: Kind,
        name: str,
        digest: str,
        as_of: datetime,
        result: Result,
        since: datetime | None = None,
    ) -> Run:
        """Writes a run: all of it in one transaction, or nothing. It takes the place of one of the same declaration as of
        the same instant. Runs of the same kind and name that are read at no instant from `since` on go, whatever the
        declaration was when they were learned (None: all stay)."""
        of, runs = self._written(table_of(kind, name)), self._written(RUNS)
        same = self.earlier(kind, name, digest, as_of)
        replaced = [run.number for run in same if run.as_of == as_of]
        outdated = [] if since is None else self._outdated(kind, name, since)
        with self._to_write(), self.engine.transaction():
            next_run = exp.select(exp.Coalesce(this=exp.Max(this=own("run")), expressions=[number(0)]))
            ((last,),) = self.engine.run_tree(next_run.from_(runs))
            self.engine.run_tree(_create(of, {"run": "INTEGER", **result.columns}))
            for old in (*replaced, *outdated):
                for one in (of, runs):
                    self.engine.run_tree(_delete(one, old))
            self.engine.run_tree(_insert(of, last + 1, result))
            rows = self._count(of, last + 1)
            made = exp.select(exp.Count(this=exp.Star())).from_(table(result.table))
            ((learned,),) = self.engine.run_tree(made)
            assert rows == learned, f"{learned} rows were learned, {rows} are stored"
            run = Run(last + 1, kind, name, digest, as_of, rows, result.report)
            self.engine.run_tree(_insert_run(runs, run))
        return run

    def _outdated(self, kind: Kind, name: str, since: datetime) -> list[int]:
        """The runs of a kind and name that nobody reads at an instant from `since` on: of each declaration, those that have
        a later one at or before it. So the newest run of a declaration always stays, and a past from `since` on is
        what it was."""
        before = exp.and_(*_says(kind=kind, name=name), _dated_by(since))
        query = exp.select(own("hash"), own("run")).from_(stored(RUNS)).where(before)
        rows = self.engine.run_tree(query.order_by("as_of", "run", copy=False))
        read = dict(rows)  # the last of a hash is the newest
        return [run for digest, run in rows if run != read[digest]]

    @contextmanager
    def _to_write(self) -> Iterator[None]:
        """For the time of a block the file is open to write, and nobody else's."""
        if self._place is None:
            yield
            return
        self.engine.detach_analytics()
        self.engine.attach_analytics(self._place)
        try:
            yield
        finally:
            self.engine.detach_analytics()
            self.engine.attach_analytics(self._place, read_only=True)

    def _written(self, name: str) -> exp.Table:
        """A table of the store as it is named where it is written to."""
        if not isinstance(self._place, DatamartSchema):
            return stored(name)
        schema, catalog = exp.to_identifier(self._place.name, quoted=True), exp.to_identifier("datamart")
        return exp.Table(this=exp.to_identifier(name, quoted=True), db=schema, catalog=catalog)

    # ---- how it is opened

    def _begin(self, project: str, contact_type: str) -> None:
        facts = {"project": project, "contact_type": contact_type, "form": str(FORM)}
        with self.engine.transaction():
            self.engine.run_tree(_create(self._written(META), {"name": "VARCHAR", "value": "VARCHAR"}))
            self.engine.run_tree(_create(self._written(RUNS), RUN))
            rows = [exp.Tuple(expressions=[text(name), text(value)]) for name, value in facts.items()]
            self.engine.run_tree(
                exp.Insert(this=self._written(META), expression=exp.Values(expressions=rows))
            )

    def _must_be_whole(self, tables: Mapping[str, Mapping[str, str]]) -> None:
        """Every run has as many rows as were written, and there is no row of another."""
        if dict(tables[RUNS]) != RUN:
            raise problem("analytics-damaged", f"the table `{RUNS}` has other columns", self._where)
        query = exp.select(*(own(c) for c in ("run", "kind", "name", "learned_rows"))).from_(stored(RUNS))
        written = {
            number: (table_of(kind, name), rows) for number, kind, name, rows in self.engine.run_tree(query)
        }
        for name in tables.keys() - {META, RUNS}:
            if "run" not in tables[name]:
                raise problem("analytics-damaged", f"the table `{name}` has other columns", self._where)
            there = exp.select(own("run"), exp.Count(this=exp.Star())).from_(stored(name)).group_by("run")
            found = dict(self.engine.run_tree(there))
            expected = {run: rows for run, (of, rows) in written.items() if of == name and rows}
            if found != expected:
                raise problem(
                    "analytics-damaged",
                    f"the table `{name}` has {sum(found.values()):,} rows, "
                    f"and {sum(expected.values()):,} were written",
                    self._where,
                )
        missing = sorted({of for of, rows in written.values() if rows} - tables.keys())
        if missing:
            raise problem("analytics-damaged", f"the table `{missing[0]}` is gone", self._where)

    def _count(self, stored: exp.Table, run: int) -> int:
        """By a real scan: `count(*)` alone would be answered without one."""
        query = exp.select(exp.Count(this=own("run"))).from_(stored.copy())
        ((rows,),) = self.engine.run_tree(query.where(exp.EQ(this=own("run"), expression=number(run))))
        return int(rows)


def store_to_read(
    engine: DuckDBEngine, place: Path | DatamartSchema, project: str, contact_type: str
) -> AnalyticStore:
    """The store of a project, to look at: nothing is made where there is none."""
    is_there = place.exists()
    if isinstance(place, DatamartSchema):
        engine.attach_analytics(place, read_only=True)
        is_there = bool(analytic_tables(engine))
        engine.detach_analytics()
    return AnalyticStore(engine, place if is_there else None, project, contact_type)


def _is_attached(engine: DuckDBEngine) -> bool:
    query = "SELECT count(*) FROM duckdb_databases() WHERE database_name = ?"
    return bool(engine.run_text(query, [SCHEMA])[0][0])


def earlier_runs(
    engine: DuckDBEngine, kind: Kind, name: str, digest: str, as_of: datetime
) -> tuple[Run, ...]:
    """The runs of a declaration, by its hash, dated at or before an instant: the oldest first. None where no store is
    attached, or nothing was ever written to it."""
    if RUNS not in analytic_tables(engine):
        return ()
    return _read(engine, exp.and_(*_says(kind=kind, name=name, hash=digest), _dated_by(as_of)))


def _says(**texts: str) -> list[exp.Expr]:
    """The conditions that columns of the table of runs have these texts."""
    return [exp.EQ(this=own(name), expression=text(value)) for name, value in texts.items()]


def _dated_by(as_of: datetime) -> exp.Expr:
    return exp.LTE(this=own("as_of"), expression=timestamp(as_of))


def _read(engine: DuckDBEngine, condition: exp.Expr | None) -> tuple[Run, ...]:
    query = exp.select(*(own(c) for c in RUN)).from_(stored(RUNS)).order_by("as_of", "run")
    if condition is not None:
        query = query.where(condition, copy=False)
    return tuple(
        Run(number, kind, name, digest, as_of, rows, json.loads(report))
        for number, kind, name, digest, as_of, rows, report in engine.run_tree(query)
    )


def stored(name: str) -> exp.Table:
    """A table of the store. Any name is only a name (E4)."""
    return exp.Table(this=exp.to_identifier(name, quoted=True), db=exp.to_identifier(SCHEMA))


def _create(stored: exp.Table, columns: Mapping[str, str]) -> exp.Create:
    kinds = [
        exp.ColumnDef(
            this=exp.to_identifier(name, quoted=True), kind=exp.DataType.build(sql_type, dialect="duckdb")
        )
        for name, sql_type in columns.items()
    ]
    schema = exp.Schema(this=stored.copy(), expressions=kinds)
    return exp.Create(this=schema, kind="TABLE", exists=True)


def _delete(stored: exp.Table, run: int) -> exp.Delete:
    return exp.Delete(
        this=stored.copy(), where=exp.Where(this=exp.EQ(this=own("run"), expression=number(run)))
    )


def _insert(stored: exp.Table, run: int, result: Result) -> exp.Insert:
    first = next(iter(result.columns))
    query = (
        exp.select(
            exp.alias_(number(run), "run"),
            *(cast_to(column(name), sql_type) for name, sql_type in result.columns.items()),
        )
        .from_(table(result.table), copy=False)
        # stored in a fixed order, which also packs better
        .order_by(exp.Ordered(this=column(first), nulls_first=False), copy=False)
    )
    return exp.Insert(this=stored.copy(), expression=query)


def _insert_run(runs: exp.Table, run: Run) -> exp.Insert:
    values = {
        "run": number(run.number),
        "kind": text(run.kind),
        "name": text(run.name),
        "hash": text(run.hash),
        "as_of": timestamp(run.as_of),
        "learned_rows": number(run.rows),
        "report": text(as_json(run.report)),
    }
    row = exp.Tuple(expressions=[values[name] for name in RUN])
    return exp.Insert(this=runs.copy(), expression=exp.Values(expressions=[row]))


def as_json(report: Report) -> str:
    """A report as it is stored: what is no plain data is an error of ours."""
    plain: dict[str, Any] = dict(report)
    return json.dumps(plain, ensure_ascii=False, allow_nan=False, sort_keys=True)
