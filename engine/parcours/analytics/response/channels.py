"""The rates at which messages are answered, by segment and channel."""

from collections.abc import Sequence
from typing import Any

from sqlglot import exp

from parcours.analytics.learner import Result, Run
from parcours.analytics.response.answers import SENDS, make_sends
from parcours.analytics.response.shrinkage import shrunk, shrunk_rates, strength
from parcours.analytics.snapshot import Snapshot
from parcours.checking import checked
from parcours.compiler.analytic_store import RESPONSE
from parcours.compiler.expressions import (
    case,
    cast_to,
    create_temporary,
    holds,
    no_rows,
    number,
    own,
    table,
    text,
)

WHOLE = ""
"""The segment that is everybody."""

_TABLE = "_response"
_MEMBERS = "_response_member"


def learn_response(response: checked.Response, snapshot: Snapshot, earlier: Sequence[Run]) -> Result:  # noqa: ARG001
    """A row for each channel and segment, and each channel and everybody (the segment ""): how many messages, how many were
    answered, and the rate: of a segment drawn towards the channel's, of a channel towards that of all messages. A lifecycle
    is a segment for each stage, `customer is active`. Without a message there are no rows."""
    columns = RESPONSE["response"]
    sends = make_sends(snapshot)
    rows = _rows(snapshot) if sends else []
    snapshot.engine.run_tree(create_temporary(_TABLE, _values(columns, _with_rates(rows))))
    channels = {channel: (sent, answered) for segment, channel, sent, answered in rows if segment == WHOLE}
    listed = [
        f"{channel} {answered / sent:.1%} of {sent:,}" for channel, (sent, answered) in channels.items()
    ]
    summary = f"answered: {', '.join(listed)}" if listed else "nothing was sent that could be answered"
    return Result(columns, _TABLE, {"summary": summary, "sends": sends})


def _rows(snapshot: Snapshot) -> list[tuple[str, str, int, int]]:
    """(segment, channel, messages, answers), everybody first."""
    whole = (
        _counted(text(WHOLE)).from_(table(SENDS, "s"), copy=False).group_by(own("channel", "s"), copy=False)
    )
    queries: list[exp.Query] = [whole]
    if snapshot.project.groups:
        _make_members(snapshot)
        same = exp.EQ(this=own("contact", "m"), expression=own("contact", "s"))
        by_segment = _counted(own("segment", "m")).from_(table(SENDS, "s"), copy=False)
        by_segment = by_segment.join(table(_MEMBERS, "m"), on=same, copy=False)
        queries.append(by_segment.group_by(own("segment", "m"), own("channel", "s"), copy=False))
    united = queries[0] if len(queries) == 1 else exp.union(*queries, distinct=False, copy=False)
    query = exp.select("*").from_(united.subquery("c"), copy=False)
    return snapshot.engine.run_tree(query.order_by("segment", "channel", copy=False))


def _counted(segment: exp.Expr) -> exp.Select:
    answered = exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=own("answered", "s")))
    return exp.select(
        exp.alias_(segment, "segment"),
        own("channel", "s"),
        exp.alias_(exp.Count(this=exp.Star()), "sends"),
        exp.alias_(answered, "responses"),
    )


def _make_members(snapshot: Snapshot) -> None:
    """`_response_member(contact, segment)`: who is in which segment and stage at the snapshot."""
    groups = snapshot.project.groups
    terms = [term for group in groups for _, term in group.stages]
    columns = iter(snapshot.table_of_features(terms, None, "_response_group"))
    queries: list[exp.Select] = []
    for group in groups:
        stages = [(holds(own(next(columns).name)), text(group.named(stage))) for stage, _ in group.stages]
        # of stages the first that holds
        inner = exp.select(own("contact"), exp.alias_(case(stages), "segment")).from_(
            table("_response_group")
        )
        known = exp.Not(this=own("segment").is_(exp.null()))
        queries.append(exp.select("contact", "segment").from_(inner.subquery("g"), copy=False).where(known))
    snapshot.make(
        _MEMBERS, queries[0] if len(queries) == 1 else exp.union(*queries, distinct=False, copy=False)
    )


def _with_rates(rows: Sequence[tuple[str, str, int, int]]) -> list[tuple[Any, ...]]:
    whole = [row for row in rows if row[0] == WHOLE]
    of_channel = dict(zip((row[1] for row in whole), shrunk_rates([row[2:] for row in whole]), strict=True))
    found = [(*row, of_channel[row[1]]) for row in whole]
    for channel, mean in of_channel.items():
        segments = [row for row in rows if row[0] != WHOLE and row[1] == channel]
        strong = strength([row[2:] for row in segments], mean)
        found += [(*row, shrunk(*row[2:], mean, strong)) for row in segments]
    return sorted(found)


def _values(columns: dict[str, str], rows: Sequence[tuple[Any, ...]]) -> exp.Select:
    """The rows as a query; floats exactly as they are."""
    typed = list(columns.items())
    if not rows:
        return no_rows(columns)
    listed = [exp.Tuple(expressions=[_plain(value) for value in row]) for row in rows]
    names = [exp.to_identifier(f"v{n}") for n in range(len(typed))]
    values = exp.Values(expressions=listed, alias=exp.TableAlias(this=exp.to_identifier("v"), columns=names))
    picked = [exp.alias_(cast_to(own(f"v{n}"), kind), name) for n, (name, kind) in enumerate(typed)]
    return exp.select(*picked).from_(values, copy=False)


def _plain(value: Any) -> exp.Expr:
    if isinstance(value, str):
        return text(value)
    return number(value) if isinstance(value, int) else exp.cast(text(repr(value)), "DOUBLE")
