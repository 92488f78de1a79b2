"""Events as written ─► checked terms over them: filters, windows, aggregates."""

from collections.abc import Callable
from dataclasses import replace
from typing import cast

from parcours.checking.findings import Findings
from parcours.checking.kinds import KIND_WORDS
from parcours.checking.literals import Literals
from parcours.checking.names import Names
from parcours.checking.scope import MISSING, Scope
from parcours.checking.terms import (
    Aggregate,
    AggregateFunction,
    Count,
    DaysSince,
    Events,
    Field,
    Kind,
    Nth,
    Term,
    Window,
)
from parcours.datamart.catalog import Catalog, Table
from parcours.model import values as written
from parcours.model.node import Name

HISTORY_EVENTS = frozenset({"sent", "not_sent", "entered", "left"})
"""Events that the executor records itself."""


class EventTerms:
    """`predicate` turns a written predicate into a term. What meets an error adds a finding and gives None."""

    def __init__(
        self,
        catalog: Catalog,
        names: Names,
        literals: Literals,
        findings: Findings,
        predicate: Callable[[written.Predicate, Scope], Term | None],
    ) -> None:
        self._names = names
        self._literals = literals
        self._findings = findings
        self._predicate = predicate
        self._tables = {name: replace(table, name=name) for name, table in catalog.events.items()}

    def table(self, name: Name) -> Table | None:
        """The table of an event, with the event's own name."""
        table = self._tables.get(name.text)
        if table is None and name.text in HISTORY_EVENTS:
            self._findings.unsupported(f"the history event `{name}`", name.place)
        elif table is None:
            message = f"`{name}` is no event of the datamart"
            self._findings.unknown("unknown-event", message, name.place, name.text, self._tables)
        return table

    def read(self, name: Name) -> Table:
        """The table for a scope: `MISSING` when there is none, which is said where the event is checked."""
        return self._tables.get(name.text, MISSING)

    def filter(self, ref: written.EventRef, scope: Scope) -> tuple[Term | None] | None:
        """The filter in a 1-tuple (None inside: no filter), or None when something is wrong."""
        table = self.table(ref.name)
        if ref.of is not None:
            self._findings.unsupported(f"`{ref.name} of {ref.of}`", ref.name.place.to(ref.of.place))
        term = None
        if ref.filter is not None:
            term = self._predicate(ref.filter, scope.inside(table or MISSING))
        if table is None or ref.of is not None or (ref.filter is not None and term is None):
            return None
        return (term,)

    def events(self, ref: written.EventRef, window: written.Window | None, scope: Scope) -> Events | None:
        """Without a window: all events up to now."""
        if scope.fields is not None:
            self._findings.unsupported("events inside the brackets of an event", ref.place)
            return None
        bounds, chosen = self._window(window, scope), self.filter(ref, scope)
        return Events(ref.name.text, chosen[0], bounds) if chosen and bounds else None

    def aggregate(self, node: written.Aggregate, scope: Scope) -> Term | None:
        events = self.events(node.event, node.window, scope)
        if node.field is None:
            return None if events is None else Count(events)
        field = self._field(node.event, node.field)
        if field is None:
            return None
        if node.function in ("sum", "average") and field.kind != "number":
            self._findings.add(
                "wrong-type",
                f"`{node.function}` needs a number: `{node.field}` is {KIND_WORDS[field.kind]}",
                node.field.place,
            )
            return None
        if events is None:
            return None
        kind: Kind = field.kind if node.function in ("smallest", "largest") else "number"
        return Aggregate(cast(AggregateFunction, node.function), events, field, kind)

    def nth(self, node: written.Nth, scope: Scope) -> Term | None:
        events, field = self.events(node.event, node.window, scope), self._field(node.event, node.field)
        return Nth(node.which, events, field, field.kind) if events and field else None

    def days_since(self, node: written.DaysSince, scope: Scope) -> Term | None:
        events = self.events(node.event, None, scope)
        return None if events is None else DaysSince(events)

    def _window(self, window: written.Window | None, scope: Scope) -> Window | None:
        match window:
            case written.InLast():
                return Window("in_last", self._literals.span(window.duration))
            case written.Since():
                return self._since(window, scope)
            case _:
                return Window("ever")

    def _since(self, window: written.Since, scope: Scope) -> Window | None:
        if window.name.text != "entry":
            self._findings.add(
                "unknown-name",
                f"`since {window.name}` says nothing",
                window.name.place,
                mark="write `since entry`",
                advice="a window begins at the entry, or is a length of time: `in last 7 days`",
            )
            return None
        if not scope.in_run:
            self._findings.add(
                "no-event-here", "`since entry`: nobody has entered a journey here", window.place
            )
            return None
        return Window("since_entry")

    def _field(self, ref: written.EventRef, field: Name) -> Field | None:
        return self._names.field(self.read(ref.name), field.text, field.place)
