"""From a case to what an engine runs, and from what it tells to what is wrong with that."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cases import Case, Edit, Pause, Row
from learned_rows import LearnedRows
from mart import catalog, full_text, settings_text

from parcours.checking.check import check
from parcours.checking.checked import CheckedProject
from parcours.compiler.analytic_store import hash_of
from parcours.diagnostics import Diagnostic
from parcours.language.project import read_project
from parcours.model.project import Project


@dataclass(frozen=True)
class Checked:
    """A text of declarations, read and checked against the cases' datamart."""

    project: Project
    checked: CheckedProject | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def errors(self) -> list[str]:
        """`code at line:column`, in the order of the text."""
        return [
            f"{d.code} at {d.place.line}:{d.place.column}" for d in self.diagnostics if d.severity == "error"
        ]


@dataclass(frozen=True)
class Script:
    """What an engine gets: the case's rows, and each text of it checked. `edits` are in the order of time."""

    case: Case
    first: Checked
    edits: tuple[tuple[Edit, Checked], ...]

    @property
    def pauses(self) -> tuple[Pause, ...]:
        return self.case.pauses

    @property
    def learned(self) -> list[LearnedRows]:
        """Each run with the hash of its declaration, as the files have it at the instant that it is dated at."""
        found = []
        for one in self.case.learned:
            then = [self.first, *(text for edit, text in self.edits if edit.at <= one.as_of)][-1].checked
            assert then is not None
            digest = hash_of(one.kind, one.name, then)  # type: ignore[arg-type]
            found.append(LearnedRows(one.kind, one.name, digest, one.as_of, one.says))  # type: ignore[arg-type]
        return found


@cache
def checked_text(journeys: str, policy: str, zone: str) -> Checked:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "parcours.yaml").write_text(settings_text(zone))
        (folder / "case.journey").write_text(full_text(journeys, policy))
        project, found = read_project(folder, {})
    assert project is not None, [d.message for d in found]
    result = check(project, catalog(), found)
    return Checked(project, result.project, (*found, *result.diagnostics))


def script_of(case: Case) -> Script:
    """The case, checked; AssertionError when a text that should run is wrong."""
    first = checked_text(case.journeys, case.policy, case.zone)
    edits = tuple((edit, checked_text(edit.journeys, edit.policy, case.zone)) for edit in case.edits)
    for one in (first, *(text for _, text in edits)):
        said = [f"{d.code} at {d.place.line}:{d.place.column}: {d.message}" for d in one.diagnostics]
        assert one.checked is not None, said
    return Script(case, first, edits)


def differences(expected: Iterable[Row], seen: Sequence[Row], looks_at: Sequence[str]) -> list[str]:
    """What is missing and what is too much, as sentences in the order of time. The order within an instant is free."""
    wanted = Counter(expected)
    found = Counter(row for row in seen if row.part in looks_at)
    missing = [(row, f"missing: {row}") for row in (wanted - found).elements()]
    too_much = [(row, f"not expected: {row}") for row in (found - wanted).elements()]
    return [text for _, text in sorted(missing + too_much)]
