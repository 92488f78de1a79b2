"""Messages that no journey sends."""

from collections.abc import Iterator

from parcours.checking import checked
from parcours.diagnostics import Diagnostic
from parcours.graph.edges import all_steps


def unused_messages(project: checked.CheckedProject) -> Iterator[Diagnostic]:
    """One that a goal waits for in vain is told as that."""
    wanted = {goal.events.of for journey in project.journeys for goal in journey.goals}
    sent = {
        step.message
        for journey in project.journeys
        for step in all_steps(journey.steps)
        if isinstance(step, checked.Send)
    }
    for message in project.messages:
        if message.name not in sent and message.name not in wanted:
            yield Diagnostic(
                "unused-message", f"no journey sends the message `{message.name}`", message.place
            )
