"""Codes of journeys as a whole: what they can do, and what they can never do."""

from collections.abc import Mapping

from parcours.diagnostics.table.entry import CodeEntry, Example, error, warning

_CAP = "pressure\n    at most 2 messages per 7 days\n\n"

FLOW: Mapping[str, CodeEntry] = {
    "endless-loop": error(
        "Steps or journeys lead back to each other without a wait.",
        "put a wait between them",
        Example(
            "journey example\n    enter on order\n    again_here:\n    send hello by email\n"
            "    if no click since entry\n        go to again_here\n",
            "journey example\n    enter on order\n    again_here:\n    send hello by email\n    wait 3 days\n"
            "    if no click since entry\n        go to again_here\n",
        ),
    ),
    "impossible-goal": error(
        "A goal cannot be reached.",
        "send the message, or make another event the goal",
        Example(
            'message news\n    email "News"\n\njourney example\n    enter on order\n'
            "    goal read: open of news within 3 days\n    send hello by email\n",
            'message news\n    email "News"\n\njourney example\n    enter on order\n'
            "    goal read: open of hello within 3 days\n    send hello by email\n    send news by email\n",
        ),
    ),
    "wait-past-goal": warning(
        "A wait is longer than the time in which the goal counts.",
        "shorten the wait, or give the goal more time",
        Example(
            "journey example\n    enter on order\n    goal back: click within 3 days\n    wait 5 days\n"
            "    send hello by email\n",
            "journey example\n    enter on order\n    goal back: click within 14 days\n    wait 5 days\n"
            "    send hello by email\n",
        ),
    ),
    "pressure-exceeded": error(
        "A journey wants more messages than a cap allows, whatever happens.",
        "take out a message or put longer waits between them, or allow more",
        Example(
            _CAP + "journey example\n    enter on order\n    send hello by email\n    send hello by sms\n"
            "    send hello by email\n",
            _CAP + "journey example\n    enter on order\n    send hello by email\n    send hello by sms\n",
        ),
    ),
    "pressure-possible": warning(
        "A journey can want more messages than a cap allows.",
        "put longer waits between its messages, or allow more; what is too much is held back",
        Example(
            _CAP + "journey example\n    enter on order\n    send hello by email\n    wait 2 days\n"
            "    send hello by sms\n    wait 2 days\n    if no click since entry\n        send hello by email\n",
            _CAP + "journey example\n    enter on order\n    send hello by email\n    wait 2 days\n"
            "    send hello by sms\n    wait 6 days\n    if no click since entry\n        send hello by email\n",
        ),
    ),
    "rule-without-effect": warning(
        "Another cap always stops a message before this one does.",
        "take it out, or make it stricter",
        Example(
            "pressure\n    at most 2 messages per 7 days\n    at most 3 messages per day\n",
            "pressure\n    at most 2 messages per 7 days\n    at most 1 message per day\n",
        ),
    ),
    "unused-message": warning(
        "No journey sends a message that is declared.",
        "send it, or take it out",
        Example(
            'message goodbye\n    email "Goodbye"\n',
            'message goodbye\n    email "Goodbye"\n\njourney leaving\n    enter on order\n    send goodbye by email\n',
        ),
    ),
}
