"""Values and predicates as written ─► checked terms (LANGUAGE.md section 3, E1–E4)."""

from datetime import date, datetime
from typing import cast

from parcours.checking.findings import Findings
from parcours.checking.scope import Scope
from parcours.checking.terms import (
    Aggregate,
    AggregateFunction,
    Among,
    And,
    Arithmetic,
    Attribute,
    Captured,
    Compare,
    Constant,
    Count,
    DaysSince,
    Events,
    Field,
    InLast,
    InSeason,
    Kind,
    Known,
    Not,
    Nth,
    Or,
    PartOf,
    Shift,
    Term,
    Window,
    happened,
    number,
)
from parcours.checking.vocabulary import Vocabulary
from parcours.clock.span import Span
from parcours.clock.zones import to_utc
from parcours.datamart.catalog import Column, Table
from parcours.diagnostics import Place
from parcours.model import values as written
from parcours.model.node import Name

KIND_WORDS: dict[str, str] = {
    "text": "text",
    "number": "a number",
    "yes_no": "yes or no",
    "date": "a date",
    "instant": "an instant",
}
HISTORY_EVENTS = frozenset({"sent", "not_sent", "entered", "left"})
_CHECKABLE = frozenset(KIND_WORDS)


def span_of(duration: written.Duration) -> Span:
    return Span(duration.count, duration.unit)


