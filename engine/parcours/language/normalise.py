"""What editors and copying leave in a file, made plain before it is parsed. Places stay those of the user's file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from parcours.diagnostics import Diagnostic, Place

LEVEL = 4  # spaces that a tab stands for, once it has been complained about

_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " "})  # no-break, narrow no-break, thin
_TEXT_OR_OTHER = re.compile(r'("(?:[^"\\\n]|\\.)*")')


@dataclass(frozen=True, slots=True)
class PlainText:
    """`text` has no byte order mark, only spaces in indentations, `\\n` at every end of line and at its own end.

    `widened` says for a line by how many columns the replacement of tabs has moved its words.
    """

    text: str
    widened: Mapping[int, int] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


def without_line_noise(text: str) -> str:
    """The text without byte order mark and with `\\n` at the end of every line. Columns stay what they are."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def normalise(text: str, file: str) -> PlainText:
    """`text` made plain. A tab in an indentation is one `tab` diagnostic, at the first of them."""
    lines = without_line_noise(text).split("\n")
    widened: dict[int, int] = {}
    first: Place | None = None
    for number, line in enumerate(lines, 1):
        body = line.lstrip(" \t\u00a0\u202f\u2009")
        indentation = line[: len(line) - len(body)]
        if "\t" in indentation and body and not body.startswith("#"):
            column = indentation.index("\t") + 1
            first = first or Place(file, number, column, number, len(indentation) + 1)
            widened[number] = len(indentation.expandtabs(LEVEL)) - len(indentation)
        plain = indentation.expandtabs(LEVEL).translate(_BLANKS) + _plain_spaces(body)
        lines[number - 1] = plain if body else ""
    if lines[-1]:
        lines.append("")
    return PlainText("\n".join(lines), widened, () if first is None else (_tab(first, len(widened)),))


def _plain_spaces(body: str) -> str:
    """Unbreakable spaces outside of texts in quotes become plain ones; inside they may be meant."""
    if body.isascii():
        return body
    parts = _TEXT_OR_OTHER.split(body)
    return "".join(part if n % 2 else part.translate(_BLANKS) for n, part in enumerate(parts))


def _tab(place: Place, lines: int) -> Diagnostic:
    more = "" if lines == 1 else f" (in {lines} lines of this file)"
    return Diagnostic("tab", f"a tab in the indentation{more}", place)
