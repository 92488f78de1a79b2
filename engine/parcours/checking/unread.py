"""What of the journey files could not be read, so that one mistake is told once and not again by its follow-ups."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from parcours.diagnostics import Diagnostic, Place
from parcours.language.pieces import Piece, pieces
from parcours.model.project import Declaration

_WORD = re.compile(r"`([^`\n]+)`|([A-Za-z_]\w*)")
# after these nothing is known of a file or folder, nor of the names that it declares
_WHOLE_FILE = frozenset({"unreadable-file", "unknown-library", "too-many-mistakes"})
# after these a declaration is left of which a line is missing
_LINES_LOST = frozenset({"syntax", "indentation"})


@dataclass(frozen=True, slots=True)
class Unread:
    """`places` have been spoken of already: the damaged declarations whole, and what else was refused when reading.

    `names` are those that damaged declarations may have declared; `any_name` when it could have been any."""

    places: tuple[Place, ...] = ()
    names: frozenset[str] = frozenset()
    any_name: bool = False

    def covers(self, place: Place) -> bool:
        """Whether a finding there could be a follow-up."""
        return any(_overlap(place, spoiled) for spoiled in self.places)

    def may_declare(self, name: str) -> bool:
        return self.any_name or name in self.names


NOTHING_UNREAD = Unread()


def unread(
    declarations: Iterable[Declaration], sources: Mapping[str, str], found: Sequence[Diagnostic]
) -> Unread:
    """`found` is what reading the project said."""
    errors = [d for d in found if d.severity == "error"]
    if not errors:
        return NOTHING_UNREAD
    places: list[Place] = []
    names: set[str] = set()
    heads = {(d.place.file, d.place.line) for d in declarations}
    cut = _Cut(sources)
    nameless = False
    spoiled: set[tuple[str, int]] = set()
    for error in errors:
        places.append(error.place)
        piece = cut.around(error.place)
        if piece is None:
            continue
        file, lines, head = error.place.file, piece.lines, (error.place.file, piece.first_line)
        if head not in spoiled and (error.code in _LINES_LOST or head not in heads):
            spoiled.add(head)
            last = piece.first_line + len(lines) - 1
            places.append(Place(file, piece.first_line, 1, last, len(lines[-1]) + 1))
            names.update(_declared(lines))
            nameless = nameless or len(lines[0].split()) == 1
    any_name = nameless or any(map(_loses_all, errors))
    return Unread(tuple(places), frozenset(names), any_name)


def _loses_all(error: Diagnostic) -> bool:
    return error.code in _WHOLE_FILE or (error.code == "too-large" and error.place.line == 0)


class _Cut:
    """The declarations of each file as the parser cuts them, each file cut once."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources
        self._pieces: dict[str, list[Piece]] = {}

    def around(self, place: Place) -> Piece | None:
        """The declaration in which a place lies; None for a file as a whole, and for what is before them all."""
        if place.file not in self._pieces:
            self._pieces[place.file] = pieces(self._sources.get(place.file, "").split("\n"))
        found = self._pieces[place.file]
        at = bisect_right(found, place.line, key=lambda piece: piece.first_line)
        return found[at - 1] if place.line and at else None


def _declared(lines: Sequence[str]) -> Iterator[str]:
    """Words that may be names, as they should have been written: all of the head, and the first of each other line
    (stages, bodies, labels)."""
    for number, line in enumerate(lines):
        words = [quoted or plain.lower() for quoted, plain in _WORD.findall(line)]
        yield from words if number == 0 else words[:1]


def _overlap(one: Place, other: Place) -> bool:
    if one.file != other.file or not one.line or not other.line:
        return False
    starts = (one.line, one.column) < (other.end_line, other.end_column)
    return starts and (other.line, other.column) < (one.end_line, one.end_column)
