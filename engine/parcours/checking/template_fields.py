"""Which fields of events the texts of a message fill in, so that the state keeps them until the message is sent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from parcours.model.vocabulary import Message

_FILLED_IN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_READ = re.compile(r"(?<![\w.])(entry|event)\b(?:\.(\w+))?")


@dataclass(frozen=True, slots=True)
class TemplateFields:
    """The fields of the entering event and of the one that woke the step; `every` are those of the two, `entry` or
    `event`, of which a text may read any field."""

    entry: frozenset[str]
    event: frozenset[str]
    every: frozenset[str]


def template_fields(message: Message) -> TemplateFields:
    """What is in a file of its own is read when it is rendered: such a text may read any field."""
    read: dict[str, set[str]] = {"entry": set(), "event": set()}
    every = {"entry", "event"} if any(body.file is not None for body in message.bodies) else set()
    for text in _texts(message):
        for hole in _FILLED_IN.findall(text):
            for root, field in _READ.findall(hole):
                if field:
                    read[root].add(field)
                else:
                    every.add(root)
    return TemplateFields(frozenset(read["entry"]), frozenset(read["event"]), frozenset(every))


def _texts(message: Message) -> Iterator[str]:
    yield from message.subjects
    for body in message.bodies:
        if body.text is not None:
            yield body.text
