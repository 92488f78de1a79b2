"""Messages that no journey sends, and goals that wait for one of them."""

from collections.abc import Iterable, Iterator

from parcours.checking import checked
from parcours.diagnostics import Diagnostic
from parcours.flow.ties import Ties


def unused_messages(messages: Iterable[checked.Message], ties: Iterable[Ties]) -> Iterator[Diagnostic]:
    """A message that a goal waits for in vain is told as that, at the goal."""
    ties = tuple(ties)
    sent = {message for tie in ties for message in tie.sends}
    wanted = {goal.events.of for tie in ties for goal in tie.awaited}
    for tie in ties:
        for goal in tie.awaited:
            if goal.events.of not in sent:
                said = (
                    f"the goal `{goal.name}` cannot be reached: nobody sends the message `{goal.events.of}`"
                )
                yield Diagnostic("impossible-goal", said, goal.place)
    for message in messages:
        if message.name not in sent and message.name not in wanted:
            yield Diagnostic(
                "unused-message", f"no journey sends the message `{message.name}`", message.place
            )
