"""Every condition of a project as written, beside the term that it became: what rules about meaning read."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from parcours.checking.scope import Scope
from parcours.checking.terms import Term
from parcours.model import values as written


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """`node` knows its places, `term` its meaning, `scope` what names in it could be read."""

    node: written.Predicate
    term: Term
    scope: Scope


@dataclass
class Conditions:
    """Those that have a term, parts of others included, in the order in which they were typed."""

    _by_node: dict[int, Condition] = field(default_factory=dict)

    def note(self, node: written.Predicate, term: Term, scope: Scope) -> None:
        # by identity: equality of nodes looks through places
        self._by_node[id(node)] = Condition(node, term, scope)

    def of(self, node: written.Predicate) -> Condition | None:
        """None when the predicate has a mistake, or nobody asked what it means."""
        return self._by_node.get(id(node))

    def parts(self, condition: Condition) -> tuple[Condition, ...]:
        """The conditions that `and`, `or` or `not` joins into this one; none of any other."""
        return tuple(found for node in joined(condition.node) if (found := self.of(node)) is not None)

    def whole(self) -> Iterator[Condition]:
        """Those that are no part of another: what stands behind `if`, in brackets, in a segment …"""
        inner = {id(node) for c in self._by_node.values() for node in joined(c.node)}
        return (c for key, c in self._by_node.items() if key not in inner)


def joined(node: written.Predicate) -> tuple[written.Predicate, ...]:
    """What `and`, `or` or `not` joins; empty for any other condition."""
    match node:
        case written.And() | written.Or():
            return node.items
        case written.Not():
            return (node.item,)
    return ()
