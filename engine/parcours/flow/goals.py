"""Waits that outlast all goals."""

from collections.abc import Iterator

from parcours.checking import checked
from parcours.diagnostics import Diagnostic
from parcours.flow.lengths import length, most_minutes
from parcours.graph.edges import all_steps


def waits_past_goals(journey: checked.Journey) -> Iterator[Diagnostic]:
    """A single wait that is longer than every goal may take: whoever waits it out can reach none any more."""
    within = [goal.events.window.span for goal in journey.goals]
    if not within or None in within:
        return
    longest = max(most_minutes(span) for span in within if span is not None)
    for step in all_steps(journey.steps):
        if isinstance(step, checked.Wait) and length(step.span).shortest > longest:
            goals = "the goal" if len(within) == 1 else "every goal"
            yield Diagnostic(
                "wait-past-goal",
                f"behind this wait {goals} of the journey is over",
                step.place,
                mark=f"{step.span} is longer than {max(w for w in within if w is not None)}",
            )
