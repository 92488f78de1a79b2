"""`parcours --help` answers before anything heavy is loaded."""

import subprocess
import sys

import pytest

HEAVY = (
    "lark",
    "pydantic",
    "sqlglot",
    "duckdb",
    "networkx",
    "rich",
    "yaml",
    "holidays",
    "asyncio",
    "jinja2",
    "aiohttp",
)

PROGRAM = """
import sys
from parcours.cli.main import main
sys.argv = ["parcours", "--help"]
try:
    main()
except SystemExit as leaving:
    assert not leaving.code, leaving.code
print("loaded:", *sorted(sys.modules))
"""


@pytest.fixture(scope="module")
def answer() -> list[str]:
    """What `parcours --help` prints, line by line, and last the modules that it loaded."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    return done.stdout.strip().split("\n")


def test_help_names_the_commands(answer: list[str]) -> None:
    text = "\n".join(answer[:-1])
    assert all(command in text for command in ("check", "graph", "sql", "simulate", "test"))


@pytest.mark.parametrize("library", HEAVY)
def test_help_loads_no_heavy_library(answer: list[str], library: str) -> None:
    assert answer[-1].startswith("loaded: ")
    loaded = answer[-1].removeprefix("loaded: ").split()
    assert "parcours.cli.main" in loaded
    assert library not in loaded
