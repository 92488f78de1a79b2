"""A checked journey and the clauses of its header."""

from dataclasses import dataclass, field
from decimal import Decimal

from parcours.checking.checked.entries import Enter
from parcours.checking.checked.moments import Period
from parcours.checking.checked.steps import Step
from parcours.checking.terms import Events, Term
from parcours.clock.span import Span
from parcours.diagnostics import Place


@dataclass(frozen=True, slots=True)
class Needs:
    """`needs EVENT fresh within D, else wait up to D`."""

    event: str
    within: Span
    wait: Span | None
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Goal:
    """`worth` in the project's currency: like the policy, the newest counts, and it makes no other version (T18)."""

    name: str
    events: Events
    place: Place = field(compare=False, repr=False)
    worth: Decimal | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Leave:
    outcome: str
    predicate: Term
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Journey:
    name: str
    doc: str = field(compare=False, repr=False)
    purpose: str
    priority: int
    enter: Enter
    enter_text: str = field(compare=False, repr=False)
    goals: tuple[Goal, ...]
    leaves: tuple[Leave, ...]
    steps: tuple[Step, ...]
    place: Place = field(compare=False, repr=False)
    needs: tuple[Needs, ...] = ()
    budget: tuple[Decimal, Period] | None = None
    budget_place: Place | None = field(default=None, compare=False, repr=False)
