"""Text in a drawing: what may be shown, how wide it is, where it breaks.

There is no font at hand when a drawing is made, so widths are estimates of a common sans-serif face, a little
on the wide side: text that is too wide for its box is worse than a box with some air.
"""

import unicodedata

_NARROW = frozenset("iIjlftr.,:;'`|!()[]{} \"/\\-")
_BROAD = frozenset("mwMWQO@%&—…")
_JOINER = "\u200d"


def clean(text: str) -> str:
    """The text on one line: runs of space become one space, what cannot be shown or written as XML becomes
    `�`. Marks that turn the reading direction go too, because they would reorder what stands around them."""
    return "".join(map(_visible, " ".join(text.split())))


def _visible(character: str) -> str:
    hidden = unicodedata.category(character) in {"Cc", "Cs", "Cf"} and character not in {"\u200c", _JOINER}
    no_character = ord(character) & 0xFFFE == 0xFFFE  # Unicode keeps these free, XML forbids two of them
    return "\ufffd" if hidden or no_character else character


def measure(text: str, size: float) -> float:
    """The width of a line in pixels when its letters are `size` pixels high."""
    return sum(_ems(character) for character in text) * size


def _ems(character: str) -> float:
    if character in _NARROW:
        return 0.36
    if character in _BROAD:
        return 0.95
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0.0
    if ord(character) >= 0x1F000:
        return 1.4
    if unicodedata.east_asian_width(character) in {"W", "F"}:
        return 1.1
    return 0.72 if character.isupper() else 0.6


def shorten(text: str, size: float, widest: float) -> str:
    """The text, or as much of its start as fits into `widest` pixels and a `…`."""
    if measure(text, size) <= widest:
        return text
    fitting = _fitting(_clusters(text), size, widest - measure("…", size))
    return "".join(fitting).rstrip() + "…"


def wrap(text: str, size: float, widest: float, most_lines: int) -> list[str]:
    """The text in at most `most_lines` lines of at most `widest` pixels, broken between words where it can be;
    what does not fit ends in `…`. No text, no line."""
    lines: list[str] = []
    rest = text.strip()
    while rest:
        if len(lines) == most_lines - 1 or measure(rest, size) <= widest:
            return [*lines, shorten(rest, size, widest)]
        head = "".join(_fitting(_clusters(rest), size, widest))
        if rest[len(head)] != " " and " " in head:
            head = head[: head.rindex(" ")]
        lines.append(head.rstrip())
        rest = rest[len(head) :].lstrip()
    return lines


def _fitting(clusters: list[str], size: float, widest: float) -> list[str]:
    """The first clusters that fit, at least one of them."""
    used, kept = 0.0, 0
    for cluster in clusters:
        used += measure(cluster, size)
        if used > widest:
            break
        kept += 1
    return clusters[: max(kept, 1)]


def _clusters(text: str) -> list[str]:
    """The text cut where a reader sees one sign end, so that no accent or joined emoji is torn apart."""
    clusters: list[str] = []
    for character in text:
        tied = clusters and (
            character == _JOINER
            or clusters[-1].endswith(_JOINER)
            or unicodedata.category(character) in {"Mn", "Me", "Mc"}
            or "\U0001f3fb" <= character <= "\U0001f3ff"
        )
        if tied:
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters
