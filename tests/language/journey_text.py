"""Shortcuts of the language tests: text in, the one thing that it says out."""

from typing import Any

from parcours.diagnostics import Diagnostic
from parcours.language.parser import parse
from parcours.model.journey import Journey


def declaration(text: str) -> Any:
    """The only declaration of a text that has nothing wrong with it."""
    declarations, diagnostics = parse(text, "a.journey")
    assert diagnostics == ()
    (only,) = declarations
    return only


def findings(text: str) -> tuple[Diagnostic, ...]:
    return parse(text, "a.journey")[1]


def journey(lines: str) -> Journey:
    """A journey from the lines of its body, each indented as in a file: four spaces."""
    read = declaration(f"journey j\n{lines.rstrip()}\n")
    assert isinstance(read, Journey)
    return read


def enter(line: str, clauses: str = "") -> Any:
    return journey(f"    enter {line}\n{clauses}    exit\n").enter


def step(lines: str) -> Any:
    """The first step of a body."""
    return journey(lines).steps[0]


def predicate(text: str) -> Any:
    return declaration(f"segment s\n    {text}\n").predicate


def value(text: str) -> Any:
    return step(f"    set a to {text}\n").value


def rule(text: str) -> Any:
    (only,) = declaration(f"pressure\n    {text}\n").rules
    return only


def words(place: Any, text: str) -> str:
    """The stretch of `text` that a place on one line points at."""
    assert place.line == place.end_line
    return text.split("\n")[place.line - 1][place.column - 1 : place.end_column - 1]
