"""How messages are answered by the kind of contact that a candidate is to (LANGUAGE.md A15): what was learned of that, else what
Parcours has counted itself (P2)."""

from collections.abc import Mapping, Sequence

from sqlglot import exp

from parcours.checking import checked
from parcours.checking.terms import Term
from parcours.compiler.expressions import (
    case,
    create_temporary,
    left,
    number,
    own,
    parameter,
    table,
    text,
)
from parcours.compiler.gates import SendStep
from parcours.compiler.layout import SEND
from parcours.compiler.learned import relation_of, run_parameter
from parcours.compiler.moving import MOVING
from parcours.compiler.rates import MILLION, by_channel, rate
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject

EVERYBODY = ""
"""The segment of a contact who is in none."""

_RUN = run_parameter(checked.response_hash("response"))


def segments(
    told_apart: Sequence[tuple[str, Term]],
    weighed: Sequence[SendStep],
    project_zone: str,
    settable: Mapping[str, str],
) -> Statement | None:
    """`_segment(moved, segment)`: of the sends that wait for arbitration and are weighed by answers, which of the segments
    `told_apart` the contact is in: the first that holds. Nobody asks while nothing is learned of answers. None where there
    are no segments."""
    if not told_apart:
        return None
    steps = [exp.Tuple(expressions=[number(send.version), number(send.node)]) for send in weighed]
    step = exp.Tuple(expressions=[own("version", "s"), own("node", "s")])
    only = exp.and_(
        exp.Not(this=parameter(_RUN).is_(exp.null())),
        exp.GT(this=own("round", "s"), expression=parameter("arbitrated")),
        exp.EQ(this=own("kind", "s"), expression=text(SEND)),
        exp.In(this=step, expressions=steps),
    )
    subject = Subject("_moved", project_zone, only=only, settable=settable, contacts=MOVING)
    first = case([(subject.sql(term), text(name)) for name, term in told_apart])
    query = subject.select(exp.alias_(own("rowid", "s"), "moved"), exp.alias_(first, "segment"))
    return Statement(
        "segments", "in which segment who is written to answers", create_temporary("_segment", query)
    )


def answered(told_apart: Sequence[tuple[str, Term]]) -> Statement:
    """`_answered(channel, segment, response, whole, told)`: for each channel that is sent by and each segment, how often messages
    are answered, in millionths: as it was learned of the segment, else of everybody, else as it was counted. `told` is
    the segment of which that was learned, NULL where it was counted. `whole` is what was learned of everybody, where
    `response` is not that."""
    names = [EVERYBODY, *dict.fromkeys(name for name, _ in told_apart)]
    listed = exp.Values(
        expressions=[exp.Tuple(expressions=[text(name)]) for name in names],
        alias=exp.TableAlias(this=exp.to_identifier("s"), columns=[exp.to_identifier("segment")]),
    )
    sent_by = exp.select("channel").distinct().from_(table("_send_option"), copy=False)
    there = own("rate", "l").is_(exp.null()).not_()
    is_segment = exp.NEQ(this=own("segment", "s"), expression=text(EVERYBODY))
    of_everybody = exp.Not(this=own("rate", "w").is_(exp.null()))
    rates = [_millionths("l"), _millionths("w"), rate("answered", "sends", "c", 1)]
    query = exp.select(
        own("channel", "o"),
        own("segment", "s"),
        exp.alias_(exp.Coalesce(this=rates[0], expressions=rates[1:]), "response"),
        exp.alias_(case([(exp.and_(there, is_segment), _millionths("w"))]), "whole"),
        exp.alias_(case([(there.copy(), own("segment", "s")), (of_everybody, text(EVERYBODY))]), "told"),
    )
    query = query.with_("channels", as_=by_channel("answered"), copy=False)
    query = query.from_(sent_by.subquery("o"), copy=False).join(listed, join_type="cross", copy=False)
    same = exp.EQ(this=own("channel", "c"), expression=own("channel", "o"))
    query = query.join(left(table("channels", "c"), on=same), copy=False)
    for alias, segment in (("l", own("segment", "s")), ("w", text(EVERYBODY))):
        relation = exp.Table(this=exp.to_identifier(relation_of("response", "response"), quoted=True))
        relation.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
        on = exp.and_(
            exp.EQ(this=own("run", alias), expression=parameter(_RUN)),
            exp.EQ(this=own("channel", alias), expression=own("channel", "o")),
            exp.EQ(this=own("segment", alias), expression=segment),
        )
        query = query.join(left(relation, on=on), copy=False)
    return Statement(
        "answered",
        "how often messages are answered, by channel and segment",
        create_temporary("_answered", query),
    )


def with_segment(query: exp.Select, *, there: bool) -> exp.Select:
    """The query over the sends `_moved m` with the column `segment`; `there`: whether any are told apart."""
    if not there:
        return query.select(exp.alias_(text(EVERYBODY), "segment"), copy=False)
    same = exp.EQ(this=own("moved", "g"), expression=own("rowid", "m"))
    query = query.join(left(table("_segment", "g"), on=same), copy=False)
    return query.select(exp.alias_(segment_of("g"), "segment"), copy=False)


def segment_of(alias: str) -> exp.Expr:
    return exp.Coalesce(this=own("segment", alias), expressions=[text(EVERYBODY)])


def _millionths(alias: str) -> exp.Expr:
    """A learned rate; what comes after its six digits is cut off (P2)."""
    made = exp.Mul(this=own("rate", alias), expression=number(MILLION))
    return exp.cast(exp.Floor(this=made), "BIGINT")
