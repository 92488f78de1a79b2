"""Lines of the text form that say what a YAML file says, and for every character of them where it was said."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from parcours.diagnostics import Place
from parcours.language.normalise import LEVEL
from parcours.language.yaml_comments import CommentLine, YamlComments
from parcours.language.yaml_reader import Scalar
from parcours.language.yaml_spans import Source


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a line and the scalar that says them. `spelled`: they are the scalar's text, character for
    character; else they stand for all of it."""

    words: str
    scalar: Scalar
    spelled: bool = False


@dataclass(slots=True)
class _Line:
    text: str = ""
    depth: int = 0
    column: int = 0  # at which the clause begins in the file, with its dash
    starts: list[int] = field(default_factory=list)  # the columns, from 0, at which the pieces begin
    pieces: list[Piece] = field(default_factory=list)
    indexes: dict[int, list[int]] = field(default_factory=dict)  # of spelled pieces, made when needed


class Transcript:
    """Grows line by line. `comments` are put beside the lines that their code goes to, each once."""

    def __init__(self, source: Source, comments: YamlComments) -> None:
        self._source = source
        self._above = dict(comments.above)
        self._beside = dict(comments.beside)
        self._end = comments.end
        self._lines: list[_Line] = []

    @property
    def lines(self) -> list[str]:
        return [line.text for line in self._lines]

    @property
    def length(self) -> int:
        return len(self._lines)

    def line(self, depth: int, pieces: Sequence[Piece], column: int) -> None:
        """A line of code, with the comments of all lines of the file that its pieces come from. `column` is the one, from
        0, at which the clause begins in the file, its dash included."""
        self.comments_above(depth, [piece.scalar for piece in pieces])
        made = _Line(" " * (LEVEL * depth), depth, column)
        for piece in pieces:
            blank = "" if not made.text.strip() or piece.words[:1] in (",", ":") else " "
            made.text += blank
            made.starts.append(len(made.text))
            made.pieces.append(piece)
            made.text += piece.words
        if beside := self._taken_beside([piece.scalar for piece in pieces]):
            *others, last = beside
            for comment in others:
                self._comment(depth, comment)
            made.text += f"  {last}"
        self._lines.append(made)

    def comments_above(self, depth: int, scalars: Sequence[Scalar]) -> None:
        """The comments above the lines of some scalars, and those that belong to the end of a block before them."""
        for number in self._numbers(scalars):
            self._take_above(depth, self._above.pop(number, ()), self._source.indent(number))

    def key_line(self, depth: int, key: Scalar) -> None:
        """A line of the file to which none of the text form corresponds: its comments go on to the next."""
        self.comments_above(depth, [key])
        for comment in self._taken_beside([key]):
            self._comment(depth, comment)

    def finish(self) -> None:
        """What stands behind everything, and what is left of comments: nothing of the author's is lost."""
        for number in sorted({*self._above, *self._beside}):
            self._take_above(0, self._above.pop(number, ()), 0)
            if number in self._beside:
                self._comment(0, self._beside.pop(number))
        self._take_above(0, self._end, 0)

    def _take_above(self, depth: int, comments: Sequence[CommentLine], indent: int) -> None:
        for comment in comments:
            if not comment.text:
                self._lines.append(_Line())
            else:
                self._comment(
                    depth if comment.column <= indent else self._depth_at(comment.column, depth), comment.text
                )

    def _depth_at(self, column: int, depth: int) -> int:
        """The depth of a comment that is further in than the code below it: that of the clause above that begins in its
        column, or of what is below a clause that begins before it."""
        for line in reversed(self._lines):
            if line.pieces and line.column <= column:
                return max(depth, line.depth + (line.column < column))
        return depth

    def _comment(self, depth: int, comment: str) -> None:
        self._lines.append(_Line(" " * (LEVEL * depth) + comment))

    def _numbers(self, scalars: Sequence[Scalar]) -> list[int]:
        """The lines of the file that some scalars are written on."""
        numbers: set[int] = set()
        for scalar in scalars:
            start, end = scalar.span
            numbers.update(range(self._source.line(start), self._source.line(max(start, end - 1)) + 1))
        return sorted(numbers)

    def _taken_beside(self, scalars: Sequence[Scalar]) -> list[str]:
        return [self._beside.pop(number) for number in self._numbers(scalars) if number in self._beside]

    def locate(self, line: int, column: int, end_line: int, end_column: int) -> Place:
        """The place in the YAML file of a stretch of the lines, both counted from 1."""
        first = self._place(line, column)
        if (end_line, end_column) <= (line, column + 1):
            return first
        last = self._place(end_line, max(1, end_column - 1))
        return first if last < first else first.to(last)

    def _place(self, line: int, column: int) -> Place:
        """The place of one character. One that stands on no piece belongs to the one before it, or to the next."""
        line = min(line, len(self._lines))
        while line > 1 and not self._lines[line - 1].pieces:
            line -= 1
        made = self._lines[line - 1]
        if not made.pieces:
            return Place(self._source.file)
        at = max(0, bisect_right(made.starts, column - 1) - 1)
        piece, inside = made.pieces[at], column - 1 - made.starts[at]
        if not piece.spelled or not piece.words:
            return self._source.place(*piece.scalar.span)
        if at not in made.indexes:
            made.indexes[at] = self._source.indexes(piece.scalar)
        indexes = made.indexes[at]
        index = indexes[min(max(inside, 0), len(indexes) - 1)]
        return self._source.place(index, index + 1)
