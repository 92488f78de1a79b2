"""Journey text becomes declarations and diagnostics. Never raises on what a user wrote.

A file is cut at its unindented lines, so that a mistake in one declaration cannot reach another. In a declaration
that does not parse, the damaged line and the block that it heads are blanked and the rest is parsed again: one
mistake gives one diagnostic.
"""

from collections.abc import Iterator

from lark import Tree
from lark.exceptions import UnexpectedInput

from parcours.diagnostics import Diagnostic
from parcours.language.build_declaration import build_declaration
from parcours.language.building import Branch, Building, Refused
from parcours.language.damage import blank, damage_of, is_code
from parcours.language.indenter import BetweenLevels
from parcours.language.normalise import normalise
from parcours.language.stored_parser import journey_parser
from parcours.model.project import Declaration

MOST_MISTAKES = 20  # in one declaration: after that many it is something else than a journey
DEEPEST = 120  # levels of a tree: blocks in blocks and brackets in brackets
MOST_SIGNS = 100  # of one sum or product
_SIMPLER = "make several smaller things of it: segments, journeys, or a column of a view"


def parse(text: str, file: str) -> tuple[tuple[Declaration, ...], tuple[Diagnostic, ...]]:
    """The declarations of a journey file in the order they stand in it, and what is wrong with its form.

    `file` is the name that places carry. A declaration with a damaged line is kept without that line where it
    still makes sense; names and types are the checker's business.
    """
    plain = normalise(text, file)
    declarations: list[Declaration] = []
    diagnostics = list(plain.diagnostics)
    for first_line, lines in _pieces(plain.text.split("\n")):
        building = Building(file, lines, first_line, plain.widened)
        declaration = _declaration(building, lines)
        if declaration is not None:
            declarations.append(declaration)
        diagnostics.extend(building.diagnostics)
    diagnostics.sort(key=lambda diagnostic: diagnostic.place)
    return tuple(declarations), tuple(diagnostics)


def _pieces(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The text cut before each line that begins in the first column, with the number of its first line.

    Blank lines and comments stay with what is before them; those before everything are left out."""
    start: int | None = None
    for at, line in enumerate(lines):
        if not is_code(line):
            continue
        if start is None:
            start = at
        elif not line.startswith(" "):
            yield start + 1, lines[start:at]
            start = at
    if start is not None:
        yield start + 1, lines[start:]


def _declaration(building: Building, lines: list[str]) -> Declaration | None:
    if lines[0].startswith(" "):
        width = len(lines[0]) - len(lines[0].lstrip(" "))
        place = building.stretch(1, 1, 1, width + 1)
        building.report("indentation", "the first declaration of a file is not indented", place)
        return None
    tree = _tree(building, lines)
    if tree is None:
        return None
    try:
        _refuse_monsters(building, tree)
        return build_declaration(building, tree)
    except Refused:
        return None


def _tree(building: Building, lines: list[str]) -> Branch | None:
    """The tree of one declaration without its damaged lines, or None when nothing is left of it."""
    blanked: set[int] = set()
    left = lines
    while any(is_code(line) for line in left):
        if len(building.diagnostics) == MOST_MISTAKES:
            return None
        try:
            start = journey_parser().parse("\n".join([*left, ""]))
        except (UnexpectedInput, BetweenLevels) as error:
            damage = damage_of(error, left, blanked, building)
            if damage.diagnostic is not None:
                building.diagnostics.append(damage.diagnostic)
            shorter = blank(left, damage)
            assert shorter != left, "a damage that blanks nothing would be found for ever"
            left = shorter
            blanked.update(range(damage.first, damage.last + 1))
        else:
            return next((child for child in start.children if isinstance(child, Tree)), None)
    return None


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