class Values:
    """Resolves and types values and predicates. Every method that meets an error adds a diagnostic and gives
    None; callers pass the None on."""

    def __init__(self, vocabulary: Vocabulary, findings: Findings) -> None:
        self.vocabulary = vocabulary
        self.findings = findings
        self.catalog = vocabulary.catalog
        self.time_zone = vocabulary.time_zone

    # ---- predicates

    def predicate(self, node: written.Predicate, scope: Scope) -> Term | None:
        match node:
            case written.And():
                return self._several(And, node.items, scope)
            case written.Or():
                return self._several(Or, node.items, scope)
            case written.Not():
                item = self.predicate(node.item, scope)
                return None if item is None else Not(item)
            case written.Truth():
                return self._truth(node, scope)
            case written.Compare():
                pair = self._pair(node.left, node.right, scope, node.operator)
                return None if pair is None else Compare(node.operator, *pair)
            case written.Between():
                low = self._pair(node.value, node.low, scope, ">=")
                high = self._pair(node.value, node.high, scope, "<=")
                return And((Compare(">=", *low), Compare("<=", *high))) if low and high else None
            case written.InList():
                return self._in_list(node, scope)
            case written.IsKnown():
                item = self.value(node.value, scope)
                if item is None:
                    return None
                return Not(Known(item)) if node.negated else Known(item)
            case written.IsName():
                return self._is_name(node, scope)
            case written.Has():
                events = self.events(node.event, node.window, scope)
                if events is None:
                    return None
                return Compare("=", Count(events), number(0)) if node.negated else happened(events)
            case written.Recent():
                item = self._of_kind(node.value, scope, "instant", "`in last` needs an instant")
                return None if item is None else InLast(item, span_of(node.duration))
            case written.InSegment():
                return self.vocabulary.segment(node.name, self)

    def _several(
        self, kind: type[And] | type[Or], items: tuple[written.Predicate, ...], scope: Scope
    ) -> Term | None:
        terms = [self.predicate(item, scope) for item in items]
        known = tuple(term for term in terms if term is not None)
        return kind(known) if len(known) == len(terms) else None

    def _truth(self, node: written.Truth, scope: Scope) -> Term | None:
        term = self.value(node.value, scope)
        if term is not None and term.kind != "yes_no":
            self.findings.add(
                "not-a-condition",
                f"`{self.findings.text(node.place)}` is {KIND_WORDS[term.kind]}, not a condition",
                node.place,
                mark="compare it with something",
            )
            return None
        return term

    def _in_list(self, node: written.InList, scope: Scope) -> Term | None:
        item = self.value(node.value, scope)
        if item is None:
            return None
        constants: list[Constant] = []
        for listed in node.items:
            pair = self._matched(item, node.value, self.value(listed, scope), listed, "=")
            if pair is None:
                return None
            if not isinstance(pair[1], Constant):
                self.findings.add("wrong-type", "a list holds plain values only", listed.place)
                return None
            constants.append(pair[1])
        among = Among(item, tuple(constants))
        return Not(among) if node.negated else among

    def _is_name(self, node: written.IsName, scope: Scope) -> Term | None:
        value = node.value
        if isinstance(value, written.Path) and len(value.parts) == 1:
            stage = self.vocabulary.stage(value.parts[0], node.name, self)
            if stage is not NotImplemented:
                return cast("Term | None", stage)
        item = self.value(value, scope)
        if item is None:
            return None
        if item.kind == "yes_no" and node.name.text in ("yes", "no"):
            return Compare("=", item, Constant(node.name.text == "yes", "yes_no"))
        if item.kind == "text":
            return Compare("=", item, Constant(node.name.text, "text"))
        self.findings.add(
            "wrong-type",
            f"`{self.findings.text(value.place)}` is {KIND_WORDS[item.kind]}: it cannot be `{node.name}`",
            node.name.place,
        )
        return None

    # ---- comparisons

    def _pair(
        self, left: written.Value, right: written.Value, scope: Scope, operator: str
    ) -> tuple[Term, Term] | None:
        first, second = self.value(left, scope), self.value(right, scope)
        return None if first is None else self._matched(first, left, second, right, operator)

    def _matched(
        self, first: Term, left: written.Value, second: Term | None, right: written.Value, operator: str
    ) -> tuple[Term, Term] | None:
        """Both sides brought to one kind. A written date stands for its local midnight beside an instant."""
        if second is None:
            return None
        first, second = self._midnight(first, second), self._midnight(second, first)
        if first.kind != second.kind:
            self.findings.add(
                "wrong-type",
                f"`{self.findings.text(left.place)}` is {KIND_WORDS[first.kind]}, "
                f"`{self.findings.text(right.place)}` is {KIND_WORDS[second.kind]}",
                right.place,
                mark=_quote_hint(first, second),
            )
            return None
        if first.kind == "yes_no" and operator not in ("=", "!="):
            self.findings.add(
                "wrong-type", f"yes and no have no order: `{operator}` says nothing", right.place
            )
            return None
        return first, second

    def _midnight(self, term: Term, beside: Term) -> Term:
        if isinstance(term, Constant) and term.kind == "date" and beside.kind == "instant":
            day = cast(date, term.value)
            return Constant(to_utc(self.time_zone, datetime(day.year, day.month, day.day)), "instant")
        return term

    # ---- values

    def value(self, node: written.Value, scope: Scope) -> Term | None:
        match node:
            case written.Text():
                return Constant(node.value, "text")
            case written.Number():
                return Constant(node.value, "number")
            case written.Percent():
                return Constant(node.value / 100, "number")
            case written.Money():
                return self._money(node)
            case written.YesNo():
                return Constant(node.value, "yes_no")
            case written.DateLiteral():
                day = self.date(node)
                return None if day is None else Constant(day, "date")
            case written.InstantLiteral():
                local = self.local_time(node)
                return None if local is None else Constant(to_utc(self.time_zone, local), "instant")
            case written.Duration():
                self.findings.add(
                    "wrong-type",
                    f"`{node}` is a length of time: it can only be added to or taken from an instant",
                    node.place,
                )
                return None
            case written.Path():
                return self.path(node, scope)
            case written.Arithmetic():
                return self._arithmetic(node, scope)
            case written.Aggregate():
                return self._aggregate(node, scope)
            case written.Nth():
                return self._nth(node, scope)
            case written.DaysSince():
                events = self.events(node.event, None, scope)
                return None if events is None else DaysSince(events)
            case written.Part():
                item = self.value(node.value, scope)
                if item is None:
                    return None
                if item.kind not in ("date", "instant") or (node.part == "hour" and item.kind == "date"):
                    self.findings.add(
                        "wrong-type",
                        f"`{self.findings.text(node.value.place)}` is {KIND_WORDS[item.kind]}: "
                        f"it has no {node.part}",
                        node.value.place,
                    )
                    return None
                return PartOf(node.part, item)

    def _money(self, node: written.Money) -> Term | None:
        if node.currency != self.vocabulary.currency:
            self.findings.add(
                "wrong-type",
                f"the project counts in {self.vocabulary.currency}, not in `{node.currency}`",
                node.place,
            )
            return None
        return Constant(node.amount, "number")

    def constant(self, node: written.Value) -> Constant | None:
        """A plain value; anything that would have to be looked up is an error."""
        term = self.value(node, Scope()) if not isinstance(node, written.Path) else None
        if isinstance(term, Constant):
            return term
        if isinstance(node, written.Path) or term is not None:
            self.findings.add("bad-example", "write a plain value here", node.place)
        return None

    def date(self, node: written.DateLiteral) -> date | None:
        try:
            year, month, day = (int(part) for part in node.text.split("-"))
            return date(year, month, day)
        except ValueError:
            self.findings.add("impossible-date", f"`{node.text}` is no date", node.place)
            return None

    def minutes(self, node: written.TimeOfDay) -> int | None:
        """Minutes since midnight."""
        if node.hour > 23 or node.minute > 59:
            self.findings.add("impossible-time", f"`{node}` is no time of day", node.place)
            return None
        return node.minutes

    def local_time(self, node: written.InstantLiteral) -> datetime | None:
        day, minutes = self.date(node.date), self.minutes(node.time)
        if day is None or minutes is None:
            return None
        return datetime(day.year, day.month, day.day, minutes // 60, minutes % 60)

    def _of_kind(self, node: written.Value, scope: Scope, kind: Kind, message: str) -> Term | None:
        term = self.value(node, scope)
        if term is None or term.kind == kind:
            return term
        self.findings.add(
            "wrong-type",
            f"{message}: `{self.findings.text(node.place)}` is {KIND_WORDS[term.kind]}",
            node.place,
        )
        return None

    def _arithmetic(self, node: written.Arithmetic, scope: Scope) -> Term | None:
        if isinstance(node.right, written.Duration) and node.operator in "+-":
            item = self.value(node.left, scope)
            if item is None:
                return None
            span = span_of(node.right)
            if item.kind == "instant" or (item.kind == "date" and not span.is_clock):
                return Shift(item, span, 1 if node.operator == "+" else -1, item.kind)
            self.findings.add(
                "wrong-type",
                f"`{self.findings.text(node.left.place)}` is {KIND_WORDS[item.kind]}: "
                f"`{node.right}` cannot be added to it",
                node.right.place,
            )
            return None
        message = f"`{node.operator}` needs numbers on both sides"
        left = self._of_kind(node.left, scope, "number", message)
        right = self._of_kind(node.right, scope, "number", message)
        return Arithmetic(node.operator, left, right) if left and right else None

    # ---- names

    def path(self, node: written.Path, scope: Scope) -> Term | None:
        first, rest = node.parts[0], node.parts[1:]
        if not rest and scope.fields is None:
            return self._attribute(first, node.place)
        if not rest and scope.fields is not None:
            column = self._column(scope.fields, first, node.place)
            return None if column is None else Field(column.name, cast(Kind, column.kind))
        if len(rest) == 1 and first == "contact":
            return self._attribute(rest[0], node.place)
        if len(rest) == 1 and first in ("entry", "event"):
            return self._captured(first, rest[0], node.place, scope)
        if len(rest) == 1 and first == "season":
            bounds = self.vocabulary.season(rest[0], node.place)
            return None if bounds is None else InSeason(*bounds)
        what = self.vocabulary.analytic(first)
        if what is not None:
            self.findings.unsupported(f"{what}: `{node}`", node.place)
            return None
        self.findings.unknown(
            "unknown-name",
            f"`{node}` is nothing that is declared",
            node.place,
            first,
            ["entry", "event", "contact", "season"],
        )
        return None

    def _attribute(self, name: str, place: Place) -> Term | None:
        column = self.catalog.contacts.columns.get(name)
        if column is not None:
            usable = self._usable(column, place)
            return None if usable is None else Attribute(column.name, cast(Kind, column.kind))
        if name in self.vocabulary.lifecycles:
            stages = ", ".join(str(s.name) for s in self.vocabulary.lifecycles[name].stages)
            self.findings.add(
                "not-a-condition",
                f"`{name}` is a lifecycle",
                place,
                mark=f"write `{name} is …`",
                advice=f"its stages are: {stages}",
            )
            return None
        self.findings.unknown(
            "unknown-attribute",
            f"`{name}` is no attribute of a contact",
            place,
            name,
            [*self.catalog.contacts.columns, *self.vocabulary.lifecycles],
        )
        return None

    def _column(self, table: Table, name: str, place: Place) -> Column | None:
        column = table.columns.get(name)
        if column is None:
            self.findings.unknown(
                "unknown-field", f"`{name}` is no field of `{table.name}`", place, name, table.columns
            )
            return None
        return self._usable(column, place)

    def _usable(self, column: Column, place: Place) -> Column | None:
        if column.kind in _CHECKABLE:
            return column
        self.findings.add(
            "wrong-column-type",
            f"`{column.name}` has the type {column.sql_type}, which predicates cannot read",
            place,
        )
        return None

    def _captured(self, origin: str, name: str, place: Place, scope: Scope) -> Term | None:
        if not scope.in_run:
            self.findings.add("no-event-here", f"`{origin}.{name}` can be read only in a journey", place)
            return None
        if origin == "entry":
            if name == "at":
                return Captured("entry", "at", "instant", "TIMESTAMP")
            if scope.entry is None:
                self.findings.add(
                    "no-event-here",
                    f"`entry.{name}`: no event starts this journey, only `entry.at` is known",
                    place,
                )
                return None
            column = self._column(scope.entry, name, place)
            return (
                None if column is None else Captured("entry", name, cast(Kind, column.kind), column.sql_type)
            )
        if not scope.events:
            self.findings.add("no-event-here", f"`event.{name}`: no event woke this step", place)
            return None
        columns = [self._column(table, name, place) for table in scope.events]
        first = columns[0]
        if first is None or any(c is None or c.sql_type != first.sql_type for c in columns):
            if all(columns):
                kinds = " and ".join(f"`{t.name}`" for t in scope.events)
                self.findings.add("wrong-type", f"`{name}` is of another type in {kinds}", place)
            return None
        return Captured("event", name, cast(Kind, first.kind), first.sql_type)

    # ---- events

    def table(self, name: Name) -> Table | None:
        table = self.catalog.events.get(name.text)
        if table is None and name.text in HISTORY_EVENTS:
            self.findings.unsupported(f"the history event `{name}`", name.place)
        elif table is None:
            self.findings.unknown(
                "unknown-event",
                f"`{name}` is no event of the datamart",
                name.place,
                name.text,
                self.catalog.events,
            )
        return table

    def events(self, ref: written.EventRef, window: written.Window | None, scope: Scope) -> Events | None:
        if scope.fields is not None:
            self.findings.unsupported("events inside the brackets of an event", ref.place)
            return None
        bounds = self._window(window, scope)
        checked = self.event_filter(ref, scope)
        return Events(ref.name.text, checked[0], bounds) if checked and bounds else None

    def event_filter(self, ref: written.EventRef, scope: Scope) -> tuple[Term | None] | None:
        """The filter in a 1-tuple (None inside: no filter), or None when something is wrong."""
        table = self.table(ref.name)
        if ref.of is not None:
            self.findings.unsupported(f"`{ref.name} of {ref.of}`", ref.of.place)
            return None
        if table is None:
            return None
        if ref.filter is None:
            return (None,)
        term = self.predicate(ref.filter, scope.inside(table))
        return None if term is None else (term,)

    def _window(self, window: written.Window | None, scope: Scope) -> Window | None:
        match window:
            case written.InLast():
                return Window("in_last", span_of(window.duration))
            case written.Since():
                if window.name.text != "entry":
                    self.findings.add(
                        "unknown-name",
                        f"`since {window.name}` is nothing",
                        window.name.place,
                        mark="`since entry`",
                    )
                    return None
                if not scope.in_run:
                    self.findings.add(
                        "no-event-here", "`since entry` can be said only in a journey", window.place
                    )
                    return None
                return Window("since_entry")
            case _:
                return Window("ever")

    def _field(self, ref: written.EventRef, field: Name) -> Field | None:
        table = self.catalog.events.get(ref.name.text)
        column = table and self._column(table, field.text, field.place)
        return Field(column.name, cast(Kind, column.kind)) if column else None

    def _aggregate(self, node: written.Aggregate, scope: Scope) -> Term | None:
        events = self.events(node.event, node.window, scope)
        if events is None or node.field is None:
            return None if events is None else Count(events)
        field = self._field(node.event, node.field)
        if field is None:
            return None
        if node.function in ("sum", "average") and field.kind != "number":
            self.findings.add(
                "wrong-type",
                f"`{node.function}` needs a number: `{node.field}` is {KIND_WORDS[field.kind]}",
                node.field.place,
            )
            return None
        kind: Kind = field.kind if node.function in ("smallest", "largest") else "number"
        return Aggregate(cast(AggregateFunction, node.function), events, field, kind)

    def _nth(self, node: written.Nth, scope: Scope) -> Term | None:
        events = self.events(node.event, node.window, scope)
        field = events and self._field(node.event, node.field)
        return Nth(node.which, events, field, field.kind) if events and field else None


def _quote_hint(first: Term, second: Term) -> str:
    text, other = (first, second) if first.kind == "text" else (second, first)
    if isinstance(text, Constant) and text.kind == "text" and other.kind in ("number", "date", "instant"):
        return "write it without quotes"
    return ""
