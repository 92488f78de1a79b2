"""When an instant falls out of a window that rolls by months or years (LANGUAGE.md E2, P4, P7).

The window is `T - span < at`, and T - span is a step in the project's calendar. So the first T at which `at` is out is a
step on; but a step back from the end of a shorter month does not reach as far as the step on came from: then it is the
day after. As a chain of joins, since one expression for it would hold each local time nine times over."""

from sqlglot import exp

from parcours.compiler.expressions import case, left, own, table, text
from parcours.compiler.zones import period_join, utc_in_period


def with_month_lifts(query: exp.Select, source: str, zone: str, of: str = "") -> tuple[exp.Select, str]:
    """Adds tables to a query that has `source` with the columns `full_at` (an instant) and `full_span` (an interval of
    months), both NULL where there is nothing to find; the name of the last one, which has `month_lift` besides. With `of`
    at the end of the names of all columns."""

    def step(name: str, before: str, on: exp.Expr, item: exp.Expr, found: str) -> str:
        nonlocal query
        made = exp.select("s.*", exp.alias_(item, f"{found}{of}")).from_(table(before, "s"), copy=False)
        made = made.join(left(table("zone_period", "p"), on=on), copy=False)
        query = query.with_(f"{source}_{name}", as_=made, copy=False)
        return f"{source}_{name}"

    def seen(name: str) -> exp.Column:
        return own(f"{name}{of}", "s")

    def at_instant(instant: exp.Expr) -> exp.Expr:
        return exp.and_(
            exp.EQ(this=own("zone", "p"), expression=text(zone)),
            exp.LTE(this=own("utc_from", "p"), expression=instant.copy()),
            exp.LT(this=instant.copy(), expression=own("utc_to", "p")),
        )

    def at_local(local: exp.Expr) -> exp.Expr:
        return period_join(text(zone), local)

    def wall(instant: exp.Expr) -> exp.Expr:
        return exp.Add(this=instant, expression=own("utc_offset", "p"))

    full, span, onward = seen("full_at"), seen("full_span"), seen("onward")
    shown = exp.Add(this=wall(full), expression=span)
    last = step("shown", source, at_instant(full), shown, "onward_local")
    local = seen("onward_local")
    last = step("onward", last, at_local(local), utc_in_period(local), "onward")
    last = step("wall", last, at_instant(onward), wall(onward), "onward_wall")
    back = exp.Sub(this=seen("onward_wall"), expression=span.copy())
    last = step("back", last, at_local(back), utc_in_period(back), "back")
    today = exp.TimestampTrunc(this=seen("onward_wall"), unit=exp.var("DAY"))
    tomorrow = exp.Add(this=today, expression=exp.Interval(this=text("1"), unit=exp.var("DAY")))
    short = exp.LT(this=seen("back"), expression=full.copy())
    lift = case([(short, utc_in_period(tomorrow))], onward.copy())
    return query, step("lifted", last, at_local(tomorrow), lift, "month_lift")
