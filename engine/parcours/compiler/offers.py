"""What is offered with a message that is granted (A10–A14): `offering 3 from cross_sell where product.stock > 0`.

For each send with an offering there is a handful of statements, run after the rounds for those whom it was granted, all
at once. First what the rules attach to what the contact has bought; who has too few then gets what sells best in its
group, and at last what sells best of all. `_offer` has what was chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from parcours.checking import checked
from parcours.checking.parts import parts
from parcours.checking.terms import (
    Among,
    And,
    Arithmetic,
    Compare,
    Constant,
    Holds,
    Known,
    Learned,
    Not,
    Or,
    ProductField,
    Term,
)
from parcours.compiler.expressions import (
    NOW,
    call,
    cast_to,
    column,
    create_temporary,
    holds,
    insert,
    named,
    number,
    own,
    parameter,
    table,
    text,
)
from parcours.compiler.gates import SendStep
from parcours.compiler.layout import GRANTED, SQL_TYPES, VERDICT
from parcours.compiler.learned import relation_of, run_parameter
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject
from parcours.compiler.terms import event_table, product_column

OFFER = ("version", "node", "contact", "key", "entry_at", "round", "place", "product")
"""`_offer`: a row for each product that is offered, `place` from 1 in the order in which they are."""

OFFER_TYPES = {"place": "INTEGER", "product": "VARCHAR"}

_OF_PRODUCTS = (ProductField, Constant, Compare, Among, Known, And, Or, Not, Holds, Arithmetic)
"""What can be asked of a product whoever it is offered to."""

_SUBJECT = ("subject", "product")


@dataclass(frozen=True, slots=True)
class Offers:
    """The statements of one send, in their order. Each gives how many rows it made. Nothing is done when nobody is
    `asking`, and no best sellers are looked for when nobody is `short` of offers."""

    asking: Statement
    owned: Statement
    eligible: tuple[Statement, ...]
    by_rules: Statement
    short: Statement
    sellers: Statement
    by_sales: Statement
    keep: Statement

    def statements(self) -> tuple[Statement, ...]:
        return (
            *(self.asking, self.owned, *self.eligible),
            *(self.by_rules, self.short, self.sellers, self.by_sales, self.keep),
        )


def offering_steps(sends: Sequence[SendStep]) -> list[SendStep]:
    return [send for send in sends if send.step.offering is not None]


def offers(sends: Sequence[SendStep], project_zone: str, settable: Mapping[str, str]) -> tuple[Offers, ...]:
    """The statements of every send that has an offering."""
    return tuple(
        _Offering(send, send.step.offering, project_zone, settable).offers()
        for send in sends
        if send.step.offering is not None
    )


class _Offering:
    def __init__(
        self, send: SendStep, offering: checked.Offering, project_zone: str, settable: Mapping[str, str]
    ) -> None:
        self._send = send
        self._offering = offering
        self._zone = project_zone
        self._settable = settable
        self._of_product, self._of_both = _parted(offering.where)

    def offers(self) -> Offers:
        return Offers(
            asking=self._made("_asking", "who is offered something", self._asking()),
            owned=self._made("_owned", "what they have bought", self._owned()),
            eligible=self._eligible(),
            by_rules=self._made("_chosen", "what the rules attach to that", self._by_rules()),
            short=self._made("_short", "who has too few offers then", self._short()),
            sellers=self._made("_seller", "what sells best, in each group and at all", self._sellers()),
            by_sales=self._statement(
                "by_sales",
                "of that they get what they do not have",
                insert("_chosen", ("subject", "product", "place"), self._by_sales()),
            ),
            keep=self._statement("offered", "what is offered", insert("_offer", OFFER, self._kept())),
        )

    def _made(self, name: str, purpose: str, query: exp.Query) -> Statement:
        return self._statement(name.removeprefix("_"), purpose, create_temporary(name, query))

    def _statement(self, name: str, purpose: str, tree: exp.Expr) -> Statement:
        send = self._send
        return Statement(
            f"{name}_{send.version}_{send.node}", f"{send.journey.name}, {send.step.name}: {purpose}", tree
        )

    # ---- who, and what they have

    def _asking(self) -> exp.Select:
        """A row for each run that sends here. A message by several channels has the same offers on each."""
        columns = [c for c in VERDICT if c not in ("row", "step", "decision", "channel", "gate", "anchor")]
        return (
            exp.select(*(own(c) for c in columns))
            .distinct()
            .from_(table("_verdict"))
            .where(
                exp.EQ(this=own("decision"), expression=text(GRANTED)),
                exp.EQ(this=own("version"), expression=number(self._send.version)),
                exp.EQ(this=own("node"), expression=number(self._send.node)),
            )
        )

    def _item(self) -> exp.Expr:
        return exp.cast(column(self._offering.item, "e"), "VARCHAR")

    def _bought(self, *columns: exp.Expr) -> exp.Select:
        """Of what was bought and is visible at T."""
        known = column(self._offering.item, "e").is_(exp.null()).not_()
        return (
            exp.select(*columns)
            .from_(event_table(self._offering.event), copy=False)
            .where(exp.LTE(this=own("_visible_at", "e"), expression=NOW.copy()), known, copy=False)
        )

    def _owned(self) -> exp.Select:
        bought = self._bought(
            exp.alias_(own("_contact", "e"), "contact"), exp.alias_(self._item(), "product")
        ).distinct()
        asking = exp.select(own("contact")).from_(table("_asking"))
        return bought.where(exp.In(this=own("_contact", "e"), query=asking.subquery()), copy=False)

    # ---- what may be offered

    def _eligible(self) -> tuple[Statement, ...]:
        """`_product(product, product.…)`: the products that may be offered, and, where that depends on the contact too,
        `_eligible(subject, product)`."""
        if self._offering.where is None:
            return ()
        read = sorted({part.name for part in parts(self._offering.where) if isinstance(part, ProductField)})
        names = [product_column(name) for name in read]
        rows = exp.select(
            exp.alias_(own("_product", "p"), "product"),
            *(exp.alias_(column(name, "p"), product_column(name), quoted=True) for name in read),
        ).from_(table("product", "p"), copy=False)
        made = [self._made("_product_row", "the products", rows)]
        # a product that is there twice may be offered when one of its rows may
        columns = [own("product", "s"), *(column(name, "s") for name in names)]
        made.append(
            self._made(
                "_product",
                "those that may be offered",
                self._fitting("_product_row", columns, self._of_product),
            )
        )
        if self._of_both:
            pairs = (
                exp.select("a.*", exp.alias_(own("rowid", "a"), "subject"), "p.*")
                .from_(table("_asking", "a"), copy=False)
                .join(table("_product", "p"), join_type="cross", copy=False)
            )
            made.append(self._made("_pair", "everybody with each of these", pairs))
            columns = [own(name, "s") for name in _SUBJECT]
            fitting = self._fitting("_pair", columns, self._of_both)
            made.append(self._made("_eligible", "what may be offered to whom", fitting))
        return tuple(made)

    def _fitting(self, source: str, columns: Sequence[exp.Expr], conditions: Sequence[Term]) -> exp.Select:
        """The distinct rows of a source for which all conditions are yes; unknown is no (E1)."""
        subject = Subject(source, self._zone, settable=self._settable)
        fits = (
            exp.and_(*(holds(subject.sql(condition)) for condition in conditions))
            if conditions
            else exp.true()
        )
        asked = subject.select(*columns, exp.alias_(fits, "fits")).subquery("asked")
        kept = [exp.column(made.this.copy()) for made in columns]
        return exp.select(*kept).distinct().from_(asked).where(own("fits"))

    def _only_eligible(self, query: exp.Select, subject: exp.Expr, product: exp.Expr) -> exp.Select:
        """The query, without what may not be offered."""
        if self._of_both:
            same = exp.and_(
                exp.EQ(this=own("subject", "f"), expression=subject),
                exp.EQ(this=own("product", "f"), expression=product),
            )
            return query.join(table("_eligible", "f"), on=same, join_type="semi", copy=False)
        return self._only_products(query, product)

    def _only_products(self, query: exp.Select, product: exp.Expr) -> exp.Select:
        if self._offering.where is None:
            return query
        same = exp.EQ(this=own("product", "f"), expression=product)
        return query.join(table("_product", "f"), on=same, join_type="semi", copy=False)

    # ---- by the rules

    def _by_rules(self) -> exp.Select:
        """A11: all of a rule's antecedent has been bought, and its consequent has not."""
        offering = self._offering
        run = exp.EQ(this=own("run"), expression=parameter(run_parameter(offering.hash)))
        antecedents = (
            exp.select(
                own("rank"),
                own("consequent"),
                exp.alias_(call("len", own("antecedent")), "size"),
                exp.alias_(call("unnest", own("antecedent")), "item"),
            )
            .from_(_relation("rules", offering.rules))
            .where(run)
        )
        met = (
            exp.select(
                exp.alias_(own("rowid", "a"), "subject"),
                own("rank", "r"),
                exp.alias_(own("consequent", "r"), "product"),
            )
            .from_(table("_asking", "a"), copy=False)
            .join(table("_owned", "o"), on=_same("contact", "o", "a"), copy=False)
            .join(table("antecedent", "r"), on=exp.EQ(this=own("item", "r"), expression=own("product", "o")))
            .group_by(own("rowid", "a"), own("rank", "r"), own("consequent", "r"), own("size", "r"))
            .having(exp.EQ(this=exp.Count(this=exp.Star()), expression=own("size", "r")))
        )
        best = (
            exp.select(
                own("subject", "m"), own("product", "m"), exp.alias_(exp.Min(this=own("rank", "m")), "rank")
            )
            .from_(table("met", "m"), copy=False)
            .join(table("_asking", "a"), on=_row_of("a", "m"), copy=False)
        )
        best = self._only_eligible(_not_owned(best, "a", "m"), own("subject", "m"), own("product", "m"))
        best = best.group_by(own("subject", "m"), own("product", "m"))
        return (
            _first(table("best", "b"), [own("rank", "b")], offering.count)
            .with_("antecedent", as_=antecedents, copy=False)
            .with_("met", as_=met, copy=False)
            .with_("best", as_=best, copy=False)
        )

    # ---- by what sells

    def _short(self) -> exp.Select:
        """A13: who has fewer offers than there should be: how many it has, how many products it owns, and its group."""
        chosen, owned = (
            exp.select(own(by), exp.alias_(exp.Count(this=exp.Star()), "n"))
            .from_(table(source))
            .group_by(own(by))
            for source, by in (("_chosen", "subject"), ("_owned", "contact"))
        )
        has = exp.Coalesce(this=own("n", "c"), expressions=[number(0)])
        owns = exp.Coalesce(this=own("n", "o"), expressions=[number(0)])
        query = (
            exp.select(
                exp.alias_(own("rowid", "a"), "subject"),
                own("contact", "a"),
                exp.alias_(has, "has"),
                exp.alias_(owns, "owns"),
                exp.alias_(self._group(), "grp"),
            )
            .from_(table("_asking", "a"), copy=False)
            .join(table("chosen", "c"), on=_row_of("a", "c"), join_type="left", copy=False)
            .join(table("owned", "o"), on=_same("contact", "o", "a"), join_type="left", copy=False)
            .where(exp.LT(this=has.copy(), expression=number(self._offering.count)), copy=False)
        )
        query = self._with_group(query, own("contact", "a"))
        return query.with_("chosen", as_=chosen, copy=False).with_("owned", as_=owned, copy=False)

    def _group(self) -> exp.Expr:
        if self._offering.group is None:
            return exp.cast(exp.null(), "VARCHAR")
        return column(self._offering.group.part, "g")

    def _with_group(self, query: exp.Select, contact: exp.Expr) -> exp.Select:
        group: Learned | None = self._offering.group
        if group is None:
            return query
        relation = _relation("clusters", group.name)
        relation.set("alias", exp.TableAlias(this=exp.to_identifier("g")))
        same = exp.EQ(this=own("contact", "g"), expression=contact)
        run = exp.EQ(this=own("run", "g"), expression=parameter(run_parameter(group.hash)))
        return query.join(relation, on=exp.and_(same, run), join_type="left", copy=False)

    def _sellers(self) -> exp.Select:
        """How often what may be offered was bought, in each group and, with tier 2, at all: `place` 1 is bought most often,
        and of two that are bought as often the first by name."""
        bought = self._bought(exp.alias_(self._group(), "grp"), exp.alias_(self._item(), "product"))
        bought = self._with_group(bought, own("_contact", "e"))
        counted = (
            exp.select(own("grp", "b"), own("product", "b"), exp.alias_(exp.Count(this=exp.Star()), "n"))
            .from_(table("bought", "b"), copy=False)
            .group_by(own("grp", "b"), own("product", "b"))
        )
        counted = self._only_products(counted, own("product", "b"))
        in_groups = (
            exp.select(exp.alias_(number(1), "tier"), own("grp"), own("product"), own("n"))
            .from_(table("counted"))
            .where(own("grp").is_(exp.null()).not_())
        )
        of_all = (
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
            order=exp.Order(expressions=[_ordered(own("n"), desc=True), _ordered(own("product"))]),
        )
        return (
            exp.select(own("tier"), own("grp"), own("product"), exp.alias_(place, "place"))
            .from_(exp.union(in_groups, of_all, distinct=False).subquery("t"))
            .with_("bought", as_=bought, copy=False)
            .with_("counted", as_=counted, copy=False)
        )

    def _by_sales(self) -> exp.Select:
        """The best sellers of the contact's group, then of all, as many as are missing."""
        near = exp.EQ(this=own("grp", "p"), expression=own("grp", "s"))
        tiers = [
            self._sold(exp.and_(exp.EQ(this=own("tier", "p"), expression=number(1)), near)),
            self._sold(exp.EQ(this=own("tier", "p"), expression=number(2))),
        ]
        found = (
            exp.select(
                own("subject"),
                own("product"),
                exp.alias_(exp.Min(this=exp.Tuple(expressions=[own("tier"), own("place")])), "best"),
            )
            .from_(exp.union(tiers[0], tiers[1], distinct=False).subquery("u"))
            .group_by(own("subject"), own("product"))
        )
        place = _place_of(own("subject", "f"), [own("best", "f")])
        numbered = exp.select(own("subject", "f"), own("product", "f"), exp.alias_(place, "place")).from_(
            table("found", "f"), copy=False
        )
        place = exp.Add(this=own("has", "s"), expression=own("place", "n"))
        return (
            exp.select(own("subject", "n"), own("product", "n"), exp.alias_(place, "place"))
            .from_(table("numbered", "n"), copy=False)
            .join(table("_short", "s"), on=_same("subject", "s", "n"), copy=False)
            .where(exp.LTE(this=place.copy(), expression=number(self._offering.count)), copy=False)
            .with_("found", as_=found, copy=False)
            .with_("numbered", as_=numbered, copy=False)
        )

    def _sold(self, on: exp.Expr) -> exp.Select:
        """What sells, to those who are short: neither owned nor offered already. So many of the first places are enough,
        whatever of them the contact owns, unless some of them may not be offered to it."""
        if not self._of_both:
            enough = exp.Add(this=own("owns", "s"), expression=number(self._offering.count))
            on = exp.and_(on, exp.LTE(this=own("place", "p"), expression=enough))
        query = (
            exp.select(own("subject", "s"), own("product", "p"), own("tier", "p"), own("place", "p"))
            .from_(table("_short", "s"), copy=False)
            .join(table("_seller", "p"), on=on, copy=False)
        )
        query = _not_owned(query, "s", "p")
        if self._of_both:
            query = self._only_eligible(query, own("subject", "s"), own("product", "p"))
        chosen = exp.and_(
            _same("subject", "c", "s"), exp.EQ(this=own("product", "c"), expression=own("product", "p"))
        )
        return query.join(table("_chosen", "c"), on=chosen, join_type="anti", copy=False)

    # ---- what was chosen

    def _kept(self) -> exp.Select:
        columns = [own(name, "c" if name in OFFER_TYPES else "a") for name in OFFER]
        return (
            exp.select(*columns)
            .from_(table("_chosen", "c"), copy=False)
            .join(table("_asking", "a"), on=_row_of("a", "c"), copy=False)
        )


