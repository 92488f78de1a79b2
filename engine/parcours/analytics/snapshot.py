"""The datamart as it was visible at an instant: what was known of each contact then, and nothing that came later (E2).

What was learned is part of that: an rfm is reckoned as of the instant itself, groups and scores are those of the newest
run dated at or before it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlglot import exp

from parcours.analytics.moment import Moment
from parcours.analytics.rfm import make_rfm
from parcours.analytics.store import earlier_runs, stored
from parcours.checking import checked, terms
from parcours.checking.parts import parts
from parcours.checking.terms import Learned, Term
from parcours.compiler.analytic_store import CONTACT, table_of
from parcours.compiler.expressions import call, case, column, holds, no_rows, number, own, table, timestamp
from parcours.compiler.learned import LearnedReads
from parcours.compiler.subject import Subject
from parcours.compiler.zones import zone_now

_EVERYBODY = "_everybody"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table of features. Numbers are DOUBLE (those that are not finite are unknown), texts VARCHAR, yes and
    no BOOLEAN, dates DATE, instants TIMESTAMP. Unknown is NULL."""

    name: str
    kind: terms.Kind


class Snapshot(Moment):
    """What can be said of each contact at an instant. Its tables are temporary tables of the connection."""

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
        self._make_learned((*features, population))
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
        self._make_learned((predicate,))
        self.make(
            "_since",
            exp.select(own("contact"), exp.alias_(timestamp(since), "entry_at")).from_(table(of), copy=False),
        )
        subject = self._subject("_since")
        met = exp.alias_(holds(subject.sql(predicate)), "outcome")
        query = subject.select(own("contact", "s"), met)
        self.make(name, query, since_entry=since)

    # ---- how it is done

    def _subject(self, source: str) -> Subject:
        self.engine.run(zone_now(), {"now": self.as_of})
        subject = Subject(source, self.project.time_zone)
        subject.terms.learned = _LearnedThen()
        return subject

    def _make_everybody(self) -> None:
        known = exp.select(exp.alias_(own("_contact", "c"), "contact")).from_(table("contact", "c"))
        self.make(_EVERYBODY, known.where(self.visible("c"), copy=False))

    def _make_learned(self, read: Iterable[Term | None]) -> None:
        """Makes a table of what was learned by now of each declaration that the terms read."""
        found = {part.hash: part for term in read for part in parts(term) if isinstance(part, Learned)}
        for digest, term in sorted(found.items()):
            runs = earlier_runs(self.engine, term.source, term.name, digest, self.as_of)
            rfm = self._rfm(digest)
            if rfm is not None:
                make_rfm(rfm, self, runs, _then(digest))
                continue
            columns = self.columns_of(term.source)
            if runs:
                newest = exp.EQ(this=own("run"), expression=number(runs[-1].number))
                query = exp.select(*(column(name) for name in columns))
                query = query.from_(stored(table_of(term.source, term.name))).where(newest)
            else:
                query = no_rows(columns)
            self.make(_then(digest), query)

    def _rfm(self, digest: str) -> checked.Rfm | None:
        rfms = (made for made in self.project.learned if isinstance(made, checked.Rfm))
        return next((rfm for rfm in rfms if checked.declared_hash(rfm) == digest), None)


class _LearnedThen(LearnedReads):
    """Reads what was learned from the tables that a snapshot has made."""

    def joined(self, query: exp.Select, used: Iterable[str | None], contact: exp.Expr) -> exp.Select:
        for alias, term in self.read(used):
            same = exp.EQ(this=own(CONTACT, alias), expression=contact.copy())
            query = query.join(table(_then(term.hash), alias), on=same, join_type="left", copy=False)
        return query


def _then(digest: str) -> str:
    return f"_then_{digest}"


def _value(value: exp.Expr, kind: terms.Kind) -> exp.Expr:
    if kind != "number":
        return value
    # one that is not finite would poison every average
    number = exp.cast(value, "DOUBLE")
    return case([(call("isfinite", number), number.copy())])
