"""Where the grammar and the ready-made journeys are: inside the installed wheel, or in the checkout.

Source: the force-include table of pyproject.toml puts both folders into the package of a wheel; in an editable
checkout they stand at its top.
"""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


def grammar_text() -> str:
    """The text of journey.lark."""
    return (_folder("grammar") / "journey.lark").read_text(encoding="utf-8")


def library_folder() -> Traversable:
    """The folder of the journey library: one folder a practice, each with its *.journey files."""
    return _folder("journeys")


def _folder(name: str) -> Traversable:
    packaged = files("parcours") / name
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / name
