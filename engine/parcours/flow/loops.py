"""Steps that are gone round without a rest: a run that comes to them would never come to rest in a tick."""

from collections.abc import Iterator, Mapping

from parcours.checking import checked
from parcours.diagnostics import Diagnostic
from parcours.flow.cycles import cycles
from parcours.flow.states import States
from parcours.graph.edges import all_steps, edges

_WAITS = (checked.Wait, checked.WaitUntil, checked.WaitEvent, checked.WaitCondition)


def _always_rests(step: checked.Step | None) -> bool:
    """Whether every run that comes to a step rests there. A moment may be now or have passed (T13, T14), a condition may
    hold on arrival (T16), and so may an event since the entry have come (T15): then there is no wait."""
    match step:
        case checked.Wait():
            return True
        case checked.WaitEvent():
            return step.events.window.kind == "arrived"
    return False


def endless_loops(unfolded: States) -> Iterator[Diagnostic]:
    """One finding for each set of steps that may lead to each other without a rest: a `repeat` ends by itself, so what
    closes such a loop is a `go to`."""
    ways = {
        state: [] if _always_rests(unfolded.steps[state]) else [move.target for move in unfolded.moves[state]]
        for state in unfolded.order
    }
    told: set[str] = set()
    for loop in cycles(ways, ways.__getitem__):
        jumps = [step for state in loop if isinstance(step := unfolded.steps[state], checked.GoTo)]
        last = max(jumps, key=lambda jump: jump.place)
        if last.name not in told:
            told.add(last.name)
            waits = any(isinstance(unfolded.steps[state], _WAITS) for state in loop)
            why = "what it waits for may be there already" if waits else "no wait stands between its steps"
            yield Diagnostic(
                "endless-loop",
                f"this goes round and round: {why}",
                last.place,
                help="put a wait that always takes time before it, such as `wait 1 day`, or use `repeat up to 3 times`",
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
