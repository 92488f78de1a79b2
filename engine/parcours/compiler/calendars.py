"""The calendar periods in which every clock is at T: where they began, and when the next begins (LANGUAGE.md P4)."""

from collections.abc import Sequence

from sqlglot import exp

from parcours.clock.span import SpanUnit
from parcours.compiler.expressions import call, create_temporary, own, table, text
from parcours.compiler.statement import Statement
from parcours.compiler.zones import period_join, utc_in_period


def calendar_now(units: Sequence[SpanUnit]) -> Statement | None:
    """`_calendar(zone, …_since, …_until)`: for each unit the instants at which the local period began, and at which the next
    one does. A week begins on Monday. None when nothing is counted by the calendar."""
    if not units:
        return None
    bounds: list[exp.Query] = []
    columns: list[exp.Expr] = []
    for unit in units:
        begun = call("date_trunc", text(unit), own("wall", "z"))
        following = exp.Add(
            this=begun.copy(), expression=exp.Interval(this=text("1"), unit=exp.var(unit.upper()))
        )
        for name, local in ((f"{unit}_since", begun), (f"{unit}_until", following)):
            bounds.append(
                exp.select(
                    own("zone", "z"), exp.alias_(text(name), "bound"), exp.alias_(local, "local")
                ).from_(table("_zone_now", "z"), copy=False)
            )
            this_one = exp.Where(this=exp.EQ(this=own("bound", "b"), expression=text(name)))
            instant = exp.Filter(this=exp.Max(this=utc_in_period(own("local", "b"))), expression=this_one)
            columns.append(exp.alias_(instant, name))
    query = (
        exp.select(own("zone", "b"), *columns)
        .from_(exp.union(*bounds, distinct=False).subquery("b"), copy=False)
        .join(table("zone_period", "p"), on=period_join(own("zone", "b"), own("local", "b")), copy=False)
        .group_by(own("zone", "b"), copy=False)
    )
    return Statement(
        "calendar_now", "the calendar periods in which every clock is", create_temporary("_calendar", query)
    )


def since(unit: SpanUnit, alias: str) -> exp.Expr:
    return own(f"{unit}_since", alias)


def until(unit: SpanUnit, alias: str) -> exp.Expr:
    return own(f"{unit}_until", alias)
