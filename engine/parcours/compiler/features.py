"""What is counted of the events of those who move: once a tick, for all journeys and all their steps together.

Within a tick such a figure of a contact stays what it is, in whatever run and at whatever step it is asked for (T7). So
each table of events is read once, for the contacts that move in the tick, and every statement that moves somebody joins
the result. What depends on the run itself (`since entry`, a wait's own window, `entry.…`) is still counted by the
statement that asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from parcours.checking.parts import parts
from parcours.checking.terms import (
    Aggregate,
    Among,
    And,
    Arithmetic,
    Compare,
    Constant,
    Count,
    DaysSince,
    Events,
    EventTerm,
    Field,
    Holds,
    InLast,
    Known,
    Not,
    Nth,
    Or,
    Shift,
    Term,
    Window,
)
from parcours.clock.span import Span
from parcours.compiler.expressions import NOW, create_temporary, own, table
from parcours.compiler.moving import MOVING
from parcours.compiler.statement import Statement
from parcours.compiler.terms import Terms, event_table

_OF_THE_EVENT = (
    *(Constant, Field, Shift, Arithmetic, InLast, Compare, Among, Known, And, Or, Not, Holds),
    *(Count, Aggregate, Nth, DaysSince, Events, Window, Span),
)
"""Terms that say the same of an event whoever asks."""

_OF_THE_TICK = ("ever", "in_last")
"""Windows that are the same for all runs."""


def is_shared(term: EventTerm) -> bool:
    """Whether a term has one value for a contact in a tick, whatever run it is asked for, by the event tables alone."""
    inner: tuple[object, ...] = (term.events, getattr(term, "field", None))
    ours = [part for part in parts(inner) if isinstance(part, Term | Events | Window)]
    return term.events.window.kind in _OF_THE_TICK and all(isinstance(part, _OF_THE_EVENT) for part in ours)


@dataclass
class Shared:
    """The features of a program, by event and term; each has a column in the table of its event."""

    project_zone: str
    _terms: Terms = field(init=False)

    def __post_init__(self) -> None:
        self._terms = Terms(self.project_zone)

    def column(self, term: EventTerm) -> str:
        """The column of a shared term in `table_of` its event."""
        named = self._terms.features.setdefault(term.events.event, {})
        return named.setdefault(term, f"x{len(named) + 1}")

    def statements(self) -> Mapping[str, Statement]:
        """By event: its features of everybody in `_moving`. Ask when all terms are known."""
        return {event: self._count(event) for event in self._terms.features}

    def _count(self, event: str) -> Statement:
        contact = own("_contact", "e")
        columns = self._terms.feature_columns(event)
        query = exp.select(exp.alias_(contact, "contact"), *columns).from_(event_table(event), copy=False)
        moving = exp.select("_contact").from_(table(MOVING))
        # E2: only what is visible at T
        visible = exp.LTE(this=own("_visible_at", "e"), expression=NOW.copy())
        query = query.where(exp.In(this=contact.copy(), query=moving.subquery()), visible, copy=False)
        bound = self._terms.lower_bound(event)
        if bound is not None:
            query = query.where(exp.GTE(this=own("_at", "e"), expression=bound), copy=False)
        query = query.group_by(contact.copy(), copy=False)
        made = create_temporary(table_of(event), query)
        return Statement(f"count_{event}", f"what steps ask about `{event}`, of all who move", made)


def table_of(event: str) -> str:
    """The table of an event's features: `contact`, and a column for each."""
    return f"_of_{event}"
