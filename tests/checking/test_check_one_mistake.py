"""One mistake gives one diagnostic in a whole project too: what only follows from it is not said again.

PARCOURS_SLIPS says how many slips of the pen are tried in the files of the example shop.
"""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from parcours.checking.check import check
from parcours.datamart.connection import connect
from parcours.diagnostics import Diagnostic
from parcours.language.parser import parse
from parcours.language.project import read_project
from parcours.model.project import Project

ROOT = Path(__file__).parents[2]
TRIED = int(os.environ.get("PARCOURS_SLIPS", "200"))
FLOOR = 0.99  # 0.998 of all of them when this was written

Said = Callable[[str, str], tuple[Diagnostic, ...]]


def module(path: Path):
    specification = importlib.util.spec_from_file_location(path.stem, path)
    assert specification is not None and specification.loader is not None
    made = importlib.util.module_from_spec(specification)
    sys.modules[path.stem] = made
    specification.loader.exec_module(made)
    return made


mutations = module(ROOT / "tests" / "language" / "mutations.py")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The example shop with a few customers."""
    folder = tmp_path_factory.mktemp("shop")
    shop = ROOT / "examples" / "shop"
    for file in (shop / "parcours.yaml", *shop.glob("*.journey")):
        (folder / file.name).write_bytes(file.read_bytes())
    command = [sys.executable, shop / "generate.py", "--contacts", "200", "--to", str(folder / "data")]
    subprocess.run(command, check=True, capture_output=True)
    project, found = read_project(folder, {})
    assert project is not None and found == ()
    return project


@pytest.fixture(scope="module")
def said(shop: Project) -> Said:
    """What is found with another text in one of the files."""
    connection, catalog, _ = connect(shop.settings, Path(shop.place.file))
    connection.close()
    read = {file: parse(text, file) for file, text in shop.sources.items() if file.endswith(".journey")}

    def answer(file: str, text: str) -> tuple[Diagnostic, ...]:
        now = {**read, file: parse(text, file)}
        declarations = tuple(declaration for found, _ in now.values() for declaration in found)
        sources = {**shop.sources, file: text}
        project = shop.model_copy(update={"declarations": declarations, "sources": sources})
        _, problems = now[file]
        return (*problems, *check(project, catalog, problems).diagnostics)

    return answer


def test_one_slip_of_the_pen_gives_one_diagnostic(shop: Project, said: Said) -> None:
    everything = [
        (file, slip)
        for file, text in shop.sources.items()
        if file.endswith(".journey")
        for slip in mutations.slips(text)
    ]
    counts = [len(said(file, slip.text)) for file, slip in everything[:: max(1, len(everything) // TRIED)]]
    told = [count for count in counts if count]
    assert len(told) > 0.9 * len(counts)
    assert told.count(1) / len(told) >= FLOOR
