"""What sells best, for those of whom the rules know too little: in the contact's group first, then of all (A13)."""

from sqlglot import exp

from parcours.checking import checked
from parcours.compiler.eligible import Eligible
from parcours.compiler.expressions import NOW, cast_to, column, left, number, own, parameter, table
from parcours.compiler.learned import relation_of, run_parameter
from parcours.compiler.terms import event_table


class Sellers:
    """The fall-back of one offering. Reads `_asking`, `_owned(contact, product)` and `_picked(subject, product, place)`."""

    def __init__(self, offering: checked.Offering, eligible: Eligible) -> None:
        self._offering = offering
        self._eligible = eligible

    def short(self) -> exp.Select:
        """`_short`: who has fewer offers than there should be: how many it has, how many products it owns, its group."""
        chosen, owned = (
            exp.select(own(by), exp.alias_(exp.Count(this=exp.Star()), "n"))
            .from_(table(source))
            .group_by(own(by))
            for source, by in (("_picked", "subject"), ("_owned", "contact"))
        )
        has, owns = (exp.Coalesce(this=own("n", alias), expressions=[number(0)]) for alias in ("c", "o"))
        query = (
            exp.select(
                exp.alias_(own("rowid", "a"), "subject"),
                own("contact", "a"),
                exp.alias_(has, "has"),
                exp.alias_(owns, "owns"),
                exp.alias_(self._group(), "grp"),
            )
            .from_(table("_asking", "a"), copy=False)
            .join(left(table("chosen", "c"), on=row_of("a", "c")), copy=False)
            .join(left(table("owned", "o"), on=same("contact", "o", "a")), copy=False)
            .where(exp.LT(this=has.copy(), expression=number(self._offering.count)), copy=False)
        )
        query = self._with_group(query, own("contact", "a"))
        return query.with_("chosen", as_=chosen, copy=False).with_("owned", as_=owned, copy=False)

    def sellers(self) -> exp.Select:
        """`_seller`: how often what may be offered was bought, as far as that is visible at T: in each group (tier 1) and by
        all (tier 2). `place` 1 was bought most often, and of two that were bought as often the first by name."""
        sold = bought(
            self._offering, exp.alias_(self._group(), "grp"), exp.alias_(item(self._offering), "product")
        )
        sold = self._with_group(sold, own("_contact", "e"))
        counted = (
            exp.select(own("grp", "b"), own("product", "b"), exp.alias_(exp.Count(this=exp.Star()), "n"))
            .from_(table("sold", "b"), copy=False)
            .group_by(own("grp", "b"), own("product", "b"))
        )
        counted = self._eligible.only_products(counted, own("product", "b"))
        in_groups = (
            exp.select(exp.alias_(number(1), "tier"), own("grp"), own("product"), own("n"))
            .from_(table("counted"))
            .where(own("grp").is_(exp.null()).not_())
        )
        by_all = (
            exp.select(
                exp.alias_(number(2), "tier"),
                exp.alias_(cast_to(exp.null(), "VARCHAR"), "grp"),
                own("product"),
                exp.alias_(exp.Sum(this=own("n")), "n"),
            )
            .from_(table("counted"))
            .group_by(own("product"))
        )
        place = exp.Window(
            this=exp.RowNumber(),
            partition_by=[own("tier"), own("grp")],
            order=exp.Order(expressions=[ordered(own("n"), desc=True), ordered(own("product"))]),
        )
        return (
            exp.select(own("tier"), own("grp"), own("product"), exp.alias_(place, "place"))
            .from_(exp.union(in_groups, by_all, distinct=False).subquery("t"))
            .with_("sold", as_=sold, copy=False)
            .with_("counted", as_=counted, copy=False)
        )

    def by_sales(self) -> exp.Select:
        """(subject, product, place): the best sellers of the contact's group, then of all, as many as are missing."""
        near = exp.EQ(this=own("grp", "p"), expression=own("grp", "s"))
        tiers = [
            self._sold(exp.and_(exp.EQ(this=own("tier", "p"), expression=number(1)), near)),
            self._sold(exp.EQ(this=own("tier", "p"), expression=number(2))),
        ]
        best = exp.Min(this=exp.Tuple(expressions=[own("tier"), own("place")]))
        found = (
            exp.select(own("subject"), own("product"), exp.alias_(best, "best"))
            .from_(exp.union(tiers[0], tiers[1], distinct=False).subquery("u"))
            .group_by(own("subject"), own("product"))
        )
        numbered = exp.select(
            own("subject", "f"),
            own("product", "f"),
            exp.alias_(place_of(own("subject", "f"), own("best", "f")), "place"),
        ).from_(table("found", "f"), copy=False)
        place = exp.Add(this=own("has", "s"), expression=own("place", "n"))
        return (
            exp.select(own("subject", "n"), own("product", "n"), exp.alias_(place, "place"))
            .from_(table("numbered", "n"), copy=False)
            .join(table("_short", "s"), on=same("subject", "s", "n"), copy=False)
            .where(exp.LTE(this=place.copy(), expression=number(self._offering.count)), copy=False)
            .with_("found", as_=found, copy=False)
            .with_("numbered", as_=numbered, copy=False)
        )

    def _sold(self, on: exp.Expr) -> exp.Select:
        """What sells, to those who are short: neither owned nor offered already. As many of the first places are enough as
        the contact owns and is to be offered, unless some of them may not be offered to it."""
        if not self._eligible.depends_on_contact:
            enough = exp.Add(this=own("owns", "s"), expression=number(self._offering.count))
            on = exp.and_(on, exp.LTE(this=own("place", "p"), expression=enough))
        query = (
            exp.select(own("subject", "s"), own("product", "p"), own("tier", "p"), own("place", "p"))
            .from_(table("_short", "s"), copy=False)
            .join(table("_seller", "p"), on=on, copy=False)
        )
        query = not_owned(query, "s", "p")
        if self._eligible.depends_on_contact:
            query = self._eligible.only_eligible(query, own("subject", "s"), own("product", "p"))
        chosen = exp.and_(same("subject", "c", "s"), same("product", "c", "p"))
        return query.join(table("_picked", "c"), on=chosen, join_type="anti", copy=False)

    def _group(self) -> exp.Expr:
        group = self._offering.group
        return exp.cast(exp.null(), "VARCHAR") if group is None else column(group.part, "g")

    def _with_group(self, query: exp.Select, contact: exp.Expr) -> exp.Select:
        group = self._offering.group
        if group is None:
            return query
        relation = exp.Table(this=exp.to_identifier(relation_of("clusters", group.name), quoted=True))
        relation.set("alias", exp.TableAlias(this=exp.to_identifier("g")))
        is_it = exp.EQ(this=own("contact", "g"), expression=contact)
        run = exp.EQ(this=own("run", "g"), expression=parameter(run_parameter(group.hash)))
        return query.join(left(relation, on=exp.and_(is_it, run)), copy=False)


