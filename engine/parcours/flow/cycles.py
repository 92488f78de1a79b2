"""Where ways lead back to where they came from."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def cycles(nodes: Iterable[Node], following: Callable[[Node], Iterable[Node]]) -> list[list[Node]]:
    """The largest sets of nodes of which each leads to each other (Tarjan's strongly connected components), without
    the nodes that do not even lead to themselves. Nodes are in the order in which they were found."""
    return [
        found for found in _components(nodes, following) if len(found) > 1 or found[0] in following(found[0])
    ]


def _components(nodes: Iterable[Node], following: Callable[[Node], Iterable[Node]]) -> Iterator[list[Node]]:
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    open_nodes: dict[Node, None] = {}
    for root in nodes:
        if root in index:
            continue
        path: list[tuple[Node, Iterator[Node]]] = []
        entered: Node | None = root
        while entered is not None or path:
            if entered is not None:
                index[entered] = low[entered] = len(index)
                open_nodes[entered] = None
                path.append((entered, iter(following(entered))))
                entered = None
            node, ways = path[-1]
            for target in ways:
                if target not in index:
                    entered = target
                    break
                if target in open_nodes:
                    low[node] = min(low[node], index[target])
            if entered is not None:
                continue
            path.pop()
            if path:
                before = path[-1][0]
                low[before] = min(low[before], low[node])
            if low[node] == index[node]:
                members = []
                for member in reversed(open_nodes):
                    members.append(member)
                    if member == node:
                        break
                for member in members:
                    del open_nodes[member]
                yield members[::-1]
