"""The example shop as a project of the tests: its generator, and the real command line."""

import importlib
import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import ModuleType

from parcours.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
SHOP = ROOT / "examples" / "shop"


def generator() -> ModuleType:
    """examples/shop/generate.py, which finds its parts beside it."""
    if str(SHOP) not in sys.path:
        sys.path.append(str(SHOP))
    return importlib.import_module("generate")


def said(*arguments: str) -> tuple[int, str, str]:
    """The code and the output of a command line, and what it told beside it."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(arguments)
    return code, out.getvalue(), err.getvalue()
