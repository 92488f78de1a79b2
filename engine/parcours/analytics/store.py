"""The analytic store: opened, asked what was learned, and written a run at a time."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlglot import exp

from parcours.analytics.learner import Report, Result, Run
from parcours.compiler.analytic_store import FORM, META, RUN, RUNS, SCHEMA, Kind, table_of
from parcours.compiler.expressions import cast_to, column, number, own, table, text, timestamp
from parcours.diagnostics import problem
from parcours.engines.duckdb.engine import DuckDBEngine


class AnalyticStore:
    """What is attached to an engine as `analytics`. `where` is its file, for people.

    `Problem` when it belongs to another project, was made by a newer version, or is not as it was written."""

    def __init__(self, engine: DuckDBEngine, project: str, contact_type: str, where: str) -> None:
        self._engine, self._where = engine, where
        tables = self._tables()
        if not tables:
            self._begin(project, contact_type)
            return
        if not {META, RUNS} <= tables.keys():
            raise problem("analytics-foreign", "the file is no analytic store of Parcours", where)
        self._must_be_ours(project, contact_type)
        self._must_be_whole(tables)

    def runs(self, kind: Kind | None = None, name: str | None = None) -> tuple[Run, ...]:
        """Every run, or those of a kind and name: the oldest first, by the instants that they are dated at."""
        query = exp.select(*(own(c) for c in RUN)).from_(_stored(RUNS)).order_by("as_of", "run")
        if kind is not None:
            query = query.where(exp.EQ(this=own("kind"), expression=text(kind)), copy=False)
        if name is not None:
            query = query.where(exp.EQ(this=own("name"), expression=text(name)), copy=False)
        return tuple(
            Run(number, kind, name, digest, as_of, rows, json.loads(report))
            for number, kind, name, digest, as_of, rows, report in self._engine.run_tree(query)
        )

    def earlier(self, kind: Kind, name: str, digest: str, as_of: datetime) -> tuple[Run, ...]:
        """The runs of a declaration as it is now, dated at or before an instant: the oldest first."""
        return tuple(run for run in self.runs(kind, name) if run.hash == digest and run.as_of <= as_of)

    def write(self, kind: Kind, name: str, digest: str, as_of: datetime, result: Result) -> Run:
        """Writes a run: all of it in one transaction, or nothing. It takes the place of one of the same declaration as of
        the same instant."""
        stored = _stored(table_of(kind, name))
        replaced = [run.number for run in self.earlier(kind, name, digest, as_of) if run.as_of == as_of]
        with self._engine.transaction():
            next_run = exp.select(exp.Coalesce(this=exp.Max(this=own("run")), expressions=[number(0)]))
            ((last,),) = self._engine.run_tree(next_run.from_(_stored(RUNS)))
            self._engine.run_tree(_create(stored, {"run": "INTEGER", **result.columns}))
            for old in replaced:
                for one in (stored, _stored(RUNS)):
                    self._engine.run_tree(_delete(one, old))
            self._engine.run_tree(_insert(stored, last + 1, result))
            rows = self._count(stored, last + 1)
            ((made,),) = self._engine.run_tree(
                exp.select(exp.Count(this=exp.Star())).from_(table(result.table))
            )
            assert rows == made, f"{made} rows were learned, {rows} are stored"
            run = Run(last + 1, kind, name, digest, as_of, rows, result.report)
            self._engine.run_tree(_insert_run(run))
        return run

    # ---- how it is opened

    def _tables(self) -> dict[str, dict[str, str]]:
        """The columns of each table, with their SQL types."""
        found: dict[str, dict[str, str]] = {}
        for name, column_name, sql_type in self._engine.run_text(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = ? "
            "ORDER BY table_name, column_index",
            [SCHEMA],
        ):
            found.setdefault(name, {})[column_name] = sql_type
        return found

    def _begin(self, project: str, contact_type: str) -> None:
        facts = {"project": project, "contact_type": contact_type, "form": str(FORM)}
        with self._engine.transaction():
            self._engine.run_tree(_create(_stored(META), {"name": "VARCHAR", "value": "VARCHAR"}))
            self._engine.run_tree(_create(_stored(RUNS), RUN))
            rows = [exp.Tuple(expressions=[text(name), text(value)]) for name, value in facts.items()]
            self._engine.run_tree(exp.Insert(this=_stored(META), expression=exp.Values(expressions=rows)))

    def _must_be_ours(self, project: str, contact_type: str) -> None:
        query = exp.select(own("name"), own("value")).from_(_stored(META))
        facts = dict(self._engine.run_tree(query))
        if not {"project", "contact_type", "form"} <= facts.keys() or not facts["form"].isdigit():
            raise problem(
                "analytics-damaged", "the analytic store does not say what it belongs to", self._where
            )
        if int(facts["form"]) > FORM:
            raise problem(
                "analytics-newer",
                f"the analytic store has the form {facts['form']}, this version of Parcours knows forms up to {FORM}",
                self._where,
            )
        if facts["project"] != project:
            raise problem(
                "analytics-foreign",
                f"the analytic store belongs to the project `{facts['project']}`, not `{project}`",
                self._where,
            )
        if facts["contact_type"] != contact_type:
            raise problem(
                "analytics-foreign",
                f"the analytic store was made for contact keys of type {facts['contact_type']}, not {contact_type}",
                self._where,
            )

    def _must_be_whole(self, tables: Mapping[str, Mapping[str, str]]) -> None:
        """Every run has as many rows as were written, and there is no row of another."""
        if dict(tables[RUNS]) != RUN:
            raise problem("analytics-damaged", f"the table `{RUNS}` has other columns", self._where)
        query = exp.select(*(own(c) for c in ("run", "kind", "name", "learned_rows"))).from_(_stored(RUNS))
        written = {
            number: (table_of(kind, name), rows) for number, kind, name, rows in self._engine.run_tree(query)
        }
        for name in tables.keys() - {META, RUNS}:
            if "run" not in tables[name]:
                raise problem("analytics-damaged", f"the table `{name}` has other columns", self._where)
            there = exp.select(own("run"), exp.Count(this=exp.Star())).from_(_stored(name)).group_by("run")
            found = dict(self._engine.run_tree(there))
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
        ((rows,),) = self._engine.run_tree(query.where(exp.EQ(this=own("run"), expression=number(run))))
        return int(rows)


def _stored(name: str) -> exp.Table:
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


def _insert_run(run: Run) -> exp.Insert:
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
    return exp.Insert(this=_stored(RUNS), expression=exp.Values(expressions=[row]))


def as_json(report: Report) -> str:
    """A report as it is stored: what is no plain data is an error of ours."""
    plain: dict[str, Any] = dict(report)
    return json.dumps(plain, ensure_ascii=False, allow_nan=False, sort_keys=True)
