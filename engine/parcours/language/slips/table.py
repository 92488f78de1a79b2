"""All slips in the order in which they are looked for, and the one that a line has."""

from collections.abc import Collection

from parcours.language.slips.signs import SIGNS
from parcours.language.slips.slip import Found, found
from parcours.language.slips.values import VALUES
from parcours.language.slips.words import WORDS

SLIPS = (*SIGNS, *VALUES, *WORDS)


def slip_at(line: str, column: int, end_column: int, expected: Collection[str]) -> Found | None:
    """The first slip that fits where the parser stopped: at columns `column` to `end_column` (from 1, exclusive) of a
    line, where it would have taken one of the terminals `expected`."""
    return next(
        (hit for slip in SLIPS if (hit := found(slip, line, column, end_column, expected)) is not None), None
    )
