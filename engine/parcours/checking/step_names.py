"""The stable names of steps: what versions are compared by, where contacts stand, what reports show."""

from parcours.checking.paths import all_steps
from parcours.model import journey as written
from parcours.model.node import Name


class StepNames:
    """A label wins; a name that is there already gets a number. A step further down renames none above.

    `repeated` are labels that another step has already."""

    def __init__(self, journey: written.Journey) -> None:
        # the graph's own nodes are no steps
        self._taken = {"enter", "end", *(f"goal {goal.name}" for goal in journey.goals)}
        self._taken |= {f"leave {leave.outcome or 'left'}" for leave in journey.leave_when}
        self._names: dict[str, str] = {}
        self._labelled: dict[str, str] = {}  # label ─► path of its step
        self.repeated: list[Name] = []
        for path, step in all_steps(journey.steps):
            self._names[path] = self._free(step.label.text if step.label else _plain_name(step, path))
            if step.label is not None and step.label.text in self._labelled:
                self.repeated.append(step.label)
            elif step.label is not None:
                self._labelled[step.label.text] = path

    def of(self, path: str) -> str:
        """The name of the step at a path."""
        return self._names[path]

    @property
    def labels(self) -> list[str]:
        return list(self._labelled)

    def labelled(self, label: str) -> str | None:
        """The path of the step that carries a label."""
        return self._labelled.get(label)

    def _free(self, name: str) -> str:
        candidate, number = name, 1
        while candidate in self._taken:
            number += 1
            candidate = f"{name} #{number}"
        self._taken.add(candidate)
        return candidate


def _plain_name(step: written.AnyStep, path: str) -> str:
    """The name of a step without a label."""
    match step:
        case written.Send():
            return step.message.text
        case written.WaitFor():
            return f"{path} wait"
        case written.WaitUntil() | written.WaitCondition():
            return f"{path} wait until"
        case written.WaitEvent():
            return f"{path} wait for {step.event.name}"
        case written.If():
            return f"{path} if"
        case written.Split():
            return f"split {step.name}"
        case written.Experiment():
            return f"test {step.name}"
        case written.Repeat():
            return f"{path} repeat"
        case written.SetAttribute():
            return f"set {step.attribute}"
        case written.Record():
            return f"record {step.event}"
        case written.Start():
            return f"start {step.journey}"
        case written.GoTo():
            return f"go to {step.target}"
        case written.Exit():
            return f"exit {step.outcome or 'finished'}"
