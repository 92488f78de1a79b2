"""Indentation becomes tokens: `_INDENT` where a line is deeper than the one before, `_DEDENT` where it is less deep.

Not lark's own `Indenter`: that one gives no place for a line between two levels.
"""

from collections.abc import Iterator

from lark import Token


class BetweenLevels(Exception):  # noqa: N818 - a mistake in the user's text, made a diagnostic by the parser
    """A line that is less deep than the one before it and lines up with no block that is open."""

    def __init__(self, line: int, width: int, levels: tuple[int, ...]) -> None:
        super().__init__(line, width, levels)
        self.line = line
        self.width = width  # its spaces
        self.levels = levels  # the spaces of the blocks that are open


class JourneyIndenter:
    """The step between lexer and parser. Without state of its own, so one serves every text.

    Both tokens stand at the first word of the line that they come before. The value of a `_DEDENT` is the number
    of the line that heads the block which it ends.
    """

    always_accept = ("_NL",)

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """The tokens of a text with `_INDENT` and `_DEDENT` between them. Raises `BetweenLevels`."""
        levels: list[tuple[int, int]] = [(0, 0)]  # spaces, and the line that heads the block
        line = 1  # of the last word seen
        for token in stream:
            yield token
            if token.type != "_NL":
                line = token.line or line
                continue
            width = len(token.rpartition("\n")[2])
            if width > levels[-1][0]:
                levels.append((width, line))
                yield _mark("_INDENT", "", token)
            while width < levels[-1][0]:
                _, head = levels.pop()
                if width > levels[-1][0]:
                    open_levels = (*(spaces for spaces, _ in levels), _)
                    raise BetweenLevels(token.end_line or line, width, open_levels)
                yield _mark("_DEDENT", str(head), token)


def _mark(kind: str, value: str, newline: Token) -> Token:
    line, column, at = newline.end_line, newline.end_column, newline.end_pos
    return Token(kind, value, at, line, column, line, column, at)
