"""What is found out about journeys as a whole, once everything in them is right."""

from collections.abc import Iterator

from parcours.checking import checked
from parcours.diagnostics import Diagnostic
from parcours.flow.bound import Bound, bounds
from parcours.flow.goals import impossible_goals, waits_past_goals
from parcours.flow.loops import endless_loops, endless_starts
from parcours.flow.states import States, states
from parcours.flow.unused import unused_messages
from parcours.flow.words import way


def check_flow(project: checked.CheckedProject) -> tuple[Diagnostic, ...]:
    """Every finding, sorted by place."""
    topics = {message.name: message.topic for message in project.messages}
    found = [*unused_messages(project), *endless_starts(project.journeys)]
    for journey in project.journeys:
        found.extend(impossible_goals(journey, project.journeys))
        found.extend(waits_past_goals(journey))
        unfolded = states(journey, project.policy.keep_held)
        if unfolded is None:
            continue  # repeats in repeats: more states than anybody can count
        loops = list(endless_loops(unfolded))
        found.extend(loops)
        if not loops:
            found.extend(_pressure(unfolded, project.policy, topics))
    return tuple(sorted(found, key=lambda d: (d.place, d.code, d.message)))


def _pressure(unfolded: States, policy: checked.Policy, topics: dict[str, str]) -> Iterator[Diagnostic]:
    for bound in bounds(unfolded, policy, topics):
        if bound.exceeds:
            yield _exceeded(bound, unfolded)


def _exceeded(bound: Bound, unfolded: States) -> Diagnostic:
    journey = unfolded.journey
    most = "any number of" if bound.most is None else f"{bound.most}"
    most = f"{most} or more" if bound.is_more else most
    kept = "" if bound.limit == bound.cap.count else f" ({bound.limit} of them for this priority)"
    if bound.must:
        message = f"the journey `{journey.name}` cannot keep to `{bound.cap.text}`{kept}"
        advice = "take out a message or put longer waits between them, or allow more"
        return Diagnostic("pressure-exceeded", message, journey.place, help=f"{advice}: {bound.cap.place}")
    said = way(unfolded, bound.way)
    message = f"the journey `{journey.name}` can want {most} messages where `{bound.cap.text}`{kept}"
    return Diagnostic(
        "pressure-possible",
        message,
        journey.place,
        help=f"{said}; what is too much is held back: {bound.cap.place}" if said else "",
    )
