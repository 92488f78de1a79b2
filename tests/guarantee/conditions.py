"""What a condition says of a contact from its attributes alone, in plain Python; conditions that speak of more are left aside."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from parcours.checking import terms

_SIGNS = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


class BeyondAttributesError(Exception):
    """The condition is about events, the clock, or what journeys set."""


def says(term: terms.Term, values: Mapping[str, Any], changing: Collection[str]) -> Any:
    """Yes, no, or None for unknown; of an attribute and a constant the value."""
    if isinstance(term, terms.Constant):
        return term.value
    if isinstance(term, terms.Attribute):
        if term.name in changing:
            raise BeyondAttributesError(term.name)
        found = values.get(term.name)
        return (
            Decimal(str(found)) if isinstance(found, int | float) and not isinstance(found, bool) else found
        )
    if isinstance(term, terms.And | terms.Or):
        found = {says(item, values, changing) for item in term.items}
        decides = isinstance(term, terms.Or)
        return decides if decides in found else None if None in found else not decides
    if isinstance(term, terms.Not):
        inner = says(term.item, values, changing)
        return None if inner is None else not inner
    if isinstance(term, terms.Known):
        return says(term.item, values, changing) is not None
    if isinstance(term, terms.Holds):
        return says(term.item, values, changing) is True
    if isinstance(term, terms.Compare):
        left, right = (says(side, values, changing) for side in (term.left, term.right))
        return None if left is None or right is None else _SIGNS[term.operator](left, right)
    raise BeyondAttributesError(type(term).__name__)
