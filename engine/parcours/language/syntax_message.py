"""What the parser did not understand, said in words of the language."""

import re
from collections.abc import Collection

from parcours.diagnostics import nearest

# what a person calls the terminals that are no keywords; "" is not worth naming beside others
_WORDS = {
    "NAME": "a name",
    "WORD": "a name",
    "LABEL": "a label",
    "BODY_CHANNEL": "a channel",
    "STRING": "a text in quotes",
    "DOC": "a text in quotes",
    "INT": "a whole number",
    "NUMBER": "a number",
    "PERCENT": "a percentage",
    "DATE": "a date",
    "MONTHDAY": "a month and day such as `06-01`",
    "TIME": "a time such as `09:00`",
    "UNIT": "a unit such as `days`",
    "DAY": "a day of the week",
    "CURRENCY": "a currency such as `EUR`",
    "MESSAGES": "`messages`",
    "EQUALS": "`=`",
    "OPERATOR": "a comparison",
    "AGGREGATION": "`count of` …",
    "PART": "`month of` …",
    "NTH": "`last`",
    "PLUS": "`+`",
    "MINUS": "`-`",
    "STAR": "`*`",
    "SLASH": "`/`",
    "_COLON": "`:`",
    "_COMMA": "`,`",
    "_DOT": "`.`",
    "_LPAR": "`(`",
    "_RPAR": "`)`",
    "_LSQB": "`[`",
    "_RSQB": "`]`",
    "_NL": "the end of the line",
    "_INDENT": "an indented block",
    "_DEDENT": "the end of the block",
    "$END": "the end of the file",
}
# a group of terminals that is called by one name when the first of it may stand there; the widest group first
_VALUE = frozenset(
    [
        "_NO",
        "_YES",
        "NAME",
        "STRING",
        "INT",
        "NUMBER",
        "PERCENT",
        "DATE",
        "MINUS",
        "AGGREGATION",
        "PART",
        "NTH",
        "_DAYS_SINCE",
        "_LPAR",
    ]
)
"""What a value may begin with."""

_GROUPS: tuple[tuple[str, frozenset[str], str], ...] = (
    (
        "_SEGMENT",
        frozenset(
            [
                "_JOURNEY",
                "_MESSAGE",
                "_CHANNEL",
                "_PRESSURE",
                "_SEGMENT",
                "_LIFECYCLE",
                "_SEASON",
                "_RFM",
                "_CLUSTERS",
                "_SCORE",
                "_RULES",
                "_EXAMPLE",
                "$END",
                "_NL",
            ]
        ),
        "a declaration",
    ),
    (
        "_PURPOSE",
        frozenset(["_PURPOSE", "_PRIORITY", "_OWNER", "_ENTER", "_GOAL", "_LEAVE", "_NEEDS", "_BUDGET"]),
        "a clause",
    ),
    (
        "_SEND",
        frozenset(
            [
                "_SEND",
                "_WAIT",
                "_IF",
                "_SPLIT",
                "_TEST",
                "_REPEAT",
                "_SET",
                "_RECORD",
                "_START",
                "_GO",
                "_EXIT",
                "LABEL",
                "_DEDENT",
            ]
        ),
        "a step",
    ),
    (
        "_HAS",
        _VALUE | {"_HAS", "_NOT", "_IN", "DOC"},
        "a condition",
    ),
    (
        "AGGREGATION",
        _VALUE,
        "a value",
    ),
    (
        "OPERATOR",
        frozenset(
            [
                "OPERATOR",
                "EQUALS",
                "_IS",
                "_IN",
                "_NOT",
                "_BETWEEN",
                "PLUS",
                "MINUS",
                "STAR",
                "SLASH",
                "_AND",
                "_OR",
                "_DOT",
                "_OF",
                "_LSQB",
                "_IN_LAST",
                "_SINCE",
                "_EVER",
            ]
        ),
        "a comparison",
    ),
)
_HEADER_WORDS = frozenset(["purpose", "priority", "owner", "enter", "goal", "leave", "needs", "budget"])
_MOST_NAMED = 6
_HINTS = {
    "is not": "there is no `is not`: write `not` before the whole condition, or `!=`",
    "==": "write one `=`",
    "<>": "write `!=`",
    "“": 'write texts in straight quotes: "…"',
    "”": 'write texts in straight quotes: "…"',
    "'": 'write texts in double quotes: "…"',
    '"': "close the quotes on the same line",
    "`": "close the back-quotes on the same line",
    "\t": "use a space",
}


def keyword(terminal: str) -> str:
    """The keyword that a terminal of the grammar stands for: `_IN_LAST` is `in last`."""
    return terminal.removeprefix("_").lower().replace("_", " ")


def is_keyword(terminal: str) -> bool:
    return terminal.startswith("_") and terminal not in _WORDS


def named(expected: Collection[str]) -> str:
    """What may stand in a place, given the names of terminals: "`at`, `for` or the end of the line"."""
    rest, said = set(expected), []
    if len(rest) > 1:
        rest.discard("_INDENT")  # a block that may follow, but need not
    for sign, group, name in _GROUPS:
        if sign in rest:
            rest -= group
            said.append(name)
    keywords = sorted(f"`{keyword(terminal)}`" for terminal in rest if is_keyword(terminal))
    others = {_WORDS[terminal] for terminal in rest if terminal in _WORDS and terminal != "_NL"}
    # brackets, points and signs of arithmetic may stand nearly everywhere: named only when nothing else is
    signs = {_WORDS[t] for t in ("PLUS", "MINUS", "STAR", "SLASH", "_DOT", "_LSQB")}
    words = [*said, *keywords, *sorted(others - signs or (set() if said or keywords else others))]
    if len(words) > _MOST_NAMED:
        words = [*words[:_MOST_NAMED], "…"]
    if "_NL" in rest:
        words.append("the end of the line")
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def meant(word: str, expected: Collection[str]) -> str | None:
    """The keyword among those expected that looks most like `word`."""
    known = [
        first for terminal in expected if is_keyword(terminal) for first in keyword(terminal).split()[:1]
    ]
    found = nearest(word, known) if word.isalpha() else None
    return None if found == word else found


def hint(line: str, column: int, expected: Collection[str]) -> str:
    """What to do about the commonest mistakes; "" for others. `column` counts from 1."""
    before, rest = line[: column - 1], line[column - 1 :]
    word = word_at(line, column)
    if word == "not" and re.search(r"\bis\s+$", before):
        return _HINTS["is not"]
    if rest.startswith("=") and before.endswith("="):
        return _HINTS["=="]
    if rest.startswith(">") and before.endswith("<"):
        return _HINTS["<>"]
    if word in _HEADER_WORDS and "_SEND" in expected and not before.strip():
        return "the clauses of a journey stand above its steps"
    if "NAME" in expected and re.fullmatch(r"\w+", word) and not word[0].isdigit():
        return "names are small letters, digits and _; any other stands between back-quotes: `" + word + "`"
    return _HINTS.get(rest[:1], "")


def word_at(line: str, column: int) -> str:
    """The user's word that begins at a column."""
    match = re.match(r'"[^"]*"|[\w.%:-]*\w%?|.', line[column - 1 :])
    return match.group() if match else ""
