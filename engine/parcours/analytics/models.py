"""What there is in the analytic store: of each declaration the newest run, how old and how good it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from parcours.analytics.due import is_due, learnables
from parcours.analytics.learner import Run
from parcours.checking.checked import CheckedProject

Condition = Literal["fresh", "due", "changed", "never learned", "not declared"]


@dataclass(frozen=True, slots=True)
class Model:
    """`condition`: `fresh`; `due` to be learned anew; `changed`: what there is was learned of another declaration of this
    name, and nothing reads it; `never learned`; `not declared` any more. `run` is the newest by the instant asked for,
    `runs` how many there are of it."""

    kind: str
    name: str
    condition: Condition
    run: Run | None
    runs: int


def models(project: CheckedProject, runs: Sequence[Run], at: datetime) -> tuple[Model, ...]:
    """All that is declared, in the order in which it is learned, and then what is there besides. `runs` come as the store
    has them: the oldest first."""
    known = [run for run in runs if run.as_of <= at]
    found = []
    declared = learnables(project)
    for one in declared:
        of_name = [run for run in known if (run.kind, run.name) == one.key]
        same = [run for run in of_name if run.hash == one.hash]
        there = same or of_name
        run = there[-1] if there else None
        condition: Condition = "never learned"
        if same:
            condition = "due" if is_due(one, same[-1].as_of, at, project.time_zone) else "fresh"
        elif of_name:
            condition = "changed"
        found.append(Model(*one.key, condition, run, len(there)))
    keys = {one.key for one in declared}
    others = sorted({(run.kind, run.name) for run in known} - keys)
    for key in others:
        of_name = [run for run in known if (run.kind, run.name) == key]
        found.append(Model(*key, "not declared", of_name[-1], len(of_name)))
    return tuple(found)
