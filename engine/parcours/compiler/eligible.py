"""Which products may be offered to whom: `where product.stock > 0 and product.price < 2 * average of order.amount`."""

from collections.abc import Mapping, Sequence

from sqlglot import exp

from parcours.checking import terms
from parcours.checking.parts import parts
from parcours.checking.terms import And, ProductField, Term
from parcours.compiler.expressions import column, holds, own, table
from parcours.compiler.subject import Subject
from parcours.compiler.terms import product_column

_OF_PRODUCTS = (
    *(ProductField, terms.Constant, terms.Compare, terms.Among, terms.Known, terms.Arithmetic),
    *(terms.And, terms.Or, terms.Not, terms.Holds),
)
"""What can be asked of a product whoever it is offered to."""


class Eligible:
    """What the `where` of an offering leaves; everything when there is none. What it asks of products alone is found once
    for everybody; `depends_on_contact` when it asks more."""

    def __init__(self, where: Term | None, project_zone: str, settable: Mapping[str, str]) -> None:
        self._where = where
        self._zone = project_zone
        self._settable = settable
        items = where.items if isinstance(where, And) else () if where is None else (where,)
        self._of_product = [item for item in items if _is_of_products(item)]
        self._of_both = [item for item in items if not _is_of_products(item)]

    @property
    def depends_on_contact(self) -> bool:
        return bool(self._of_both)

    def queries(self) -> tuple[tuple[str, str, exp.Select], ...]:
        """(table, purpose, query): `_product(product, …)`, the products that may be offered to anybody, and, where that
        depends on the contact, `_eligible(subject, product)`; a subject is a row of `_asking`."""
        if self._where is None:
            return ()
        read = sorted({part.name for part in parts(self._where) if isinstance(part, ProductField)})
        rows = exp.select(
            exp.alias_(own("_product", "p"), "product"),
            *(exp.alias_(column(name, "p"), product_column(name), quoted=True) for name in read),
        ).from_(table("product", "p"), copy=False)
        columns = [own("product", "s"), *(column(product_column(name), "s") for name in read)]
        # a product that is there twice may be offered when one of its rows may
        found = [
            ("_product_row", "the products", rows),
            (
                "_product",
                "those that may be offered",
                self._fitting("_product_row", columns, self._of_product),
            ),
        ]
        if self._of_both:
            pairs = (
                exp.select("a.*", exp.alias_(own("rowid", "a"), "subject"), "p.*")
                .from_(table("_asking", "a"), copy=False)
                .join(table("_product", "p"), join_type="cross", copy=False)
            )
            columns = [own("subject", "s"), own("product", "s")]
            fitting = self._fitting("_pair", columns, self._of_both)
            found += [("_pair", "everybody with each of these", pairs)]
            found += [("_eligible", "what may be offered to whom", fitting)]
        return tuple(found)

    def only_products(self, query: exp.Select, product: exp.Expr) -> exp.Select:
        """The query, without products that may be offered to nobody."""
        if self._where is None:
            return query
        return query.join(table("_product", "f"), on=_is("product", product), join_type="semi", copy=False)

    def only_eligible(self, query: exp.Select, subject: exp.Expr, product: exp.Expr) -> exp.Select:
        """The query, without products that may not be offered to the subject."""
        if not self._of_both:
            return self.only_products(query, product)
        same = exp.and_(_is("subject", subject), _is("product", product))
        return query.join(table("_eligible", "f"), on=same, join_type="semi", copy=False)

    def _fitting(self, source: str, columns: Sequence[exp.Column], conditions: Sequence[Term]) -> exp.Select:
        """The distinct rows of a source for which all conditions are yes; unknown is no (E1)."""
        subject = Subject(source, self._zone, settable=self._settable)
        fits = [holds(subject.sql(condition)) for condition in conditions] or [exp.true()]
        asked = subject.select(*columns, exp.alias_(exp.and_(*fits), "fits")).subquery("asked")
        kept = [exp.column(made.this.copy()) for made in columns]
        return exp.select(*kept).distinct().from_(asked).where(own("fits"))


def _is(name: str, value: exp.Expr) -> exp.Expr:
    return exp.EQ(this=own(name, "f"), expression=value)


def _is_of_products(term: Term) -> bool:
    """Whether a condition asks nothing of the contact."""
    asked = [part for part in parts(term) if type(part).__module__ == terms.__name__]
    return all(isinstance(part, _OF_PRODUCTS) for part in asked)
