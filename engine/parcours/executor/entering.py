"""Entering by hand: contacts who are asked into a journey by name, with the next tick (section 4)."""

from collections.abc import Sequence
from datetime import datetime

from parcours.diagnostics import Problem, problem
from parcours.executor.asking import must_not_precede
from parcours.executor.tick import Executor


def enter(executor: Executor, at: datetime, journey: str, contacts: Sequence[str]) -> None:
    """Asks each contact into the journey with `entry.at` = `at`; the next tick judges them like any trigger. `contacts` are
    keys as text. `Problem`, and nobody is asked, when one of them is no contact."""
    must_not_precede(executor, at)
    engine = executor.engine
    asked = list(dict.fromkeys(contacts))
    known = {
        text: key
        for key, text in engine.run_text(
            "SELECT _contact, _contact::VARCHAR FROM contact WHERE _contact::VARCHAR IN (SELECT unnest(?))",
            [asked],
        )
    }
    strangers = [name for name in asked if name not in known]
    if strangers:
        raise Problem(
            tuple(
                problem("unknown-contact", f"`{name}` is no contact of the datamart", "CONTACT").diagnostics[
                    0
                ]
                for name in strangers
            )
        )
    with engine.transaction():
        for name in asked:
            engine.run_text("INSERT INTO state.request VALUES (?, ?, ?)", [journey, known[name], at])
        executor.store.add_command(at, "enter", journey)
    executor.load()
