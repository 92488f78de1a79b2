"""A message as one contact would get it, without a journey and without a send."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from parcours.delivery.opening import addresses_of, texts_of
from parcours.delivery.texts import BrokenText, Facts, Filled, Unfilled
from parcours.diagnostics import problem
from parcours.diagnostics.nearest import no_such
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.model.vocabulary import Message
from parcours.workspace.load import Loaded


def preview(
    loaded: Loaded,
    folder: Path,
    environment: Mapping[str, str],
    message: str,
    contact: str,
    channel: str | None,
    entry: Mapping[str, str],
    event: Mapping[str, str],
    at: datetime,
) -> Filled:
    """The message filled in at the instant `at`. `channel` None: the first that it has a text for. `Problem` for names
    that there are not, and when it cannot be filled in."""
    assert loaded.project is not None
    found = _message(loaded, message)
    channels = [body.channel.text for body in found.bodies]
    if not channels:
        raise problem("missing-body", f"the message `{message}` has no text", found.name.place)
    if channel is not None and channel not in channels:
        said = f"the message `{message}` has no text for `{channel}`"
        raise no_such("missing-body", said, "--channel", channel, channels, "its channels")
    by = channel or channels[0]
    addresses = addresses_of(loaded.project.settings, environment)
    facts = Facts(
        _attributes(loaded, contact),
        json.dumps(dict(entry)),
        json.dumps(dict(event)),
        at,
        addresses.of(contact, message, by),
        addresses.first,
        at,
        0,
    )
    try:
        return texts_of(loaded, folder).fill(message, by, facts)
    except (BrokenText, Unfilled) as error:
        raise problem("unrendered", f"`{message}` cannot be filled in: {error}", found.name.place) from error


def _message(loaded: Loaded, name: str) -> Message:
    assert loaded.project is not None
    messages = {d.name.text: d for d in loaded.project.declarations if isinstance(d, Message)}
    if name not in messages:
        raise no_such("unknown-message", f"`{name}` is no message", "MESSAGE", name, messages, "the messages")
    return messages[name]


def _attributes(loaded: Loaded, contact: str) -> dict[str, Any]:
    assert loaded.connection is not None and loaded.catalog is not None
    engine = DuckDBEngine(loaded.connection)
    found = engine.run_text("SELECT c FROM contact AS c WHERE c._contact::VARCHAR = ?", [contact])
    if not found:
        raise problem("unknown-contact", f"`{contact}` is no contact", "--contact")
    return {name: found[0][0][name] for name in loaded.catalog.contacts.columns}
