"""HTML as text, in which everything is escaped that we did not write."""

from collections.abc import Iterable, Sequence
from html import escape

from parcours.graph.drawing.lettering import clean


class Markup(str):
    """HTML or SVG that may stand as it is."""

    __slots__ = ()


def tag(name: str, *inside: str, **attributes: str | float) -> Markup:
    """An element. What is inside is escaped unless it is `Markup`; an underscore in an attribute's name is a hyphen, and one
    at its end is left out."""
    said = "".join(
        f' {attribute.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for attribute, value in attributes.items()
    )
    return Markup(f"<{name}{said}>{joined(inside)}</{name}>")


def joined(parts: Iterable[str]) -> Markup:
    """One after the other, each escaped unless it is `Markup`."""
    return Markup("".join(part if isinstance(part, Markup) else escape(clean(part)) for part in parts))


def _value(value: str | float) -> str:
    if isinstance(value, str):
        return escape(clean(value))
    return f"{value:.1f}".removesuffix(".0")


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1, under: str = "", wraps: bool = False
) -> Markup:
    """A table that scrolls for itself where it is too wide; before that its cells are broken if it `wraps`. The first `left` columns are text, the others numbers; rows whose
    first cell begins with `under`, if that is something, stand below the one before them."""
    heads = [tag("th", name, scope="col", **_side(n < left)) for n, name in enumerate(head)]
    body = []
    for row in rows:
        first, *others = row
        below = bool(under) and first.startswith(under)
        cells = [tag("th", first.removeprefix(under), scope="row", class_="below" if below else "name")]
        cells += [tag("td", cell, **_side(n < left)) for n, cell in enumerate(others, 1)]
        body.append(tag("tr", *cells))
    whole = tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *body))
    return tag("div", whole, class_="wide wraps" if wraps else "wide", tabindex="0")


def _side(is_text: bool) -> dict[str, str]:
    return {"class_": "text"} if is_text else {}