def no_offers(contact_type: str) -> Statement:
    """`_offer`, empty."""
    types = {**SQL_TYPES, **OFFER_TYPES}
    columns = (exp.alias_(cast_to(exp.null(), types[name] or contact_type), name) for name in OFFER)
    query = exp.select(*columns).where(exp.false())
    return Statement("no_offers", "nothing is offered yet", create_temporary("_offer", query))


def with_offers(query: exp.Select, sends: Sequence[SendStep]) -> tuple[exp.Select, exp.Expr]:
    """The query over verdicts `v`, joined to what is offered with each; and that as a JSON list of names, NULL for a
    message without an offering."""
    names = exp.ArrayAgg(this=exp.Order(this=own("product"), expressions=[_ordered(own("place"))]))
    listed = (
        exp.select(
            *(own(c) for c in OFFER[:6]), exp.alias_(exp.cast(call("to_json", names), "VARCHAR"), "offers")
        )
        .from_(table("_offer"))
        .group_by(*(own(c) for c in OFFER[:6]))
    )
    same = exp.and_(*(exp.EQ(this=own(c, "w"), expression=own(c, "v")) for c in OFFER[:6]))
    query = query.with_(named("offered"), as_=listed, copy=False)
    query = query.join(table("offered", "w"), on=same, join_type="left", copy=False)
    pairs = [
        exp.and_(
            exp.EQ(this=own("version", "v"), expression=number(send.version)),
            exp.EQ(this=own("node", "v"), expression=number(send.node)),
        )
        for send in offering_steps(sends)
    ]
    offers = exp.Coalesce(this=own("offers", "w"), expressions=[text("[]")])
    return query, exp.Case(ifs=[exp.If(this=exp.or_(*pairs), true=offers)])


