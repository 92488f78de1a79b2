"""Errors as data: a code, a place, a reason and what to do (STYLE.md, "Messages to people")."""

from parcours.diagnostics.codes import CODES
from parcours.diagnostics.diagnostic import Diagnostic, Problem, problem
from parcours.diagnostics.nearest import nearest
from parcours.diagnostics.place import Place
from parcours.diagnostics.table.entry import CodeEntry, Severity

__all__ = ["CODES", "CodeEntry", "Diagnostic", "Place", "Problem", "Severity", "nearest", "problem"]
