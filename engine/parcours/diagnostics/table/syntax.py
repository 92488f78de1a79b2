"""Codes of the form of journey files: lines, words and indentation."""

from collections.abc import Mapping

from parcours.diagnostics.table.entry import CodeEntry, Example, error

SYNTAX: Mapping[str, CodeEntry] = {
    "syntax": error(
        "The line does not have a form that the language knows.",
        "see grammar/language.md for the form of this line",
        Example(
            "journey example\n    enter on order\n    send hello email\n",
            "journey example\n    enter on order\n    send hello by email\n",
        ),
        Example(
            "journey example\n    enter on order[amount == 20]\n    exit\n",
            "journey example\n    enter on order[amount = 20]\n    exit\n",
        ),
    ),
    "tab": error(
        "A line is indented with tabs.",
        "indent with spaces, four for each level",
        Example(
            "journey example\n\tenter on order\n\texit\n",
            "journey example\n    enter on order\n    exit\n",
        ),
    ),
    "invisible-character": error(
        "A file has a character in it that nobody can see, such as a control character.",
        "take it out: it may have come with text that was copied",
        Example(
            "journey example\n    enter on order\x1b\n    exit\n",
            "journey example\n    enter on order\n    exit\n",
        ),
    ),
    "indentation": error(
        "A line stands at a depth at which no line can stand there.",
        "line it up with the lines of the block that it belongs to",
        Example(
            "journey example\n    enter on order\n    wait 1 day\n      send hello by email\n",
            "journey example\n    enter on order\n    wait 1 day\n    send hello by email\n",
        ),
    ),
}
