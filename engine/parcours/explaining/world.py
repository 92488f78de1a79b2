"""One contact as the oracle sees the world: its attributes, its events and what was learned of it, as rows."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from parcours.checking import checked
from parcours.checking.event_tables import HISTORY_EVENTS
from parcours.clock import BEGINNING
from parcours.compiler.acts import drop_view, settable, views
from parcours.compiler.flights import Flight
from parcours.compiler.learned import is_by_contact, sources_of
from parcours.compiler.one_contact import (
    CONTACT,
    contact_row,
    event_rows,
    learned_rows,
    newest_event,
    sharing,
)
from parcours.datamart.catalog import event_view
from parcours.engines.duckdb.analytic_file import analytic_tables
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.executor.flights import with_flights
from parcours.executor.learned import show_learned
from parcours.oracle.data import Data, EventRow, LearnedRun, World


class ContactWorld(World):
    """The world of one contact; the events of a kind are read when somebody asks for them. `attributes` are those of
    today, with what journeys have set; None when the contact is gone from the datamart."""

    def __init__(
        self,
        engine: DuckDBEngine,
        project: checked.CheckedProject,
        older: Iterable[checked.Journey],
        contact: Any,
        contact_type: str,
    ) -> None:
        self._engine = engine
        self._contact = contact
        self._there: set[str] = set()
        self._read: set[str] = set()
        whole = self._show(project, tuple(older), contact_type)
        rows = engine.run(contact_row(), {CONTACT: contact})
        self.attributes: Mapping[str, Any] | None = rows[0][0] if rows else None
        zone = self.attributes["_zone"] if self.attributes else None
        known = self.attributes["_visible_at"] if self.attributes else BEGINNING
        data = Data(
            {contact: self.attributes} if self.attributes else {},
            {},
            {contact: zone},
            {contact: known},
            self._learned(whole),
        )
        super().__init__(data, project.time_zone)

    def _show(
        self, project: checked.CheckedProject, older: tuple[checked.Journey, ...], contact_type: str
    ) -> checked.CheckedProject:
        """Makes the views by which what journeys have done is seen: those of the older versions too."""
        flights = [Flight(0, journey, newest=False) for journey in older]
        whole = with_flights(project, flights)
        everything = replace(whole, journeys=(*whole.journeys, *older))
        for (name,) in self._engine.run_text(_VIEWS):
            self._engine.run_tree(drop_view(name))
        columns = {name for (name,) in self._engine.run_text(_COLUMNS)}
        kept = {name: kind for name, kind in settable(everything.journeys).items() if name in columns}
        for view in views(whole, kept):
            self._engine.run_tree(view)
        show_learned(self._engine, sources_of(whole.learned, everything), contact_type)
        self._there = {name for (name,) in self._engine.run_text(_RELATIONS)}
        return everything

    def events(self, kind: str, contact: Any, at: datetime) -> list[EventRow]:
        if kind not in self._read:
            self._read.add(kind)
            self.rows[kind, self._contact] = self._rows(kind)
        return super().events(kind, contact, at)

    def _rows(self, kind: str) -> list[EventRow]:
        view = event_view(kind)
        if view not in self._there:
            return []  # what an older version speaks of may be gone from the files
        # of history the message is what it is about, of all else the mapping says what caused it
        cause = "message" if kind in HISTORY_EVENTS else "_send"
        found = self._engine.run(event_rows(view), {CONTACT: self._contact})
        made = [
            EventRow(self._contact, row["_at"], row["_visible_at"], row["_id"] or "", row, row.get(cause))
            for (row,) in found
        ]
        return sorted(made, key=lambda row: (row.visible, row.at, row.id))

    def newest(self, kind: str, at: datetime) -> datetime | None:
        """When an event of a kind became known last, of whomever, at an instant."""
        if event_view(kind) not in self._there:
            return None
        ((known,),) = self._engine.run(newest_event(event_view(kind)), {"now": at})
        return known  # type: ignore[no-any-return]

    def sharers(self, attribute: str) -> list[Any]:
        """Who has the same value of an attribute today (P6); the contact alone where it is unknown."""
        found = [key for (key,) in self._engine.run(sharing(attribute), {CONTACT: self._contact})]
        return found or [self._contact]

    def _learned(self, project: checked.CheckedProject) -> list[LearnedRun]:
        """Every run that anything is learned in, with what it says of the contact, and of everybody."""
        if "run" not in analytic_tables(self._engine):
            return []
        runs = self._engine.run_text("SELECT run, hash, as_of FROM analytics.run ORDER BY run")
        said: dict[int, dict[Any, dict[str, Any]]] = {run: {} for run, _, _ in runs}
        for kind, name in sources_of(project.learned, project):
            if not is_by_contact(kind, name):
                continue
            for (row,) in self._engine.run(learned_rows(kind, name), {CONTACT: self._contact}):
                said[row["run"]].setdefault(row["contact"], {}).update(row)
        return [LearnedRun(digest, as_of, said[run]) for run, digest, as_of in runs]


_VIEWS = "SELECT view_name FROM duckdb_views() WHERE temporary AND NOT internal"
_COLUMNS = """SELECT column_name FROM duckdb_columns()
    WHERE database_name = 'memory' AND schema_name = 'main' AND table_name = 'contact'"""
_RELATIONS = """
    SELECT view_name FROM duckdb_views() WHERE NOT internal
    UNION ALL SELECT table_name FROM duckdb_tables() WHERE database_name IN ('memory', 'temp')"""
