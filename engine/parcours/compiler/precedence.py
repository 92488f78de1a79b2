"""Who goes first: the order of candidates over all contacts (LANGUAGE.md P2)."""

from collections.abc import Sequence

from sqlglot import exp

from parcours.checking import checked
from parcours.compiler.arbitration import Arbitration
from parcours.compiler.expressions import own
from parcours.compiler.gates import SendStep


def of_contact(what: Arbitration) -> list[exp.Ordered]:
    """The order of the candidates of one contact. `send` is the number of a send in the order of versions and their steps,
    `position` the place of a channel among those of one send."""
    # without keys a contact is in a journey once, in whatever version (T18): `nth` tells its sends apart
    runs = ["key", "entry_at", "send"] if what.with_keys else []
    position = ["position"] if what.with_several else []
    return [*order(what), *_ascending([*runs, *position])]


def of_step(what: Arbitration) -> list[exp.Ordered]:
    """The order of candidates of which no two are of one contact."""
    return [*order(what), *_ascending(["contact"])]


def order(what: Arbitration) -> list[exp.Ordered]:
    """By the columns `priority` and `value`, as the policy says, as far as there are values; what comes after them is known
    beforehand, and one number: `nth`."""
    ranked_by = list(what.policy.ranked_by)
    first = ranked_by[: ranked_by.index("value") + 1] if what.with_value else []
    return [
        *(exp.Ordered(this=own(rank), desc=True, nulls_first=False) for rank in first),
        *_ascending(["nth"]),
    ]


def places(policy: checked.Policy, sends: Sequence[SendStep]) -> list[int]:
    """Of each send its place among all, by what does not depend on its contact: the priority, if the policy asks for it, and
    the name of the journey."""
    by_priority = "priority" in policy.ranked_by
    keys = [(-send.journey.priority if by_priority else 0, send.journey.name) for send in sends]
    places = {key: place for place, key in enumerate(sorted(set(keys)))}
    return [places[key] for key in keys]


def number_type(most: int) -> str:
    """The SQL type of a number that candidates are sorted by. Narrow: a sort costs by the width of its key, in steps of eight
    bytes."""
    return "SMALLINT" if most < 1 << 15 else "INTEGER"


def _ascending(names: Sequence[str]) -> list[exp.Ordered]:
    return [exp.Ordered(this=own(name), nulls_first=False) for name in names]
