"""What the data says of the conditions of a project."""

from collections.abc import Iterable

from parcours.checking.observed import Question, answered
from parcours.datamart.statistics import Statistics
from parcours.diagnostics import Diagnostic, Problem


def answers(asked: Iterable[Question], statistics: Statistics) -> tuple[Diagnostic, ...]:
    """A warning for each presumption that the data does not bear out; why it cannot be asked, if it cannot."""
    try:
        return answered(asked, statistics)
    except Problem as problem:
        return problem.diagnostics
