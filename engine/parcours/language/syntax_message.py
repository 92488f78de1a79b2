"""What the parser did not understand, said in words of the language."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from parcours.diagnostics import nearest
from parcours.language.slips.table import slip_at

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
# what a value may begin with
_VALUE = frozenset(
    (
        *(
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
        ),
        *("NTH", "_DAYS_SINCE", "_LPAR"),
    )
)
_DECLARATIONS = (
    *(
        "_JOURNEY",
        "_MESSAGE",
        "_CHANNEL",
        "_PRESSURE",
        "_SEGMENT",
        "_LIFECYCLE",
        "_SEASON",
        "_RFM",
        "_CLUSTERS",
    ),
    *("_SCORE", "_RULES", "_EXAMPLE", "$END", "_NL"),
)
_CLAUSES = ("_PURPOSE", "_PRIORITY", "_OWNER", "_ENTER", "_GOAL", "_LEAVE", "_NEEDS", "_BUDGET")
_STEPS = (
    *(
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
    ),
    "_DEDENT",
)
_COMPARISONS = (
    *(
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
    ),
    *("_DOT", "_OF", "_LSQB", "_IN_LAST", "_SINCE", "_EVER"),
)
# groups of terminals that are called by one name when the first word of the row may stand there; the widest first
_GROUPS: tuple[tuple[str, frozenset[str], str], ...] = (
    ("_LIFECYCLE", frozenset(_DECLARATIONS), "a declaration"),
    ("_PURPOSE", frozenset(_CLAUSES), "a clause"),
    ("_SEND", frozenset(_STEPS), "a step"),
    ("_HAS", _VALUE | {"_HAS", "_NOT", "_IN", "DOC"}, "a condition"),
    ("AGGREGATION", _VALUE, "a value"),
    ("OPERATOR", frozenset(_COMPARISONS), "a comparison"),
    ("_EVER", frozenset(("_IN_LAST", "_SINCE", "_EVER")), "a window such as `in last 7 days`"),
)
_HEADER_WORDS = frozenset(word.removeprefix("_").lower() for word in _CLAUSES)
_MOST_NAMED = 6
_CASE = "keywords are written in small letters"
_QUOTES = "close the quotes on the same line; a new line inside of a text is written as `\\n`"


@dataclass(frozen=True, slots=True)
class SyntaxMistake:
    """What a line is told: columns `column` to `end_column` (from 1, exclusive) are marked."""

    column: int
    end_column: int
    message: str
    mark: str = ""
    help: str = ""


def syntax_error(line: str, column: int, at_end: bool, expected: Collection[str]) -> SyntaxMistake:
    """What is wrong with a line that the parser could not read beyond `column` (from 1), where it would have taken one
    of the terminals `expected`. `at_end`: the line ends there too early. The line has no comment any more."""
    word = "" if at_end else word_at(line, column)
    end = column + max(1, len(word))
    if word in ('"', "`"):
        kind, advice = ("quotes", _QUOTES) if word == '"' else ("back-quotes", "close them on the same line")
        return SyntaxMistake(
            column, end, f"the {kind} that open here are not closed on this line", "", advice
        )
    in_small = next((k for k in map(keyword, expected) if k == word.lower() != word), "")
    if in_small:
        return SyntaxMistake(column, end, _cannot_stand(word), f"write `{in_small}`", _CASE)
    slip = slip_at(line, column, end, expected)
    if slip is not None:
        said = line[slip.column - 1 : slip.end_column - 1] or word
        too_early = f"the line ends too early: expected {named(expected)}"
        message = slip.message or (_cannot_stand(said) if said else too_early)
        return SyntaxMistake(
            slip.column, max(slip.end_column, slip.column + 1), message, slip.mark, slip.help
        )
    if at_end:
        return SyntaxMistake(column, end, f"the line ends too early: expected {named(expected)}")
    better = meant(word, expected)
    mark = f"did you mean `{better}`?" if better else ""
    return SyntaxMistake(
        column,
        end,
        f"{_cannot_stand(word)}: expected {named(expected)}",
        mark,
        _advice(line, word, column, expected),
    )


def _cannot_stand(said: str) -> str:
    return f"`{said.strip()}` cannot stand here"


def _advice(line: str, word: str, column: int, expected: Collection[str]) -> str:
    """What to do about a word that no slip explains; "" for the usual."""
    if word in _HEADER_WORDS and "_SEND" in expected and not line[: column - 1].strip():
        return "the clauses of a journey stand above its steps"
    if "NAME" in expected and re.fullmatch(r"\w+", word) and not word[0].isdigit():
        return f"names are small letters, digits and _; any other stands between back-quotes: `{word}`"
    return "use a space" if word == "\t" else ""


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


def word_at(line: str, column: int) -> str:
    """The user's word that begins at a column."""
    match = re.match(r'"[^"]*"|`[^`]*`|[\w.%:-]*\w%?|.', line[column - 1 :])
    return match.group() if match else ""
