"""Ways out of the steps of two versions: which are the same, and which lead elsewhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from parcours.checking import checked
from parcours.graph.edges import END, ENTER, Edge, edges
from parcours.graph.pairing import Pairs, pair_branches

WAS = "was "


@dataclass(frozen=True, slots=True)
class Rerouting:
    """The way `label` out of the step `source` leads to `after` instead of `before`; names of the new version, where
    there is one."""

    source: str
    label: str
    before: str
    after: str


def old_edges(old: checked.Journey, pairs: Pairs) -> tuple[Edge, ...]:
    """The edges of the old version in names and labels of the new one, where it has a counterpart. A branch that is
    gone keeps its label behind WAS."""
    labels = _branch_labels(pairs)
    return tuple(
        Edge(
            pairs.new_name(edge.source),
            labels.get((edge.source, edge.label), edge.label),
            pairs.new_name(edge.target),
        )
        for edge in edges(old)
    )


def reroutings(old: checked.Journey, new: checked.Journey, pairs: Pairs) -> tuple[Rerouting, ...]:
    """Ways that both versions have and that lead to another step. That a step was put in between, or taken out, is no
    rerouting: the way still comes to where it came before. A `go to` tells of its target itself."""
    before, after = old_edges(old, pairs), edges(new)
    common = {*pairs.names.values(), ENTER, END}
    jumps = {step.name for _, step in pairs.order if isinstance(step, checked.GoTo)}
    now = {(edge.source, edge.label): edge.target for edge in after}
    found = []
    for edge in before:
        target = now.get((edge.source, edge.label))
        if target is None or edge.source not in common or edge.source in jumps:
            continue
        if not _landings(edge.target, before, common) & _landings(target, after, common):
            found.append(Rerouting(edge.source, edge.label, edge.target, target))
    order = {edge.source: number for number, edge in reversed(list(enumerate(after)))}
    return tuple(sorted(found, key=lambda one: order[one.source]))


def _branch_labels(pairs: Pairs) -> Mapping[tuple[str, str], str]:
    """(old name, old label) of each branch that is called otherwise in the new version ─► what it is called there."""
    labels: dict[tuple[str, str], str] = {}
    for old, new in pairs.order:
        if isinstance(old, checked.If) and isinstance(new, checked.If):
            for one, other in pair_branches(old, new):
                if one is not None:
                    label = _label(one)
                    labels[old.name, label] = f"{WAS}{label}" if other is None else _label(other)
    return labels


def _label(branch: int) -> str:
    return f"else if {branch + 1}" if branch else "yes"


def _landings(target: str, ways: Iterable[Edge], common: set[str]) -> set[str]:
    """The steps of both versions that are come to first from a target on, itself if it is one."""
    onward: dict[str, list[str]] = {}
    for edge in ways:
        onward.setdefault(edge.source, []).append(edge.target)
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [target]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in common:
            found.add(name)
        else:
            waiting += onward.get(name, [])
    return found
