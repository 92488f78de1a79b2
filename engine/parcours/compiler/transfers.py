"""Those who are moved from an older version of a journey to the newest (T18).

Whoever is moved stands in the new version as if he had come to the new step when he came to the old one: the end of a
wait is counted from his arrival, by the length that the new version says. Whoever is moved to a send comes to it now,
unless he was held at a send already."""

from typing import TypeGuard

from sqlglot import exp

from parcours.checking import checked
from parcours.clock.span import Span
from parcours.compiler.choices import begun
from parcours.compiler.expressions import (
    NOW,
    call,
    cast_to,
    create_temporary,
    insert,
    interval,
    number,
    own,
    table,
)
from parcours.compiler.layout import RUN
from parcours.compiler.routes import Routes
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject
from parcours.compiler.waits import Clock, due
from parcours.compiler.zones import local_time, reached_time, utc_time

RESTS = (checked.Wait, checked.WaitUntil, checked.WaitEvent, checked.WaitCondition, checked.Send)
"""The steps at which one rests, and to which one can be moved."""


def is_same_message(after: checked.Step | None, before: checked.Step | None) -> TypeGuard[checked.Send]:
    """Whether both steps send the same message: what is decided of the one holds of the other."""
    return (
        isinstance(before, checked.Send)
        and isinstance(after, checked.Send)
        and before.message == after.message
    )


def movers(version: int, node: int) -> Statement:
    """`_mover`: the instances that rest at a node of a version."""
    here = exp.and_(
        exp.EQ(this=own("version", "i"), expression=number(version)),
        exp.EQ(this=own("node", "i"), expression=number(node)),
    )
    query = exp.select(*(own(c, "i") for c in RUN)).from_(table("state.instance", "i")).where(here)
    return Statement("movers", "those who rest at a step", create_temporary("_mover", query))


def transfer(
    old: Routes, node: int, new: Routes, version: int, target: str, project_zone: str, keep_held: Span
) -> Statement:
    """`INSERT INTO _transferred`: those of `_mover` as they stand in the new `version`, at the step `target`."""
    subject = Subject("_mover", project_zone)
    zone, arrived = subject.terms.zone(), own("arrived_at", "s")
    before: checked.Step | None = next((step for number_, step in old.nodes(*RESTS) if number_ == node), None)
    step: checked.Step = new.graph.nodes[target]["step"]
    made: dict[str, exp.Expr] = {
        "version": number(version),
        "node": number(new.numbers[target]),
        "due_at": exp.cast(exp.null(), "TIMESTAMP"),
        "keep_until": exp.cast(exp.null(), "TIMESTAMP"),
        "tried": exp.cast(exp.null(), "VARCHAR"),
        "laps": _laps(old, new, target),
    }
    found = due(step, subject, Clock(arrived, local_time(zone, arrived), reached_time(zone, arrived)))
    if found is not None:
        made["due_at"] = utc_time(zone, found.expression) if found.is_local else found.expression
    if isinstance(step, checked.Send):
        was_held = isinstance(before, checked.Send)
        since = arrived if was_held else exp.cast(NOW.copy(), "TIMESTAMP")
        made["due_at"] = exp.cast(NOW.copy(), "TIMESTAMP")
        made["arrived_at"] = since
        made["keep_until"] = exp.Add(this=since.copy(), expression=interval(step.keep_for or keep_held))
        if was_held and is_same_message(step, before):
            made["tried"] = own("tried", "s")
    query = subject.select(
        *(exp.alias_(made[name], name) if name in made else own(name, "s") for name in RUN)
    )
    return Statement("transfer", f"{new.journey.name}: to `{target}`", insert("_transferred", RUN, query))


def _laps(old: Routes, new: Routes, target: str) -> exp.Expr:
    """How often each repeat around the new step has begun: as often as the one of its name, or once when it was not there
    before. Whoever stands outside of a repeat has not begun it."""
    if not new.laps.numbers:
        return cast_to(exp.null(), "INTEGER[]")
    counts: list[exp.Expr] = []
    for name in new.laps.numbers:
        if name not in new.laps.around(target):
            counts.append(number(0))
        elif name in old.laps.numbers:
            # from outside of it he comes into its first lap
            counts.append(call("greatest", begun(old.laps.numbers[name], "s"), number(1)))
        else:
            counts.append(number(1))
    return cast_to(call("list_value", *counts), "INTEGER[]")
