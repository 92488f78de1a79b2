"""Lengths of time, and ways through a journey, for people."""

from parcours.checking import checked
from parcours.flow.lengths import DAY, HOUR
from parcours.flow.states import States
from parcours.flow.windows import Passage


def duration(minutes: int) -> str:
    """`3 days and 4 hours`: the two largest units that there are."""
    if minutes == 0:
        return "no time"
    parts = []
    for unit, size in (("day", DAY), ("hour", HOUR), ("minute", 1)):
        count, minutes = divmod(minutes, size)
        if count:
            parts.append(f"{count} {unit}{'' if count == 1 else 's'}")
    return " and ".join(parts[:2])


def way(states: States, passages: tuple[Passage, ...]) -> str:
    """`hello first, reminder after 2 days`: the messages of a way, each with the time since the first."""
    said: list[str] = []
    for message, at in messages(states, passages):
        when = f"after {duration(at)}" if at else "at once" if said else "first"
        said.append(f"`{message}` {when}")
    return ", ".join(said)


def messages(states: States, passages: tuple[Passage, ...]) -> list[tuple[str, int]]:
    """The messages of a way, each with the minutes since the first."""
    sends = [(passage, states.steps[passage.state]) for passage in passages if passage.move.sent]
    return [(step.message, passage.at) for passage, step in sends if isinstance(step, checked.Send)]
