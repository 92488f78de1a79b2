"""The project `corner`, and the real command line to use on it."""

import os
import subprocess
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "delivery"))

import pytest
from corner_project import Answer, Corner, Parcours

from parcours.cli.main import run


@pytest.fixture
def corner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Corner:
    """The project `corner` in the current folder."""
    monkeypatch.chdir(tmp_path)
    return Corner(tmp_path / "corner")


@pytest.fixture
def parcours(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Parcours:
    """Runs a command line in this process: `parcours("check", "corner")`."""
    monkeypatch.delenv("NO_COLOR", raising=False)

    def call(*arguments: str) -> Answer:
        capfd.readouterr()
        code = run(arguments)
        return Answer(code, *capfd.readouterr())

    return call


@pytest.fixture
def parcours_alone(tmp_path: Path) -> Parcours:
    """The same in a process of its own; `before` is Python that runs in it first."""

    def call(*arguments: str, before: str = "") -> Answer:
        program = f"import sys\n{before}\nfrom parcours.cli.main import main\nmain()"
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONUTF8": "1"},
            timeout=60,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    return call
