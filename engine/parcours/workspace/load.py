"""From a folder to a checked project with its datamart open: what every command begins with that runs something."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from parcours.checking.check import check
from parcours.checking.checked import CheckedProject, Group
from parcours.datamart.catalog import Catalog
from parcours.datamart.connection import connect
from parcours.datamart.statistics import Statistics
from parcours.diagnostics import Diagnostic, Problem
from parcours.flow.check import check_flow
from parcours.language.project import read_project
from parcours.model.project import Project
from parcours.workspace.data import answers
from parcours.workspace.policies import with_policy

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Loaded:
    """`checked` is None when there are errors; `connection` and `catalog` are None when the datamart could not be
    opened. `diagnostics` hold everything found so far, errors and warnings; `groups` the segments
    and lifecycles; `sources` the files' text."""

    project: Project | None
    connection: "duckdb.DuckDBPyConnection | None"
    catalog: Catalog | None
    checked: CheckedProject | None
    diagnostics: tuple[Diagnostic, ...]
    groups: tuple[Group, ...] = ()

    @property
    def sources(self) -> Mapping[str, str]:
        return self.project.sources if self.project else {}


def load(folder: Path, environment: Mapping[str, str], policy: Path | None = None) -> Loaded:
    """Reads, connects and checks. What is wrong in files and mapping is collected, never raised. With a `policy`, the
    pressure and the channels of that file take the place of the project's own (see `with_policy`)."""
    project, found = read_project(folder, environment)
    if project is None:
        return Loaded(None, None, None, None, found)
    if policy is not None:
        project, more = with_policy(project, policy)
        found = (*found, *more)
    try:
        connection, catalog, notes = connect(project.settings, folder)
    except Problem as problem:
        return Loaded(project, None, None, None, (*found, *problem.diagnostics))
    result = check(project, catalog, found)
    as_a_whole = () if result.project is None else check_flow(result.project)
    asked = result.questions if result.project else ()
    everything = (
        *found,
        *notes,
        *result.diagnostics,
        *as_a_whole,
        *answers(asked, Statistics(connection, catalog)),
    )
    checked = None if any(d.severity == "error" for d in everything) else result.project
    return Loaded(project, connection, catalog, checked, everything, result.groups)
