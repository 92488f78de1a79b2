"""A declaration that cannot be parsed, made readable again mistake by mistake.

A line that stands at the wrong depth is moved. Any other that is damaged is blanked with the block that it heads.
That may leave an `else` without its `if`, or a block without lines: such follow-ups are blanked too, and nobody is told.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput

from parcours.diagnostics import Diagnostic, Place
from parcours.language.building import Building, code_of
from parcours.language.depth import Shift, depth_of, shift_of
from parcours.language.effort import Effort
from parcours.language.indenter import BetweenLevels
from parcours.language.pieces import goes_on, is_code
from parcours.language.syntax_message import named, syntax_error, word_at

Failure: TypeAlias = UnexpectedInput | BetweenLevels

_SECOND_HALVES = ("else", "otherwise", "then")


@dataclass(frozen=True, slots=True)
class _Damage:
    """Lines `first` to `last` (from 1, both included) are to be blanked; no diagnostic means a follow-up."""

    first: int
    last: int
    diagnostic: Diagnostic | None


@dataclass(frozen=True, slots=True)
class _Mistake:
    """Where the parser stopped: at a token of the kind `kind`, where it would have taken one of `expected`."""

    line: int
    column: int
    kind: str
    expected: frozenset[str]


class Recovery:
    """`lines` are what is left of a declaration. After each failure there is less of it, or it makes more sense;
    what the user is told of it is reported to `building`."""

    def __init__(
        self,
        lines: Sequence[str],
        building: Building,
        failure_of: Callable[[Sequence[str]], Failure | None],
        effort: Effort,
    ) -> None:
        self.lines = list(lines)
        self._building = building
        self._failure_of = failure_of
        self._effort = effort
        self._blanked: set[int] = set()
        self._moved: set[int] = set()  # lines whose depth has been complained about

    def after(self, failure: Failure) -> None:
        """Mends or blanks what `failure` stopped at."""
        mistake, damage = _mistake(failure), self._damage(failure)
        shift = self._shift(mistake) if damage.diagnostic is not None else None
        if shift is not None:
            self._building.diagnostics.append(self._of_depth(failure, mistake, shift))
            self._move(shift)
            return
        if damage.diagnostic is not None:
            self._building.diagnostics.append(damage.diagnostic)
        rest = ["" if damage.first <= n <= damage.last else line for n, line in enumerate(self.lines, 1)]
        assert rest != self.lines, "a damage that blanks nothing would be found for ever"
        self.lines = rest
        self._blanked.update(range(damage.first, damage.last + 1))

    # ---- lines at the wrong depth

    def _shift(self, mistake: _Mistake) -> Shift | None:
        """How to move the line of a mistake, or the one before it, when its depth is what is wrong."""
        if not self._begins_line(mistake):
            return None
        shift = shift_of(self.lines, mistake.line, self._error_line)
        return None if shift is None or shift.first in self._moved else shift

    def _move(self, shift: Shift) -> None:
        moving = range(shift.first, shift.last + 1)
        self.lines = shift.applied(self.lines)
        self._building.moved(moving, shift.by)
        self._moved.update(moving)

    def _of_depth(self, failure: Failure, mistake: _Mistake, shift: Shift) -> Diagnostic:
        there = depth_of(self.lines[shift.first - 1])
        wanted = str(there + shift.by)
        if isinstance(failure, BetweenLevels) and shift.first == failure.line:
            # a declaration begins at 0, and this line is none
            wanted = " or ".join(map(str, failure.levels[1:] or failure.levels))
        elif mistake.expected == {"_INDENT"} and there > 0:
            head = _code_before(self.lines, mistake.line)
            return Diagnostic("indentation", "this line needs an indented block below it", self._whole(head))
        spaces = "1 space" if there == 1 else f"{there} spaces"
        message = f"this line has {spaces} before it, where {wanted} are wanted"
        return Diagnostic("indentation", message, self._whole(shift.first))

    def _error_line(self, lines: Sequence[str]) -> int | None:
        if not self._effort.may_parse(sum(map(len, lines))):
            return 0  # as if nothing could be read
        failure = self._failure_of(lines)
        if failure is None:
            return None
        token = getattr(failure, "token", None)
        at_end = isinstance(token, Token) and token.type == "$END"
        return len(lines) + 1 if at_end else failure.line

    def _begins_line(self, mistake: _Mistake) -> bool:
        if mistake.kind == "_NL" or not 1 <= mistake.line <= len(self.lines):
            return False
        return not self.lines[mistake.line - 1][: mistake.column - 1].strip(" ")

    # ---- lines that are given up

    def _damage(self, failure: Failure) -> _Damage:
        if isinstance(failure, BetweenLevels):
            levels = " or ".join(str(level) for level in failure.levels)
            return self._too_deep(
                failure.line,
                f"this line has {failure.width} spaces before it, where the lines around it have {levels}",
            )
        mistake = _mistake(failure)
        if mistake.kind == "_INDENT":
            return self._too_deep(mistake.line, "this line is indented too far")
        if mistake.kind == "_DEDENT":
            return self._ends_early(int(str(failure.token)), mistake)  # type: ignore[attr-defined]
        if mistake.expected == {"_INDENT"}:
            return self._without_block(len(self.lines) + 1 if mistake.kind == "$END" else mistake.line)
        return self._unexpected(mistake)

    def _too_deep(self, line: int, message: str) -> _Damage:
        """The line and those after it that are at least as deep: they were meant to stand together."""
        last = self._last_below(line, depth_of(self.lines[line - 1]))
        return _Damage(line, last, self._untold(line, Diagnostic("indentation", message, self._whole(line))))

    def _ends_early(self, head: int, mistake: _Mistake) -> _Damage:
        """The block headed by line `head` ends where something is still wanted."""
        last = max(head, mistake.line - 1)
        if any(head < number <= last for number in self._blanked):
            return _Damage(head, last, None)
        message = f"something is missing at the end of this block: expected {named(mistake.expected)}"
        return _Damage(head, last, Diagnostic("syntax", message, self._whole(head)))

    def _without_block(self, line: int) -> _Damage:
        """The line before `line` must head a block, and does not."""
        head = _code_before(self.lines, line)
        first = self._first_of_logical(head)
        if any(head < number < line for number in self._blanked):
            return _Damage(first, head, None)
        message = "this line needs an indented block below it"
        return _Damage(first, head, Diagnostic("indentation", message, self._whole(head)))

    def _unexpected(self, mistake: _Mistake) -> _Damage:
        line, column = mistake.line, mistake.column
        if mistake.kind == "_NL":  # its text begins behind the last word of the line, or behind the comment
            column = len(code_of(self.lines[line - 1])) + 1
        text = self.lines[line - 1]
        first, last = self._first_of_logical(line), self._last_below(line, depth_of(text) + 1)
        if self._is_second_half(mistake):
            return _Damage(first, last, None)
        code = code_of(text)  # what follows a quote that is left open is none
        code = code if column <= len(code) + 1 else text
        found = syntax_error(code, column, mistake.kind == "_NL", mistake.expected)
        place = self._building.stretch(line, found.column, line, found.end_column)
        diagnostic = Diagnostic("syntax", found.message, place, found.mark, found.help)
        return _Damage(first, last, self._untold(line, diagnostic))

    def _untold(self, line: int, found: Diagnostic) -> Diagnostic | None:
        """Nothing when the depth of the line has been complained about: where it was meant to be is a guess."""
        return None if line in self._moved else found

    # ---- lines and what belongs to them

    def _whole(self, line: int) -> Place:
        text = self.lines[line - 1]
        end = len(code_of(text))
        if end <= depth_of(text):  # a quote that is left open begins it
            end = len(text)
        return self._building.stretch(line, depth_of(text) + 1, line, end + 1)

    def _is_second_half(self, mistake: _Mistake) -> bool:
        """Whether the line goes on with one that is blank by now."""
        if not self._begins_line(mistake):
            return False
        if word_at(self.lines[mistake.line - 1], mistake.column) not in _SECOND_HALVES:
            return False
        before = _code_before(self.lines, mistake.line)
        return any(before < number < mistake.line for number in self._blanked)

    def _first_of_logical(self, line: int) -> int:
        """The line where the words of `line` began: one that begins with `and` goes on with the one before it."""
        while line > 1 and goes_on(self.lines[line - 1]):
            line = _code_before(self.lines, line)
        return line

    def _last_below(self, line: int, depth: int) -> int:
        """The last line of those after `line` that are at least so deep, or go on with it."""
        last = line
        for number in range(line + 1, len(self.lines) + 1):
            text = self.lines[number - 1]
            if not is_code(text):
                continue
            if depth_of(text) < depth and not goes_on(text):
                break
            last = number
        return last


def _mistake(failure: Failure) -> _Mistake:
    if isinstance(failure, BetweenLevels):
        return _Mistake(failure.line, failure.width + 1, "", frozenset())
    token = None if isinstance(failure, UnexpectedCharacters) else getattr(failure, "token", None)
    kind = token.type if isinstance(token, Token) else ""
    # what may stand here, asked of the parser: the exception's own list holds what only other contexts take
    parser = failure.interactive_parser
    expected = frozenset(parser.accepts()) if parser else frozenset()  # type: ignore[no-untyped-call]
    return _Mistake(failure.line, failure.column, kind, expected)


def _code_before(lines: Sequence[str], line: int) -> int:
    """The last line before `line` that says something, or 1."""
    return next((n for n in range(line - 1, 0, -1) if is_code(lines[n - 1])), 1)
