"""What is too large to be read: nobody writes such a thing by hand, and reading it would take for ever.

The limits are in grammar/language.md; that of a whole file is in `files`."""

from collections.abc import Sequence

from parcours.language.building import Building, code_of

MOST_IN_LINE = 10_000
"""Characters of one line."""

MOST_IN_DECLARATION = 50_000
"""Characters of one declaration: some thousand lines."""


def is_too_large(building: Building, lines: Sequence[str]) -> bool:
    """Whether a declaration is not to be parsed, which is then reported."""
    for number, line in enumerate(lines, 1):
        if len(line) > MOST_IN_LINE:
            place = building.stretch(number, MOST_IN_LINE + 1, number, len(line) + 1)
            message = f"this line has {len(line):,} characters: more than {MOST_IN_LINE:,} are not read"
            building.report("too-large", message, place)
            return True
    size = sum(len(line) + 1 for line in lines)
    if size > MOST_IN_DECLARATION:
        place = building.stretch(1, 1, 1, len(code_of(lines[0])) + 1)
        message = f"this declaration has {size:,} characters: more than {MOST_IN_DECLARATION:,} are not read"
        building.report("too-large", message, place)
        return True
    return False
