"""Zones of a score: the first that holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from sqlglot import exp

from parcours.checking.checked import BreakEvenZone, FromZone, OtherwiseZone, TopZone, WhereZone, Zone
from parcours.compiler.expressions import (
    FALSE,
    case,
    column,
    create_temporary,
    double,
    holds,
    own,
    table,
    text,
)
from parcours.engines.duckdb.engine import DuckDBEngine


@dataclass(frozen=True, slots=True)
class Stake:
    """What it costs to speak to a contact, and what it is worth when that happens which is predicted; both in the project's
    currency. `words` say where they come from."""

    cost: Decimal
    worth: Decimal
    words: str

    @property
    def break_even(self) -> float:
        """The probability from which on no less is to be expected than it costs; above 1 there is none."""
        return float(self.cost / self.worth) if self.worth > 0 else 2.0


def zoned(
    engine: DuckDBEngine, source: str, zones: Sequence[Zone], stake: Stake | None, target: str
) -> list[dict[str, Any]]:
    """Makes the table `target(contact, probability, zone)` of the table `source(contact, probability, w0, …)`, where `wN` is
    the condition of the Nth zone when it has one. Gives for each zone its `name`, `from` (the least probability; None
    where it is not about that) and `contacts`. Somebody in no zone has NULL."""
    least = [_least(engine, source, zone, stake) for zone in zones]
    pairs = [
        (_holds(zone, place, bound), text(zone.name))
        for place, (zone, bound) in enumerate(zip(zones, least, strict=True))
    ]
    zone = case(pairs) if pairs else exp.null()
    made = exp.select(
        own("contact"), own("probability"), exp.alias_(exp.cast(zone, "VARCHAR"), column("zone").this)
    )
    engine.run_tree(create_temporary(target, made.from_(table(source))))
    named = own("zone")
    counted = exp.select(named, exp.Count(this=exp.Star())).from_(table(target)).group_by(named.copy())
    counts = dict(engine.run_tree(counted))
    return [
        {"name": zone.name, "from": bound, "contacts": counts.get(zone.name, 0)}
        for zone, bound in zip(zones, least, strict=True)
    ]


def _least(engine: DuckDBEngine, source: str, zone: Zone, stake: Stake | None) -> float | None:
    match zone:
        case FromZone():
            return float(zone.percent / 100)
        case TopZone():
            return _top(engine, source, zone.percent)
        case BreakEvenZone():
            return None if stake is None else stake.break_even
    return None


def _top(engine: DuckDBEngine, source: str, percent: Decimal) -> float | None:
    """The least probability of those whom fewer than so many percent surpass. So equal ones are in together, the last of
    them included."""
    ((everybody,),) = engine.run_tree(exp.select(exp.Count(this=exp.Star())).from_(table(source)))
    place = ceil(Fraction(percent) * everybody / 100)
    if not place:
        return None
    last = exp.select(own("probability")).from_(table(source))
    last = last.order_by(exp.Ordered(this=own("probability"), desc=True)).limit(1).offset(place - 1)
    ((found,),) = engine.run_tree(last)
    return float(found)


def _holds(zone: Zone, place: int, least: float | None) -> exp.Expr:
    match zone:
        case OtherwiseZone():
            return exp.true()
        case WhereZone():
            return holds(own(f"w{place}"))
    if least is None:
        return FALSE.copy()
    return exp.GTE(this=own("probability"), expression=double(least))
