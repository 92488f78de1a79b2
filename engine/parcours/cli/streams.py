"""Standard output for results, standard error for everything that is said about them."""

import io
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from typing import TextIO

from parcours.diagnostics import Diagnostic

WIDEST = 100


def prepare() -> None:
    """Makes both streams take every character: what an encoding lacks is shown as `?` and never an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def say(text: str) -> None:
    """Puts a result on standard output, with a newline at its end. OSError when the output takes no more."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
    sys.stdout.flush()


def tell(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str]) -> None:
    """Shows diagnostics on standard error."""
    from parcours.diagnostics.render import render_text

    found = tuple(diagnostics)
    text = render_text(found, sources, colour=is_coloured(sys.stderr))
    if len(found) == 1:
        text = text.rpartition("\n\n")[0]  # a total of one says nothing
    if text:
        print(text, file=sys.stderr)


def is_coloured(stream: TextIO) -> bool:
    """Whether colours are shown: on a terminal that can, and never with NO_COLOR."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR")


def is_terminal(stream: TextIO) -> bool:
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def columns(stream: TextIO) -> int:
    """How wide a text on the stream may be: a terminal's width, but no more than is good to read."""
    return min(shutil.get_terminal_size().columns, WIDEST) if is_terminal(stream) else WIDEST


def silence(stream: TextIO) -> None:
    """Lets what is still unwritten go nowhere, so that Python does not try again when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
