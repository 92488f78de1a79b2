"""Diagnostics as text for people and as JSON for programs (STYLE.md, "Messages to people")."""

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from parcours.diagnostics.diagnostic import Diagnostic

TAB = "    "
WIDEST_LINE = 120  # cells of a source line; a longer one is cut around its mark
BEFORE_MARK = 40  # cells kept before the mark of a line that is cut

_BOLD, _FAINT, _RED, _YELLOW, _CYAN, _PLAIN = (
    "\x1b[1m",
    "\x1b[2m",
    "\x1b[1;31m",
    "\x1b[1;33m",
    "\x1b[36m",
    "\x1b[0m",
)
_SEVERITY_COLOUR = {"error": _RED, "warning": _YELLOW}


def render_text(
    diagnostics: Iterable[Diagnostic], sources: Mapping[str, str], colour: bool, limit: int = 50
) -> str:
    """The diagnostics sorted by place, then how many were left out over `limit`, then the totals.

    `sources` maps the file of a place to its text; a file that is not in it is shown without its line. The
    answer has no newline at its end and is empty when there is nothing to say.
    """
    ordered = sorted(diagnostics, key=_order)
    if not ordered:
        return ""
    paint = _Paint(colour)
    blocks = [_block(d, sources, paint) for d in ordered[: max(limit, 0)]]
    rest = len(ordered) - len(blocks)
    if rest:
        blocks.append(f"… and {rest} more")
    blocks.append(paint(_BOLD, totals(ordered)))
    return "\n\n".join(blocks)


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    """The same findings, all of them and in the same order, as a JSON object in plain ASCII."""
    ordered = sorted(diagnostics, key=_order)
    found = [
        {
            "code": d.code,
            "severity": d.severity,
            "message": d.message,
            "file": d.place.file,
            "line": d.place.line,
            "column": d.place.column,
            "end_line": d.place.end_line,
            "end_column": d.place.end_column,
            "mark": d.mark,
            "help": d.advice,
        }
        for d in ordered
    ]
    errors = sum(d.severity == "error" for d in ordered)
    report = {"diagnostics": found, "errors": errors, "warnings": len(ordered) - errors}
    return json.dumps(report, indent=2)


def totals(diagnostics: Sequence[Diagnostic]) -> str:
    """`2 errors, 1 warning`; a severity that does not occur is left out."""
    errors = sum(d.severity == "error" for d in diagnostics)
    counts = {"error": errors, "warning": len(diagnostics) - errors}
    return ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for word, n in counts.items() if n)


def _order(diagnostic: Diagnostic) -> tuple[object, ...]:
    return (diagnostic.place, diagnostic.severity, diagnostic.code, diagnostic.message)


@dataclass(frozen=True, slots=True)
class _Paint:
    colour: bool

    def __call__(self, style: str, text: str) -> str:
        return f"{style}{text}{_PLAIN}" if self.colour and text else text


def _block(diagnostic: Diagnostic, sources: Mapping[str, str], paint: _Paint) -> str:
    tint = _SEVERITY_COLOUR[diagnostic.severity]
    head = paint(tint, f"{diagnostic.severity}[{diagnostic.code}]")
    lines = [f"{head}: {paint(_BOLD, harmless(diagnostic.message))}", f"  {harmless(str(diagnostic.place))}"]
    lines.extend(_excerpt(diagnostic, sources, paint, tint))
    if diagnostic.advice:
        lines.append(f"  {paint(_CYAN, 'help')}: {harmless(diagnostic.advice)}")
    return "\n".join(lines)


def _excerpt(diagnostic: Diagnostic, sources: Mapping[str, str], paint: _Paint, tint: str) -> list[str]:
    """The line of the place and the mark under it; without the line, only what the mark says."""
    place = diagnostic.place
    line = _source_line(sources.get(place.file, ""), place.line) if place.file in sources else None
    if line is None:
        return [f"  {harmless(diagnostic.mark)}"] if diagnostic.mark else []
    start = min(max(place.column, 1), len(line) + 1) - 1
    # a place over several lines marks only what stands on its first one
    end = len(line.rstrip()) if place.end_line > place.line else place.end_column - 1
    end = min(max(end, start + 1), max(len(line), start + 1))
    before, marked, after = (harmless(part) for part in (line[:start], line[start:end], line[end:]))
    before, marked, after = _fit(before, marked, after.rstrip())
    number = str(place.line)
    mark = " " * width(before) + paint(tint, "^" * max(width(marked), 1) + _spaced(harmless(diagnostic.mark)))
    return [
        f"    {paint(_FAINT, number + ' |')} {(before + marked + after).rstrip()}".rstrip(),
        f"    {paint(_FAINT, ' ' * len(number) + ' |')} {mark}",
    ]


def _spaced(text: str) -> str:
    return f" {text}" if text else ""


def _source_line(text: str, number: int) -> str | None:
    """Line `number` of a file. Only the line ends that the parser knows count as such."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    return lines[number - 1] if 1 <= number <= len(lines) else None


def _fit(before: str, marked: str, after: str) -> tuple[str, str, str]:
    """Cut a line that is too long to read, so that the mark stays in sight."""
    if width(before + marked + after) <= WIDEST_LINE:
        return before, marked, after
    if width(before) > BEFORE_MARK:
        before = "…" + _last(before, BEFORE_MARK - 1)
    room = WIDEST_LINE - width(before)
    if width(marked) > room:
        return before, _first(marked, room - 1) + "…", ""
    if width(marked + after) > room:
        after = _first(after, room - width(marked) - 1) + "…"
    return before, marked, after


def _first(text: str, cells: int) -> str:
    kept, used = 0, 0
    for character in text:
        used += width(character)
        if used > cells:
            break
        kept += 1
    return text[:kept]


def _last(text: str, cells: int) -> str:
    kept, used = 0, 0
    for character in reversed(text):
        used += width(character)
        if used > cells:
            break
        kept += 1
    return text[len(text) - kept :]


def harmless(text: str) -> str:
    """The text with nothing in it that moves the cursor, changes colours or turns the reading direction.

    A tab becomes four spaces, a control character its picture (`␛`), any other invisible one `�`.
    """
    return "".join(map(_harmless_character, text))


def _harmless_character(character: str) -> str:
    if character == "\t":
        return TAB
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    # Cc: further controls; Cf: among them the marks that turn the reading direction; Cs: halves of a pair,
    # which cannot be printed; Zl, Zp: line ends. The joiners (U+200C, U+200D) are part of words and emoji.
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and code not in (0x200C, 0x200D):
        return "\ufffd"
    return character


def width(text: str) -> int:
    """How many cells of a terminal the text fills: wide characters two, combining ones none."""
    return sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
