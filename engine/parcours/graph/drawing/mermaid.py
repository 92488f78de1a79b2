"""A state graph as a Mermaid flow chart."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from parcours.graph.drawing.figure import Figure, Step, legend, read
from parcours.graph.drawing.lettering import clean
from parcours.graph.drawing.palette import INK, MARKS

if TYPE_CHECKING:
    import networkx as nx

_SHAPES = {
    "enter": ("([", "])"),
    "wait": ("(", ")"),
    "wait_event": ("[/", "/]"),
    "send": ("[", "]"),
    "if": ("{{", "}}"),
    "split": ("[/", "\\]"),
    "act": ("(", ")"),
    "exit": ("([", "])"),
}


def to_mermaid(graph: "nx.MultiDiGraph[str]", counts: Mapping[str, int] | None = None) -> str:
    """A `flowchart TD`, ending in a newline. Arrows that close a loop are dotted. `counts` as in `to_svg`."""
    figure = read(graph, counts)
    names = _identifiers(figure)
    lines = []
    title = "; ".join(part for part in (figure.journey, legend(figure), *figure.header) if part)
    if title:
        # the front matter is YAML, of which a JSON string is a part
        lines += ["---", f"title: {json.dumps(clean(title))}", "---"]
    lines.append("flowchart TD")
    for step in figure.steps:
        opening, closing = _SHAPES[step.kind]
        lines.append(f'    {names[step.name]}{opening}"{_label(step)}"{closing}')
    for arrow in figure.arrows:
        line = "-.->" if arrow.back else "-->"
        label = f'|"{_quoted(arrow.label)}"|' if arrow.label else ""
        lines.append(f"    {names[arrow.source]} {line}{label} {names[arrow.target]}")
    if figure.before:
        lines += _colours(figure, names)
    return "\n".join(lines) + "\n"


def _colours(figure: Figure, names: dict[str, str]) -> Iterator[str]:
    """The marks of two versions as classes and styles of lines."""
    for mark, (hue, _) in MARKS.items():
        dash = ",stroke-dasharray:5 3" if mark == "removed" else ""
        marked = [names[step.name] for step in figure.steps if step.mark == mark]
        if marked:
            yield f"    classDef {mark} fill:{hue.fill},stroke:{hue.stroke},color:{INK.light}{dash}"
            yield f"    class {','.join(marked)} {mark}"
        lines = [str(number) for number, arrow in enumerate(figure.arrows) if arrow.mark == mark != "same"]
        if lines:
            yield f"    linkStyle {','.join(lines)} stroke:{hue.stroke}{dash}"


def _label(step: Step) -> str:
    parts = [step.heading, step.details]
    if step.contacts is not None:
        parts.append(f"{step.contacts:,} contacts")
    return "<br/>".join(_quoted(part) for part in parts if part)


def _quoted(text: str) -> str:
    """The text for a place between double quotes. Of the ASCII signs only harmless ones stay as they are,
    because Mermaid reads HTML, Markdown and its own entities even there."""
    # a plus or minus at the beginning would make it a list
    return re.sub(r"^[+-]|(?![\w .,:=()?!+%-])[ -~]", lambda sign: f"#{ord(sign[0])};", clean(text))


def _identifiers(figure: Figure) -> dict[str, str]:
    """A name that Mermaid accepts for each step, close to the step's own, so that texts can be compared."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for step in figure.steps:
        # the prefix keeps clear of Mermaid's own words, such as `end`
        stem = name = "step_" + re.sub(r"[^A-Za-z0-9]+", "_", step.name)
        number = 1
        while name in taken:
            number += 1
            name = f"{stem}_{number}"
        taken.add(name)
        names[step.name] = name
    return names
