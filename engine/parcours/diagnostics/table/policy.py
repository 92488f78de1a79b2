"""Codes of messages and channels."""

from collections.abc import Mapping

from parcours.diagnostics.table.entry import CodeEntry, Example, error, warning

POLICY: Mapping[str, CodeEntry] = {
    "unknown-variable": error(
        "A text has a place to be filled in, and nothing provides what goes there.",
        "name an attribute of the contact, or a field of `entry` or `event`",
        Example(
            'message hi\n    email "Hi, {{ cuontry }}"\n\njourney hi\n    enter on order\n    send hi by email\n',
            'message hi\n    email "Hi, {{ country }}"\n\njourney hi\n    enter on order\n    send hi by email\n',
        ),
    ),
    "unknown-live": warning(
        "A message names something as live that nothing provides.",
        "name an attribute of the contact, or a column of the products",
        Example(
            'message hi\n    email "Hi"\n    live cuontry\n\njourney hi\n    enter on order\n    send hi by email\n',
            'message hi\n    email "Hi"\n    live country\n\njourney hi\n    enter on order\n    send hi by email\n',
        ),
    ),
    "bad-template": error(
        "A place to be filled in a text is damaged.",
        "write `{{ NAME }}`: two braces on either side, and a name between them",
        Example(
            'message hi\n    email "Hi, {{ country"\n\njourney hi\n    enter on order\n    send hi by email\n',
            'message hi\n    email "Hi, {{ country }}"\n\njourney hi\n    enter on order\n    send hi by email\n',
        ),
    ),
    "missing-body": error(
        "A message has nothing to say on a channel by which it is sent.",
        'give the message a body for the channel: `email "…"` or `email from "…"`',
        Example(
            'message news\n    email "News"\n\njourney example\n    enter on order\n    send news by sms\n',
            'message news\n    email "News"\n    sms "News"\n\njourney example\n    enter on order\n    send news by sms\n',
        ),
    ),
    "missing-address": error(
        "A channel does not say where a contact is reached.",
        "say which attribute of the contact holds it: `address email`",
        Example(
            "channel letter\n    consent email_opt_in\n",
            "channel letter\n    address email\n    consent email_opt_in\n",
        ),
    ),
    "missing-consent": error(
        "A channel does not say who has agreed to it.",
        "say who has agreed to it: `consent email_opt_in`",
        Example(
            "channel letter\n    address email\n",
            "channel letter\n    address email\n    consent email_opt_in\n",
        ),
    ),
}