def _parted(where: Term | None) -> tuple[list[Term], list[Term]]:
    """What is asked of the product alone, and what of the product and the contact."""
    items = where.items if isinstance(where, And) else () if where is None else (where,)
    alone = [all(isinstance(part, _OF_PRODUCTS) for part in _terms(item)) for item in items]
    return (
        [item for item, is_alone in zip(items, alone, strict=True) if is_alone],
        [item for item, is_alone in zip(items, alone, strict=True) if not is_alone],
    )


def _terms(term: Term) -> list[object]:
    return [part for part in parts(term) if type(part).__module__ == Constant.__module__]


def _relation(kind: str, name: str) -> exp.Table:
    assert kind in ("rules", "clusters")
    found = relation_of("rules" if kind == "rules" else "clusters", name)
    return exp.Table(this=exp.to_identifier(found, quoted=True))


def _same(name: str, one: str, other: str) -> exp.Expr:
    return exp.EQ(this=own(name, one), expression=own(name, other))


def _row_of(asking: str, other: str) -> exp.Expr:
    return exp.EQ(this=own("rowid", asking), expression=own("subject", other))


def _not_owned(query: exp.Select, contact: str, product: str) -> exp.Select:
    """A12: what the contact has never bought."""
    same = exp.and_(
        _same("contact", "o", contact), exp.EQ(this=own("product", "o"), expression=own("product", product))
    )
    return query.join(table("_owned", "o"), on=same, join_type="anti", copy=False)


def _ordered(item: exp.Expr, *, desc: bool = False) -> exp.Ordered:
    return exp.Ordered(this=item, desc=desc, nulls_first=False)


def _place_of(subject: exp.Expr, order: Sequence[exp.Expr]) -> exp.Window:
    by = exp.Order(expressions=[_ordered(item) for item in order])
    return exp.Window(this=exp.RowNumber(), partition_by=[subject], order=by)


def _first(source: exp.Table, order: Sequence[exp.Expr], count: int) -> exp.Select:
    """The first rows of each subject, with their places."""
    alias = source.alias
    place = exp.cast(_place_of(own("subject", alias), order), "INTEGER")
    numbered = exp.select(own("subject", alias), own("product", alias), exp.alias_(place, "place")).from_(
        source
    )
    return (
        exp.select(own("subject"), own("product"), own("place"))
        .from_(numbered.subquery("numbered"))
        .where(exp.LTE(this=own("place"), expression=number(count)))
    )
