"""What every builder needs: places of words and lines, names, and a way to say what is wrong."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias, cast

from lark import Token, Tree

from parcours.diagnostics import Diagnostic, Place
from parcours.model.node import Name

Branch: TypeAlias = Tree[Token]
Part: TypeAlias = Tree[Token] | Token
Locate: TypeAlias = Callable[[int, int, int, int], Place]
"""From line, column, last line and column behind the end of a stretch, as parsed, to its place in the file."""

# a line up to its comment: what stands in quotes or back-quotes may hold a #
_CODE = re.compile(r'(?:"(?:[^"\\]|\\.)*"|`[^`]*`|[^#"`])*')
_ESCAPE = re.compile(r'\\(["\\n])')


class Refused(Exception):  # noqa: N818 - a mistake of the user, already reported as a diagnostic
    """The declaration cannot be built; the reason is among the diagnostics."""


class Building:
    """One declaration on its way from tree to model.

    `lines` are those that were parsed, of which the first is line `first_line` of the file; `widened` is the
    `PlainText`'s, by line of the file. `locate` is for lines that are not the file's own: it leads from a stretch of
    them to the place in the file.
    """

    def __init__(
        self,
        file: str,
        lines: Sequence[str],
        first_line: int,
        widened: Mapping[int, int],
        locate: Locate | None = None,
    ) -> None:
        self.file = file
        self._locate = locate
        self.diagnostics: list[Diagnostic] = []
        self._lines = lines
        self._before = first_line - 1
        self._widened = dict(widened)

    def moved(self, lines: Iterable[int], by: int) -> None:
        """Says that these of the lines have got `by` more spaces before them than they have in the file."""
        for line in lines:
            number = line + self._before
            self._widened[number] = self._widened.get(number, 0) + by

    def stretch(self, line: int, column: int, end_line: int, end_column: int) -> Place:
        """A place in the user's file, from lines and columns of what was parsed."""
        first, last = line + self._before, end_line + self._before
        start = max(1, column - self._widened.get(first, 0))
        end = max(1, end_column - self._widened.get(last, 0))
        if self._locate is not None:
            return self._locate(first, start, last, end)
        return Place(self.file, first, start, last, end)

    def place(self, part: Part) -> Place:
        """The place of a word or of a part of a line."""
        at: Any = part if isinstance(part, Token) else part.meta
        return self.stretch(at.line, at.column, at.end_line, at.end_column)

    def head(self, tree: Branch) -> Place:
        """The place of a line, or of the line that heads a block: without comment and blanks at its end."""
        line, column = tree.meta.line, tree.meta.column
        return self.stretch(line, column, line, len(code_of(self._lines[line - 1])) + 1)

    def lines(self, clauses: Iterable[Branch]) -> dict[str, Place]:
        """Where each clause is written, by its rule in the grammar; the first of those that are there twice."""
        found: dict[str, Place] = {}
        for clause in clauses:
            found.setdefault(str(clause.data), self.head(clause))
        return found

    def name(self, token: Token) -> Name:
        return Name(place=self.place(token), text=plain_name(token))

    def optional_name(self, token: Token | None) -> Name | None:
        return None if token is None else self.name(token)

    def report(self, code: str, message: str, place: Place, *, mark: str = "", help: str = "") -> None:  # noqa: A002
        self.diagnostics.append(Diagnostic(code, message, place, mark, help))

    def refusal(
        self,
        code: str,
        message: str,
        place: Place,
        *,
        mark: str = "",
        help: str = "",  # noqa: A002
    ) -> Refused:
        """Reports, and answers what to raise so that the declaration is given up."""
        self.report(code, message, place, mark=mark, help=help)
        return Refused()

    def single(self, lines: Iterable[Branch], *kinds: str, help: str = "") -> Branch | None:  # noqa: A002
        """The one line of these kinds, or None. Each further one is a `repeated-clause`; `help` instead of what is always said."""
        found = [line for line in lines if line.data in kinds]
        for extra in found[1:]:
            place, first = self.head(extra), self.head(found[0])
            said = self._lines[extra.meta.line - 1].split()[0]
            mark = f"first said in line {first.line}"
            self.report("repeated-clause", f"`{said}` is said twice", place, mark=mark, help=help)
        return found[0] if found else None


def code_of(line: str) -> str:
    """A line without its comment and the blanks at its end."""
    match = _CODE.match(line)
    return (match.group() if match else line).rstrip(" \t")


def plain_name(token: Token) -> str:
    """The name without its back-quotes."""
    return token.strip("`")


def plain_text(token: Token) -> str:
    """What stands between the quotes: `\\"`, `\\\\` and `\\n` stand for a quote, a backslash and a new line."""
    return _ESCAPE.sub(lambda match: "\n" if match[1] == "n" else match[1], token[1:-1])


def branches(tree: Branch | None) -> list[Branch]:
    """The children that are trees; none of no tree."""
    return [] if tree is None else [child for child in tree.children if isinstance(child, Tree)]


def branch(tree: Branch, at: int) -> Branch:
    """The child, known by the grammar to be a tree."""
    return cast(Branch, tree.children[at])


def branch_or_none(tree: Branch, at: int) -> Branch | None:
    return cast("Branch | None", tree.children[at])


def word(tree: Branch, at: int) -> Token:
    """The child, known by the grammar to be a word."""
    return cast(Token, tree.children[at])


def word_or_none(tree: Branch, at: int) -> Token | None:
    return cast("Token | None", tree.children[at])
