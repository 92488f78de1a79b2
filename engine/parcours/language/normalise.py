"""What editors and copying leave in a file, made plain before it is parsed. Places stay those of the user's file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from parcours.diagnostics import Diagnostic, Place

LEVEL = 4  # spaces that a tab stands for, once it has been complained about

_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " "})  # no-break, narrow no-break, thin
# what no editor shows: control characters, other ends of lines, marks of byte order, halves of characters
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
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
    """`text` made plain. A tab in an indentation is one `tab` diagnostic, at the first of them; an invisible character is
    one `invisible-character`, and a blank from then on."""
    text = without_line_noise(text)
    invisible = _invisible(text, file)
    lines = (_INVISIBLE.sub(" ", text) if invisible else text).split("\n")
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
    tabs = () if first is None else (_tab(first, len(widened)),)
    return PlainText("\n".join(lines), widened, (*invisible, *tabs))


def _invisible(text: str, file: str) -> tuple[Diagnostic, ...]:
    found = _INVISIBLE.search(text)
    if found is None:
        return ()
    at = found.start()
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    count = len(_INVISIBLE.findall(text))
    more = "" if count == 1 else f" ({count} of them in this file)"
    message = f"an invisible character, U+{ord(found.group()):04X}{more}"
    return (Diagnostic("invisible-character", message, Place(file, line, column, line, column + 1)),)


def _plain_spaces(body: str) -> str:
    """Unbreakable spaces outside of texts in quotes become plain ones; inside they may be meant."""
    if body.isascii():
        return body
    parts = _TEXT_OR_OTHER.split(body)
    return "".join(part if n % 2 else part.translate(_BLANKS) for n, part in enumerate(parts))


def _tab(place: Place, lines: int) -> Diagnostic:
    more = "" if lines == 1 else f" (in {lines} lines of this file)"
    return Diagnostic("tab", f"a tab in the indentation{more}", place)
