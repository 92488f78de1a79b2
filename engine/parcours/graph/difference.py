"""Two versions of a journey as one state graph, for a picture of what has changed.

Nodes and edges are those of `build`, each with a `mark`: `added`, `removed`, `changed` or `same`; nodes also have
`changes`, short phrases. The graph has `before`, the version of the old journey, and `header`, the changes of the
header for which no node stands. A node that both have bears the name that it has in the new version."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from parcours.checking import checked
from parcours.graph.build import build
from parcours.graph.changes import details_of
from parcours.graph.edges import END, ENTER, edges
from parcours.graph.header_changes import Mark, header_changes
from parcours.graph.pairing import Pairs, pair
from parcours.graph.routes import WAS, old_edges

if TYPE_CHECKING:
    import networkx

# the ways out of an `if` that are called otherwise as soon as it has more branches, and mean the same
_SAME_WAYS = frozenset({"no"})


def build_difference(old: checked.Journey, new: checked.Journey) -> "networkx.MultiDiGraph[str]":
    """The state graph of both versions."""
    import networkx

    pairs, before, after = pair(old, new), build(old), build(new)
    header = header_changes(old, new)
    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    graph.graph |= after.graph
    graph.graph |= {
        "before": before.graph["version"],
        "header": tuple(change.words for change in header if not change.node),
    }
    for name, old_name, mark, changes in _nodes(before, after, pairs):
        of_header = [change for change in header if change.node == name]
        if mark == "same" and of_header:
            mark = "changed"
        found = (*changes, *(change.words for change in of_header)) if mark == "changed" else ()
        data = before.nodes[old_name] if mark == "removed" else after.nodes[name]
        graph.add_node(name, **data, mark=mark, changes=found)
    _add_edges(graph, old, before, after, pairs)
    return graph


def _nodes(
    before: "networkx.MultiDiGraph[str]", after: "networkx.MultiDiGraph[str]", pairs: Pairs
) -> Iterator[tuple[str, str, Mark, tuple[str, ...]]]:
    """(name, old name, mark, what has changed in it) in reading order."""
    yield ENTER, ENTER, "same", ()
    for one, other in pairs.order:
        if other is None and one is not None:
            yield one.name, one.name, "removed", ()
        elif one is None and other is not None:
            yield other.name, "", "added", ()
        elif one is not None and other is not None:
            details = details_of(one, other, pairs)
            yield other.name, one.name, "changed" if details else "same", details
    steps = {step.name for both in pairs.order for step in both if step is not None} | {ENTER}
    exits = {name: None for graph in (after, before) for name in graph if name not in steps}
    for name in sorted(exits, key=lambda name: name != END):  # the end of the steps first
        mark: Mark = "added" if name not in before else "removed" if name not in after else "same"
        yield name, name, mark, ()


def _add_edges(
    graph: "networkx.MultiDiGraph[str]",
    old: checked.Journey,
    before: "networkx.MultiDiGraph[str]",
    after: "networkx.MultiDiGraph[str]",
    pairs: Pairs,
) -> None:
    old_titles = {
        (now.source, now.target, now.label): before.edges[then.source, then.target, then.label]["title"]
        for then, now in zip(edges(old), old_edges(old, pairs), strict=True)
    }
    for source, target, label, data in after.edges(keys=True, data=True):
        title = old_titles.pop((source, target, label), None)
        same = title == data["title"] or label in _SAME_WAYS
        mark: Mark = "added" if title is None else "same" if same else "changed"
        graph.add_edge(source, target, key=label, **data, mark=mark)
    for (source, target, label), title in old_titles.items():
        graph.add_edge(source, target, key=label, label=label.removeprefix(WAS), title=title, mark="removed")
