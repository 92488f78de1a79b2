"""What providers post: whether it is theirs, and which events it tells of."""

import hmac
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from parcours.delivery.door import Door, Refused
from parcours.delivery.inbox import Received
from parcours.model.receiving import Webhook


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether `signature` is the HMAC-SHA256 of a body with one of the secrets (several are divided by spaces), in
    hexadecimal digits, with or without `sha256=` in front."""
    given = signature.strip().removeprefix("sha256=").lower().encode("ascii", "replace")
    found = False
    for one in secret.split():
        # all of them, always: how long it takes tells nothing
        found |= hmac.compare_digest(hmac.new(one.encode(), body, sha256).hexdigest().encode(), given)
    return found


def events_of(
    webhook: Webhook, door: Door, posted: Any, now: datetime
) -> Iterator[Received | Refused | None]:
    """For each object of what was posted (one, a list, or a list under `events`): its event; why it tells of none; or
    None where it tells of something that nobody wants to know."""
    kinds = {kind.theirs.text: kind.event.text for kind in webhook.events}
    for one in objects(posted):
        if not isinstance(one, Mapping):
            yield Refused("what was posted is no object")
            continue
        event = kinds.get(str(_at(one, webhook.kind)))
        if event is None:
            yield None
            continue
        try:
            yield door.take(event, _row(webhook, door, event, one), now)
        except Refused as refused:
            yield refused


def objects(posted: Any) -> list[Any]:
    """The objects of a JSON body, which is one, a list of them, or an object with a list under `events`."""
    if isinstance(posted, Mapping) and isinstance(posted.get("events"), list):
        return list(posted["events"])
    return posted if isinstance(posted, list) else [posted]


def _row(webhook: Webhook, door: Door, event: str, one: Mapping[str, Any]) -> dict[str, Any]:
    fields = door.fields(event)
    row = {name: one.get(name) for name in fields}
    row |= {name.text: value for name, value in webhook.fields if name.text in fields}
    own = {"contact": webhook.contact, "at": webhook.at, "id": webhook.id, "send": webhook.send}
    return row | {name: _at(one, path) for name, path in own.items()}


def _at(one: Mapping[str, Any], path: str) -> Any:
    """What stands under a key, or under `a.b` under b in what stands under a."""
    found: Any = one
    for key in path.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(key)
    return found
