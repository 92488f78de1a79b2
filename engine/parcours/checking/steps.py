"""The steps of a journey as written ─► checked steps, with stable names and resolved terms."""

from parcours.checking import acts, checked, junctions, waits
from parcours.checking.captures import Captures
from parcours.checking.paths import Steps as Written
from parcours.checking.paths import numbered
from parcours.checking.predicates import Predicates
from parcours.checking.scope import MISSING, Scope
from parcours.checking.sends import check_send
from parcours.checking.step_names import StepNames
from parcours.checking.surroundings import Surroundings
from parcours.checking.waking import UNCERTAIN, Waking
from parcours.model import journey as written


class Steps:
    """Checks the steps of one journey. `scope` is that of its entry."""

    def __init__(
        self, journey: written.Journey, predicates: Predicates, captures: Captures, scope: Scope
    ) -> None:
        self._predicates = predicates
        self._findings = predicates.findings
        self._scope = scope
        self._names = StepNames(journey)
        first = frozenset(table.name for table in scope.events) if scope.events else UNCERTAIN
        self._waking = Waking(journey, self._names, first)
        self._surroundings = Surroundings(journey, predicates, captures, self._names, self.block)
        for label in self._names.repeated:
            self._findings.add("duplicate-name", f"the label `{label}` is there twice", label.place)

    def block(self, steps: Written, path: str) -> tuple[checked.Step, ...]:
        """`path` is the place of the block in the structure: `2.then.`."""
        found: list[checked.Step] = []
        is_reached = True
        for here, step in numbered(steps, path):
            was_reached, is_reached = is_reached, self._waking.at(here) is not None
            if here != f"{path}1" and was_reached and not is_reached:
                self._findings.add("unreachable-step", "this step can never be reached", step.place)
            made = self._step(step, self.scope_at(here), here)
            if made is not None:
                found.append(made)
        return tuple(found)

    def scope_at(self, path: str) -> Scope:
        """What the step at a path can read."""
        events = self._waking.at(path)
        if events is None:
            # nobody comes here: what is read of an event is not judged
            return self._scope.woken_by(MISSING)
        return self._scope.woken_by(*(self._predicates.events.read(name) for name in sorted(events)))

    def _step(self, step: written.AnyStep, scope: Scope, path: str) -> checked.Step | None:
        here = self._surroundings
        match step:
            case written.WaitFor():
                return waits.wait(step, path, here)
            case written.WaitUntil():
                return waits.wait_until(step, scope, path, here)
            case written.WaitEvent():
                return waits.wait_event(step, scope, path, here)
            case written.WaitCondition():
                return waits.wait_condition(step, scope, path, here)
            case written.Send():
                return check_send(step, scope, path, here)
            case written.If():
                return junctions.branch(step, scope, path, here)
            case written.Split():
                return junctions.split(step, path, here)
            case written.Experiment():
                return junctions.experiment(step, path, here)
            case written.Repeat():
                return junctions.repeat(step, scope, path, here)
            case written.SetAttribute():
                return acts.set_attribute(step, scope, path, here)
            case written.Record():
                return acts.record(step, scope, path, here)
            case written.Start():
                return acts.start(step, path, here)
            case written.GoTo():
                return acts.go_to(step, path, here)
            case written.Exit():
                outcome = step.outcome.text if step.outcome else "finished"
                return checked.Exit(here.names.of(path), outcome, step.place)
