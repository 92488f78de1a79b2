"""The parts of parcours.yaml about what comes back: `received:` of an event, and `receive:`."""

import re
from collections.abc import Iterable, Iterator
from typing import get_args

from parcours.diagnostics import Diagnostic, nearest
from parcours.language.section import Section
from parcours.language.yaml_reader import Mapping, Scalar
from parcours.model.node import Name
from parcours.model.receiving import FieldType, Kind, ReceivedEvent, ReceivedField, Receiving, Webhook

OWN_FIELDS = frozenset({"contact", "at", "id", "send", "event"})
"""What every event that is received says besides its fields."""

_TYPES = get_args(FieldType)
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_HEADER = re.compile(r"[A-Za-z0-9-]+")
_HOOK = re.compile(r"[A-Za-z0-9_-]+")
_ADDRESS = re.compile(r"https?://[^/?#\s\\]+(/[^?#\s\\]*)?")


def read_received(section: Section, key: Scalar) -> ReceivedEvent:
    """`received: yes`, or the fields with their types. `section` is that of the event, `key` its name."""
    value, fields = section.values["received"], []
    if isinstance(value, Mapping):
        inner = section.section("received")
        names = inner.keys() if inner else []
        fields = [field for name in names if inner and (field := _field(inner, name))]
    elif not (isinstance(value, Scalar) and value.text == "yes"):
        section.refuse("received", "`yes`, or a mapping of fields to types: {reason: text}", value)
    return ReceivedEvent(place=key.place, name=Name(place=key.place, text=key.text), fields=tuple(fields))


def _field(section: Section, key: Scalar) -> ReceivedField | None:
    kind = section.name(key.text, required=True)
    if key.text in OWN_FIELDS:
        section.refuse(key.text, "left out: every event has it", section.values[key.text])
    elif not _FIELD.fullmatch(key.text):
        section.refuse(key.text, "a name of letters, digits and _", section.values[key.text])
    elif kind is not None and kind.text not in _TYPES:
        section.refuse(key.text, f"one of {', '.join(_TYPES)}", section.values[key.text])
    elif kind is not None:
        found: FieldType = next(known for known in _TYPES if known == kind.text)
        return ReceivedField(place=key.place, name=Name(place=key.place, text=key.text), type=found)
    return None


def read_receiving(section: Section | None, project: str) -> Receiving | None:
    """The section `receive`. `project` is the name that pages show when there is none."""
    if section is None:
        return None
    section.refuse_unknown(("url", "secret", "key", "name", "pages", "open", "click", "webhooks"))
    url, secret, key = (
        section.path("url"),
        _variable(section, "secret", required=True),
        _variable(section, "key"),
    )
    if url is not None and not _ADDRESS.fullmatch(url.text):
        section.refuse("url", "an address: https://news.example.com", section.values["url"])
        url = None
    webhooks = tuple(_webhooks(section.section("webhooks")))
    if secret is None:
        return None
    return Receiving(
        place=section.place,
        url=url,
        secret=secret,
        key=key,
        name=section.text("name") or project,
        pages=section.path("pages"),
        webhooks=webhooks,
        **_texts(section, "open", "click"),
    )


def check_receiving(receiving: Receiving, received: Iterable[ReceivedEvent], section: Section) -> None:
    """Reports every event that something is to become and that cannot be received."""
    known = {event.name.text: {field.name.text for field in event.fields} for event in received}
    named = [kind.event for webhook in receiving.webhooks for kind in webhook.events]
    named += [name for key in ("open", "click") if (name := section.name(key))]
    for name in named:
        if name.text not in known:
            message = f"`{name}` is no event that can be received"
            near = nearest(name.text, known)
            mark = f"did you mean `{near}`?" if near else ""
            advice = "say `received: yes`, or its fields, under the event in `datamart.events`"
            section.diagnostics.append(Diagnostic("bad-setting", message, name.place, mark, advice))
    for webhook in receiving.webhooks:
        fields = {field for kind in webhook.events for field in known.get(kind.event.text, ())}
        for name in (name for name, _ in webhook.fields if name.text not in fields):
            message = f"none of the events of `{webhook.name}` has a field `{name}`"
            section.diagnostics.append(Diagnostic("bad-setting", message, name.place))


def _webhooks(section: Section | None) -> Iterator[Webhook]:
    for key in section.keys() if section else ():
        inner = section.section(key.text) if section else None
        if inner is None:
            continue
        if section and not _HOOK.fullmatch(key.text):
            section.refuse(key.text, "called by letters, digits, - and _", section.values[key.text])
        texts = ("signature", "kind", "contact", "at", "id", "send")
        inner.refuse_unknown(("secret", "events", "fields", *texts))
        secret, events = _variable(inner, "secret", required=True), inner.section("events", required=True)
        signature = inner.text("signature")
        if signature is not None and not _HEADER.fullmatch(signature):
            inner.refuse("signature", "the name of a header", inner.values["signature"])
        if secret is not None and events is not None:
            name = Name(place=key.place, text=key.text)
            parts = {"events": tuple(_kinds(events)), "fields": tuple(_constants(inner.section("fields")))}
            yield Webhook(place=key.place, name=name, secret=secret, **parts, **_texts(inner, *texts))


def _kinds(section: Section) -> Iterator[Kind]:
    keys = section.keys()
    for key in keys:
        event = section.name(key.text, required=True)
        if event is not None:
            yield Kind(place=key.place, theirs=Name(place=key.place, text=key.text), event=event)


def _constants(section: Section | None) -> Iterator[tuple[Name, str]]:
    for key in section.keys() if section else ():
        value = section.text(key.text, required=True) if section else None
        if value is not None:
            yield Name(place=key.place, text=key.text), value


def _texts(section: Section, *keys: str) -> dict[str, str]:
    """Those that are said."""
    return {key: text for key in keys if (text := section.text(key)) is not None}


def _variable(section: Section, key: str, *, required: bool = False) -> Name | None:
    """The name of a variable of the environment; a secret itself is never written into the file."""
    name = section.name(key, required=required)
    if name is not None and not _VARIABLE.fullmatch(name.text):
        section.refuse(key, "the name of a variable of the environment", section.values[key])
        return None
    return name
