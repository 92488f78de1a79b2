"""What an example expects, held against what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from parcours.clock.zones import to_local
from parcours.diagnostics import Place
from parcours.model.example import (
    Expectation,
    ExpectExit,
    ExpectMessage,
    ExpectNoEntry,
    ExpectNoMessage,
)
from parcours.simulator.example_world import instant_of
from parcours.simulator.story import Departure, Grant, Story


@dataclass(frozen=True, slots=True)
class Difference:
    """What was expected, at which place of the file, and what there was instead."""

    place: Place
    expected: str
    instead: str


def differences(expects: Sequence[Expectation], story: Story, zone: str) -> list[Difference]:
    """Everything in which the story is not as expected, in the order written. Each message and each exit of the
    story meets one expectation at most; `zone` is that of the contact's wall clock."""
    grants, exits = list(story.grants), list(story.exits)
    met: set[int] = set()
    # those with a time first: one without takes any of the others
    for number, expected in sorted(enumerate(expects), key=lambda pair: _is_open(pair[1])):
        match expected:
            case ExpectMessage():
                found = next((g for g in grants if _is_it(expected, g, zone)), None)
                if found is not None:
                    grants.remove(found)
                    met.add(number)
            case ExpectExit():
                left = next((e for e in exits if _is_out(expected, e, zone)), None)
                if left is not None:
                    exits.remove(left)
                    met.add(number)
    return [
        Difference(expected.place, _words(expected, zone), instead)
        for number, expected in enumerate(expects)
        if number not in met and (instead := _instead(expected, story, grants, exits, zone))
    ]


def _is_open(expected: Expectation) -> bool:
    return not isinstance(expected, ExpectMessage | ExpectExit) or expected.at is None


def _is_it(expected: ExpectMessage, grant: Grant, zone: str) -> bool:
    named = (expected.message.text, expected.channel.text) == (grant.message, grant.channel)
    return named and (expected.at is None or instant_of(expected.at, zone) == grant.at)


def _is_out(expected: ExpectExit, left: Departure, zone: str) -> bool:
    named = expected.outcome.text == left.outcome
    return named and (expected.at is None or instant_of(expected.at, zone) == left.at)


def _words(expected: Expectation, zone: str) -> str:
    match expected:
        case ExpectMessage():
            at = f" at {local_text(instant_of(expected.at, zone), zone)}" if expected.at else ""
            return f"{expected.message} by {expected.channel}{at}"
        case ExpectExit():
            at = f" at {local_text(instant_of(expected.at, zone), zone)}" if expected.at else ""
            return f"exit {expected.outcome}{at}"
        case ExpectNoMessage():
            return "no other message" if expected.other else "no message"
        case ExpectNoEntry():
            return "no entry"


def _instead(
    expected: Expectation, story: Story, grants: list[Grant], exits: list[Departure], zone: str
) -> str:
    """What there was instead, "" when the expectation is met; `grants` and `exits` are those that nothing expects."""
    match expected:
        case ExpectMessage():
            same = [g for g in grants if g.message == expected.message.text]
            if same:
                return f"it was sent {_times([(f'by {g.channel}', g.at) for g in same], zone)}"
            return _absent("it was not sent", story)
        case ExpectExit():
            if exits:
                return _times([(f"exit {left.outcome}", left.at) for left in exits], zone)
            if len(story.exits) < len(story.entries):
                return "nobody left: the journey was still going on"
            return _absent("there was no such exit", story)
        case ExpectNoMessage():
            unwanted = grants if expected.other else list(story.grants)
            return _times([(f"{g.message} by {g.channel}", g.at) for g in unwanted], zone)
        case ExpectNoEntry():
            return _times([("entered", at) for at in story.entries], zone)


def _absent(text: str, story: Story) -> str:
    return text if story.entries else f"{text}: nobody entered"


def _times(found: Sequence[tuple[str, datetime]], zone: str) -> str:
    return ", ".join(f"{text} at {local_text(at, zone)}" for text, at in found)


def local_text(instant: datetime, zone: str) -> str:
    """An instant on the wall clock of a zone, with seconds only where there are some."""
    local = to_local(zone, instant)
    return f"{local:%Y-%m-%d %H:%M}" + (
        f"{local:%S.%f}".join((":", "")) if local.second or local.microsecond else ""
    )
