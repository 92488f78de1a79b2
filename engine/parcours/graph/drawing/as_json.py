"""A state graph as JSON, for programs."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from parcours.graph.drawing.figure import read

if TYPE_CHECKING:
    import networkx as nx


def to_json(graph: "nx.MultiDiGraph[str]", counts: Mapping[str, int] | None = None) -> str:
    """An object of `journey`, `doc`, `version`, `nodes` and `edges`, ending in a newline; all as it stands
    in the graph. `contacts` is there for the steps that `counts` names; `before`, `header`, `mark` and `changes` in the
    graph of two versions."""
    figure = read(graph, counts)
    nodes: list[dict[str, object]] = []
    for step in figure.steps:
        node: dict[str, object] = {
            "name": step.name,
            "kind": step.kind,
            "title": step.title,
            "note": step.note,
        }
        if step.place is not None:
            node |= {"file": step.place.file, "line": step.place.line, "column": step.place.column}
        if step.anywhere:
            node["anywhere"] = True
        if step.contacts is not None:
            node["contacts"] = step.contacts
        if figure.before:
            node |= {"mark": step.mark, "changes": list(step.changes)}
        nodes.append(node)
    edges: list[dict[str, object]] = [
        {
            "from": source,
            "to": target,
            "label": data.get("label") or "",
            "title": data.get("title") or data.get("label") or "",
            **({"mark": data.get("mark") or "same"} if figure.before else {}),
        }
        for source, target, data in graph.edges(data=True)
    ]
    report: dict[str, object] = {"journey": figure.journey, "doc": figure.doc, "version": figure.version}
    if figure.before:
        report |= {"before": figure.before, "header": list(figure.header)}
    report |= {"nodes": nodes, "edges": edges}
    return json.dumps(report, indent=2) + "\n"
