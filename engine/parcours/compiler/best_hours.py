"""`at best hour`: whether the hour at which a contact answers best is now, and when it begins next (LANGUAGE.md A14)."""

from collections.abc import Sequence

from sqlglot import exp

from parcours.checking import checked
from parcours.checking.terms import Learned
from parcours.compiler.analytic_store import CONTACT
from parcours.compiler.expressions import (
    NOW,
    call,
    case,
    create_temporary,
    days,
    least,
    left,
    minutes,
    number,
    own,
    parameter,
    table,
    text,
)
from parcours.compiler.gates import SendStep
from parcours.compiler.learned import relation_of, run_parameter
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject
from parcours.compiler.zones import period_join, utc_in_period

_HOURS = 24
_HOUR = minutes(60)
_AROUND = (-1, 3)
"""The local days around today's on which an hour may begin that is now or the next: the clock may be put over midnight."""


def at_best_hour(sends: Sequence[SendStep]) -> list[SendStep]:
    """The sends that go at the best hour."""
    return [send for send in sends if send.step.best_hour is not None]


def hours_now(sends: Sequence[SendStep]) -> Statement | None:
    """`_hour_now(zone, hour, is_now, next)`: of each hour on each clock whether it is now, and the instant at which it begins
    next. An hour lasts 60 minutes from its beginning: one that the clock leaves out begins when the clock goes on, and of
    one that it shows twice the second is none (T12, T13). None when no send goes by hours."""
    if not at_best_hour(sends):
        return None
    today = call("date_trunc", text("day"), own("wall", "z"))
    on_day = exp.Mul(this=exp.cast(own("day", "d"), "INTEGER"), expression=days(1))
    at_hour = exp.Mul(this=exp.cast(own("hour", "h"), "INTEGER"), expression=_HOUR.copy())
    local = exp.Add(this=exp.Add(this=today, expression=on_day), expression=at_hour)
    shown = (
        exp.select(own("zone", "z"), own("hour", "h"), exp.alias_(local, "local"))
        .from_(table("_zone_now", "z"), copy=False)
        .join(_numbers(0, _HOURS, "h", "hour"), join_type="cross", copy=False)
        .join(_numbers(*_AROUND, "d", "day"), join_type="cross", copy=False)
    )
    begun = (
        exp.select(own("zone", "l"), own("hour", "l"), exp.alias_(utc_in_period(own("local", "l")), "begin"))
        .from_(shown.subquery("l"), copy=False)
        .join(table("zone_period", "p"), on=period_join(own("zone", "l"), own("local", "l")), copy=False)
    )
    begin = own("begin", "b")
    over = exp.Add(this=begin.copy(), expression=_HOUR.copy())
    is_now = exp.and_(exp.LTE(this=begin, expression=NOW.copy()), exp.LT(this=NOW.copy(), expression=over))
    later = exp.Where(this=exp.GT(this=begin.copy(), expression=NOW.copy()))
    query = (
        exp.select(
            own("zone", "b"),
            own("hour", "b"),
            exp.alias_(call("bool_or", is_now), "is_now"),
            exp.alias_(exp.Filter(this=exp.Min(this=begin.copy()), expression=later), "next"),
        )
        .from_(begun.subquery("b"), copy=False)
        .group_by(own("zone", "b"), own("hour", "b"), copy=False)
    )
    return Statement(
        "hours_now", "which hour it is where, and when each begins next", create_temporary("_hour_now", query)
    )


def columns() -> list[exp.Expr]:
    """`best_gate` and `best_until` of a send `_moved m` of the step `t`: the gate that is closed outside of the best hour, NULL
    for a send that goes at any; and when that hour must have begun, so that nothing comes too late because of it."""
    spans = ("best_within", "expires")
    ends = [exp.Add(this=own("arrived_at", "m"), expression=own(span, "t")) for span in spans]
    return [own("best_gate", "t"), exp.alias_(least(*ends, own("keep_until", "m")), "best_until")]


def best_hour(subject: Subject) -> exp.Expr:
    """The hour at which the contact of the subject answers best, as it was learned (A1); that of everybody where nothing
    is known of his own, NULL where nothing is known at all."""
    digest = checked.response_hash("best_hour")
    own_hour = subject.sql(Learned("response", "best_hour", "hour", "number", (), digest))
    whole = exp.select(own("hour", "w")).from_(
        exp.alias_(
            exp.Table(this=exp.to_identifier(relation_of("response", "best_hour"), quoted=True)),
            "w",
            table=True,
        )
    )
    whole = whole.where(
        own(CONTACT, "w").is_(exp.null()),
        exp.EQ(this=own("run", "w"), expression=parameter(run_parameter(digest))),
    )
    return exp.Coalesce(this=own_hour, expressions=[whole.subquery()])


def with_hour(query: exp.Select) -> exp.Select:
    """The query over candidates `f` with `_hour_now w`, where the best hour of each is."""
    same = [exp.EQ(this=own("zone", "w"), expression=own("zone", "f"))]
    same.append(exp.EQ(this=own("hour", "w"), expression=own("best_hour", "f")))
    return query.join(left(table("_hour_now", "w"), on=exp.and_(*same)), copy=False)


def closed() -> exp.Expr:
    """The gate of a candidate `f` that has to wait for its hour; NULL when that is now, is not known, or comes too late."""
    later = exp.LTE(this=own("next", "w"), expression=own("best_until", "f"))
    waits = exp.and_(exp.Not(this=own("is_now", "w")), later)
    return case([(waits, own("best_gate", "f"))])


def _numbers(start: int, end: int, alias: str, name: str) -> exp.Expr:
    """The whole numbers from `start` to before `end` as a table."""
    listed = exp.select(exp.alias_(call("unnest", call("range", number(start), number(end))), name))
    return listed.subquery(alias)
