"""The candidates of a round: every send that waits for arbitration, ranked for each contact (LANGUAGE.md P2)."""

from collections.abc import Sequence

from sqlglot import exp

from parcours.compiler import budgets, freshness, several
from parcours.compiler.expressions import NOW, case, create_temporary, own, parameter, table, text
from parcours.compiler.gates import Gates, SendStep
from parcours.compiler.layout import SEND, WAKING
from parcours.compiler.statement import Statement

_TIES = (("journey", "t"), ("key", "m"), ("entry_at", "m"), ("version", "m"), ("node", "m"))


def candidates(sends: Sequence[SendStep], gates: Gates, project_zone: str) -> Statement:
    """`_to_send`: the sends that nobody has arbitrated yet, ranked for each contact: by priority, then journey and key (P2).

    A send on several channels has a row for each that is not decided yet, one after the other: `only_channel`."""
    order: list[tuple[str, str]] = [*_TIES]
    columns: list[exp.Expr] = []
    with_several = any(map(several.is_several, sends))
    if with_several:
        order.append(("position", "w"))
        columns.append(exp.alias_(own("channel", "w"), "only_channel"))
    if budgets.budgeted(sends):
        columns += [own(name, "t") for name in budgets.RANKED]
    with_needs = bool(freshness.needing(sends))
    if with_needs:
        columns += freshness.columns(sends, gates, project_zone)
    rank = exp.Window(
        this=exp.RowNumber(),
        partition_by=[own("contact", "m")],
        order=exp.Order(
            expressions=[
                exp.Ordered(this=own("priority", "t"), desc=True, nulls_first=False),
                *(exp.Ordered(this=own(n, a), nulls_first=False) for n, a in order),
            ]
        ),
    )
    on_step = exp.and_(
        exp.EQ(this=own("version", "t"), expression=own("version", "m")),
        exp.EQ(this=own("node", "t"), expression=own("node", "m")),
    )
    over = exp.GT(
        this=NOW.copy(), expression=exp.Add(this=own("arrived_at", "m"), expression=own("expires", "t"))
    )
    query = (
        exp.select(
            *(own(c, "m") for c in WAKING),
            exp.alias_(case([(own("unless", "m"), own("unless_gate", "t"))]), "unless_gate"),
            exp.alias_(case([(over, own("expired_gate", "t"))]), "expired_gate"),
            own("kept_gate", "t"),
            exp.alias_(rank, "rank"),
            own("sent", "t"),
            own("not_sent", "t"),
            *columns,
        )
        .from_(table("_moved", "m"), copy=False)
        .join(table("_send_step", "t"), on=on_step, copy=False)
    )
    if with_several:
        query = query.join(table("_several", "w"), on=several.still_to_try(), join_type="left", copy=False)
    if with_needs:
        query = query.join(table("_stale", "k"), on=freshness.of_version(), join_type="left", copy=False)
    query = query.where(
        exp.GT(this=own("round", "m"), expression=parameter("arbitrated")),
        exp.EQ(this=own("kind", "m"), expression=text(SEND)),
        copy=False,
    )
    return Statement(
        "to_send",
        "the sends that wait for arbitration, ranked for each contact",
        create_temporary("_to_send", query),
    )
