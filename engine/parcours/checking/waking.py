"""Which events may have woken a run last when it comes to a step, and which steps it can come to at all.

A first walk over the steps as written, round every loop until nothing changes any more."""

from parcours.checking.paths import Steps, inner_blocks, numbered
from parcours.checking.step_names import StepNames
from parcours.model import journey as written

Events = frozenset[str]
UNCERTAIN: Events = frozenset()
"""On one of the ways that lead here no event has woken the run."""


class Waking:
    """`first`: the entering event; `UNCERTAIN` when the journey starts otherwise."""

    def __init__(self, journey: written.Journey, names: StepNames, first: Events) -> None:
        self._names = names
        self._at: dict[str, Events] = {}  # only grows
        self._changed = True
        while self._changed:
            self._changed = False
            self._block(journey.steps, first, "")

    def at(self, path: str) -> Events | None:
        """None when nobody can come to the step."""
        return self._at.get(path)

    def _block(self, steps: Steps, events: Events | None, path: str) -> Events | None:
        """What holds behind a block; None when nobody comes out of it."""
        for here, step in numbered(steps, path):
            self._arrive(here, events)
            events = self._step(step, self._at.get(here), here)
        return events

    def _arrive(self, path: str, events: Events | None) -> None:
        known = self._at.get(path)
        joined = _joined(known, events)
        if joined is not None and joined != known:
            self._at[path] = joined
            self._changed = True

    def _step(self, step: written.AnyStep, events: Events | None, path: str) -> Events | None:
        ways = [(block, inner) for inner, block in inner_blocks(step, path)]
        match step:
            case written.Exit():
                return None
            case written.GoTo():
                target = self._names.labelled(step.target.text)
                if target is not None:
                    self._arrive(target, events)
                return None
            case written.WaitEvent():
                woken = None if events is None else frozenset({step.event.name.text})
                (then, in_then), (otherwise, in_otherwise) = ways
                return _joined(
                    self._block(then, woken, in_then), self._block(otherwise, events, in_otherwise)
                )
            case written.Repeat():
                ((steps, inside),) = ways
                behind_them = self._block(steps, events, inside)
                self._arrive(path, behind_them)  # the next time round
                return behind_them if step.until is None else self._at.get(path)
            case written.Send():
                ((steps, inside),) = ways
                return _joined(events, self._block(steps, events, inside))
            case written.If() | written.Split() | written.Experiment() | written.WaitCondition():
                ends = [self._block(steps, events, inside) for steps, inside in ways]
                behind: Events | None = None
                for end in ends:
                    behind = _joined(behind, end)
                return behind
            case _:
                return events


def _joined(one: Events | None, other: Events | None) -> Events | None:
    """Where two ways come together."""
    if one is None or other is None:
        return other if one is None else one
    return UNCERTAIN if not one or not other else one | other
