"""Codes of values: their types, and values that do not exist."""

from collections.abc import Mapping

from parcours.diagnostics.table.entry import CodeEntry, Example, error, warning

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
        Example(
            "segment young\n    birth_date > 1990-02-30\n",
            "segment young\n    birth_date > 1990-02-28\n",
        ),
    ),
    "impossible-time": error(
        "The time of day does not exist.",
        "write a time between 00:00 and 23:59",
        Example(
            "journey example\n    enter on order\n    wait until 25:00\n    send hello by email\n",
            "journey example\n    enter on order\n    wait until 23:00\n    send hello by email\n",
        ),
    ),
    "not-a-condition": error(
        "A value stands where something is wanted that is yes or no.",
        "write a condition: something that is yes or no",
        Example(
            "segment old\n    age\n",
            "segment old\n    age > 60\n",
        ),
    ),
    "never-true": error(
        "Nobody can ever meet the condition.",
        "correct the condition, or take it out with what depends on it",
        Example(
            "segment example\n    age > 30 and age < 20\n",
            "segment example\n    age > 20 and age < 30\n",
        ),
        Example(
            "journey example\n    enter on order\n    if age > 20\n        send hello by email\n"
            "    else if age > 30\n        send hello by sms\n",
            "journey example\n    enter on order\n    if age > 30\n        send hello by email\n"
            "    else if age > 20\n        send hello by sms\n",
        ),
    ),
    "always-true": warning(
        "Everybody meets the condition, always.",
        "correct the condition, or write `yes` where everybody is meant",
        Example(
            "segment example\n    count of order >= 0\n",
            "segment example\n    count of order >= 1\n",
        ),
        Example(
            "journey example\n    enter on order\n    if no order[paid]\n        send hello by email\n"
            "    else if has order[paid]\n        send hello by sms\n    else\n        exit neither\n",
            "journey example\n    enter on order\n    if no order[paid]\n        send hello by email\n"
            "    else if has order[paid] in last 1 year\n        send hello by sms\n    else\n        exit neither\n",
        ),
    ),
    "unknown-value": warning(
        "A column is compared with a value that it never has in the data.",
        "write a value that the column has",
        Example(
            'segment french\n    country = "FRA"\n',
            'segment french\n    country = "FR"\n',
        ),
    ),
    "unknown-left-out": warning(
        "A condition that excludes some leaves out those of whom nothing is known as well.",
        "say what is to happen with them: `is unknown`, `is known`",
        Example(
            'segment not_vip\n    not tier = "gold"\n',
            'segment not_vip\n    not tier = "gold" or tier is unknown\n',
        ),
    ),
    "bad-period": error(
        "A period is of a length that it cannot have here.",
        "write a time such as `7 days`, `day` or `calendar week`",
        Example(
            "pressure\n    at most 1 message per calendar hour\n",
            "pressure\n    at most 1 message per hour\n",
        ),
    ),
    "bad-number": error(
        "A number makes no sense here.",
        "write a number that makes sense here",
        Example(
            "journey example\n    enter on order\n    wait 0 days\n    send hello by email\n",
            "journey example\n    enter on order\n    wait 2 days\n    send hello by email\n",
        ),
    ),
}
