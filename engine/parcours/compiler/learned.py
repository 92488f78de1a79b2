"""What was learned, as statements read it.

Of each declaration there is a relation of its own in the connection: a temporary view over its table in the analytic
store, or over nothing when there is none. A statement joins it on the contact and on the run of the parameter that is
named by the hash: whoever runs it finds out which run that is, the newest one dated at or before T. Unknown when there is
none."""

from collections.abc import Iterable, Iterator
from typing import Literal

from sqlglot import exp

from parcours.checking.checked import Declared, Offering
from parcours.checking.parts import parts
from parcours.checking.terms import Learned
from parcours.compiler.analytic_store import CONTACT, RESPONSE, SCHEMA, columns_of, table_of
from parcours.compiler.expressions import column, left, no_rows, own, parameter

Source = Literal["rfm", "clusters", "score", "rules", "response"]

_RUN = "run"
_PREFIX = "run_"


def relation_of(kind: Source, name: str) -> str:
    """The relation in which all runs of a declaration are seen: the columns `contact`, `run`, and those of its kind."""
    return f"_learned_{table_of(kind, name)}"


def run_parameter(digest: str) -> str:
    """The parameter that holds the run that is read for the hash of a declaration; NULL: there is none."""
    return f"{_PREFIX}{digest}"


def hash_of_parameter(name: str) -> str | None:
    """The hash in the name of such a parameter; None for the name of another."""
    return name.removeprefix(_PREFIX) if name.startswith(_PREFIX) else None


def sources_of(declared: Iterable[Declared], read: object) -> tuple[tuple[Source, str], ...]:
    """(kind, name) of all of which something may be read: the declarations, and what `read`, any checked thing, holds."""
    found: set[tuple[Source, str]] = {(made.kind, made.name) for made in declared}
    found |= {(part.source, part.name) for part in parts(read) if isinstance(part, Learned)}
    found |= {("response", name) for name in RESPONSE}  # nobody declares it: it is learned of every project
    found |= {("rules", part.rules) for part in parts(read) if isinstance(part, Offering)}
    return tuple(sorted(found))


def is_by_contact(kind: Source, name: str) -> bool:
    """Whether it is something about each contact: not rules among products, nor the rates of segments (A15)."""
    return kind != "rules" and (kind, name) != ("response", "response")


def learned_view(kind: Source, name: str, contact_type: str, *, is_there: bool) -> exp.Expr:
    """`CREATE VIEW`: the relation of a declaration, over its table when that `is_there`, else without a row."""
    columns = {_RUN: "INTEGER", **columns_of(kind, name, contact_type)}
    if is_there:
        stored = exp.Table(
            this=exp.to_identifier(table_of(kind, name), quoted=True), db=exp.to_identifier(SCHEMA)
        )
        query = exp.select(*(column(name) for name in columns)).from_(stored, copy=False)
    else:
        query = no_rows(columns)
    return exp.Create(
        this=_relation(kind, name),
        kind="VIEW",
        expression=query,
        replace=True,
        properties=exp.Properties(expressions=[exp.TemporaryProperty()]),
    )


class LearnedReads:
    """What the terms of one query read, each declaration under an alias of its own."""

    def __init__(self) -> None:
        self._aliases: dict[str, Learned] = {}

    def sql(self, term: Learned) -> exp.Expr:
        # two versions of a journey may read two declarations of one name
        alias = f"learned_{term.hash}"
        self._aliases.setdefault(alias, term)
        return column(term.part, alias)

    def read(self, used: Iterable[str | None]) -> list[tuple[str, Learned]]:
        """The aliases that are `used`, in their order, each with a term that reads it."""
        return [(alias, self._aliases[alias]) for alias in sorted(self._aliases.keys() & set(used))]

    def joined(self, query: exp.Select, used: Iterable[str | None], contact: exp.Expr) -> exp.Select:
        """The query with the relations that are `used`, by their aliases; `contact` is the one at hand."""
        for alias, term in self.read(used):
            relation = _relation(term.source, term.name)
            relation.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
            same = exp.EQ(this=own(CONTACT, alias), expression=contact.copy())
            run = exp.EQ(this=own(_RUN, alias), expression=parameter(run_parameter(term.hash)))
            query = query.join(left(relation, on=exp.and_(same, run)), copy=False)
        return query


def hashes_in(parameters: Iterable[str]) -> Iterator[str]:
    """The hashes of the declarations whose runs a statement reads, by the names of its parameters."""
    for name in parameters:
        digest = hash_of_parameter(name)
        if digest is not None:
            yield digest


def _relation(kind: Source, name: str) -> exp.Table:
    return exp.Table(this=exp.to_identifier(relation_of(kind, name), quoted=True))
