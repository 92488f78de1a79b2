"""Comments find their clauses.

The clauses of a declaration stand in an order that may be another than the author's. A comment goes where its line of
code went:

- above a line: with the line below it;
- beside a line: with that line; of several lines that become one, the last comment stays beside it;
- behind the last line of a block, and at least as deep as the block: at the end of the block.

A blank line of the author's belongs to what is below it, and is left out where a block begins.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from parcours.language.clauses import NO_NOTES, Block, Clause, Document, Filled, Notes
from parcours.language.source_lines import LogicalLine, SourceLine


def with_comments(
    declarations: Sequence[Clause], logical: Sequence[LogicalLine], rest: Sequence[SourceLine]
) -> Document:
    """The declarations of a file with its comments. `logical` is the code of the file, `rest` what stands behind it."""
    attaching = _Attaching(logical)
    for declaration in declarations:
        attaching.locate(declaration)
    end = attaching.collect(rest)
    if end and not end[-1]:
        end.pop()  # blank lines at the end of a file
    noted = (attaching.noted(declaration, gap=False) for declaration in declarations)
    return Document(tuple(noted), _without_gap(end))


@dataclass(slots=True)
class _Room:
    """A block as it stands in the text. `around` is the block in which the line stands that heads it."""

    indent: int
    around: "_Room | None"
    end: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Spot:
    """What stands around a line of code, which is in a block (`room`) and may head one (`inside`)."""

    room: _Room | None
    inside: _Room | None = None
    above: list[str] = field(default_factory=list)
    beside: str = ""

    def add(self, line: SourceLine) -> None:
        """Adds the comment of a line of its code, or of a line between these. Only one can stay beside it."""
        if line.comment:
            self.raise_beside()
            if line.code:
                self.beside = line.comment
            else:
                self.above.append(line.comment)

    def raise_beside(self) -> None:
        """Makes room for another comment."""
        if self.beside:
            self.above.append(self.beside)
            self.beside = ""

    def notes(self, *, gap: bool) -> Notes:
        return Notes(tuple(self.above) if gap else _without_gap(self.above), self.beside)


class _Attaching:
    """Which line of code belongs to which clause, and what stands around it. Clauses are known by identity: two that
    say the same are two."""

    def __init__(self, logical: Sequence[LogicalLine]) -> None:
        self._logical = logical
        self._index = {line.number: at for at, code in enumerate(logical) for line in code.lines}
        self._spots: dict[int, _Spot] = {}  # by the index of the logical line
        self._clauses: dict[int, _Spot] = {}
        self._labels: dict[int, _Spot] = {}
        self._headings: dict[tuple[int, int], _Spot] = {}  # by clause and number of its block

    def locate(self, declaration: Clause) -> None:
        """Finds the lines of a declaration and of all that is in it."""
        self._locate(declaration, None)
        at = self._index[declaration.line]
        room = self._clauses[id(declaration)].inside
        for clause in (inner for filled in declaration.blocks for inner in filled.clauses):
            if not clause.line:  # the model does not know it: it begins with words that no other line has
                words = '"' if clause.form.name == "doc" else f"{clause.form.parts[0].words} "
                line = at + 1
                while line in self._spots or not f"{self._logical[line].first.code} ".startswith(words):
                    line += 1
                self._clauses[id(clause)] = self._spots[line] = _Spot(room)

    def _locate(self, clause: Clause, room: _Room | None) -> None:
        at = self._index[clause.line]
        if at in self._spots:
            return  # a trigger, in the line of `enter`
        spot = self._spots[at] = self._clauses[id(clause)] = _Spot(room)
        spot.inside = self._below(at, room) or (_Room(self._indent(at) + 1, room) if _plain(clause) else None)
        if clause.label:
            self._labels[id(clause)] = self._spots[at - 1] = _Spot(room)
        for number, filled in enumerate(clause.blocks):
            outer = room if filled.block.beside else spot.inside
            if filled.block.heading:
                outer = self._locate_heading(clause, number, filled, outer)
            for inner in filled.clauses:
                if inner.line:
                    self._locate(inner, outer)

    def _locate_heading(
        self, clause: Clause, number: int, filled: Filled, room: _Room | None
    ) -> _Room | None:
        first = filled.clauses[0]
        at = self._index[first.line] - (2 if first.label else 1)
        inside = self._below(at, room)
        self._headings[id(clause), number] = self._spots[at] = _Spot(room, inside)
        return inside

    def _below(self, at: int, room: _Room | None) -> _Room | None:
        """The block that the line heads, if it heads one."""
        if at + 1 == len(self._logical) or self._indent(at + 1) <= self._indent(at):
            return None
        return _Room(self._indent(at + 1), room)

    def _indent(self, at: int) -> int:
        return self._logical[at].first.indent

    def collect(self, rest: Sequence[SourceLine]) -> list[str]:
        """Puts each comment beside its code; the answer is what stands behind everything."""
        spot: _Spot | None = None
        for at, code in enumerate(self._logical):
            above = self._above(spot, code.before, self._indent(at))
            own = self._spots.get(at)
            spot = own or spot
            assert spot is not None, "the first line of code is that of a declaration"
            if own is None and above:  # a clause said in several lines that become one
                spot.raise_beside()
                above = [line for line in above if line]
            spot.above.extend(above)
            for line in code.lines:
                spot.add(line)
        return self._above(spot, rest, -1)

    def _above(self, before: _Spot | None, lines: Sequence[SourceLine], indent: int) -> list[str]:
        """Of the lines between two lines of code, those that belong to the second, which has that indentation. The
        others are at the end of a block that ends here."""
        room = None if before is None else before.inside or before.room
        above: list[str] = []
        gap = False
        for line in lines:
            if not line.comment:
                gap = True
                continue
            while room is not None and room.indent > max(line.indent, indent):
                room = room.around
            lines_here = above if room is None or room.indent <= indent else room.end
            lines_here.extend(["", line.comment] if gap else [line.comment])
            gap = False
        return [*above, ""] if gap else above

    def noted(self, clause: Clause, *, gap: bool) -> Clause:
        """The clause with its comments. `gap`: a blank line may stand before it."""
        spot = self._clauses.get(id(clause))
        if spot is None:
            return clause
        label_beside = ""
        if clause.label:
            label = self._labels[id(clause)]
            label_beside = label.beside
            spot.above = [*label.above, *(line for line in spot.above if line)]
        blocks = [self._noted_block(clause, number) for number in range(len(clause.blocks))]
        if spot.inside is not None and spot.inside.end:
            _put_at_end(blocks, clause.form.blocks, tuple(spot.inside.end))
        return replace(clause, blocks=tuple(blocks), notes=spot.notes(gap=gap), label_beside=label_beside)

    def _noted_block(self, clause: Clause, number: int) -> Filled:
        filled = clause.blocks[number]
        first = number == 0 or clause.blocks[number - 1].block.inline  # nothing of the clause is above it
        gap = not (first or filled.block.spaced)
        heading = self._headings.get((id(clause), number))
        clauses = tuple(
            self.noted(inner, gap=at > 0 or (gap and heading is None))
            for at, inner in enumerate(filled.clauses)
        )
        if heading is None:
            return replace(filled, clauses=clauses)
        end = () if heading.inside is None else tuple(heading.inside.end)
        return replace(filled, clauses=clauses, notes=heading.notes(gap=gap), end=end)


def _plain(clause: Clause) -> Block | None:
    """The block that begins right below the line of a clause, which may hold nothing but a comment."""
    blocks = clause.form.blocks
    return next((block for block in blocks if not (block.inline or block.beside or block.heading)), None)


def _put_at_end(blocks: list[Filled], order: Sequence[Block], end: tuple[str, ...]) -> None:
    """Adds comments behind the last block that is further in than the line of the clause."""
    for at in reversed(range(len(blocks))):
        filled = blocks[at]
        if not (filled.block.inline or filled.block.beside):
            blocks[at] = replace(filled, end=(*filled.end, *end))
            return
    plain = next(block for block in order if not (block.inline or block.beside or block.heading))
    blocks.append(Filled(plain, (), NO_NOTES, _without_gap(end)))


def _without_gap(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(lines[1:] if lines and not lines[0] else lines)
