"""Quiet hours, quiet days and opening hours of the channels, on every clock (LANGUAGE.md section 6)."""

from sqlglot import exp

from parcours.checking import checked
from parcours.checking.moments import EVERY_DAY
from parcours.compiler.expressions import (
    NOW,
    among,
    call,
    case,
    case_of,
    create_temporary,
    days,
    least,
    minutes,
    number,
    own,
    table,
    text,
)
from parcours.compiler.gates import Gates
from parcours.compiler.statement import Statement
from parcours.compiler.waits import inside_window
from parcours.compiler.zones import period_join, utc_in_period


def quiet_now(policy: checked.Policy, gates: Gates) -> Statement:
    """`_quiet(zone, channel, gate, lift)`: where it is quiet or closed at T on which channel, by which rule, and until when."""
    queries = []
    for channel in policy.channels:
        for number_, quiet in enumerate(channel.quiet):
            gate = number(gates.number("quiet", channel.name, number_))
            queries.append(
                exp.select(
                    own("zone", "z"),
                    exp.alias_(text(channel.name), "channel"),
                    exp.alias_(gate, "gate"),
                    exp.alias_(quiet_until(quiet), "local"),
                    exp.alias_(exp.Sub(this=own("wall", "z"), expression=NOW.copy()), "ahead"),
                ).from_(table("_zone_now", "z"))
            )
        if channel.quiet_holidays is not None:
            queries.append(_on_holidays(channel, gates))
        if channel.opening:
            queries.append(_closed(channel, gates))
    if not queries:
        nothing = exp.select(
            exp.alias_(text(""), "zone"),
            exp.alias_(text(""), "channel"),
            exp.alias_(number(0), "gate"),
            exp.alias_(exp.cast(exp.null(), "TIMESTAMP"), "lift"),
        ).where(exp.false())
        return Statement(
            "quiet_now", "no channel is ever quiet or closed", create_temporary("_quiet", nothing)
        )
    rules: exp.Query = queries[0] if len(queries) == 1 else exp.union(*queries, distinct=False)
    # where the clock shows the end of the quiet twice, the first of the two may have passed
    end = utc_in_period(own("local", "q"))
    second = exp.Sub(this=own("local", "q"), expression=own("ahead", "q"))
    end = case([(exp.GT(this=end, expression=NOW.copy()), end.copy())], second)
    query = (
        exp.select(
            own("zone", "q"),
            own("channel", "q"),
            exp.alias_(exp.Min(this=own("gate", "q")), "gate"),
            exp.alias_(exp.ArgMin(this=end, expression=own("gate", "q")), "lift"),
        )
        .from_(rules.subquery("q"))
        # an end that is not known is where it is not quiet
        .join(table("zone_period", "p"), on=period_join(own("zone", "q"), own("local", "q")))
        .group_by(own("zone", "q"), own("channel", "q"))
    )
    return Statement("quiet_now", "where it is quiet now, and until when", create_temporary("_quiet", query))


def _on_holidays(channel: checked.Channel, gates: Gates) -> exp.Select:
    """Where the local day is a holiday, until the first day that is none."""
    today = exp.EQ(this=own("day", "h"), expression=exp.cast(own("wall", "z"), "DATE"))
    return (
        exp.select(
            own("zone", "z"),
            exp.alias_(text(channel.name), "channel"),
            exp.alias_(number(gates.number("holidays", channel.name)), "gate"),
            exp.alias_(exp.cast(own("free", "h"), "TIMESTAMP"), "local"),
            exp.alias_(exp.Sub(this=own("wall", "z"), expression=NOW.copy()), "ahead"),
        )
        .from_(table("_zone_now", "z"))
        .join(table("_holiday", "h"), on=today)
    )


def _closed(channel: checked.Channel, gates: Gates) -> exp.Select:
    """Where the channel is not open, until the first of its opening hours begins."""
    wall = own("wall", "z")
    inside = [inside_window(opening.start, opening.end, opening.days) for opening in channel.opening]
    today = call("date_trunc", text("day"), wall)
    begins: list[exp.Expr] = []
    for opening in channel.opening:
        for ahead in range(8):
            begin = exp.Add(
                this=exp.Add(this=today.copy(), expression=days(ahead)), expression=minutes(opening.start)
            )
            on_day = among(call("isodow", begin.copy()), opening.days)
            ahead_of = exp.GT(this=begin.copy(), expression=wall.copy())
            begins.append(case([(exp.and_(on_day, ahead_of), begin)]))
    return exp.select(
        own("zone", "z"),
        exp.alias_(text(channel.name), "channel"),
        exp.alias_(number(gates.number("opening", channel.name)), "gate"),
        exp.alias_(case([(exp.Not(this=exp.paren(exp.or_(*inside))), least(*begins))]), "local"),
        exp.alias_(exp.Sub(this=wall.copy(), expression=NOW.copy()), "ahead"),
    ).from_(table("_zone_now", "z"))


def quiet_until(quiet: checked.Quiet) -> exp.Expr:
    """The local time at which a quiet stretch ends; NULL when it is not quiet now."""
    wall = own("wall", "z")
    today = call("date_trunc", text("day"), wall)
    if quiet.days:
        pairs = []
        for day in quiet.days:
            ahead = next(k for k in range(1, 9) if (day - 1 + k) % 7 + 1 not in quiet.days or k == 8)
            pairs.append((number(day), exp.Add(this=today.copy(), expression=days(ahead))))
        return case_of(call("isodow", wall.copy()), pairs)
    end: exp.Expr = exp.Add(this=today, expression=minutes(quiet.end))
    if quiet.end <= quiet.start:
        opened = exp.GTE(
            this=wall.copy(), expression=exp.Add(this=today.copy(), expression=minutes(quiet.start))
        )
        end = case([(opened, exp.Add(this=end.copy(), expression=days(1)))], end)
    return case([(inside_window(quiet.start, quiet.end, EVERY_DAY), end)])
