"""The scripts a new user runs first."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ("scripts/demo", "scripts/test", ".ci/run")


def find_python(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """Looks for an interpreter where the only `python3` on the path is this text."""
    stand_in = folder / "python3"
    stand_in.write_text(f"#!/bin/sh\n{text}\n")
    stand_in.chmod(0o755)
    program = f'root={ROOT}; source "$root/scripts/environment.sh"; find_python'
    return subprocess.run(
        ["/bin/bash", "-c", program], env={"PATH": str(folder)}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_can_be_run_as_it_stands(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    assert (ROOT / script).read_text().startswith("#!/usr/bin/env bash\n")
    assert "set -euo pipefail" in (ROOT / script).read_text()


@pytest.mark.parametrize("script", [*SCRIPTS, "scripts/environment.sh"])
def test_a_script_is_well_formed(script: str) -> None:
    subprocess.run(["bash", "-n", ROOT / script], check=True)


def test_an_interpreter_that_is_good_enough_is_taken(tmp_path: Path) -> None:
    assert find_python(tmp_path, "exit 0").stdout == "python3\n"


def test_without_a_new_enough_python_one_clear_line_says_so(tmp_path: Path) -> None:
    found = find_python(tmp_path, "exit 1")
    assert found.returncode == 2
    assert found.stderr.startswith("error: no Python 3.11 or newer found")


def test_a_python_without_venv_is_told_apart(tmp_path: Path) -> None:
    found = find_python(tmp_path, "case $2 in *venv*) exit 1;; esac")
    assert found.returncode == 2
    assert found.stderr.startswith("error: python3 has no venv")
