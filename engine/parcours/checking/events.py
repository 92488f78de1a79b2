"""Events as written ─► checked terms over them: filters, windows, aggregates."""

from collections.abc import Callable, Collection
from typing import cast

from parcours.checking.event_tables import EventTables
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
from parcours.datamart.catalog import Table
from parcours.model import values as written
from parcours.model.node import Name


class EventTerms:
    """`messages` are the declared ones; `predicate` turns a written predicate into a term. What meets an error adds a
    finding and gives None."""

    def __init__(
        self,
        tables: EventTables,
        messages: Collection[str],
        names: Names,
        literals: Literals,
        findings: Findings,
        predicate: Callable[[written.Predicate, Scope], Term | None],
    ) -> None:
        self.tables = tables
        self._messages = messages
        self._names = names
        self._literals = literals
        self._findings = findings
        self._predicate = predicate

    def table(self, name: Name) -> Table | None:
        """The table of an event, with the event's own name."""
        table = self.tables.find(name.text)
        if table is None:
            message = f"`{name}` is no event of the datamart"
            self._findings.unknown("unknown-event", message, name.place, name.text, self.tables.names)
        return table

    def read(self, name: str) -> Table:
        """The table for a scope: `MISSING` when there is none, which is said where the event is checked."""
        return self.tables.find(name) or MISSING

    def chosen(self, ref: written.EventRef, window: Window, scope: Scope) -> Events | None:
        """The events of a reference, in a window that the caller knows."""
        table = self.table(ref.name)
        is_whole = table is not None
        if ref.of is not None and table is not None:
            is_whole = self._caused(ref.name, ref.of)
        term = None
        if ref.filter is not None:
            term = self._predicate(ref.filter, scope.inside(table or MISSING))
        if not is_whole or (ref.filter is not None and term is None):
            return None
        return Events(ref.name.text, term, window, ref.of.text if ref.of else None)

    def _caused(self, event: Name, message: Name) -> bool:
        """Whether `open of welcome` can be told: the message exists, and the mapping says what caused the event."""
        if not self.tables.has_send(event.text):
            advice = "of what Parcours records itself, only `sent` and `not_sent` have a message"
            if self.tables.origin(event.text) == "mapped":
                column = f"map the column that links `{event}` to its message"
                advice = f"{column}: `send:` under `{event}` in parcours.yaml"
            self._findings.add(
                "missing-mapping",
                f"nothing says which message caused `{event}`",
                event.place.to(message.place),
                advice=advice,
            )
            return False
        if message.text not in self._messages:
            self._findings.unknown(
                "unknown-message", f"`{message}` is no message", message.place, message.text, self._messages
            )
            return False
        return True

    def events(self, ref: written.EventRef, window: written.Window | None, scope: Scope) -> Events | None:
        """Without a window: all events up to now."""
        bounds = self._window(window, scope)
        chosen = self.chosen(ref, bounds or Window("ever"), scope)
        return chosen if bounds else None

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
        return self._names.field(self.read(ref.name.text), field.text, field.place)
