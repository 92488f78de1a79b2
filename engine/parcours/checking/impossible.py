"""Conditions that nobody can ever meet, or that everybody always meets, wherever they stand (LANGUAGE.md section 8)."""

from collections.abc import Iterator

from parcours.checking.conditions import Condition
from parcours.checking.predicates import Predicates
from parcours.checking.reasoning.search import Reasoner
from parcours.checking.terms import Holds, Not, Term
from parcours.diagnostics import Place
from parcours.model import values as written
from parcours.model.vocabulary import Lifecycle


def check_possible(predicates: Predicates, file: str | None = None) -> None:
    """Adds a finding for each condition that can never hold, at the smallest part that is at fault, and for each that
    always holds as a whole. With a `file` only for those that stand in it."""
    judge = _Judge(predicates)
    for condition in tuple(predicates.conditions.whole()):
        if file is None or condition.node.place.file == file:
            judge.condition(condition)
            judge.whole(condition)


def is_told_as_certain(condition: Condition, reasoner: Reasoner) -> bool:
    """Whether it always holds by itself. A plain `yes` is meant so."""
    node = condition.node
    is_meant = isinstance(node, written.Truth) and isinstance(node.value, written.YesNo)
    return not is_meant and reasoner.is_certain(condition.term)


class _Judge:
    def __init__(self, predicates: Predicates) -> None:
        self._conditions = predicates.conditions
        self._findings = predicates.findings
        self._reasoner = predicates.reasoner

    def condition(self, condition: Condition) -> None:
        parts = self._conditions.parts(condition)
        if not self._reasoner.is_impossible(condition.term):
            # what is never so beside an `or`, or under a `not`, is a mistake too
            for part in parts:
                self.condition(part)
            return
        match condition.node:
            case written.Or():
                for part in parts:
                    self.condition(part)
            case written.And():
                self._conjunction(condition, parts)
            case _ if not _speaks_of_groups(condition.node):
                self._add(f"`{self._text(condition)}` can never hold", condition.node.place)

    def whole(self, condition: Condition) -> None:
        if is_told_as_certain(condition, self._reasoner):
            message = f"`{self._text(condition)}` always holds"
            self._findings.add("always-true", message, condition.node.place)

    def _conjunction(self, condition: Condition, parts: tuple[Condition, ...]) -> None:
        alone = [part for part in parts if self._reasoner.is_impossible(part.term)]
        if alone:
            for part in alone:
                self.condition(part)
            return
        for earlier, later in _pairs(parts):
            if self._reasoner.is_impossible(earlier.term, later.term):
                message = f"`{self._text(later)}` can never hold together with `{self._text(earlier)}`"
                self._add(message, later.node.place)
                return
        self._add("these conditions can never hold together", condition.node.place)

    def _text(self, condition: Condition) -> str:
        return self._findings.text(condition.node.place)

    def _add(self, message: str, place: Place) -> None:
        self._findings.add("never-true", message, place)


def _speaks_of_groups(node: written.Predicate) -> bool:
    """Segments and stages that nobody can be in are told where they are declared."""
    if isinstance(node, written.InList | written.IsName):
        value = node.value
        return isinstance(value, written.Path)
    return isinstance(node, written.InSegment)


def _pairs(parts: tuple[Condition, ...]) -> Iterator[tuple[Condition, Condition]]:
    for number, later in enumerate(parts):
        for earlier in parts[:number]:
            yield earlier, later


def check_stages(lifecycle: Lifecycle, predicates: Predicates) -> None:
    """The stages before one may leave nobody for it. That they are a lifecycle at all has been checked already."""
    earlier: list[Term] = []
    reasoner = predicates.reasoner
    for stage in lifecycle.stages:
        condition = predicates.conditions.of(stage.predicate) if stage.predicate else None
        if stage.predicate is not None and condition is None:
            return
        here = () if condition is None else (condition.term,)
        if reasoner.is_impossible(*earlier, *here) and not reasoner.is_impossible(*here):
            predicates.findings.add(
                "unreachable-stage",
                f"nobody can be in the stage `{stage.name}`: the stages before it take everybody",
                stage.name.place,
            )
            return
        if condition is None:
            return
        earlier.append(Not(Holds(condition.term)))
