"""What is found out about journeys as a whole, once everything in them is right."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from parcours.checking import checked
from parcours.diagnostics import Diagnostic
from parcours.flow.bound import Bound, bounds
from parcours.flow.goals import waits_past_goals
from parcours.flow.loops import endless_loops, endless_starts
from parcours.flow.states import States, states
from parcours.flow.ties import Ties, ties_of
from parcours.flow.unused import unused_messages
from parcours.flow.words import way


class JourneyExaminer:
    """The parts that look at one journey at a time. Whoever remembers what they found puts its own here."""

    def ties(self, journey: checked.Journey) -> Ties:
        return ties_of(journey)

    def alone(
        self, journey: checked.Journey, policy: checked.Policy, topics: Mapping[str, str]
    ) -> tuple[Diagnostic, ...]:
        return tuple(check_alone(journey, policy, topics))


ANEW = JourneyExaminer()


def check_flow(project: checked.CheckedProject, examiner: JourneyExaminer = ANEW) -> tuple[Diagnostic, ...]:
    """Every finding, sorted by place."""
    topics = {message.name: message.topic for message in project.messages}
    found = list(check_together(project.messages, [examiner.ties(journey) for journey in project.journeys]))
    for journey in project.journeys:
        found.extend(examiner.alone(journey, project.policy, topics))
    return tuple(sorted(found, key=lambda d: (d.place, d.code, d.message)))


def check_together(messages: Iterable[checked.Message], ties: Sequence[Ties]) -> Iterator[Diagnostic]:
    """What is found out about all journeys together."""
    yield from unused_messages(messages, ties)
    yield from endless_starts({tie.journey: tie.starts for tie in ties if tie.starts})


def check_alone(
    journey: checked.Journey, policy: checked.Policy, topics: Mapping[str, str]
) -> Iterator[Diagnostic]:
    """What is found out about one journey. It depends on the topics of the messages that the journey sends, and on no
    other journey."""
    yield from waits_past_goals(journey)
    unfolded = states(journey, policy.keep_held)
    if unfolded is None:
        return  # repeats in repeats: more states than anybody can count
    loops = list(endless_loops(unfolded))
    yield from loops
    if not loops:
        yield from _pressure(unfolded, policy, topics)


def _pressure(unfolded: States, policy: checked.Policy, topics: Mapping[str, str]) -> Iterator[Diagnostic]:
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
    wanted = "1 message" if most == "1" else f"{most} messages"
    message = f"the journey `{journey.name}` can want {wanted} where `{bound.cap.text}`{kept}"
    return Diagnostic(
        "pressure-possible",
        message,
        journey.place,
        help=f"{said}; what is too much is held back: {bound.cap.place}" if said else "",
    )
