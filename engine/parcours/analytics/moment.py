"""An instant of a datamart: what is visible of it there (E2), and tables made of that.

Attributes of a contact have no dates in a datamart: they are as they stand there now. Events have, and contacts have
where the mapping names `loaded`."""

from datetime import datetime

from sqlglot import exp

from parcours.checking.checked import CheckedProject
from parcours.clock.zones import to_local
from parcours.compiler.analytic_store import CONTACT, LEARNED, Kind
from parcours.compiler.bindings import instants_at
from parcours.compiler.expressions import (
    column,
    create_temporary,
    create_temporary_view,
    own,
    table,
    timestamp,
)
from parcours.compiler.statement import Statement
from parcours.compiler.terms import event_table
from parcours.engines.duckdb.engine import DuckDBEngine


class Moment:
    """What is visible at `as_of`: events with at <= as_of and loaded <= as_of, contacts loaded by then.

    All tables that it makes are temporary tables of the engine's connection; one of the same name is replaced."""

    def __init__(self, engine: DuckDBEngine, project: CheckedProject, as_of: datetime) -> None:
        self.engine, self.project, self.as_of = engine, project, as_of

    def events(self, event: str, *columns: str) -> exp.Select:
        """A SELECT over `e` of the visible events, each once: `_contact` (who may be gone from the datamart), `_at`,
        `_id` and the user's columns named."""
        front = [own(name, "e") for name in ("_contact", "_at", "_id")]
        return (
            exp.select(*front, *(column(name, "e") for name in columns))
            .from_(event_table(event), copy=False)
            .where(self.visible("e"), copy=False)
        )

    def visible(self, alias: str) -> exp.Expr:
        """Whether a row of an event or a contact is known at this instant."""
        return exp.LTE(this=own("_visible_at", alias), expression=timestamp(self.as_of))

    def make(self, name: str, query: exp.Query, **instants: datetime) -> None:
        """Makes a temporary table of a query that may take the parameters `now`, `ago_…` and those given."""
        statement = Statement(name, "", create_temporary(name, query))
        self.engine.run(
            statement, {**instants_at(self.project.time_zone, statement.parameters, self.as_of), **instants}
        )

    def show(self, name: str, query: exp.Query) -> None:
        """Makes a temporary view of a query without parameters, for what is read once or twice."""
        self.engine.run_tree(create_temporary_view(name, query))

    def columns_of(self, kind: Kind) -> dict[str, str]:
        """The columns of what is learned of each contact, with their SQL types, as the analytic store has them."""
        ((contact_type,),) = self.engine.run_text(
            "SELECT column_type FROM (DESCRIBE contact) WHERE column_name = '_contact'"
        )
        return {CONTACT: contact_type, **LEARNED[kind]}

    @property
    def local(self) -> str:
        """The instant as people read it: on the project's clock."""
        return f"{to_local(self.project.time_zone, self.as_of):%Y-%m-%d %H:%M}"

    def count(self, name: str) -> int:
        """How many rows a table has."""
        ((count,),) = self.engine.run_tree(exp.select(exp.Count(this=exp.Star())).from_(table(name)))
        return int(count)
