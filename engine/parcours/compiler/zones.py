"""Local time in SQL, by the table of zone offsets (never by the engine's own time zones).

`zone_period(zone, utc_from, utc_to, utc_offset, local_from, local_to)` has, for each zone, one period for every
instant and one for every local time: a local time x means the instant max(x - utc_offset, utc_from), so that
one that does not exist moves forward to the first that does, and one that exists twice is the first (T12).
`zone_now(zone, wall, reached)` is the clock of each zone at T. `reached` is the furthest local time that the
clock has shown before T or shows at T: it does not go back when summer time ends."""

from sqlglot import exp

from parcours.clock.span import Span
from parcours.compiler.expressions import (
    NOW,
    case,
    create_temporary,
    greatest,
    interval,
    own,
    table,
    text,
)
from parcours.compiler.statement import Statement


def _period_of(zone: exp.Expr, instant: exp.Expr, low: str, high: str, answer: exp.Expr) -> exp.Expr:
    query = (
        exp.select(answer)
        .from_(table("zone_period", "p"))
        .where(
            exp.EQ(this=own("zone", "p"), expression=zone.copy()),
            exp.LTE(this=own(low, "p"), expression=instant.copy()),
            exp.LT(this=instant.copy(), expression=own(high, "p")),
        )
    )
    return query.subquery()


def local_time(zone: exp.Expr, instant: exp.Expr) -> exp.Expr:
    """What the wall clock of a zone shows at an instant."""
    shown = exp.Add(this=instant.copy(), expression=own("utc_offset", "p"))
    return _period_of(zone, instant, "utc_from", "utc_to", shown)


def utc_time(zone: exp.Expr, local: exp.Expr) -> exp.Expr:
    """The instant that a local time of a zone means (T12)."""
    return _period_of(zone, local, "local_from", "local_to", utc_in_period(local))


def shifted(zone: str, instant: exp.Expr, span: Span, sign: int) -> exp.Expr:
    """An instant so much later (1) or earlier (-1): exact, or a calendar step in a zone (E2)."""
    return shifted_by(zone, instant, interval(span), is_calendar=span.is_calendar, sign=sign)


def shifted_by(
    zone: str, instant: exp.Expr, length: exp.Expr, *, is_calendar: bool, sign: int = 1
) -> exp.Expr:
    """The same by a length that may be a column of intervals."""
    made = exp.Add if sign > 0 else exp.Sub
    if not is_calendar:
        return exp.paren(made(this=instant, expression=length), copy=False)
    return utc_time(text(zone), made(this=local_time(text(zone), instant), expression=length))


def utc_in_period(local: exp.Expr) -> exp.Expr:
    """The instant of a local time, within its period `p`."""
    return greatest(exp.Sub(this=local.copy(), expression=own("utc_offset", "p")), own("utc_from", "p"))


def period_join(zone: exp.Expr, local: exp.Expr) -> exp.Expr:
    """The condition that joins `zone_period p` to rows with a zone and a local time."""
    return exp.and_(
        exp.EQ(this=own("zone", "p"), expression=zone.copy()),
        exp.LTE(this=own("local_from", "p"), expression=local.copy()),
        exp.LT(this=local.copy(), expression=own("local_to", "p")),
    )


def reached_time(zone: exp.Expr, instant: exp.Expr) -> exp.Expr:
    """The furthest local time that the wall clock of a zone has shown at an instant."""
    return _period_of(zone, instant, "utc_from", "utc_to", _reached(instant))


def _reached(instant: exp.Expr) -> exp.Expr:
    wall = exp.Add(this=instant.copy(), expression=own("utc_offset", "p"))
    # at the very start of a period a skipped local time is reached at this instant, not later
    skipped = exp.EQ(this=instant.copy(), expression=own("utc_from", "p"))
    return case([(skipped, own("local_from", "p"))], greatest(wall, own("local_from", "p")))


def zone_now() -> Statement:
    """`_zone_now(zone, utc_from, utc_offset, local_from, local_to, wall, reached)`: the clock of every zone at T, and the
    period of `zone_period` in which it is."""
    wall = exp.Add(this=NOW.copy(), expression=own("utc_offset", "p"))
    reached = _reached(NOW)
    query = (
        exp.select(
            *(own(name, "p") for name in ("zone", "utc_from", "utc_offset", "local_from", "local_to")),
            exp.alias_(wall, "wall"),
            exp.alias_(reached, "reached"),
        )
        .from_(table("zone_period", "p"))
        .where(
            exp.LTE(this=own("utc_from", "p"), expression=NOW.copy()),
            exp.LT(this=NOW.copy(), expression=own("utc_to", "p")),
        )
    )
    return Statement("zone_now", "the clock of every zone", create_temporary("_zone_now", query))
