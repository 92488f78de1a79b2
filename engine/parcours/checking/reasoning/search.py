"""Whether terms can hold at all: exact where it says no, silent where it does not know.

A term is taken apart (`formulas`) into facts, each about one quantity (`quantities`): that it is known, that it is
unknown, that its value lies in a set (`ranges`). Facts that nothing can fulfil together are found; quantities that have nothing to do with each
other count as free. So `is_impossible` is only ever true of what no contact, no data and no instant can bring
about (E1, E2)."""

from collections.abc import Sequence

from parcours.checking.reasoning.facts import Facts, IsKnown, Lies
from parcours.checking.reasoning.formulas import AllOf, Formula, Goal, OneOf, opened
from parcours.checking.terms import Holds, Not, Term

MOST_CHOICES = 400
"""Choices tried before a question is left open."""

MOST_STEPS = 20_000
"""Steps taken for one question, those for the filters of events in it included."""

MOST_STEPS_OF_ALL = 400_000
"""Steps taken for all questions together, which are those about one file. After that every one is left open."""


class Reasoner:
    """Answers questions, within bounds that do not depend on the machine. It is for one file, whose conditions it takes
    part by part, many of them more than once."""

    def __init__(self) -> None:
        self.steps_left = MOST_STEPS_OF_ALL

    def is_impossible(self, *terms: Term) -> bool:
        """Whether the terms can certainly never all be yes at once, at one instant and for one contact."""
        search = _Search(min(MOST_STEPS, self.steps_left))
        try:
            return search.is_impossible(terms)
        except _TooHardError:
            return False
        finally:
            self.steps_left -= search.steps

    def is_certain(self, term: Term, *given: Term) -> bool:
        """Whether the term is certainly yes wherever all of `given` are."""
        return self.is_impossible(*given, Not(Holds(term)))


class _TooHardError(Exception):
    """Too many choices or steps: the question stays open."""


class _Search:
    """Looks for facts that fulfil formulas, one choice after the other."""

    def __init__(self, most_steps: int) -> None:
        self._most_steps = most_steps
        self._implied: dict[tuple[Term, Term], bool] = {}
        self.steps = 0

    def is_impossible(self, terms: Sequence[Term]) -> bool:
        return not self._finds([Goal("yes", term) for term in terms], Facts(self._implies), [0])

    def _implies(self, one: Term, other: Term) -> bool:
        """Whether a filter of events that is yes makes another one yes."""
        if (one, other) not in self._implied:
            self._implied[one, other] = self.is_impossible((one, Not(Holds(other))))
        return self._implied[one, other]

    def _finds(self, wanted: list[Formula], facts: Facts, choices_tried: list[int]) -> bool:
        choices: list[OneOf] = []
        while wanted:
            formula = wanted.pop()
            self._step()
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
        self._step(facts.pairs)
        if not facts.are_possible():
            return False
        if not choices:
            return True
        choices.sort(key=lambda choice: len(choice.parts), reverse=True)
        for part in choices.pop().parts:
            choices_tried[0] += 1
            if choices_tried[0] > MOST_CHOICES:
                raise _TooHardError
            if self._finds([*choices, part], facts.copy(), choices_tried):
                return True
        return False

    def _step(self, count: int = 1) -> None:
        self.steps += count
        if self.steps > self._most_steps:
            raise _TooHardError
