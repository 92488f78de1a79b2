"""Steps that are gone round without a wait: a run that comes to them would never come to rest in a tick."""

from collections.abc import Iterator, Mapping

from parcours.checking import checked
from parcours.diagnostics import Diagnostic
from parcours.flow.cycles import cycles
from parcours.flow.states import States
from parcours.graph.edges import all_steps, edges

_WAITS = (checked.Wait, checked.WaitUntil, checked.WaitEvent, checked.WaitCondition)


def endless_loops(unfolded: States) -> Iterator[Diagnostic]:
    """One finding for each set of steps that lead to each other without a wait: a `repeat` ends by itself, so what
    closes such a loop is a `go to`."""
    ways = {
        state: []
        if isinstance(unfolded.steps[state], _WAITS)
        else [move.target for move in unfolded.moves[state]]
        for state in unfolded.order
    }
    told: set[str] = set()
    for loop in cycles(ways, ways.__getitem__):
        jumps = [step for state in loop if isinstance(step := unfolded.steps[state], checked.GoTo)]
        last = max(jumps, key=lambda jump: jump.place)
        if last.name not in told:
            told.add(last.name)
            yield Diagnostic(
                "endless-loop",
                "this goes round and round: no wait stands between its steps",
                last.place,
                help="put a wait before it, such as `wait 1 day`, or use `repeat up to 3 times`",
            )


def endless_starts(starts: Mapping[str, tuple[checked.Start, ...]]) -> Iterator[Diagnostic]:
    """Journeys that start each other without a wait between: one finding at the first `start` of such a circle.
    `starts`: of each journey those of its `start` steps that can be come to without a wait."""

    def following(name: str) -> list[str]:
        return [start.journey for start in starts.get(name, ())]

    for loop in cycles(sorted(starts), following):
        first = min(loop)
        start = next(start for start in starts[first] if start.journey in loop)
        way = "itself" if start.journey == first else f"`{start.journey}`, which comes back to it"
        yield Diagnostic(
            "endless-loop",
            f"the journey `{first}` starts {way} at once: no wait stands between",
            start.place,
            help="put a wait before it, such as `wait 1 day`",
        )


def starts_at_once(journey: checked.Journey) -> Iterator[checked.Start]:
    """The `start` steps that can be come to without a wait."""
    steps = {step.name: step for step in all_steps(journey.steps)}
    ways: dict[str, list[str]] = {}
    for edge in edges(journey):
        ways.setdefault(edge.source, []).append(edge.target)
    todo, seen = ["enter"], {"enter"}
    while todo:
        name = todo.pop()
        step = steps.get(name)
        if isinstance(step, checked.Start):
            yield step
        if isinstance(step, _WAITS):
            continue
        for target in ways.get(name, ()):
            if target not in seen:
                seen.add(target)
                todo.append(target)
