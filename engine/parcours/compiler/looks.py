"""The look before a tick: whether there is anything to do at all."""

from collections.abc import Sequence

from sqlglot import exp

from parcours.compiler.expressions import table
from parcours.compiler.fates import due_and_moving, new_event
from parcours.compiler.statement import Statement


def look(
    events: Sequence[str], watching: Sequence[tuple[int, Sequence[int]]], paused: Sequence[int]
) -> Statement:
    """One row: how many instances are due, how many requests to enter there are, and for each event kind how many
    became new. `watching`: the nodes at which instances wait for a condition; `paused`: versions that nobody moves in."""
    is_due = due_and_moving(watching, paused)
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
