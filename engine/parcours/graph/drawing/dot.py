"""A state graph in the DOT language of Graphviz."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from parcours.graph.drawing.figure import Figure, Step, legend, read
from parcours.graph.drawing.lettering import clean
from parcours.graph.drawing.palette import MARKS

if TYPE_CHECKING:
    import networkx as nx

_SHAPES = {
    "enter": "shape=box, style=rounded, penwidth=2",
    "wait": "shape=box, style=rounded",
    "wait_event": 'shape=box, style="rounded,dashed"',
    "send": "shape=box",
    "if": "shape=hexagon",
    "split": "shape=trapezium",
    "act": "shape=box, style=rounded",
    "exit": "shape=box, style=rounded, peripheries=2",
}


def to_dot(graph: "nx.MultiDiGraph[str]", counts: Mapping[str, int] | None = None) -> str:
    """A `digraph`, ending in a newline; a node's id is the step's name. `counts` as in `to_svg`."""
    figure = read(graph, counts)
    lines = [
        f"digraph {_quoted(figure.journey)} {{",
        '    node [fontname="sans-serif"]',
        '    edge [fontname="sans-serif"]',
    ]
    if figure.before:
        title = "; ".join((figure.journey, legend(figure), *figure.header))
        lines.append(f'    graph [fontname="sans-serif", labelloc=t, label={_quoted(title)}]')
    lines += [f"    {_id(step.name)} [label={_label(step)}, {_look(step, figure)}]" for step in figure.steps]
    for arrow in figure.arrows:
        # a loop is turned round for the layout only, so that it does not pull its start upwards
        options = ["constraint=false"] if arrow.back else []
        if arrow.back or arrow.mark == "removed":
            options.append("style=dashed")
        if arrow.mark != "same":
            stroke = MARKS[arrow.mark][0].stroke
            options.append(f'color="{stroke}", fontcolor="{stroke}"')
        if arrow.label:
            options.insert(0, f"label={_quoted(arrow.label)}")
        ending = f" [{', '.join(options)}]" if options else ""
        lines.append(f"    {_id(arrow.source)} -> {_id(arrow.target)}{ending}")
    return "\n".join([*lines, "}"]) + "\n"


def _look(step: Step, figure: Figure) -> str:
    """Shape and, in a picture of two versions, the colours of the mark."""
    if not figure.before:
        return _SHAPES[step.kind]
    shape = _SHAPES[step.kind].replace(', style="rounded,dashed"', ", style=rounded")
    styles = ["rounded"] if "style=rounded" in shape else []
    styles += ["filled", "dashed"] if step.mark == "removed" else ["filled"]
    hue = MARKS[step.mark][0]
    shape = shape.replace(", style=rounded", "")
    return f'{shape}, style="{",".join(styles)}", color="{hue.stroke}", fillcolor="{hue.fill}"'


def _label(step: Step) -> str:
    parts = [step.heading, step.details]
    if step.contacts is not None:
        parts.append(f"{step.contacts:,} contacts")
    return '"' + "\\n".join(_escaped(part) for part in parts if part) + '"'


def _id(name: str) -> str:
    # in an id DOT keeps a doubled backslash as it is; what differs still differs
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    # `&` would begin an HTML entity.
    return clean(text).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
