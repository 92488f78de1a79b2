"""What conditions presume of the data: values that a column holds, and that it is known.

The check itself reads no data. It asks; `answered` makes findings of the answers of whoever can look."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Protocol

from parcours.checking.conditions import Condition, Conditions
from parcours.checking.predicates import Predicates
from parcours.checking.scope import Scope
from parcours.checking.terms import Among, Attribute, Compare, Constant, Field, Known, Not, Term
from parcours.diagnostics import Diagnostic, Place, nearest
from parcours.model import values as written

_SHOWN = 12


@dataclass(frozen=True, slots=True, order=True)
class Question:
    """Whether a column of an event, or of contacts (None), holds a value; without a `value`, how often it is unknown."""

    place: Place
    event: str | None
    column: str
    value: str | None = None


class Seen(Protocol):
    """How a column looks: `unknown` of `rows` have no value; `values` when they are few, else None."""

    @property
    def rows(self) -> int: ...
    @property
    def unknown(self) -> int: ...
    @property
    def values(self) -> tuple[str, ...] | None: ...


class Observer(Protocol):
    def column(self, event: str | None, name: str) -> Seen: ...
    def has(self, event: str | None, name: str, value: str) -> bool: ...


def questions(predicates: Predicates, files: Iterable[str]) -> tuple[Question, ...]:
    """All that the conditions in some files presume; each once, by place."""
    asked = {
        question
        for condition in predicates.conditions.whole()
        if condition.node.place.file in files
        for question in _Asking(predicates, condition).of(condition, under_not=False)
    }
    return tuple(sorted(asked))


def answered(asked: Iterable[Question], observer: Observer) -> tuple[Diagnostic, ...]:
    """A warning for each presumption that the data does not bear out."""
    found = (
        _unknown(question, observer) if question.value is None else _value(question, question.value, observer)
        for question in asked
    )
    return tuple(diagnostic for diagnostic in found if diagnostic is not None)


def _value(question: Question, value: str, observer: Observer) -> Diagnostic | None:
    values = observer.column(question.event, question.column).values
    if values is None or value in values or observer.has(question.event, question.column, value):
        return None
    near = nearest(value, values)
    more = "" if len(values) <= _SHOWN else " …"
    listed = ", ".join(f'"{one}"' for one in values[:_SHOWN])
    return Diagnostic(
        "unknown-value",
        f'`{question.column}` is never "{value}" in the data',
        question.place,
        f'did you mean "{near}"?' if near else "",
        f"its values are {listed}{more}" if values else "it has no values at all",
    )


def _unknown(question: Question, observer: Observer) -> Diagnostic | None:
    seen = observer.column(question.event, question.column)
    if not seen.unknown:
        return None
    share = seen.unknown / seen.rows
    said = "all" if seen.unknown == seen.rows else "fewer than 1%" if share < 0.01 else f"{share:.0%}"
    whose = "contacts" if question.event is None else f"the events `{question.event}`"
    return Diagnostic(
        "unknown-left-out",
        f"`{question.column}` is unknown for {said} of {whose}: they are left out here",
        question.place,
        help=f"write `or {question.column} is unknown` where they are meant, `and {question.column} is known` where not",
    )


class _Asking:
    """Walks down one condition. What it asks anywhere about being known, its author has thought of."""

    def __init__(self, predicates: Predicates, whole: Condition) -> None:
        self._conditions: Conditions = predicates.conditions
        self._events = predicates.vocabulary.catalog.events
        self._thought_of = set(_known_in(whole.term))

    def of(self, condition: Condition, *, under_not: bool) -> Iterator[Question]:
        if isinstance(condition.node, written.And | written.Or | written.Not):
            under_not = under_not or isinstance(condition.node, written.Not)
            for part in self._conditions.parts(condition):
                yield from self.of(part, under_not=under_not)
            return
        term = condition.term
        inner = term.item if isinstance(term, Not) else term
        match inner:
            case Compare():
                yield from self._compared(inner, condition)
                if inner.operator == "!=" or under_not:
                    yield from self._left_out(inner.left, condition)
            case Among():
                yield from self._listed(inner, condition)
                if isinstance(term, Not) or under_not:
                    yield from self._left_out(inner.item, condition)
            case Attribute() | Field() if under_not:
                yield from self._left_out(inner, condition)

    def _compared(self, term: Compare, condition: Condition) -> Iterator[Question]:
        node = condition.node
        if isinstance(node, written.Compare):
            if isinstance(term.right, Constant):
                yield from self._holds(term.left, term.right, node.right.place, condition.scope)
            elif isinstance(term.left, Constant):
                yield from self._holds(term.right, term.left, node.left.place, condition.scope)
        elif isinstance(node, written.IsName) and isinstance(term.right, Constant):
            yield from self._holds(term.left, term.right, node.name.place, condition.scope)

    def _listed(self, term: Among, condition: Condition) -> Iterator[Question]:
        if isinstance(condition.node, written.InList):
            for constant, node in zip(term.values, condition.node.items, strict=True):
                yield from self._holds(term.item, constant, node.place, condition.scope)

    def _holds(self, item: Term, constant: Constant, place: Place, scope: Scope) -> Iterator[Question]:
        if isinstance(constant.value, str) and constant.kind == "text":
            for event, column in self._column(item, scope):
                yield Question(place, event, column, constant.value)

    def _left_out(self, item: Term, condition: Condition) -> Iterator[Question]:
        if item not in self._thought_of:
            for event, column in self._column(item, condition.scope):
                yield Question(condition.node.place, event, column)

    def _column(self, item: Term, scope: Scope) -> Iterator[tuple[str | None, str]]:
        """The event and the column; nothing for what is no column of the datamart."""
        if isinstance(item, Attribute):
            yield None, item.name
        elif isinstance(item, Field) and scope.fields is not None:
            event = self._events.get(scope.fields.name)
            if event is not None and item.name in event.columns and item.name != "at":
                yield scope.fields.name, item.name


def _known_in(node: object) -> Iterator[Term]:
    if isinstance(node, Known):
        yield node.item
    if isinstance(node, tuple):
        for item in node:
            yield from _known_in(item)
    elif is_dataclass(node):
        for field in fields(node):
            yield from _known_in(getattr(node, field.name))
