"""How much is done for one file that has mistakes in it: who wrote it wants to be told of them soon, and wants to be told
of some and not of thousands."""

MOST_MISTAKES = 20
"""In one declaration: after that many it is something else than a journey."""

MOST_IN_FILE = 200
"""Mistakes of one file."""

MOST_AGAIN = 600_000
"""Characters of one file that are parsed once more, to find the next mistake or how a line was meant to stand."""


class Effort:
    """What is left to be spent on one file."""

    def __init__(self) -> None:
        self._again = MOST_AGAIN
        self._mistakes = MOST_IN_FILE

    def may_parse(self, characters: int) -> bool:
        """Whether so many characters may be parsed once more; that is then counted."""
        self._again -= characters
        return self._again >= 0

    def found(self, mistakes: int) -> None:
        self._mistakes -= mistakes

    @property
    def is_spent(self) -> bool:
        """Whether what follows in the file is not read."""
        return self._mistakes <= 0
