"""Branches that can never be taken, because of the conditions that stand before or around them.

What was asked a moment ago is still so: nothing changes between two steps without a wait between them (T5, T7). So
each `if` is judged together with the conditions that brought the contact there, as far back as the last step at which
time may pass."""

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal

from parcours.checking.conditions import Condition
from parcours.checking.impossible import is_told_as_certain
from parcours.checking.parts import parts
from parcours.checking.predicates import Predicates
from parcours.checking.terms import (
    Attribute,
    Captured,
    Events,
    Field,
    Holds,
    InLast,
    InSeason,
    Not,
    PartOf,
    Term,
)
from parcours.datamart.catalog import Table
from parcours.diagnostics import Place
from parcours.model import journey as written
from parcours.model.values import Predicate


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What is certain where a step stands: the term is yes. `said` at `place` is why."""

    term: Term
    how: Literal["entry", "around", "before"]
    said: str
    place: Place


Givens = tuple[Given, ...]


def check_branches(journey: written.Journey, predicates: Predicates) -> None:
    """Adds findings for what the journey asks in vain. Its conditions have been judged alone already."""
    _Branches(predicates).journey(journey)


class _Branches:
    def __init__(self, predicates: Predicates) -> None:
        self._predicates = predicates
        self._conditions = predicates.conditions
        self._findings = predicates.findings
        self._reasoner = predicates.reasoner

    def journey(self, journey: written.Journey) -> None:
        given: Givens = ()
        if journey.enter is not None:
            given = self._of_trigger(journey.enter.trigger)
            condition = self._of(journey.enter.condition)
            if condition is not None:
                self._is_taken(condition, given)
                given = (*given, self._given(condition, "entry"))
        self._block(journey.steps, given)

    # ---- what is certain at the entry

    def _of_trigger(self, trigger: written.Trigger) -> Givens:
        match trigger:
            case written.OnSchedule():
                condition = self._of(trigger.predicate)
                return () if condition is None else (self._given(condition, "entry"),)
            case written.OnEvent():
                condition = self._of(trigger.event.filter)
                table = self._predicates.events.read(trigger.event.name.text)
                if condition is None:
                    return ()
                kept = [_of_event(condition.term, table, origin) for origin in ("entry", "event")]
                given = self._given(condition, "entry")
                return tuple(replace(given, term=Holds(term)) for term in kept)
        return ()

    # ---- steps

    def _block(self, steps: tuple[written.AnyStep, ...], given: Givens) -> Givens | None:
        """What is certain after the steps; None when nobody comes out at their end."""
        after: Givens | None = given
        for step in steps:
            here = _lasting(after or ()) if step.label is not None or after is None else after
            after = self._step(step, here)
        return after

    def _step(self, step: written.AnyStep, given: Givens) -> Givens | None:
        match step:
            case written.If():
                return self._if(step, given)
            case written.Split() | written.Experiment():
                return _common([self._block(arm.steps, given) for arm in step.arms])
            case written.Exit() | written.GoTo():
                return None
            case written.Record() | written.Start():
                return given  # seen from the next tick on (T7)
        later = _lasting(given)
        inner: tuple[tuple[written.AnyStep, ...], ...] = ()
        match step:
            case written.WaitEvent() | written.WaitCondition():
                return _common([self._block(step.then, later), self._block(step.otherwise, later)])
            case written.Send():
                inner = (step.if_not_sent,)
            case written.Repeat():
                inner = (step.steps,)
        for steps in inner:
            self._block(steps, later)
        return later

    def _if(self, step: written.If, given: Givens) -> Givens | None:
        ends: list[Givens | None] = []
        left_over: Givens | None = given  # None: nobody comes so far
        for number, branch in enumerate(step.branches):
            condition = self._of(branch.predicate)
            here = left_over or ()
            if condition is None or left_over is None or not self._is_taken(condition, here):
                # nothing is known of who comes here, or nobody does: what stands below is judged alone
                ends.append(self._block(branch.steps, _lasting(given)))
                continue
            ends.append(self._block(branch.steps, (*here, self._given(condition, "around"))))
            if self._takes_all(condition, here, has_more=_has_more(step, number)):
                left_over = None
            else:
                left_over = (*here, self._given(condition, "before"))
        ends.append(self._block(step.otherwise, _lasting(given) if left_over is None else left_over))
        return _common(ends)

    # ---- verdicts

    def _is_taken(self, condition: Condition, given: Givens) -> bool:
        """Whether somebody may be there for whom the condition holds; if not, that is a finding."""
        if self._reasoner.is_impossible(condition.term):
            return False  # told already
        terms = [g.term for g in given]
        if not self._reasoner.is_impossible(*terms, condition.term):
            return True
        if self._reasoner.is_impossible(*terms):
            return False
        reason = next((g for g in given if self._reasoner.is_impossible(g.term, condition.term)), None)
        said = self._findings.text(condition.node.place)
        self._findings.add(
            "never-true",
            f"`{said}` can never hold here{_because(reason)}",
            condition.node.place,
            mark=_where(reason, condition.node.place),
        )
        return False

    def _takes_all(self, condition: Condition, given: Givens, *, has_more: bool) -> bool:
        """Whether everybody who is there meets the condition; if more branches follow, that is a finding."""
        terms = [g.term for g in given]
        if not self._reasoner.is_certain(condition.term, *terms):
            return False
        if has_more and not is_told_as_certain(condition, self._reasoner):
            said = self._findings.text(condition.node.place)
            message = f"`{said}` always holds here, so that what comes after it is never done"
            advice = "correct the condition, or take out what comes after it"
            self._findings.add("always-true", message, condition.node.place, advice=advice)
        return True

    def _of(self, node: Predicate | None) -> Condition | None:
        return None if node is None else self._conditions.of(node)

    def _given(self, condition: Condition, how: Literal["entry", "around", "before"]) -> Given:
        term: Term = Holds(condition.term)
        place = condition.node.place
        return Given(Not(term) if how == "before" else term, how, self._findings.text(place), place)


def _has_more(step: written.If, number: int) -> bool:
    return number + 1 < len(step.branches) or bool(step.otherwise)


def _because(reason: Given | None) -> str:
    match reason:
        case None:
            return ", after the conditions that come before it"
        case Given(how="entry"):
            return f": whoever enters has `{reason.said}`"
        case Given(how="around"):
            return f", inside `{reason.said}`"
    return f": `{reason.said}` comes before it and takes everybody for whom it holds"


def _where(reason: Given | None, place: Place) -> str:
    if reason is None:
        return ""
    return f"see line {reason.place.line}" if reason.place.file == place.file else f"see {reason.place}"


def _common(ends: list[Givens | None]) -> Givens | None:
    """What is certain where ways come together."""
    coming = [end for end in ends if end is not None]
    if not coming:
        return None
    return tuple(g for g in coming[0] if all(any(g is other for other in end) for end in coming[1:]))


def _lasting(given: Givens) -> Givens:
    """What stays so while time passes: what is only about the event that started the run."""
    return tuple(g for g in given if not _may_change(g.term))


def _may_change(term: Term) -> bool:
    return any(_moves_with_time(part) for part in parts(term))


def _moves_with_time(part: object) -> bool:
    match part:
        case Attribute() | Field() | Events() | InLast() | InSeason() | PartOf() | Captured(origin="event"):
            return True
    return False


def _of_event(node: Any, table: Table, origin: str) -> Any:
    """A term over the fields of an event, as later steps read them."""
    match node:
        case Field():
            sql_type = "TIMESTAMP" if node.name == "at" else table.columns[node.name].sql_type
            return Captured(origin, node.name, node.kind, sql_type)  # type: ignore[arg-type]
        case tuple():
            return tuple(_of_event(item, table, origin) for item in node)
    if not is_dataclass(node):
        return node
    changed = {f.name: _of_event(getattr(node, f.name), table, origin) for f in fields(node)}
    return replace(node, **changed)  # type: ignore[type-var]
