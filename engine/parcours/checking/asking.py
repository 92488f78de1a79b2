"""The questions that conditions put to the data: values that a column is to hold, and that it is known."""

from collections.abc import Iterable, Iterator

from parcours.checking.conditions import Condition, Conditions
from parcours.checking.observed import Question
from parcours.checking.parts import parts
from parcours.checking.predicates import Predicates
from parcours.checking.scope import Scope
from parcours.checking.terms import Among, Attribute, Compare, Constant, Field, Known, Not, Term
from parcours.diagnostics import Place
from parcours.model import values as written


def questions(predicates: Predicates, files: Iterable[str]) -> tuple[Question, ...]:
    """All that the conditions in some files presume; each once, by place."""
    asked = {
        question
        for condition in predicates.conditions.whole()
        if condition.node.place.file in files
        for question in _Asking(predicates, condition).of(condition, under_not=False)
    }
    return tuple(sorted(asked))


class _Asking:
    """Walks down one condition. What it asks anywhere about being known, its author has thought of."""

    def __init__(self, predicates: Predicates, whole: Condition) -> None:
        self._conditions: Conditions = predicates.conditions
        self._events = predicates.vocabulary.catalog.events
        self._thought_of = {part.item for part in parts(whole.term) if isinstance(part, Known)}

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
