"""One finding: what is wrong, where, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from parcours.diagnostics.codes import CODES
from parcours.diagnostics.place import Place
from parcours.diagnostics.table.entry import Severity


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding about the user's files or data.

    `message` is one line in lower case with the user's own words in back-quotes; `mark` stands behind the
    `^^^` under the place ("did you mean `country`?"); `help` says what to do and defaults to the code's own.
    """

    code: str
    message: str
    place: Place
    mark: str = ""
    help: str = ""

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise KeyError(f"{self.code} is not in the code table")

    @property
    def severity(self) -> Severity:
        return CODES[self.code].severity

    @property
    def advice(self) -> str:
        return self.help or CODES[self.code].help


class Problem(Exception):  # noqa: N818 - a problem of the user, not an error of ours
    """A user-caused failure that stops what was asked: the diagnostics that say why. Never a stack trace."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__("; ".join(d.message for d in diagnostics))
        self.diagnostics = tuple(diagnostics)


def problem(code: str, message: str, place: Place | str, *, mark: str = "", help: str = "") -> Problem:  # noqa: A002
    """A `Problem` of a single diagnostic; a `str` place is a whole file or folder."""
    where = Place(place) if isinstance(place, str) else place
    return Problem([Diagnostic(code, message, where, mark, help)])
