"""What of the journey files could not be read, so that one mistake is told once and not again by its follow-ups."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from parcours.diagnostics import Diagnostic, Place
from parcours.model.project import Project

_WORD = re.compile(r"`([^`\n]+)`|([a-z_][a-z0-9_]*)")
# after these nothing is known of a file or folder, nor of the names that it declares
_WHOLE_FILE = frozenset({"unreadable-file", "unknown-library", "not-supported-yet"})
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


def unread(project: Project, found: Sequence[Diagnostic]) -> Unread:
    """`found` is what reading the project said."""
    errors = [d for d in found if d.severity == "error"]
    places: list[Place] = []
    names: set[str] = set()
    heads = {(d.place.file, d.place.line) for d in project.declarations}
    for error in errors:
        places.append(error.place)
        piece = _piece(project.sources, error.place)
        if piece is None:
            continue
        place, lines = piece
        if error.code in _LINES_LOST or (place.file, place.line) not in heads:
            places.append(place)
            names.update(_declared(lines))
    return Unread(tuple(places), frozenset(names), any(d.code in _WHOLE_FILE for d in errors))


def _piece(sources: Mapping[str, str], place: Place) -> tuple[Place, list[str]] | None:
    """The stretch from the unindented line at or above a place to the one below it, and its lines."""
    lines = sources.get(place.file, "").split("\n")
    starts = [number for number, line in enumerate(lines, 1) if line[:1] not in ("", " ", "\t", "#")]
    at = bisect_right(starts, place.line)
    if place.line == 0 or at == 0:
        return None
    first = starts[at - 1]
    last = starts[at] - 1 if at < len(starts) else len(lines)
    return Place(place.file, first, 1, last, len(lines[last - 1]) + 1), lines[first - 1 : last]


def _declared(lines: Sequence[str]) -> Iterator[str]:
    """Words that may be names: all of the head, and the first of each other line (stages, bodies, labels)."""
    for number, line in enumerate(lines):
        words = [quoted or plain for quoted, plain in _WORD.findall(line)]
        yield from words if number == 0 else words[:1]


def _overlap(one: Place, other: Place) -> bool:
    if one.file != other.file or not one.line or not other.line:
        return False
    starts = (one.line, one.column) < (other.end_line, other.end_column)
    return starts and (other.line, other.column) < (one.end_line, one.end_column)
