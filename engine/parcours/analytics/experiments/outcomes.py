"""What came of it: counts and sums for each arm, from one pass over the goal's events."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlglot import exp

from parcours.analytics.experiments.designs import Design
from parcours.analytics.experiments.units import UNITS
from parcours.checking.terms import Aggregate, Events, Field, Window, happened
from parcours.compiler.expressions import NOW, number, own, table
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject


@dataclass(frozen=True, slots=True)
class Outcome:
    """An arm's contacts whose goal's time is over, and what they did in it; `open` are those in whose time we still are.
    `total` and `squares`: the sum of their worth, and of its squares; None where worth is not asked for."""

    arm: str
    contacts: int
    open: int
    reached: int
    total: Decimal | None
    squares: Decimal | None
    first_at: datetime


def outcomes(design: Design, project_zone: str, worth: Field | None) -> Statement:
    """A query of the columns of `Outcome` over `_unit`, as of T; `worth` is a field of the goal's event. An event counts
    after the arm was dealt out, up to the end of the goal's time, when it was visible at T (E2)."""
    subject = Subject(UNITS, project_zone)
    goal = design.goal.events
    inside = Events(goal.event, goal.filter, Window("arrived", goal.window.span), goal.of)
    reached = subject.sql(happened(inside))
    columns: list[exp.Expr] = [
        own("arm", "s"),
        own("arrived_at", "s"),
        exp.alias_(exp.LTE(this=own("due_at", "s"), expression=NOW.copy()), "over"),
        exp.alias_(reached, "reached"),
    ]
    if worth is not None:
        total = subject.sql(Aggregate("sum", inside, worth, "number"))
        columns.append(exp.alias_(exp.Coalesce(this=total, expressions=[number(0)]), "worth"))
    of_each = subject.select(*columns)
    over = own("over")
    selected: list[exp.Expr] = [
        own("arm"),
        exp.alias_(_only(exp.Count(this=exp.Star()), over), "contacts"),
        exp.alias_(_only(exp.Count(this=exp.Star()), exp.Not(this=over.copy())), "open"),
        exp.alias_(_only(exp.Count(this=exp.Star()), exp.and_(over.copy(), own("reached"))), "reached"),
        exp.alias_(_total(own("worth"), over) if worth else exp.null(), "total"),
        exp.alias_(_total(_square(own("worth")), over) if worth else exp.null(), "squares"),
        exp.alias_(exp.Min(this=own("arrived_at")), "first_at"),
    ]
    query = exp.select(*selected).from_(table("of_each"), copy=False)
    query = query.with_("of_each", as_=of_each, copy=False).group_by(own("arm"), copy=False)
    return Statement("outcomes", "what came of it", query)


def outcome_of(row: tuple[Any, ...]) -> Outcome:
    return Outcome(*row)


def _only(aggregate: exp.Expr, condition: exp.Expr) -> exp.Expr:
    return exp.Filter(this=aggregate, expression=exp.Where(this=condition.copy()))


def _total(item: exp.Expr, condition: exp.Expr) -> exp.Expr:
    """An exact sum: it does not depend on the order in which threads add up (T3)."""
    exact = exp.TryCast(this=item, to=exp.DataType.build("DECIMAL(38, 4)"))
    return exp.Coalesce(this=_only(exp.Sum(this=exact), condition), expressions=[number(0)])


def _square(item: exp.Expr) -> exp.Expr:
    wide = exp.cast(item, "DOUBLE")
    return exp.Mul(this=wide, expression=wide.copy())
