"""Names as they are written: between back-quotes only where a reader or the parser would take them for something else.

Which words are taken depends on the place; tests/language/test_printing_names.py asks the parser for every word of the
grammar in every place.
"""

import re

from parcours.language.build_declaration import KINDS

Reserved = frozenset[str]

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TEXT_OR_NAME = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`')
_WORD_FOLLOWS = re.compile(r"[ \t]+[a-z_`]")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "weekday", "weekend")
_UNITS = ("minute", "hour", "day", "week", "month", "year")

NONE: Reserved = frozenset()
OPERAND: Reserved = frozenset(("yes", "no", "first", "last"))
"""Where a value may stand, and no condition. `first` and `last` are looked at again by `released`."""
CONDITION: Reserved = OPERAND | {"has", "in", "not"}
WAIT_CONDITION: Reserved = CONDITION | {"between", *_DAYS, *(f"{day}s" for day in _DAYS)}
"""Behind `wait until`, where a moment may stand too."""
STAGE_CONDITION: Reserved = CONDITION | {"otherwise"}
BEGINNING: Reserved = frozenset(
    (
        *KINDS,
        *("address", "at", "between", "budget", "clip", "confidence", "consent", "cost", "else"),
        *("enter", "exit", "expires", "first", "for", "from", "go", "goal", "has", "if", "in"),
        *("keep", "last", "learn", "leave", "lift", "live", "needs", "no", "not", "of", "offering"),
        *("open", "otherwise", "owner", "predict", "priority", "purpose", "quiet", "record"),
        *("refresh", "repeat", "sample", "scored", "send", "set", "split", "start", "subject"),
        *("support", "test", "topic", "trend", "unless", "wait", "yes", "zones"),
    )
)
"""Where a line of a block begins. Which of these words are taken depends on the lines before it: behind a doc, those
that begin a line of any declaration. Those that begin a declaration are taken wherever a line begins."""
LINE_CONDITION: Reserved = CONDITION | BEGINNING
"""Where a condition begins a line."""
AFTER_NO: Reserved = frozenset(
    (
        *("as", "between", "counting", "ever", "for", "in", "is"),
        *("keep", "not", "per", "since", "up", "within"),
    )
)
"""Events behind `no`, which is a value too."""
AFTER_INSTANT: Reserved = AFTER_NO | {"on", "to"}
AFTER_IS: Reserved = frozenset(("known", "unknown", "not"))
ENTERING_EVENT: Reserved = frozenset(("anniversary", "becoming", "joining", "leaving"))
CHANNEL: Reserved = frozenset(("best",))
SELECTED: Reserved = frozenset(("journey", "purpose", "topic"))
SELECTED_MESSAGE: Reserved = frozenset(("counting", "for", "keep", "per", "within"))
CAP_KEY: Reserved = frozenset(("calendar", *_UNITS, *(f"{unit}s" for unit in _UNITS)))
EXPECTED_MESSAGE: Reserved = frozenset(("exit", "no"))


def written(name: object, reserved: Reserved = NONE) -> str:
    """A name as it is written at a place where the `reserved` words mean something else. A line that begins with `and`
    goes on with the line before it, and a long line is broken there: as names these two are in back-quotes."""
    return _quoted_unless(_PLAIN, str(name), reserved)


def written_word(name: object) -> str:
    """A name behind `is`, where it may have capital letters."""
    return _quoted_unless(_WORD, str(name), AFTER_IS)


def released(code: str, *, followed: bool) -> str:
    """Code in which `first` and `last` lose their back-quotes where no word stands behind them: only there could they
    begin `first order.at`. `followed`: a word stands behind the code."""

    def release(found: re.Match[str]) -> str:
        behind = code[found.end() :]
        needed = _WORD_FOLLOWS.match(behind) or (followed and not behind)
        return found.group() if needed or found.group() not in ("`first`", "`last`") else found.group()[1:-1]

    return _TEXT_OR_NAME.sub(release, code)


def _quoted_unless(plain: re.Pattern[str], text: str, reserved: Reserved) -> str:
    assert text and not set(text) & {"`", "\n"}, f"no form can say this name: {text!r}"
    return text if plain.fullmatch(text) and text not in (*reserved, "and", "or") else f"`{text}`"
