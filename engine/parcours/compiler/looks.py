"""The look before a tick: whether there is anything to do at all."""

from collections.abc import Sequence

from sqlglot import exp

from parcours.compiler.expressions import NOW, own, parameter, table
from parcours.compiler.fates import new_event, stand_at
from parcours.compiler.statement import Statement


def look(events: Sequence[str], watching: Sequence[tuple[int, Sequence[int]]]) -> Statement:
    """One row: how many instances are due, how many requests to enter there are, and for each event kind how many
    became new. `watching`: the nodes at which instances wait for a condition."""
    is_due: exp.Expr = exp.LTE(this=own("due_at"), expression=NOW.copy())
    if watching:
        is_due = exp.or_(is_due, exp.and_(parameter("hourly"), stand_at(watching)))
    due = exp.select(exp.Count(this=exp.Star())).from_(table("state.instance")).where(is_due)
    requests = exp.select(exp.Count(this=exp.Star())).from_(table("state.request"))
    counts = [
        exp.select(exp.Count(this=exp.Star())).from_(table(f"event_{event}")).where(new_event()).subquery()
        for event in events
    ]
    return Statement(
        "look",
        "what is due, and which events became new",
        exp.select(due.subquery(), requests.subquery(), *counts),
    )
