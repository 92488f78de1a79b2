"""What a failed parse says about the text: which lines are damaged, and what the user is told.

The parser blanks the damaged lines and tries again. That may leave an `else` without its `if`, or a block without
lines: such follow-ups are blanked too, and nobody is told.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput

from parcours.diagnostics import Diagnostic, Place
from parcours.language.building import Building, code_of
from parcours.language.indenter import BetweenLevels
from parcours.language.syntax_message import hint, meant, named, word_at

_CONTINUES = re.compile(r"\s*(?:and|or)(?![\w-])")
_SECOND_HALVES = ("else", "otherwise", "then")


@dataclass(frozen=True, slots=True)
class Damage:
    """Lines `first` to `last` (from 1, both included) are to be blanked; no diagnostic means a follow-up."""

    first: int
    last: int
    diagnostic: Diagnostic | None


def damage_of(
    error: UnexpectedInput | BetweenLevels, lines: Sequence[str], blanked: Collection[int], building: Building
) -> Damage:
    """`lines` are those that failed to parse, with the numbers `blanked` already blank. Blanking the answer's
    lines always leaves less than before."""
    if isinstance(error, BetweenLevels):
        levels = " or ".join(str(level) for level in error.levels)
        message = f"this line has {error.width} spaces before it, where the lines around it have {levels}"
        return _too_deep(lines, error.line, message, building)
    token = None if isinstance(error, UnexpectedCharacters) else getattr(error, "token", None)
    kind = token.type if isinstance(token, Token) else ""
    # what may stand here, asked of the parser: the exception's own list holds what only other contexts take
    parser = error.interactive_parser
    expected = set(parser.accepts()) if parser else set()  # type: ignore[no-untyped-call]
    if kind == "_INDENT":
        return _too_deep(lines, error.line, "this line is indented too far", building)
    if kind == "_DEDENT":
        return _ends_early(lines, blanked, int(str(token)), error.line, expected, building)
    if expected == {"_INDENT"}:
        after = len(lines) + 1 if kind == "$END" else error.line
        return _without_block(lines, blanked, after, building)
    return _unexpected(lines, blanked, error, kind, expected, building)


def blank(lines: Sequence[str], damage: Damage) -> list[str]:
    """The lines with the damaged ones emptied, so that all others keep their numbers."""
    return ["" if damage.first <= number <= damage.last else line for number, line in enumerate(lines, 1)]


def is_code(line: str) -> bool:
    """Whether a line says something: it is neither blank nor a comment."""
    return bool(line.strip(" ")) and not line.lstrip(" ").startswith("#")


def _too_deep(lines: Sequence[str], line: int, message: str, building: Building) -> Damage:
    """The line and those after it that are at least as deep: they were meant to stand together."""
    depth = _depth(lines[line - 1])
    diagnostic = Diagnostic("indentation", message, _whole_line(lines, line, building))
    return Damage(line, _last_below(lines, line, depth), diagnostic)


def _ends_early(
    lines: Sequence[str],
    blanked: Collection[int],
    head: int,
    line: int,
    expected: Collection[str],
    building: Building,
) -> Damage:
    """The block headed by line `head` ends where something is still wanted."""
    last = max(head, line - 1)
    diagnostic = None
    if not any(head < number <= last for number in blanked):
        message = f"something is missing at the end of this block: expected {named(expected)}"
        diagnostic = Diagnostic("syntax", message, _whole_line(lines, head, building))
    return Damage(head, last, diagnostic)


def _without_block(lines: Sequence[str], blanked: Collection[int], line: int, building: Building) -> Damage:
    """The line before `line` must head a block, and does not."""
    head = _code_before(lines, line)
    diagnostic = None
    if not any(head < number < line for number in blanked):
        message = "this line needs an indented block below it"
        diagnostic = Diagnostic("indentation", message, _whole_line(lines, head, building))
    return Damage(_first_of_logical(lines, head), head, diagnostic)


def _unexpected(
    lines: Sequence[str],
    blanked: Collection[int],
    error: UnexpectedInput,
    kind: str,
    expected: Collection[str],
    building: Building,
) -> Damage:
    line, column = error.line, error.column
    if kind == "_NL":  # its text begins behind the last word of the line, or behind the comment
        column = len(code_of(lines[line - 1])) + 1
    text = lines[line - 1]
    word = word_at(text, column)
    first, last = _first_of_logical(lines, line), _last_below(lines, line, _depth(text) + 1)
    begins_line = not text[: column - 1].strip(" ")
    if begins_line and word in _SECOND_HALVES and _follows_blanked(lines, blanked, line):
        return Damage(first, last, None)
    place = building.stretch(line, column, line, column + max(1, len(word)))
    may_be = named(expected)
    if kind == "_NL":
        return Damage(first, last, Diagnostic("syntax", f"the line ends too early: expected {may_be}", place))
    if word in ('"', "`"):
        marks = "quotes" if word == '"' else "back-quotes"
        message = f"the {marks} that open here are not closed on this line"
        return Damage(first, last, Diagnostic("syntax", message, place, "", hint(text, column, expected)))
    better = meant(word, expected)
    return Damage(
        first,
        last,
        Diagnostic(
            "syntax",
            f"`{word}` cannot stand here: expected {may_be}",
            place,
            f"did you mean `{better}`?" if better else "",
            hint(text, column, expected),
        ),
    )


def _whole_line(lines: Sequence[str], line: int, building: Building) -> Place:
    return building.stretch(line, _depth(lines[line - 1]) + 1, line, len(code_of(lines[line - 1])) + 1)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _code_before(lines: Sequence[str], line: int) -> int:
    """The last line before `line` that says something, or 1."""
    return next((n for n in range(line - 1, 0, -1) if is_code(lines[n - 1])), 1)


def _follows_blanked(lines: Sequence[str], blanked: Collection[int], line: int) -> bool:
    before = _code_before(lines, line)
    return any(before < number < line for number in blanked)


def _first_of_logical(lines: Sequence[str], line: int) -> int:
    """The line where the words of `line` began: one that begins with `and` goes on with the one before it."""
    while line > 1 and _CONTINUES.match(lines[line - 1]):
        line = _code_before(lines, line)
    return line


def _last_below(lines: Sequence[str], line: int, depth: int) -> int:
    """The last line of those after `line` that are at least so deep, or go on with it."""
    last = line
    for number in range(line + 1, len(lines) + 1):
        text = lines[number - 1]
        if not is_code(text):
            continue
        if _depth(text) < depth and not _CONTINUES.match(text):
            break
        last = number
    return last
