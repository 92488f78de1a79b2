"""From a folder to a checked project with its datamart open: what every command begins with."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from parcours.checking.check import CheckResult, check
from parcours.checking.checked import CheckedProject
from parcours.checking.observed import answered
from parcours.datamart.catalog import Catalog
from parcours.datamart.connection import connect
from parcours.datamart.statistics import Statistics
from parcours.diagnostics import Diagnostic, Problem
from parcours.flow.check import check_flow
from parcours.language.project import read_project
from parcours.model.project import Project

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Loaded:
    """`checked` is None when there are errors; `connection` and `catalog` are None when the datamart could not be
    opened. `diagnostics` hold everything found so far, errors and warnings; `unsupported` what is right and cannot run
    yet; `sources` the files' text."""

    project: Project | None
    connection: "duckdb.DuckDBPyConnection | None"
    catalog: Catalog | None
    checked: CheckedProject | None
    diagnostics: tuple[Diagnostic, ...]
    unsupported: tuple[Diagnostic, ...] = ()

    @property
    def sources(self) -> Mapping[str, str]:
        return self.project.sources if self.project else {}


def load(folder: Path, environment: Mapping[str, str]) -> Loaded:
    """Reads, connects and checks. What is wrong in files and mapping is collected, never raised."""
    project, found = read_project(folder, environment)
    if project is None:
        return Loaded(None, None, None, None, found)
    try:
        connection, catalog, notes = connect(project.settings, folder)
    except Problem as problem:
        return Loaded(project, None, None, None, (*found, *problem.diagnostics))
    result = check(project, catalog, found)
    as_a_whole = () if result.project is None else check_flow(result.project)
    everything = (
        *found,
        *notes,
        *result.diagnostics,
        *as_a_whole,
        *_of_the_data(result, connection, catalog),
    )
    checked = None if any(d.severity == "error" for d in everything) else result.project
    return Loaded(project, connection, catalog, checked, everything, result.unsupported)


def _of_the_data(
    result: CheckResult, connection: "duckdb.DuckDBPyConnection", catalog: Catalog
) -> tuple[Diagnostic, ...]:
    """What the data says of the conditions, once they are right; why it cannot be asked, if it cannot."""
    if result.project is None:
        return ()
    try:
        return answered(result.questions, Statistics(connection, catalog))
    except Problem as problem:
        return problem.diagnostics
