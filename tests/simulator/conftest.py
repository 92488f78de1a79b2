"""Projects for a whole session, made once; simulations of them."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from small_projects import Simulate, loaded, make_kiosk, make_shop

from parcours.clock.span import Span
from parcours.simulator.options import Options, first_instant, last_instant
from parcours.simulator.run import Simulation, simulate
from parcours.workspace.load import Loaded


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example shop with 300 contacts."""
    return make_shop(tmp_path_factory.mktemp("project") / "shop", 300)


@pytest.fixture
def kiosk(tmp_path: Path) -> Path:
    """A project of four people."""
    return make_kiosk(tmp_path / "kiosk")


@pytest.fixture
def open_project() -> Iterator[Callable[[Path], Loaded]]:
    """Reads and connects projects, and closes them at the end."""
    opened: list[Loaded] = []

    def open_one(folder: Path) -> Loaded:
        opened.append(loaded(folder))
        return opened[-1]

    yield open_one
    for one in opened:
        if one.connection is not None:
            one.connection.close()


@pytest.fixture
def run(open_project: Callable[[Path], Loaded]) -> Simulate:
    """Simulates a project: `run(folder, "2026-03-01", "2026-03-05", Span(6, "hour"), …)`."""

    def run_one(
        folder: Path, first: str, last: str, every: Span, threads: int | None = None, **more: Any
    ) -> Simulation:
        project = open_project(folder)
        assert project.checked is not None and project.connection is not None
        if threads is not None:
            project.connection.execute(f"SET threads = {threads}")
        zone = project.checked.time_zone
        options = Options(first_instant(first, zone), last_instant(last, zone), every, **more)
        return simulate(project, options)

    return run_one


@pytest.fixture(scope="session")
def at() -> Callable[[str], datetime]:
    return datetime.fromisoformat
