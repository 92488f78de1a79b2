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
        _check_live(message, predicates)
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


def _check_live(message: Message, predicates: Predicates) -> None:
    """A warning, since whoever delivers may know what we do not."""
    catalog = predicates.vocabulary.catalog
    known = {*catalog.contacts.columns, *(catalog.products.columns if catalog.products else ())}
    for name in message.live:
        if name.text not in known:
            said = (
                f"`{name}` is no attribute of a contact and no column of the products, so nothing looks at it"
            )
            predicates.findings.unknown("unknown-live", said, name.place, name.text, known)
