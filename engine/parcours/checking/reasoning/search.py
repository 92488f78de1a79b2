"""Whether terms can hold at all: exact where it says no, silent where it does not know.

A term is taken apart (`formulas`) into facts, each about one quantity (`quantities`): that it is known, that it is
unknown, that its value lies in a set (`ranges`). Facts that nothing can fulfil together are found; quantities that have nothing to do with each
other count as free. So `is_impossible` is only ever true of what no contact, no data and no instant can bring
about (E1, E2)."""

from parcours.checking.reasoning.facts import Facts, IsKnown, Lies
from parcours.checking.reasoning.formulas import AllOf, Formula, Goal, OneOf, opened
from parcours.checking.terms import Holds, Not, Term

_PATIENCE = 400  # choices tried before the question is left open


def is_impossible(*terms: Term) -> bool:
    """Whether the terms can certainly never all be yes at once, at one instant and for one contact."""
    try:
        return not _Search().finds([Goal("yes", term) for term in terms], _no_facts())
    except _TooHardError:
        return False


def is_certain(term: Term, *given: Term) -> bool:
    """Whether the term is certainly yes wherever all of `given` are."""
    return is_impossible(*given, Not(Holds(term)))


def _no_facts() -> Facts:
    return Facts(lambda one, other: is_certain(other, one))


class _TooHardError(Exception):
    """Too many choices: the question stays open."""


class _Search:
    """Looks for facts that fulfil formulas, one choice after the other."""

    def __init__(self) -> None:
        self._choices = 0

    def finds(self, wanted: list[Formula], facts: Facts) -> bool:
        choices: list[OneOf] = []
        while wanted:
            formula = wanted.pop()
            match formula:
                case Goal():
                    wanted.append(opened(formula))
                case AllOf():
                    wanted.extend(formula.parts)
                case OneOf(parts=(only,)):
                    wanted.append(only)
                case OneOf():
                    choices.append(formula)
                case IsKnown() | Lies():
                    if not facts.add(formula):
                        return False
        if not facts.are_possible():
            return False
        if not choices:
            return True
        choices.sort(key=lambda choice: len(choice.parts), reverse=True)
        for part in choices.pop().parts:
            self._choices += 1
            if self._choices > _PATIENCE:
                raise _TooHardError
            if self.finds([*choices, part], facts.copy()):
                return True
        return False
