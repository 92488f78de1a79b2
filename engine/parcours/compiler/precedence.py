"""Who goes first: the order of candidates over all contacts (LANGUAGE.md P2)."""

from collections.abc import Iterable, Mapping, Sequence

from sqlglot import exp

from parcours.compiler.arbitration import Arbitration
from parcours.compiler.expressions import own


def of_contact(what: Arbitration) -> list[exp.Ordered]:
    """The order of the candidates of one contact. `nth_journey` is the place of a journey's name among all of them, `position`
    that of a channel among those of one send. Without keys, all keys are the same."""
    key = ["key"] if what.with_keys else []
    position = ["position"] if what.with_several else []
    return [*order(what), *_ascending([*key, "entry_at", "version", "node", *position])]


def of_step(what: Arbitration) -> list[exp.Ordered]:
    """The order of candidates of which no two are of one contact."""
    return [*order(what), *_ascending(["contact"])]


def order(what: Arbitration) -> list[exp.Ordered]:
    """By `priority` and `value`, as the policy says, then by the journeys. Without values, of which none is known then, all
    are the same."""
    ranks: Mapping[str, bool] = {"priority": True, "value": what.with_value}
    first = [rank for rank in what.policy.ranked_by if ranks[rank]]
    descending = [exp.Ordered(this=own(rank), desc=True, nulls_first=False) for rank in first]
    return [*descending, *_ascending(["nth_journey"])]


def nth_journeys(journeys: Iterable[str]) -> Sequence[str]:
    """The names of the journeys in the order of P2."""
    return sorted(set(journeys))


def _ascending(names: Sequence[str]) -> list[exp.Ordered]:
    return [exp.Ordered(this=own(name), nulls_first=False) for name in names]
