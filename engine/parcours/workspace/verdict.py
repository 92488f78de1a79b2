"""What the check says of a project."""

from collections.abc import Mapping
from dataclasses import dataclass

from parcours.checking.observed import Question
from parcours.diagnostics import Diagnostic, Place


@dataclass(frozen=True, slots=True)
class Judged:
    """What follows from files and catalog alone. `counts`: how many there are of each kind of declaration, None when
    there is an error; `questions`: what the data is still to be asked; `channels`: the name of each, the column of its addresses, and where that is said;
    `tests`: the key of each test of a journey (T17), and where it stands."""

    diagnostics: tuple[Diagnostic, ...]
    counts: Mapping[str, int] | None
    questions: tuple[Question, ...] = ()
    channels: tuple[tuple[str, str, Place], ...] = ()
    tests: tuple[tuple[str, Place], ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`diagnostics` are all that there is to say; `sources` the text of each file by the name that places carry; `name`
    what the project is called; the rest is as in `Judged`."""

    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, str]
    name: str = ""
    counts: Mapping[str, int] | None = None

    @property
    def is_right(self) -> bool:
        return self.counts is not None
