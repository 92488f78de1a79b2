"""Journey text becomes declarations and diagnostics. Never raises on what a user wrote.

A file is cut into its declarations (pieces.py), so that a mistake in one cannot reach another. A declaration that does
not parse is mended or blanked where it is damaged (damage.py), and parsed again: one mistake gives one diagnostic.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from lark import Tree
from lark.exceptions import UnexpectedInput

from parcours.diagnostics import Diagnostic, Place
from parcours.language.build_declaration import build_declaration
from parcours.language.building import Branch, Building, Locate, Refused, code_of
from parcours.language.damage import Failure, Recovery
from parcours.language.effort import MOST_IN_FILE, MOST_MISTAKES, Effort
from parcours.language.indenter import BetweenLevels
from parcours.language.limits import is_too_large
from parcours.language.normalise import normalise
from parcours.language.pieces import Piece, is_code, pieces
from parcours.language.stored_parser import journey_parser
from parcours.language.yaml_form import transcribe
from parcours.model.project import Declaration

DEEPEST = 120  # levels of a tree: blocks in blocks and brackets in brackets
MOST_SIGNS = 100  # of one sum or product
_TO_THE_LEFT = "begin this line in the first column, and indent the lines below it by four spaces"
_TOO_MANY = f"after more than {MOST_IN_FILE} mistakes the rest of this file is not read"
_SIMPLER = "make several smaller things of it: segments, journeys, or a column of a view"


def parse(text: str, file: str) -> tuple[tuple[Declaration, ...], tuple[Diagnostic, ...]]:
    """The declarations of a journey file in the order they stand in it, and what is wrong with its form.

    `file` is the name that places carry. A declaration with a damaged line is kept without that line where it
    still makes sense; names and types are the checker's business.
    """
    plain = normalise(text, file)
    cut = pieces(plain.text.split("\n"))
    buildings = ((piece, Building(file, piece.lines, piece.first_line, plain.widened)) for piece in cut)
    declarations, diagnostics = _declarations(buildings)
    indented = _indented(file, [piece for piece in cut if piece.depth])
    return declarations, tuple(
        sorted((*plain.diagnostics, *diagnostics, *indented), key=lambda found: found.place)
    )


def parse_yaml(content: str, file: str) -> tuple[tuple[Declaration, ...], tuple[Diagnostic, ...]]:
    """The same for a journey file in YAML form."""
    form = transcribe(content, file)
    if form.transcript is None:
        return (), form.diagnostics
    declarations, diagnostics = parse_lines(form.transcript.lines, form.starts, file, form.transcript.locate)
    found = sorted((*form.diagnostics, *diagnostics), key=lambda found: found.place)
    if len(form.diagnostics) > MOST_IN_FILE:
        rest = found[MOST_IN_FILE]
        found[MOST_IN_FILE:] = [Diagnostic("too-many-mistakes", _TOO_MANY, rest.place)]
    return declarations, tuple(found)


def parse_lines(
    lines: Sequence[str], starts: Sequence[int], file: str, locate: Locate | None = None
) -> tuple[tuple[Declaration, ...], tuple[Diagnostic, ...]]:
    """The same for lines of which it is known on which of them, from 1, declarations begin. `locate` leads to places
    in the file when the lines are not its own."""
    cut: list[Piece] = []
    for start, end in pairwise((*starts, len(lines) + 1)):
        first = next((number for number in range(start, end) if is_code(lines[number - 1])), end)
        if first < end:
            cut.append(Piece(first, list(lines[first - 1 : end - 1])))
    return _declarations((piece, Building(file, piece.lines, piece.first_line, {}, locate)) for piece in cut)


def _declarations(
    cut: Iterable[tuple[Piece, Building]],
) -> tuple[tuple[Declaration, ...], tuple[Diagnostic, ...]]:
    declarations: list[Declaration] = []
    diagnostics: list[Diagnostic] = []
    effort = Effort()
    for piece, building in cut:
        if effort.is_spent:
            building.report("too-many-mistakes", _TOO_MANY, _first_line(building, piece))
            diagnostics.extend(building.diagnostics)
            break
        declaration = _declaration(building, piece, effort)
        if declaration is not None:
            declarations.append(declaration)
        diagnostics.extend(building.diagnostics)
        effort.found(len(building.diagnostics))
    return tuple(declarations), tuple(diagnostics)


def _first_line(building: Building, piece: Piece) -> Place:
    return building.stretch(1, 1, 1, len(code_of(piece.lines[0])) + 1)


def _declaration(building: Building, piece: Piece, effort: Effort) -> Declaration | None:
    building.moved([1], -piece.depth)
    if is_too_large(building, piece.lines):
        return None
    tree = _tree(building, piece.lines, effort)
    if tree is None:
        return None
    try:
        _refuse_monsters(building, tree)
        return build_declaration(building, tree)
    except Refused:
        return None


def _tree(building: Building, lines: Sequence[str], effort: Effort) -> Branch | None:
    """The tree of one declaration without its damaged lines, or None when nothing is left of it, or not all of it has
    been looked at."""

    def failure(tried: Sequence[str]) -> Failure | None:
        found = _parsed(tried)
        return None if isinstance(found, Tree) else found

    recovery = Recovery(lines, building, failure, effort)
    size = sum(map(len, lines))
    while any(is_code(line) for line in recovery.lines):
        if len(building.diagnostics) >= MOST_MISTAKES:
            return None
        found = _parsed(recovery.lines)
        if isinstance(found, Tree):
            return next((child for child in found.children if isinstance(child, Tree)), None)
        recovery.after(found)
        if building.diagnostics and not effort.may_parse(size):
            return None
    return None


def _indented(file: str, deep: Sequence[Piece]) -> Iterator[Diagnostic]:
    """One diagnostic for all declarations that are indented: they were copied together."""
    if deep:
        first = deep[0]
        more = "" if len(deep) == 1 else f" (in {len(deep)} lines of this file)"
        place = Place(file, first.first_line, 1, first.first_line, first.depth + 1)
        yield Diagnostic("indentation", f"a declaration is not indented{more}", place, help=_TO_THE_LEFT)


def _parsed(lines: Sequence[str]) -> Branch | Failure:
    """The whole tree of some lines, or why there is none."""
    try:
        return journey_parser().parse("\n".join([*lines, ""]))
    except (UnexpectedInput, BetweenLevels) as failure:
        return failure


def _refuse_monsters(building: Building, tree: Branch) -> None:
    """What follows walks down the tree by recursion, which has an end."""
    level: list[Branch] = [tree]
    depth = 0
    while level:
        depth += 1
        for part in level:
            if depth > DEEPEST:
                raise building.refusal(
                    "syntax", "this is nested too deeply", building.head(part), help=_SIMPLER
                )
            if part.data == "calculation" and len(part.children) > 2 * MOST_SIGNS:
                raise building.refusal(
                    "syntax", "this calculation is too long", building.head(part), help=_SIMPLER
                )
        level = [child for part in level for child in part.children if isinstance(child, Tree)]
