"""Codes of values: their types, and values that do not exist."""

from collections.abc import Mapping

from parcours.diagnostics.table.entry import CodeEntry, Example, error

VALUES: Mapping[str, CodeEntry] = {
    "wrong-type": error(
        "A value is of a kind that cannot be used here.",
        "compare and combine values of the same kind",
        Example(
            'journey example\n    enter on order[amount > "20"]\n    send hello by email\n',
            "journey example\n    enter on order[amount > 20]\n    send hello by email\n",
        ),
    ),
    "impossible-date": error(
        "The date does not exist, or is out of reach.",
        "write a date that exists, as year-month-day",
    ),
    "impossible-time": error(
        "The time of day does not exist.",
        "write a time between 00:00 and 23:59",
    ),
    "not-a-condition": error(
        "A value stands where something is wanted that is yes or no.",
        "write a condition: something that is yes or no",
    ),
    "bad-period": error(
        "A period is of a length that it cannot have here.",
        "write a time such as `7 days`, `day` or `calendar week`",
    ),
    "bad-number": error(
        "A number makes no sense here.",
        "write a number that makes sense here",
    ),
}
