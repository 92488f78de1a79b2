"""What tells one text from another, and one state of Parcours from another: what one found is not taken for what
another would find."""

import hashlib
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

import parcours
from parcours.language.grammar import grammar_text

_READERS = ("lark", "pydantic", "pydantic-core", "PyYAML", "tzdata", "networkx")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def fingerprint() -> bytes:
    """32 bytes, of our own code, the grammar, and the libraries that what is kept was made with."""
    made = hashlib.sha256("\0".join([sys.version, *map(version, _READERS), grammar_text()]).encode())
    root = Path(parcours.__file__).parent
    for file in sorted(root.rglob("*.py")):
        made.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return made.digest()
