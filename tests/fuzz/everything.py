"""All that Parcours does with a journey file without a datamart, and what must hold whatever is in the file."""

import json
import sys
from functools import cache
from pathlib import Path

from parcours.checking.check import CheckResult, check
from parcours.diagnostics import CODES, Diagnostic
from parcours.diagnostics.render import render_json, render_text
from parcours.diagnostics.sarif import render_sarif
from parcours.flow.check import check_flow
from parcours.language.files import ProjectFiles, with_text
from parcours.language.formatting import converted, formatted, name_in_form
from parcours.language.project import project_of
from parcours.language.settings import read_settings

sys.path.append(str(Path(__file__).parents[1] / "checking"))
from journey_check import SHOP

FOLDER = Path("p")
SETTINGS = "name: p\ndatamart:\n  database: p.duckdb\n  contacts: {table: customers, key: customer_id}\n"

_OF_FORM = frozenset(
    {"syntax", "indentation", "yaml", "yaml-form", "too-large", "unreadable-file", "too-many-mistakes"}
)


@cache
def nothing_yet() -> ProjectFiles:
    settings, found = read_settings(SETTINGS, "p/parcours.yaml")
    assert found == ()
    return ProjectFiles(settings)


def put_through(text: str, name: str) -> tuple[Diagnostic, ...]:
    """Reads, checks, shows and rewrites a file; gives what was found."""
    found = checked_and_shown(text, name)
    if not any(d.severity == "error" and d.code in _OF_FORM for d in found):
        _can_be_rewritten(text, name)
    return found


def checked_and_shown(text: str, name: str) -> tuple[Diagnostic, ...]:
    files = with_text(nothing_yet(), FOLDER / name, text)
    project, found = project_of(FOLDER, files)
    assert project is not None
    result = check(project, SHOP, found)
    whole = () if result.project is None else check_flow(result.project)
    everything = (*found, *result.diagnostics, *whole)
    _can_be_shown(everything, text, files)
    _no_error_means_right(result, everything)
    return everything


def _can_be_shown(found: tuple[Diagnostic, ...], text: str, files: ProjectFiles) -> None:
    lines = next(iter(files.sources.values()), text).split("\n")
    for one in found:
        place = one.place
        assert one.code in CODES
        assert place.line <= len(lines), one
        if place.line:
            assert 1 <= place.column <= len(lines[place.line - 1]) + 1, one
            assert (place.line, place.column) <= (place.end_line, place.end_column), one
            assert place.end_line <= len(lines), one
    shown = render_text(found, files.sources, colour=False)
    assert not any(ord(sign) < 32 and sign != "\n" for sign in shown), "a terminal obeys such signs"
    json.loads(render_json(found))
    json.loads(render_sarif(found))


def _no_error_means_right(result: CheckResult, found: tuple[Diagnostic, ...]) -> None:
    assert (result.project is None) == any(d.severity == "error" for d in (*found, *result.diagnostics))


def _can_be_rewritten(text: str, name: str) -> None:
    """In both forms it says the same, which `converted` looks after; and what is canonical stays as it is."""
    for form in ("text", "yaml"):
        once = converted(text, name, form)
        if once.text is None:
            assert once.diagnostics
            continue
        again = formatted(once.text, name_in_form(name, form))
        assert again.text == once.text
