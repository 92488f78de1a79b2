"""The order of a state graph."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx


def backwards(graph: "networkx.MultiDiGraph[str]") -> list[str]:
    """Every node after all the nodes that it leads to."""
    import networkx

    return list(reversed(list(networkx.topological_sort(graph))))
