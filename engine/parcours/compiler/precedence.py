"""Who goes first: the order of candidates over all contacts (LANGUAGE.md P2)."""

from collections.abc import Mapping

from sqlglot import exp

from parcours.checking import checked
from parcours.compiler.expressions import own

_BY_NAME = ("journey", "contact", "key", "entry_at", "version", "node")


def order(policy: checked.Policy, *, with_value: bool, with_several: bool = False) -> list[exp.Ordered]:
    """By the columns `priority` and `value`, as the policy says, then by names. Without values, of which none is known
    then, all are the same. `with_several`: by `position` too, the place of a channel among those of one send."""
    ranks: Mapping[str, bool] = {"priority": True, "value": with_value}
    first = [
        exp.Ordered(this=own(rank), desc=True, nulls_first=False) for rank in policy.ranked_by if ranks[rank]
    ]
    names = [*_BY_NAME, *(["position"] if with_several else [])]
    return [*first, *(exp.Ordered(this=own(name), nulls_first=False) for name in names)]
