"""A journey's state graph as a picture (SVG) and as text for other tools (Mermaid, DOT, JSON)."""

from parcours.graph.drawing.as_json import to_json
from parcours.graph.drawing.dot import to_dot
from parcours.graph.drawing.mermaid import to_mermaid
from parcours.graph.drawing.svg import to_svg

__all__ = ["to_dot", "to_json", "to_mermaid", "to_svg"]
