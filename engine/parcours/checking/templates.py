"""`{{ first_name }}` in the texts of a message: whether anything provides what is to be filled in.

A text is filled in with the contact's attributes, with the fields of the events that started the run and woke the
step, and with what the send itself brings. What follows a `|` is the template engine's business."""

import re
from collections.abc import Iterator

from parcours.checking.predicates import Predicates
from parcours.diagnostics import Place
from parcours.model.vocabulary import Message

PROVIDED = ("link", "links", "offers", "expires")
"""What the send itself brings."""

_OF_EVENTS = ("entry", "event")
_HOLE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_NAME = re.compile(r"\s*([A-Za-z_]\w*)(?:\.([A-Za-z_]\w*))?")
_BINDING = re.compile(r"\{%-?\s*(?:for\s+([\w\s,]+?)\s+in\b|set\s+([\w\s,]+?)\s*=)")
_OPEN = re.compile(r"\{\{(?!.*?\}\})", re.DOTALL)


def check_templates(message: Message, predicates: Predicates) -> None:
    """The subjects and the texts that stand in the file; those in files of their own are looked at when rendered."""
    for text, place in _texts(message):
        if _OPEN.search(text):
            predicates.findings.add(
                "bad-template",
                "`{{` without `}}`",
                place,
                advice="close it: `{{ first_name }}`",
            )
        bound = _bound(text)
        for hole in _HOLE.finditer(text):
            _check_hole(hole[1], place, predicates, bound)


def _texts(message: Message) -> Iterator[tuple[str, Place]]:
    for subject in message.subjects:
        yield subject, message.line("subject")
    for body in message.bodies:
        if body.text is not None:
            yield body.text, body.place


def _bound(text: str) -> frozenset[str]:
    """The names that the text gives itself: `{% for offer in offers %}`, `{% set total = … %}`."""
    named = {name.strip() for found in _BINDING.finditer(text) for name in (found[1] or found[2]).split(",")}
    return frozenset(named | {"loop"} if named else named)


def _check_hole(said: str, place: Place, predicates: Predicates, bound: frozenset[str]) -> None:
    found = _NAME.match(said)
    if found is None:
        predicates.findings.add(
            "bad-template",
            f"`{{{{{said}}}}}` names nothing to fill in",
            place,
            advice="name an attribute of the contact: `{{ first_name }}`",
        )
        return
    root, field = found[1], found[2]
    catalog = predicates.vocabulary.catalog
    if root in _OF_EVENTS:
        fields = {name for table in catalog.events.values() for name in table.columns}
        if field is not None and field not in fields:
            message = f"nothing provides `{root}.{field}`: no event has such a field"
            predicates.findings.unknown("unknown-variable", message, place, field, fields)
    elif root not in bound and root not in PROVIDED and root not in catalog.contacts.columns:
        known = [*catalog.contacts.columns, *PROVIDED, *_OF_EVENTS]
        message = f"nothing provides `{root}`"
        predicates.findings.unknown("unknown-variable", message, place, root, known)
