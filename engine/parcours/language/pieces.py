"""A journey file is cut into its declarations, so that a mistake in one of them cannot reach another."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from parcours.language.build_declaration import KINDS

_GOES_ON = re.compile(r"\s*(?:and|or)(?![\w-])")  # CONTINUATION in journey.lark
LINE_WORDS = frozenset(
    (
        *(
            "a",
            "address",
            "again",
            "arbitrate",
            "at",
            "between",
            "budget",
            "clip",
            "confidence",
            "consent",
            "cost",
        ),
        *(
            "else",
            "enter",
            "exempt",
            "exit",
            "expect",
            "expires",
            "for",
            "from",
            "given",
            "go",
            "goal",
            "hold",
        ),
        *("honour", "if", "keep", "learn", "leave", "lift", "live", "needs", "never", "no", "of", "offering"),
        *("once", "open", "otherwise", "owner", "per", "predict", "priority", "purpose", "quiet", "record"),
        *(
            "refresh",
            "repeat",
            "sample",
            "scored",
            "send",
            "set",
            "split",
            "start",
            "subject",
            "support",
            "test",
        ),
        *("then", "topic", "trend", "unless", "wait", "within", "zones"),
    )
)
"""The keywords that begin a line inside of a declaration."""

_BESIDE_JOURNEY = ("given", "at", "expect")  # what stands below `journey` in an example
_VERY_CLOSE = 0.8  # a slip of the pen in a long word, but not `email` for `example`
_FIRST_WORD = re.compile(r" *([A-Za-z_]\w*)")
_NAMED_LINE = re.compile(r"\w+ *(?::|\"|from +\")")  # a stage, a label or a body: its first word is any name
_HEAD = re.compile(r" +(\w+)(?: +(?:[a-z_]\w*|`[^`\n]+`|\"[^\"\n]*\"))? *(?:#.*)?")


@dataclass(frozen=True, slots=True)
class Piece:
    """The lines of a declaration, of which the first is line `first_line` of the file. `depth` is the number of
    spaces that stood before the first line; the lines are without them."""

    first_line: int
    lines: list[str]
    depth: int = 0


def pieces(lines: Sequence[str]) -> list[Piece]:
    """The text cut before each line that begins a declaration, wherever it stands. Blank lines and comments stay with
    what is before them; those before everything are left out."""
    starts: list[int] = []
    may_name_a_journey = False  # whether what is open is an example, or could be one, that has not done so
    code = [number for number, line in enumerate(lines) if is_code(line)]
    for at, number in enumerate(code):
        line, word = lines[number], first_word(lines[number])
        names_a_journey = word == "journey" and may_name_a_journey
        if names_a_journey and not line.startswith(" "):
            names_a_journey = any(first_word(lines[n]) in _BESIDE_JOURNEY for n in code[at + 1 : at + 2])
        if names_a_journey:
            may_name_a_journey = False
        elif not starts or _begins(line, word) or (line.startswith('"') and starts[-1] != code[at - 1]):
            starts.append(number)
            may_name_a_journey = word not in KINDS or word == "example"
    ends = [*starts[1:], len(lines)]
    return [_piece(lines, start, end) for start, end in zip(starts, ends, strict=False)]


def goes_on(line: str) -> bool:
    """Whether a line of code goes on with the one before it: one that begins with `and` or `or` does."""
    return _GOES_ON.match(line) is not None


def is_code(line: str) -> bool:
    """Whether a line says something: it is neither blank nor a comment."""
    return bool(line.strip(" ")) and not line.lstrip(" ").startswith("#")


def first_word(line: str) -> str:
    """The word that a line begins with, or "" when it begins with a sign or a number."""
    match = _FIRST_WORD.match(line)
    return match[1] if match else ""


def _begins(line: str, word: str) -> bool:
    """Whether a line begins a declaration. One that is not indented does, unless it would be at home in another; one
    that is indented does when it can be nothing else."""
    if line.startswith(" "):
        return word in KINDS and _HEAD.fullmatch(line) is not None
    if word in KINDS or get_close_matches(word, KINDS, 1, _VERY_CLOSE):
        return True
    return bool(word) and word.lower() not in LINE_WORDS and not _NAMED_LINE.match(line)


def _piece(lines: Sequence[str], start: int, end: int) -> Piece:
    own = list(lines[start:end])
    depth = len(own[0]) - len(own[0].lstrip(" ")) if first_word(own[0]) in KINDS else 0
    own[0] = own[0][depth:]
    return Piece(start + 1, own, depth)