def item(offering: checked.Offering) -> exp.Expr:
    """The product of an event `e`, as text."""
    return exp.cast(column(offering.item, "e"), "VARCHAR")


def bought(offering: checked.Offering, *columns: exp.Expr) -> exp.Select:
    """Of the events `e` in which a product was bought, those that are visible at T."""
    known = column(offering.item, "e").is_(exp.null()).not_()
    return (
        exp.select(*columns)
        .from_(event_table(offering.event), copy=False)
        .where(exp.LTE(this=own("_visible_at", "e"), expression=NOW.copy()), known, copy=False)
    )


def not_owned(query: exp.Select, contact: str, product: str) -> exp.Select:
    """A12: what the contact has never bought."""
    owned = exp.and_(same("contact", "o", contact), same("product", "o", product))
    return query.join(table("_owned", "o"), on=owned, join_type="anti", copy=False)


def same(name: str, one: str, other: str) -> exp.Expr:
    return exp.EQ(this=own(name, one), expression=own(name, other))


def row_of(asking: str, other: str) -> exp.Expr:
    """Whether a row of `_asking` is the subject of another table."""
    return exp.EQ(this=own("rowid", asking), expression=own("subject", other))


def ordered(what: exp.Expr, *, desc: bool = False) -> exp.Ordered:
    return exp.Ordered(this=what, desc=desc, nulls_first=False)


def place_of(subject: exp.Expr, by: exp.Expr) -> exp.Expr:
    """The place of a row among those of its subject."""
    order = exp.Order(expressions=[ordered(by)])
    return exp.Window(this=exp.RowNumber(), partition_by=[subject], order=order)
