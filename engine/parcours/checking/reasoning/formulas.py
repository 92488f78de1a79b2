"""What must be true of quantities for a term to be yes, no, or not yes, one step at a time (E1)."""

from dataclasses import dataclass
from typing import Literal

from parcours.checking.reasoning.facts import Fact, IsKnown, Lies
from parcours.checking.reasoning.quantities import (
    NONE,
    Order,
    Quantity,
    Today,
    days_of,
    is_always_known,
    value_of,
)
from parcours.checking.reasoning.ranges import Interval, Ranges, all_but, compared, points
from parcours.checking.terms import (
    Among,
    And,
    Compare,
    Comparison,
    Constant,
    Holds,
    InLast,
    InSeason,
    Known,
    Not,
    Or,
    Term,
)

Wanted = Literal["yes", "no", "not yes", "not no"]


@dataclass(frozen=True, slots=True)
class Goal:
    """The term shall come out as wanted; `not yes` is no or unknown."""

    wanted: Wanted
    term: Term


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple["Formula", ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """Without parts it is never true."""

    parts: tuple["Formula", ...]


Formula = Goal | Fact | AllOf | OneOf

_NEGATED: dict[Wanted, Wanted] = {"yes": "no", "no": "yes", "not yes": "not no", "not no": "not yes"}
_OPPOSITE: dict[Comparison, Comparison] = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_TURNED: dict[Comparison, Comparison] = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_TRUE: Formula = AllOf(())
_FALSE: Formula = OneOf(())
_IS_SO: Ranges = (Interval(1, 1),)


def opened(goal: Goal) -> Formula:
    """The goal in terms of what its term is made of."""
    wanted, term = goal.wanted, goal.term
    match term:
        case And():
            parts = tuple(Goal(wanted, item) for item in term.items)
            return AllOf(parts) if wanted in ("yes", "not no") else OneOf(parts)
        case Or():
            parts = tuple(Goal(wanted, item) for item in term.items)
            return OneOf(parts) if wanted in ("yes", "not no") else AllOf(parts)
        case Not():
            return Goal(_NEGATED[wanted], term.item)
        case Holds():
            return Goal("yes" if wanted in ("yes", "not no") else "not yes", term.item)
        case Known():
            return IsKnown(term.item, wanted in ("yes", "not no"))
        case Compare():
            return _comparison(wanted, term)
        case Among():
            return _membership(wanted, term)
        case Constant():
            return _truth(bool(term.value) == (wanted in ("yes", "not no")))
        case InLast():
            return _lies(wanted, (term.item,), term, _IS_SO, NONE)
        case InSeason():
            days = days_of(term)
            return _lies(wanted, (), Today(), days, _outside(days))
    return _lies(wanted, (term,), term, _IS_SO, NONE)


def _lies(
    wanted: Wanted, read: tuple[Term, ...], quantity: Quantity, inside: Ranges, outside: Ranges
) -> Formula:
    """`read` must be known for the answer to be yes or no."""
    read = tuple(term for term in read if not is_always_known(term))
    ranges = inside if wanted in ("yes", "not no") else outside
    decided = AllOf((*(IsKnown(term, True) for term in read), Lies(quantity, ranges)))
    if wanted in ("yes", "no") or not read:
        return decided
    return OneOf((*(IsKnown(term, False) for term in read), decided))


def _comparison(wanted: Wanted, term: Compare) -> Formula:
    operator, left, right = term.operator, term.left, term.right
    if isinstance(left, Constant):
        operator, left, right = _TURNED[operator], right, left
    if left.kind == "yes_no" and isinstance(right, Constant):
        # `= yes` asks what the condition itself asks
        as_it_is = (operator == "=") == bool(right.value)
        return Goal(wanted, left) if as_it_is else Goal(_NEGATED[wanted], left)
    if isinstance(left, Constant) and isinstance(right, Constant):
        return _between_constants(wanted, operator, left, right)
    if isinstance(right, Constant) and (left.kind != "text" or operator in ("=", "!=")):
        value = value_of(right)
        return _lies(wanted, (left,), left, compared(operator, value), compared(_OPPOSITE[operator], value))
    # texts may be in an order of their own (ENUM), so that only the order itself is a fact
    if repr(left) > repr(right):
        operator, left, right = _TURNED[operator], right, left
    here, elsewhere = compared(operator, 0), compared(_OPPOSITE[operator], 0)
    return _lies(wanted, (left, right), Order(left, right), here, elsewhere)


def _between_constants(wanted: Wanted, operator: Comparison, left: Constant, right: Constant) -> Formula:
    if left.kind == "text" and operator not in ("=", "!="):
        return _lies(wanted, (), Order(left, right), compared(operator, 0), compared(_OPPOSITE[operator], 0))
    one, other = value_of(left), value_of(right)
    order = 0 if one == other else -1 if one < other else 1  # type: ignore[operator]
    holds = any(not i.meet(Interval(order, order)).is_empty for i in compared(operator, 0))
    return _truth(holds == (wanted in ("yes", "not no")))


def _membership(wanted: Wanted, term: Among) -> Formula:
    if term.item.kind == "yes_no" and term.values:
        either = tuple(Compare("=", term.item, value) for value in term.values)
        return Goal(wanted, Or(either))
    values = [value_of(value) for value in term.values]
    return _lies(wanted, (term.item,), term.item, points(values), all_but(values))


def _outside(days: Ranges) -> Ranges:
    inside = {day for i in days for day in range(_whole(i.low), _whole(i.high) + 1)}
    return points(set(range(1, 367)) - inside)


def _whole(value: object) -> int:
    assert isinstance(value, int)
    return value


def _truth(holds: bool) -> Formula:
    return _TRUE if holds else _FALSE
