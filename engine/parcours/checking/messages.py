"""Messages as written ─► checked: what they say on which channel."""

from collections.abc import Iterable

from parcours.checking import checked
from parcours.checking.predicates import Predicates
from parcours.checking.templates import check_templates
from parcours.model.vocabulary import Message


def check_messages(messages: Iterable[Message], predicates: Predicates) -> tuple[checked.Message, ...]:
    messages = tuple(messages)
    for message in messages:
        check_templates(message, predicates)
        if message.live:
            place = message.live[0].place.to(message.live[-1].place)
            predicates.findings.unsupported("`live` content", place)
    return tuple(
        checked.Message(
            message.name.text,
            message.topic.text if message.topic else "",
            predicates.literals.span(message.expires) if message.expires else None,
            message.name.place,
            message.subjects,
        )
        for message in messages
    )
