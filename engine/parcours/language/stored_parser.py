"""The parser, made once per process: from the user's cache folder, or from the grammar.

Making it from the grammar takes about ten times as long as loading it.
"""

import hashlib
import io
import sys
from functools import cache
from pathlib import Path

import lark
from lark import Lark

from parcours.language.cache import cache_folder, keep, kept
from parcours.language.grammar import grammar_text
from parcours.language.indenter import JourneyIndenter


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
    stored = kept(file)
    if stored is not None:
        return Lark.load(io.BytesIO(stored))
    parser = _made(grammar)
    buffer = io.BytesIO()
    parser.save(buffer)
    keep(file, buffer.getvalue())
    return parser


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
