"""What the check of a single step needs of the journey around it."""

from collections.abc import Callable
from dataclasses import dataclass

from parcours.checking import checked
from parcours.checking.captures import Captures
from parcours.checking.paths import Steps
from parcours.checking.predicates import Predicates
from parcours.checking.step_names import StepNames
from parcours.model.journey import Journey


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`block` checks the steps of a block in a step; it takes the block's path."""

    journey: Journey
    predicates: Predicates
    captures: Captures
    names: StepNames
    block: Callable[[Steps, str], tuple[checked.Step, ...]]
