"""What a tick writes of its messages: those granted, and those held or not sent, each with what explains it (LANGUAGE.md P9)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from parcours.compiler import offers, subjects
from parcours.compiler.decided import decided_runs
from parcours.compiler.expressions import NOW, call, case, insert, left, number, own, parameter, table, text
from parcours.compiler.gates import SendStep
from parcours.compiler.layout import GRANTED
from parcours.compiler.responses import of_candidate
from parcours.compiler.statement import Statement

OUTBOX = (
    *("tick", "sent_at", "contact", "version", "key", "entry_at", "node", "message", "channel"),
    *("purpose", "topic", "journey", "exempt", "entry", "event"),
)
_NAMES = ("message", "channel", "purpose", "topic", "journey")
NOT_SENT = (
    *("tick", "contact", "version", "key", "entry_at", "node", "decision", "reason", "rule", "place"),
    *("decided_at", *_NAMES),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What there is to tell besides, of some message of the project at least: `costs`, the channels that were tried
    (`stops`), the `rates` of `best of`, the `values` by which candidates were ranked; whether any has several `subjects`;
    and the sends that offer something (A10)."""

    costs: bool = False
    stops: bool = False
    rates: bool = False
    values: bool = False
    subjects: bool = False
    offering: tuple[SendStep, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of both tables."""
        there = (("stops", self.stops), ("rates", self.rates), ("value", self.values))
        return tuple(name for name, is_there in there if is_there)


def write_outbox(what: Told) -> Statement:
    names = [*OUTBOX, *(["cost"] if what.costs else []), *(["subject"] if what.subjects else [])]
    names += [*(["offers"] if what.offering else []), *what.columns]
    made: dict[str, exp.Expr] = {
        "tick": parameter("tick"),
        "sent_at": exp.cast(NOW.copy(), "TIMESTAMP"),
        "subject": own("subject", "j"),
        **_explained(),
    }
    if what.offering:
        made["offers"] = offers.offered(what.offering)
    option = ("message", "channel", "purpose", "topic", "journey", "exempt", "cost")
    columns = [exp.alias_(made.get(n, own(n, "o" if n in option else "v")), n) for n in names]
    query = _verdicts(what).select(*columns, copy=False).where(_is_granted(), copy=False)
    if what.subjects:
        query = subjects.with_subjects(query)
    if what.offering:
        query = offers.joined(query)
    # in the order in which they were decided: the last of a contact's is the one that it got last
    query = query.order_by(*_in_order("contact", "round", "step"), copy=False)
    return Statement("write_outbox", "every message granted", insert("state.outbox", names, query))


def write_not_sent(what: Told) -> Statement:
    """P9: one reason, with the rule's words and place; and of each channel that was tried."""
    names = [*NOT_SENT, *what.columns]
    made: dict[str, exp.Expr] = {
        "tick": parameter("tick"),
        "decided_at": exp.cast(NOW.copy(), "TIMESTAMP"),
        **{name: own(name, "g") for name in ("reason", "rule", "place")},
        **{name: own(name, "o") for name in _NAMES},
        **_explained(),
    }
    columns = [exp.alias_(made.get(name, own(name, "v")), name) for name in names]
    query = _verdicts(what).select(*columns, copy=False)
    query = query.join(table("_gate", "g"), on=_same("gate", "g", "v"), copy=False)
    query = query.where(exp.Not(this=_is_granted()), copy=False)
    order = _in_order("version", "contact", "key", "entry_at", "node", "round", "step")
    query = query.order_by(*order, exp.Ordered(this=own("channel", "o"), nulls_first=False), copy=False)
    return Statement(
        "write_not_sent", "every message held or not sent, and why", insert("state.not_sent", names, query)
    )


def _explained() -> dict[str, exp.Expr]:
    value = _struct(*((name, own(name, "x")) for name in _VALUE), ("segment", own("told", "x")))
    return {
        "stops": own("stops", "w"),
        "rates": own("rates", "b"),
        "value": case([(exp.Not(this=own("channel", "x").is_(exp.null())), value)]),
    }


_VALUE = ("channel", "expected", "probability", "worth", "cost", "risk")


def _verdicts(what: Told) -> exp.Select:
    """The verdicts `v` with the channel `o` of each, and what is told of it besides: `w`, `b`, `x`."""
    query = exp.Select().from_(decided_runs("v"), copy=False)
    query = query.join(table("_send_option", "o"), on=_same("option", "o", "v"), copy=False)
    if what.stops:
        query = query.with_("stopped", as_=_stopped(), copy=False)
        alike = exp.EQ(this=own("tried", "w"), expression=own("stops", "v"))
        query = query.join(left(table("stopped", "w"), on=alike), copy=False)
    if what.rates:
        query = query.with_("rated", as_=_rated(), copy=False)
        of_step = exp.and_(*(_same(name, "b", "v") for name in ("version", "node", "segment")))
        query = query.join(left(table("rated", "b"), on=of_step), copy=False)
    if what.values:
        on = of_candidate("x", "v", own("channel", "o"), own("segment", "v"))
        query = query.join(left(table("_value", "x"), on=on), copy=False)
    return query


def _stopped() -> exp.Select:
    """The channels that were tried, with their reasons: once for all verdicts that tell the same of them, for they are few."""
    told_apart = exp.select(exp.alias_(own("stops"), "tried")).distinct().from_(table("_verdict"), copy=False)
    told_apart = told_apart.where(exp.Not(this=own("stops").is_(exp.null())), copy=False)
    each = exp.select(
        own("tried", "t"),
        exp.alias_(call("unnest", own("tried", "t")), "stop"),
        exp.alias_(call("generate_subscripts", own("tried", "t"), number(1)), "nth"),
    ).from_(told_apart.subquery("t"), copy=False)

    def of_stop(name: str) -> exp.Expr:
        return call("struct_extract", own("stop", "u"), text(name))

    gate = exp.EQ(this=own("gate", "g"), expression=of_stop("gate"))
    option = exp.EQ(this=own("option", "o"), expression=of_stop("option"))
    told = _struct(("channel", own("channel", "o")), *((n, own(n, "g")) for n in ("reason", "rule", "place")))
    return (
        exp.select(own("tried", "u"), exp.alias_(_listed(told, "nth", "u"), "stops"))
        .from_(each.subquery("u"), copy=False)
        .join(table("_gate", "g"), on=gate, copy=False)
        .join(table("_send_option", "o"), on=option, copy=False)
        .group_by(own("tried", "u"), copy=False)
    )


def _rated() -> exp.Select:
    """Of each `best of` and segment: what is known of its channels, the best one first."""
    rate = _struct(
        *((name, own(name, "r")) for name in ("channel", "response")), ("segment", own("told", "r"))
    )
    step = [own(name, "r") for name in ("version", "node", "segment")]
    query = exp.select(*step, exp.alias_(_listed(rate, "position", "r"), "rates"))
    return query.from_(table("_best", "r"), copy=False).group_by(*(one.copy() for one in step), copy=False)


def _listed(item: exp.Expr, by: str, alias: str) -> exp.Expr:
    in_order = exp.Ordered(this=own(by, alias), nulls_first=False)
    return exp.ArrayAgg(this=exp.Order(this=item, expressions=[in_order]))


def _struct(*pairs: tuple[str, exp.Expr]) -> exp.Expr:
    return exp.Struct(expressions=[exp.PropertyEQ(this=exp.to_identifier(n), expression=v) for n, v in pairs])


def _is_granted() -> exp.Expr:
    return exp.EQ(this=own("decision", "v"), expression=text(GRANTED))


def _same(name: str, one: str, other: str) -> exp.Expr:
    return exp.EQ(this=own(name, one), expression=own(name, other))


def _in_order(*names: str) -> Sequence[exp.Expr]:
    return [exp.Ordered(this=own(name, "v"), nulls_first=False) for name in names]
