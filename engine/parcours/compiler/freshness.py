"""`needs EVENT fresh within D`: whether data has come in, of all contacts together (LANGUAGE.md P1)."""

from collections.abc import Sequence

from sqlglot import exp

from parcours.checking import checked
from parcours.clock.span import Span
from parcours.compiler.expressions import (
    NOW,
    case,
    case_of,
    create_temporary,
    interval,
    least,
    number,
    own,
    table,
    text,
)
from parcours.compiler.gates import Gates, SendStep
from parcours.compiler.instants import ago
from parcours.compiler.statement import Statement
from parcours.compiler.zones import shifted

_NO_TIME = Span(0, "hour")


def needing(sends: Sequence[SendStep]) -> dict[int, tuple[checked.Needs, ...]]:
    """By version: what its journey needs, of those that send and need something."""
    return {s.version: s.journey.needs for s in sends if s.journey.needs}


def stale_now(sends: Sequence[SendStep], gates: Gates) -> Statement | None:
    """`_stale(version, gate, final_gate, wait)`: the first need of a version that is not fulfilled at T; `gate` holds
    for so long after a run has come to its send, `final_gate` then. None when nobody needs anything."""
    found = needing(sends)
    if not found:
        return None
    kinds = sorted({(need.event, need.within) for needs in found.values() for need in needs}, key=str)
    names = {kind: f"fresh_{n}" for n, kind in enumerate(kinds)}
    fresh = exp.select(*(exp.alias_(_is_fresh(*kind), name) for kind, name in names.items()))
    rules = [
        exp.select(
            exp.alias_(number(version), "version"),
            exp.alias_(number(gates.number("stale", version, n, need.wait is None)), "gate"),
            exp.alias_(number(gates.number("stale", version, n, True)), "final_gate"),
            exp.alias_(interval(need.wait or _NO_TIME), "wait"),
        )
        .from_(table("fresh", "f"), copy=False)
        .where(exp.Not(this=own(names[need.event, need.within], "f")), copy=False)
        for version, needs in sorted(found.items())
        for n, need in enumerate(needs)
    ]
    listed: exp.Query = rules[0] if len(rules) == 1 else exp.union(*rules, distinct=False)
    # the gates of a version are numbered in the order written
    first = [exp.alias_(exp.ArgMin(this=own(n), expression=own("gate")), n) for n in ("final_gate", "wait")]
    query = (
        exp.select(own("version"), exp.alias_(exp.Min(this=own("gate")), "gate"), *first)
        .from_(listed.subquery("r"), copy=False)
        .group_by(own("version"), copy=False)
        .with_("fresh", as_=fresh, copy=False)
    )
    return Statement("stale_now", "the journeys that lack fresh data", create_temporary("_stale", query))


def _is_fresh(event: str, within: Span) -> exp.Expr:
    """Whether an event of the kind, of any contact, has become known in (T - D, T]."""
    seen = own("_visible_at", "e")
    lately = exp.and_(
        exp.GT(this=seen, expression=ago(within)), exp.LTE(this=seen.copy(), expression=NOW.copy())
    )
    events = exp.select(number(1)).from_(table(f"event_{event}", "e"), copy=False).where(lately, copy=False)
    return exp.Exists(this=events)


def columns(sends: Sequence[SendStep], gates: Gates, project_zone: str) -> list[exp.Expr]:
    """`stale_gate` and `stale_lift` of a send `_moved m` joined with `_stale k`: the gate, if it is closed, and when it is
    looked at again: at each full hour, and when it has been waited for long enough."""
    arrived = own("arrived_at", "m")
    in_the_calendar: list[tuple[exp.Expr, exp.Expr]] = [
        (
            number(gates.number("stale", version, n, False)),
            shifted(project_zone, arrived.copy(), need.wait, 1),
        )
        for version, needs in sorted(needing(sends).items())
        for n, need in enumerate(needs)
        if need.wait is not None and need.wait.is_calendar
    ]
    until = case_of(own("gate", "k"), in_the_calendar, exp.Add(this=arrived, expression=own("wait", "k")))
    waits = exp.LT(this=NOW.copy(), expression=until)
    hour = exp.TimestampTrunc(this=exp.cast(NOW.copy(), "TIMESTAMP"), unit=exp.var("HOUR"))
    following = exp.Add(this=hour, expression=exp.Interval(this=text("1"), unit=exp.var("HOUR")))
    return [
        exp.alias_(case([(waits, own("gate", "k"))], own("final_gate", "k")), "stale_gate"),
        exp.alias_(least(following, until.copy()), "stale_lift"),
    ]


def of_version() -> exp.Expr:
    """The condition that joins `_stale k` to the sends `_moved m`."""
    return exp.EQ(this=own("version", "k"), expression=own("version", "m"))
