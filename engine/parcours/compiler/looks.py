"""The look before a tick: whether there is anything to do at all."""

from collections.abc import Sequence

from sqlglot import exp

from parcours.compiler.expressions import NOW, own, table
from parcours.compiler.fates import new_event
from parcours.compiler.statement import Statement


def look(events: Sequence[str]) -> Statement:
    """One row: how many instances are due, and for each event kind how many became new."""
    due = (
        exp.select(exp.Count(this=exp.Star()))
        .from_(table("state.instance"))
        .where(exp.LTE(this=own("due_at"), expression=NOW.copy()))
    )
    counts = [
        exp.select(exp.Count(this=exp.Star())).from_(table(f"event_{event}")).where(new_event()).subquery()
        for event in events
    ]
    return Statement("look", "what is due, and which events became new", exp.select(due.subquery(), *counts))
