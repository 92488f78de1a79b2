"""The verdicts of a tick with the runs that they are about."""

from sqlglot import exp

from parcours.compiler.expressions import own, table
from parcours.compiler.layout import VERDICT, WAKING


def decided_runs(alias: str) -> exp.Subquery:
    """Every verdict as a row with the columns of its run and its own, and its number, `verdict`. `due_at` is the verdict's:
    when what is held is tried again."""
    run = (name for name in WAKING if name not in VERDICT)
    its_own = (name for name in VERDICT if name not in WAKING or name == "due_at")
    query = exp.select(
        exp.alias_(own("rowid", "d"), "verdict"),
        own("contact", "d"),
        *(own(name, "d") for name in its_own),
        *(own(name, "m") for name in run),
    ).from_(table("_verdict", "d"), copy=False)
    moved = exp.EQ(this=own("rowid", "m"), expression=own("moved", "d"))
    return query.join(table("_moved", "m"), on=moved, copy=False).subquery(alias, copy=False)
