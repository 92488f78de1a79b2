"""The datamart as it was visible at an instant: what was known of each contact then, and nothing that came later (E2).

Attributes of a contact have no dates in a datamart: they are as they stand there now. Events have, and contacts have
where the mapping names `loaded`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlglot import exp

from parcours.checking import terms
from parcours.checking.checked import CheckedProject
from parcours.checking.terms import Term
from parcours.clock.zones import to_local
from parcours.compiler.analytic_store import CONTACT, LEARNED, Kind
from parcours.compiler.bindings import instants_at
from parcours.compiler.expressions import (
    call,
    case,
    column,
    create_temporary,
    holds,
    own,
    table,
    timestamp,
)
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject
from parcours.compiler.terms import event_table
from parcours.compiler.zones import zone_now
from parcours.engines.duckdb.engine import DuckDBEngine

_EVERYBODY = "_everybody"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table of features. Numbers are DOUBLE (those that are not finite are unknown), texts VARCHAR, yes and
    no BOOLEAN, dates DATE, instants TIMESTAMP. Unknown is NULL."""

    name: str
    kind: terms.Kind


class Snapshot:
    """What is visible at `as_of`: events with at <= as_of and loaded <= as_of, contacts loaded by then.

    All tables that it makes are temporary tables of the engine's connection; one of the same
    name is replaced."""

    def __init__(self, engine: DuckDBEngine, project: CheckedProject, as_of: datetime) -> None:
        self.engine, self.project, self.as_of = engine, project, as_of

    def at(self, instant: datetime) -> "Snapshot":
        """The same datamart at another instant, no later than this one."""
        assert instant <= self.as_of, "no look-ahead"
        return Snapshot(self.engine, self.project, instant)

    def table_of_features(
        self, features: Sequence[Term], population: Term | None, name: str
    ) -> tuple[Column, ...]:
        """Makes the table `name(contact, f0, f1, …)`: each contact that is known and for whom `population` is yes
        (None: everybody), with a column for each feature. Contacts come in no order."""
        self._make_everybody()
        only = _EVERYBODY
        if population is not None:
            subject = self._subject(_EVERYBODY)
            fits = exp.alias_(holds(subject.sql(population)), "fits")
            asked = subject.select(own("contact", "s"), fits).subquery("asked")
            only = "_population"
            self.make(only, exp.select(own("contact")).from_(asked).where(own("fits")))
        subject = self._subject(only)
        columns = tuple(Column(f"f{number}", feature.kind) for number, feature in enumerate(features))
        values = [
            exp.alias_(_value(subject.sql(feature), feature.kind), made.name)
            for feature, made in zip(features, columns, strict=True)
        ]
        self.make(name, subject.select(own("contact", "s"), *values))
        return columns

    def outcome(self, predicate: Term, since: datetime, of: str, name: str) -> None:
        """Makes the table `name(contact, outcome)`: for each contact of the table `of`, whether the predicate is yes
        now, seen from `since`: what a term says of the time since the entry (`since entry`, `within D`) counts from
        there. `outcome` is BOOLEAN and never unknown."""
        self.make(
            "_since",
            exp.select(own("contact"), exp.alias_(timestamp(since), "entry_at")).from_(table(of), copy=False),
        )
        subject = self._subject("_since")
        met = exp.alias_(holds(subject.sql(predicate)), "outcome")
        query = subject.select(own("contact", "s"), met)
        self.make(name, query, since_entry=since)

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

    # ---- how it is done

    def _subject(self, source: str) -> Subject:
        self.engine.run(zone_now(), {"now": self.as_of})
        return Subject(source, self.project.time_zone)

    def _make_everybody(self) -> None:
        known = exp.select(exp.alias_(own("_contact", "c"), "contact")).from_(table("contact", "c"))
        self.make(_EVERYBODY, known.where(self.visible("c"), copy=False))


def _value(value: exp.Expr, kind: terms.Kind) -> exp.Expr:
    if kind != "number":
        return value
    # one that is not finite would poison every average
    number = exp.cast(value, "DOUBLE")
    return case([(call("isfinite", number), number.copy())])
