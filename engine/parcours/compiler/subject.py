"""Queries over a subject: a temporary table `s` with its contact `c`, its clock `z` and its feature tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from parcours.checking.terms import EventTerm, Term
from parcours.compiler.expressions import NOW, any_of, left, named, nodes, own, table
from parcours.compiler.features import Shared, is_shared, table_of
from parcours.compiler.terms import FeatureTable, Terms, event_table


@dataclass
class Subject:
    """`source` is a temporary table with a column `contact` and what else terms read; `only` restricts it. `settable`
    are the attributes that a run of it may have set in this tick, with the SQL type of each. What `shared` has counted
    of the events is joined; `asked` are the events of which something of that is read. `contacts` is where contacts
    are, `row` what tells the rows of the source apart.

    Compile every term with `sql` first, then ask for `select`: the feature tables are made of what was asked."""

    source: str
    project_zone: str
    only: exp.Expr | None = None
    settable: Mapping[str, str] = field(default_factory=dict)
    shared: Shared | None = None
    contacts: str = "contact"
    row: str = "rowid"
    asked: set[str] = field(init=False, default_factory=set)
    terms: Terms = field(init=False)
    _readers: dict[str, list[exp.Expr]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        known = None if self.shared is None else self._known
        self.terms = Terms(self.project_zone, settable=self.settable, shared=known)

    def sql(self, term: Term) -> exp.Expr:
        return self.terms.sql(term)

    def read_by(self, rows: exp.Expr, made: Iterable[exp.Expr]) -> None:
        """Says that of all rows only these read what was made: nobody else's events are counted for it. To be said of all
        rows, or of none."""
        for name in {found.table for one in made for found in nodes(one, exp.Column)}:
            self._readers.setdefault(name, []).append(rows)

    def _only(self, made: FeatureTable) -> exp.Expr | None:
        """Of which rows a feature table counts."""
        is_read_by_another = any(other.depth > made.depth for other in self.terms.features)
        readers = [] if is_read_by_another else self._readers.get(made.name, [])
        return any_of(rows.copy() for rows in readers) if readers else self.only

    def _known(self, term: EventTerm) -> exp.Expr | None:
        """What is counted for all, as a column; of no events there is no row, and every figure is unknown."""
        if self.shared is None or not is_shared(term):
            return None
        event = term.events.event
        self.asked.add(event)
        return own(self.shared.column(term), table_of(event))

    def select(self, *expressions: exp.Expr, reads: Sequence[exp.Expr] = ()) -> exp.Select:
        """One row for each row of the source; the feature tables stand before it as common table expressions. `reads` are
        what else the caller makes of it."""
        query = exp.select(*expressions).from_(table(self.source, "s"), copy=False)
        query = self._joined(query, [*expressions, *reads])
        if self.only is not None:
            query = query.where(self.only.copy(), copy=False)
        for made in sorted(self.terms.features):
            query = query.with_(named(made.name), as_=self._feature_table(made), copy=False)
        return query

    def _joined(self, query: exp.Select, expressions: Sequence[exp.Expr]) -> exp.Select:
        """Joins what is read: the contact, the clock of its zone, what is counted of its events, what was learned of it."""
        used = {found.table for made in expressions for found in nodes(made, exp.Column)}
        contact = own("contact", "s")
        if used & {"c", "z"}:
            query = query.join(left(table(self.contacts, "c"), on=_same_contact("c")), copy=False)
        if "z" in used:
            zone = exp.EQ(this=own("zone", "z"), expression=self.terms.zone())
            query = query.join(left(table("_zone_now", "z"), on=zone), copy=False)
        for name in sorted({made.name for made in self.terms.features} & used):
            row = exp.EQ(this=own("subject", name), expression=own(self.row, "s"))
            query = query.join(left(table(name), on=row), copy=False)
        for name in sorted({table_of(event) for event in self.asked} & used):
            same = exp.EQ(this=own("contact", name), expression=contact.copy())
            query = query.join(left(table(name), on=same), copy=False)
        return self.terms.learned.joined(query, used, contact)

    def _feature_table(self, made: FeatureTable) -> exp.Select:
        columns = self.terms.feature_columns(made)
        row = own(self.row, "s")
        query = exp.select(exp.alias_(row, "subject"), *columns).from_(table(self.source, "s"), copy=False)
        query = query.join(event_table(made.event), on=_same_contact("e"), copy=False)
        query = self._joined(query, columns)
        # E2: only what is visible at T
        query = query.where(exp.LTE(this=own("_visible_at", "e"), expression=NOW.copy()), copy=False)
        bound = self.terms.lower_bound(made)
        if bound is not None:
            query = query.where(exp.GTE(this=own("_at", "e"), expression=bound), copy=False)
        only = self._only(made)
        if only is not None:
            query = query.where(only.copy(), copy=False)
        return query.group_by(row.copy(), copy=False)


def _same_contact(alias: str) -> exp.Expr:
    return exp.EQ(this=own("_contact", alias), expression=own("contact", "s"))
