"""The example shop as a project of the tests: its generator, and the real command line."""

import importlib.util
import io
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import ModuleType

from parcours.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
SHOP = ROOT / "examples" / "shop"


def generator() -> ModuleType:
    """examples/shop/generate.py."""
    specification = importlib.util.spec_from_file_location("shop_generate", SHOP / "generate.py")
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def said(*arguments: str) -> tuple[int, str, str]:
    """The code and the output of a command line, and what it told beside it."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(arguments)
    return code, out.getvalue(), err.getvalue()
