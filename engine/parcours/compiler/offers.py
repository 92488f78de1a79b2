"""What is offered with a message that is granted (A10–A13): `offering 3 from cross_sell where product.stock > 0`.

For each send with an offering there is a handful of statements, run after the rounds for all to whom it was granted.
First comes what the rules attach to what the contact has bought; who has too few offers then gets what sells best.
`_offer` has what was chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from parcours.checking import checked
from parcours.compiler.decided import decided_runs
from parcours.compiler.eligible import Eligible
from parcours.compiler.expressions import (
    call,
    cast_to,
    create_temporary,
    insert,
    left,
    named,
    number,
    own,
    parameter,
    table,
    text,
)
from parcours.compiler.gates import SendStep
from parcours.compiler.layout import GRANTED, SQL_TYPES, WAKING
from parcours.compiler.learned import relation_of, run_parameter
from parcours.compiler.sellers import Sellers, bought, item, not_owned, ordered, place_of, row_of, same
from parcours.compiler.statement import Statement

_SEND = ("version", "node", "contact", "key", "entry_at", "round")
"""What tells the messages of a tick apart, but for the channel: by several channels the same is offered on each."""

_OFFER = (*_SEND, "place", "product")
"""`_offer`: a row for each product that is offered, `place` from 1 in the order in which they are."""

_TYPES = {"place": "INTEGER", "product": "VARCHAR"}


@dataclass(frozen=True, slots=True)
class Offers:
    """The statements of one send, in their order. Nothing is done when nobody is `asking`, and no best sellers are looked
    for when nobody is `short` of offers; each of these two gives how many are."""

    version: int
    asking: Statement
    by_rules: tuple[Statement, ...]
    short: Statement
    by_sales: tuple[Statement, ...]
    keep: Statement

    def statements(self) -> tuple[Statement, ...]:
        return (self.asking, *self.by_rules, self.short, *self.by_sales, self.keep)


def with_offering(sends: Sequence[SendStep]) -> list[SendStep]:
    return [send for send in sends if send.step.offering is not None]


def offers(sends: Sequence[SendStep], project_zone: str, settable: Mapping[str, str]) -> tuple[Offers, ...]:
    """The statements of every send that has an offering."""
    return tuple(
        _offers(send, send.step.offering, Eligible(send.step.offering.where, project_zone, settable))
        for send in sends
        if send.step.offering is not None
    )


def no_offers(contact_type: str) -> Statement:
    """`_offer`, empty."""
    types = {**SQL_TYPES, **_TYPES}
    columns = (exp.alias_(cast_to(exp.null(), types[name] or contact_type), name) for name in _OFFER)
    query = exp.select(*columns).where(exp.false())
    return Statement("no_offers", "nothing is offered yet", create_temporary("_offer", query))


def offered(sends: Sequence[SendStep]) -> exp.Expr:
    """What is offered with a verdict `v`, as a JSON list of names; NULL for a message without an offering. The query needs
    `joined`."""
    is_one = [
        exp.and_(_is("version", send.version, "v"), _is("node", send.node, "v"))
        for send in with_offering(sends)
    ]
    names = exp.Coalesce(this=own("offers", "f"), expressions=[text("[]")])
    return exp.Case(ifs=[exp.If(this=exp.or_(*is_one), true=names)])


def joined(query: exp.Select) -> exp.Select:
    """The query over verdicts `v`, with what is offered with each."""
    names = exp.ArrayAgg(this=exp.Order(this=own("product"), expressions=[ordered(own("place"))]))
    listed = exp.select(
        *(own(c) for c in _SEND), exp.alias_(exp.cast(call("to_json", names), "VARCHAR"), "offers")
    )
    listed = listed.from_(table("_offer")).group_by(*(own(c) for c in _SEND))
    is_its = exp.and_(*(same(c, "f", "v") for c in _SEND))
    query = query.with_(named("offered"), as_=listed, copy=False)
    return query.join(left(table("offered", "f"), on=is_its), copy=False)


def _offers(send: SendStep, offering: checked.Offering, eligible: Eligible) -> Offers:
    sellers = Sellers(offering, eligible)

    def statement(name: str, purpose: str, tree: exp.Expr) -> Statement:
        where = f"{send.journey.name}, {send.step.name}"
        return Statement(f"{name}_{send.version}_{send.node}", f"{where}: {purpose}", tree)

    def made(name: str, purpose: str, query: exp.Query) -> Statement:
        return statement(name.removeprefix("_"), purpose, create_temporary(name, query))

    more = insert("_picked", ("subject", "product", "place"), sellers.by_sales())
    return Offers(
        version=send.version,
        asking=made("_asking", "who is offered something", _asking(send)),
        by_rules=(
            made("_owned", "what they have bought", _owned(offering)),
            *(made(name, purpose, query) for name, purpose, query in eligible.queries()),
            made("_picked", "what the rules attach to that", _by_rules(offering, eligible)),
        ),
        short=made("_short", "who has too few offers then", sellers.short()),
        by_sales=(
            made("_seller", "what sells best, in each group and at all", sellers.sellers()),
            statement("more", "of that they get what they do not have", more),
        ),
        keep=statement("offered", "what is offered", insert("_offer", _OFFER, _kept())),
    )


def _asking(send: SendStep) -> exp.Select:
    """`_asking`: a row for each run that sends here."""
    return (
        exp.select(*(own(c) for c in WAKING if c != "row"), own("round"))
        .distinct()
        .from_(decided_runs("v"))
        .where(
            exp.EQ(this=own("decision"), expression=text(GRANTED)),
            _is("version", send.version),
            _is("node", send.node),
        )
    )


def _is(name: str, value: int, alias: str | None = None) -> exp.Expr:
    return exp.EQ(this=own(name, alias), expression=number(value))


def _owned(offering: checked.Offering) -> exp.Select:
    """`_owned(contact, product)`: what those who are asking have ever bought."""
    asking = exp.select(own("contact")).from_(table("_asking")).subquery()
    found = bought(
        offering, exp.alias_(own("_contact", "e"), "contact"), exp.alias_(item(offering), "product")
    ).distinct()
    return found.where(exp.In(this=own("_contact", "e"), query=asking), copy=False)


def _by_rules(offering: checked.Offering, eligible: Eligible) -> exp.Select:
    """`_picked(subject, product, place)`. A11: all of a rule's antecedent has been bought, and its consequent has not; of
    several rules with the same consequent the best counts."""
    relation = exp.Table(this=exp.to_identifier(relation_of("rules", offering.rules), quoted=True))
    antecedent = (
        exp.select(
            own("rank"),
            own("consequent"),
            exp.alias_(call("len", own("antecedent")), "size"),
            exp.alias_(call("unnest", own("antecedent")), "product"),
        )
        .from_(relation)
        .where(exp.EQ(this=own("run"), expression=parameter(run_parameter(offering.hash))))
    )
    rule = [own("rowid", "a"), own("rank", "r"), own("consequent", "r"), own("size", "r")]
    met = (
        exp.select(
            exp.alias_(own("rowid", "a"), "subject"),
            own("contact", "a"),
            own("rank", "r"),
            exp.alias_(own("consequent", "r"), "product"),
        )
        .from_(table("_asking", "a"), copy=False)
        .join(table("_owned", "o"), on=same("contact", "o", "a"), copy=False)
        .join(table("antecedent", "r"), on=same("product", "r", "o"), copy=False)
        .group_by(*rule, own("contact", "a"), copy=False)
        .having(exp.EQ(this=exp.Count(this=exp.Star()), expression=own("size", "r")), copy=False)
    )
    best = exp.select(
        own("subject", "m"), own("product", "m"), exp.alias_(exp.Min(this=own("rank", "m")), "rank")
    ).from_(table("met", "m"), copy=False)
    best = eligible.only_eligible(not_owned(best, "m", "m"), own("subject", "m"), own("product", "m"))
    best = best.group_by(own("subject", "m"), own("product", "m"), copy=False)
    placed = exp.select(
        own("subject", "b"),
        own("product", "b"),
        exp.alias_(place_of(own("subject", "b"), own("rank", "b")), "place"),
    ).from_(table("best", "b"), copy=False)
    return (
        exp.select(own("subject"), own("product"), own("place"))
        .from_(table("placed"))
        .where(exp.LTE(this=own("place"), expression=number(offering.count)))
        .with_("antecedent", as_=antecedent, copy=False)
        .with_("met", as_=met, copy=False)
        .with_("best", as_=best, copy=False)
        .with_("placed", as_=placed, copy=False)
    )


def _kept() -> exp.Select:
    columns = [own(name, "c" if name in _TYPES else "a") for name in _OFFER]
    chosen = exp.select(*columns).from_(table("_picked", "c"), copy=False)
    return chosen.join(table("_asking", "a"), on=row_of("a", "c"), copy=False)
