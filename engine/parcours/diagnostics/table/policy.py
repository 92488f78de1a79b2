"""Codes of messages and channels."""

from collections.abc import Mapping

from parcours.diagnostics.table.entry import CodeEntry, error

POLICY: Mapping[str, CodeEntry] = {
    "missing-body": error(
        "A message has nothing to say on a channel by which it is sent.",
        'give the message a body for the channel: `email "…"` or `email from "…"`',
    ),
    "missing-address": error(
        "A channel does not say where a contact is reached.",
        "give the channel an `address`",
    ),
    "missing-consent": error(
        "A channel does not say who has agreed to it.",
        "give the channel a `consent`",
    ),
}
