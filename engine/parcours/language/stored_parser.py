"""The parser, made once per process: from the user's cache folder, or from the grammar.

Making it from the grammar takes about ten times as long as loading it.
"""

import hashlib
import io
import os
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

import lark
from lark import Lark

from parcours.language.grammar import grammar_text
from parcours.language.indenter import JourneyIndenter

DIGEST_BYTES = hashlib.sha256().digest_size


@cache
def journey_parser() -> Lark:
    """The parser of *.journey files."""
    return stored_parser(grammar_text(), cache_folder())


def stored_parser(grammar: str, folder: Path | None) -> Lark:
    """The parser of `grammar`, kept in `folder` for the next process; None keeps nothing.

    A file that is damaged is made anew, and a folder that cannot be written to is left alone: neither is an error.
    """
    if folder is None:
        return _made(grammar)
    file = folder / f"journey-{_key(grammar)}.parser"
    stored = _read(file)
    if stored is not None:
        return Lark.load(io.BytesIO(stored))
    parser = _made(grammar)
    _write(file, parser)
    return parser


def cache_folder() -> Path | None:
    """The folder for what can be made again, by the rules of the platform; None when the user has no home."""
    named = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME")
    if named:
        return Path(named) / "parcours"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home.joinpath(*("Library", "Caches") if sys.platform == "darwin" else (".cache",)) / "parcours"


def _made(grammar: str) -> Lark:
    return Lark(
        grammar,
        parser="lalr",
        lexer="contextual",
        postlex=JourneyIndenter(),
        propagate_positions=True,
        maybe_placeholders=True,
    )


def _key(grammar: str) -> str:
    # the indenter is stored with the parser, so a file of one version of it must not serve another
    parts = (grammar, lark.__version__, sys.version, JourneyIndenter.__module__)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def _read(file: Path) -> bytes | None:
    """What was stored, or None when it is not there or is not, byte for byte, what was written."""
    try:
        content = file.read_bytes()
    except OSError:
        return None
    digest, stored = content[:DIGEST_BYTES], content[DIGEST_BYTES:]
    return stored if hashlib.sha256(stored).digest() == digest else None


def _write(file: Path, parser: Lark) -> None:
    buffer = io.BytesIO()
    parser.save(buffer)
    stored = buffer.getvalue()
    unfinished = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as unfinished:
            unfinished.write(hashlib.sha256(stored).digest() + stored)
        # another process may write the same file now: whoever is last wins, and both are whole
        Path(unfinished.name).replace(file)
    except OSError:
        if unfinished is not None:
            with suppress(OSError):
                Path(unfinished.name).unlink(missing_ok=True)
