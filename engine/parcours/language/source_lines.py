"""The lines of a text, each with its comment, for those who put comments back where they belong."""

from collections.abc import Iterator
from dataclasses import dataclass

from parcours.language.building import code_of
from parcours.language.pieces import goes_on


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of a journey file. `indent` counts its spaces; `code` and `comment` are "" where there is none."""

    number: int
    indent: int
    code: str
    comment: str


@dataclass(frozen=True, slots=True)
class LogicalLine:
    """Code with the lines that go on with it, and what stands between those. `before` are the lines of comment before
    it, and the blank ones, of which there are never two in a row."""

    before: tuple[SourceLine, ...]
    lines: tuple[SourceLine, ...]

    @property
    def first(self) -> SourceLine:
        return self.lines[0]


def source_lines(text: str) -> Iterator[SourceLine]:
    """The lines of a text that was made plain (`normalise`)."""
    for number, line in enumerate(text.split("\n"), 1):
        code = code_of(line)
        comment = line[len(code) :].strip(" \t")
        yield SourceLine(number, len(line) - len(line.lstrip(" ")), code.strip(" \t"), comment)


def logical_lines(text: str) -> tuple[list[LogicalLine], tuple[SourceLine, ...]]:
    """The code of a text in its order, and the comments and blank lines behind the last code."""
    logical: list[LogicalLine] = []
    before: list[SourceLine] = []
    for line in source_lines(text):
        if not line.code:
            if line.comment or not (before and not before[-1].comment):
                before.append(line)
        elif logical and goes_on(line.code):
            last = logical[-1]
            logical[-1] = LogicalLine(last.before, (*last.lines, *before, line))
            before = []
        else:
            logical.append(LogicalLine(tuple(before), (line,)))
            before = []
    return logical, tuple(before)
