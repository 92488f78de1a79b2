"""Where each character of a scalar stands in its file, whatever the style in which it is written."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from parcours.diagnostics import Place
from parcours.language.yaml_reader import Scalar

_HEX_DIGITS = {"x": 2, "u": 4, "U": 8}
_BLANK = " \t\n"


class Source:
    """The text of a YAML file, and places in it by index. `text` is without byte order mark, each line ends in \\n."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def place(self, start: int, end: int) -> Place:
        """The stretch between two indexes; never empty, and never behind the end of a line."""
        line = bisect_right(self._starts, start)
        column = start - self._starts[line - 1] + 1
        end_line = bisect_right(self._starts, max(start, end - 1))
        end_column = max(end, start + 1) - self._starts[end_line - 1] + 1
        return Place(self.file, line, column, end_line, end_column)

    def line(self, index: int) -> int:
        """The number of the line, from 1, in which a character stands."""
        return bisect_right(self._starts, index)

    def column(self, index: int) -> int:
        """How many characters stand before one in its line."""
        return index - self._starts[bisect_right(self._starts, index) - 1]

    def indent(self, line: int) -> int:
        """How many blanks stand before the first character of a line."""
        start = self._starts[line - 1]
        end = self._starts[line] if line < len(self._starts) else len(self.text)
        text = self.text[start:end].removesuffix("\n")
        return len(text) - len(text.lstrip(" "))

    def begins_line(self, index: int) -> bool:
        """Whether nothing but blanks stands before a character in its line."""
        return not self.text[self._starts[self.line(index) - 1] : index].strip(" \t")

    def inside(self, scalar: Scalar) -> str:
        """A scalar as it stands in the file, with quotes and marks."""
        return self.text[scalar.span[0] : scalar.span[1]]

    def is_block(self, scalar: Scalar) -> bool:
        """Whether a scalar is written as lines below a `|` or `>`."""
        return self.inside(scalar)[:1] in ("|", ">")

    def indexes(self, scalar: Scalar) -> list[int]:
        """For each character of the scalar's text the index in the file at which it is written."""
        start, written = scalar.span[0], self.inside(scalar)
        if written == scalar.text:
            return list(range(start, start + len(written)))
        if written.startswith('"'):
            return [start + at for at in _escaped(written)]
        first = written.find("\n") + 1 if self.is_block(scalar) else 0
        if written.startswith("'"):
            first = 1
        return [start + at for at in _as_found(scalar.text, written, first)]


def _escaped(written: str) -> Iterator[int]:
    """The same for a text in double quotes."""
    at = 1
    while at < len(written) - 1:
        if written[at] == "\\":
            mark = written[at + 1]
            if mark == "\n":  # the line goes on in the next one, without a character between
                at += 2
                while written[at] in _BLANK:
                    at += 1
                continue
            yield at
            at += 2 + _HEX_DIGITS.get(mark, 0)
        elif "\n" in (fold := _blanks(written, at)):
            # one end of line is a space, each further one is itself
            yield from [at] * max(1, fold.count("\n") - 1)
            at += len(fold)
        else:
            yield at
            at += 1


def _blanks(written: str, at: int) -> str:
    end = at
    while end < len(written) and written[end] in _BLANK:
        end += 1
    return written[at:end]


def _as_found(text: str, written: str, first: int) -> Iterator[int]:
    """The same where every character that is not blank is written as it is."""
    at = first
    for character in text:
        if character not in _BLANK:
            at = written.find(character, at)
        yield min(at, len(written) - 1)
        at += 1
