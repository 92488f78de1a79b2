"""What a script comes to, in one form for both sides: plain tuples by what they tell.

A run is (journey, contact, key, entry_at). Instants are naive UTC. Rows of one kind are sorted: the order inside a tick
is compared where it means something, along the way of a run."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

Row = tuple[Any, ...]
PARTS = (
    "entered",
    "moved",
    "sent",
    "held",
    "not_sent",
    "refused",
    "ended",
    "recorded",
    "standing",
    "attributes",
    "members",
)
"""entered: at, run. moved: at, run, edges taken in order. sent: at, run, step, message, channel, stops, rates, value, subject.
held and not_sent: at, run, step, message, channel, reason, rule, place, stops, rates, value. refused: at, journey, contact, key, reason. ended: at, run, outcome. recorded: at, event,
contact, id, fields. standing: at, run, entered_at, step, arrived_at, due_at, keep_until, entry, event, laps, tried: after
every tick. attributes: contact, name, value; members: group, contact, value: both at the end."""


REASON = 8
RATES = 12
"""Where the reason, and the rates with the value after them, stand in a row of those held or not sent."""
RATES_OF_SENT = 9


@dataclass(frozen=True)
class Outcome:
    rows: Mapping[str, tuple[Row, ...]]


@dataclass(frozen=True)
class Difference:
    part: str
    row: Row
    side: str

    def __str__(self) -> str:
        shown = ", ".join(_shown(value) for value in self.row)
        return f"only {self.side}: {self.part} {shown}"


def fields(known: Mapping[str, Any]) -> Row:
    """The known fields of an event, sorted, as text; numbers without a tail of zeros, since each side has its own."""
    return tuple(sorted((name, _text(value)) for name, value in known.items() if value is not None))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    try:
        return f"{Decimal(str(value)).normalize():f}"
    except InvalidOperation:
        return str(value)


def outcome(found: Mapping[str, Iterable[Row]]) -> Outcome:
    return Outcome({part: tuple(sorted(found.get(part, ()), key=repr)) for part in PARTS})


def _edges_alone(row: Row) -> Row | None:
    """A way without its last part when that is a goal or `leave when`: no edge of the graph, and told by `ended`."""
    *run, edges = row
    kept = tuple(edge for edge in edges if edge[1] not in ("goal", "leave"))
    return (*run, kept) if kept else None


def differences(sql: Outcome, oracle: Outcome) -> list[Difference]:
    """In the order of time: what came first is most often the cause of the rest."""
    found: list[Difference] = []
    for part in PARTS:
        ours, theirs = Counter(sql.rows[part]), Counter(oracle.rows[part])
        if part == "moved":
            ours = Counter(row for row in map(_edges_alone, sql.rows[part]) if row is not None)
        found += [Difference(part, row, "in the SQL") for row in (ours - theirs).elements()]
        found += [Difference(part, row, "in the oracle") for row in (theirs - ours).elements()]
    order = {part: number for number, part in enumerate(PARTS)}
    late = datetime.max
    return sorted(
        found,
        key=lambda d: (d.row[0] if isinstance(d.row[0], datetime) else late, order[d.part], repr(d.row)),
    )


def _shown(value: Any) -> str:
    return str(value) if isinstance(value, datetime) else repr(value)
