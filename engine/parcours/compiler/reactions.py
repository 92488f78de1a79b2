"""What contacts do with messages, and what becomes of those: the events that a report on messages counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from parcours.compiler.expressions import (
    NOW,
    column,
    create_temporary,
    own,
    parameter,
    table,
    text,
)
from parcours.compiler.statement import Statement
from parcours.datamart.catalog import event_view


@dataclass(frozen=True, slots=True)
class Told:
    """A `kind` of reaction and the event of the datamart that tells of it. `names_send`: its rows may say which message
    caused them; `channel`: its field that says by which channel, None where it has none."""

    kind: str
    event: str
    names_send: bool
    channel: str | None


def reactions(kinds: Sequence[Told]) -> Statement:
    """`_reaction(kind, id, contact, at, cause, channel)`: the events from the parameter `first` on that are visible at T (E2).
    `cause` and `channel` are NULL where nothing is said of them."""
    nothing = {name: exp.cast(exp.null(), kind) for name, kind in _COLUMNS.items()}
    parts: list[exp.Select] = [
        exp.select(*(exp.alias_(made, name) for name, made in nothing.items())).where(exp.false())
    ]
    if kinds:
        parts = [_of_kind(told) for told in kinds]
    query = parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False, copy=False)
    return Statement("reactions", "what contacts did with messages", create_temporary("_reaction", query))


_COLUMNS = {
    "kind": "VARCHAR",
    "id": "VARCHAR",
    "contact": "VARCHAR",
    "at": "TIMESTAMP",
    "cause": "VARCHAR",
    "channel": "VARCHAR",
}


def _of_kind(told: Told) -> exp.Select:
    unknown = exp.cast(exp.null(), "VARCHAR")
    made: dict[str, exp.Expr] = {
        "kind": text(told.kind),
        "id": own("_id", "e"),
        "contact": own("_contact", "e"),
        "at": own("_at", "e"),
        "cause": own("_send", "e") if told.names_send else unknown,
        "channel": unknown.copy() if told.channel is None else column(told.channel, "e"),
    }
    return (
        exp.select(*(exp.alias_(made[name], name) for name in _COLUMNS))
        .from_(table(event_view(told.event), "e"), copy=False)
        .where(
            exp.GTE(this=own("_at", "e"), expression=parameter("first")),
            exp.LTE(this=own("_visible_at", "e"), expression=NOW.copy()),
            copy=False,
        )
    )
