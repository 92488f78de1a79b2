"""What contacts have asked for themselves (LANGUAGE.md P10): breaks, topics, seasons. How often they want to hear from us is
a limit (limits.py)."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from parcours.checking import checked
from parcours.compiler.expressions import NOW, call, case, days, holds, number, own
from parcours.compiler.gates import Gates
from parcours.compiler.subject import Subject
from parcours.compiler.zones import utc_time


@dataclass(frozen=True, slots=True)
class Wish:
    """`closed`: whether the contact has asked for it; `lift`: until when, None when nothing says so."""

    gate: int
    selector: checked.Selector
    closed: exp.Expr
    lift: exp.Expr | None


def wishes(policy: checked.Policy, gates: Gates, subject: Subject) -> Iterator[Wish]:
    """Those of the policy that do not depend on what was granted, over the subject's contacts."""
    for number_, wish in enumerate(policy.wishes):
        gate = gates.number("wish", number_)
        if wish.until is not None:
            until = subject.sql(wish.until)
            if wish.until.kind == "date":
                until = utc_time(subject.terms.zone(), exp.cast(until, "TIMESTAMP"))
            closed = holds(exp.GT(this=until, expression=NOW.copy()))
            yield Wish(gate, wish.selector, closed, until.copy())
        elif wish.period is None and wish.condition is not None:
            lift = None if wish.season is None else _next_start(wish.season, subject)
            yield Wish(gate, wish.selector, holds(subject.sql(wish.condition)), lift)


def _next_start(start: tuple[int, int], subject: Subject) -> exp.Expr:
    """When a season begins next on the contact's clock; a day that the year does not have is the one after."""
    wall = own("wall", "z")
    this_year = call("year", wall)

    def begins(year: exp.Expr) -> exp.Expr:
        first = call("make_date", year, number(start[0]), number(1))
        return exp.cast(exp.Add(this=first, expression=days(start[1] - 1)), "TIMESTAMP")

    following = begins(exp.Add(this=this_year.copy(), expression=number(1)))
    still_to_come = exp.LT(this=wall.copy(), expression=begins(this_year))
    local = case([(still_to_come, begins(this_year.copy()))], following)
    return utc_time(subject.terms.zone(), local)
