"""What parcours.yaml says of what comes back: the events that can be received, and how `parcours receive` takes them."""

from typing import Literal

from parcours.model.node import Name, Node

FieldType = Literal["text", "number", "yes_no", "date", "instant"]


class ReceivedField(Node):
    """`received: {reason: text}`"""

    name: Name
    type: FieldType


class ReceivedEvent(Node):
    """An event that can come by itself: from a page, a webhook, a POST or a feed. Of the same name there may be one of a
    table, too."""

    name: Name
    fields: tuple[ReceivedField, ...] = ()


class Kind(Node):
    """`events: {bounced: bounce}` of a webhook: what a provider calls something, and which event it becomes."""

    theirs: Name
    event: Name


class Webhook(Node):
    """What a provider posts to `/webhooks/NAME`. `secret` names a variable of the environment, `signature` the header
    with the HMAC. The others say under which keys of a posted object something stands; dots go inwards:
    `metadata.contact`. `kind` is the key that says what happened, `events` what becomes of it: all else is nothing.
    `fields` are what is true of all that comes this way."""

    name: Name
    secret: Name
    signature: str = "X-Signature"
    kind: str = "event"
    contact: str = "contact"
    at: str = "at"
    id: str = "id"
    send: str = "send"
    events: tuple[Kind, ...] = ()
    fields: tuple[tuple[Name, str], ...] = ()


class Receiving(Node):
    """`url` is the address at which the world sees `parcours receive`. `secret` and `key` name variables of the
    environment: what signs the links, and what those have who post to `/events`. `name` is who writes to people, on pages; `pages` is a folder with pages of the
    project's own.
    `open` and `click` are the events that these become."""

    url: Name | None = None
    secret: Name
    key: Name | None = None
    name: str = ""
    pages: Name | None = None
    open: str = "open"
    click: str = "click"
    webhooks: tuple[Webhook, ...] = ()
