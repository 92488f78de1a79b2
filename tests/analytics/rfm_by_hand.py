"""Rfm once more, one contact at a time in plain Python, as its documentation says it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal


@dataclass(frozen=True)
class Row:
    """What an rfm says of a contact; the scores are None where there are none."""

    recency_days: int
    frequency_count: int
    monetary_sum: Decimal | None
    trend: float | None
    recency: int | None = None
    frequency: int | None = None
    monetary: int | None = None


Orders = Mapping[str, Sequence[tuple[datetime, Decimal | None]]]


def rfm_by_hand(
    orders: Orders, now: datetime, over: datetime, trend: timedelta | None = None, steps: int = 0
) -> dict[str, Row]:
    """`orders` of each contact, all of them visible; the window begins after `over`."""
    raw = {}
    for contact, each in orders.items():
        inside = [(at, amount) for at, amount in each if over < at <= now]
        if inside:
            amounts = [amount for _, amount in inside if amount is not None]
            raw[contact] = Row(
                (now - max(at for at, _ in inside)).days,
                len(inside),
                sum(amounts, Decimal()) if amounts else None,
                None if trend is None else _trend(each, now, trend),
            )
    if not steps:
        return raw
    recency = _scores({c: -row.recency_days for c, row in raw.items()}, steps)
    frequency = _scores({c: row.frequency_count for c, row in raw.items()}, steps)
    monetary = _scores({c: row.monetary_sum for c, row in raw.items() if row.monetary_sum is not None}, steps)
    return {
        c: Row(*_figures(row), recency[c], frequency[c], monetary.get(c))  # type: ignore[arg-type]
        for c, row in raw.items()
    }


def _figures(row: Row) -> tuple[object, ...]:
    return row.recency_days, row.frequency_count, row.monetary_sum, row.trend


def _trend(each: Sequence[tuple[datetime, Decimal | None]], now: datetime, window: timedelta) -> float | None:
    latest = sum((a or 0 for at, a in each if now - window < at <= now), Decimal())
    before = sum((a or 0 for at, a in each if now - 2 * window < at <= now - window), Decimal())
    size = abs(latest) + abs(before)
    return float(latest - before) / float(size) if size else None


def _scores(figures: Mapping[str, Decimal | int], steps: int) -> dict[str, int]:
    """Everybody in a row from worst to best; place i of N has the score ceil(i n / N); those who tie take the lowest of
    theirs."""
    lowest: dict[Decimal | int, int] = defaultdict(lambda: steps)
    row = sorted(figures.items(), key=lambda item: item[1])
    for place, (_, figure) in enumerate(row, 1):
        lowest[figure] = min(lowest[figure], -(-place * steps // len(row)))
    return {contact: lowest[figure] for contact, figure in row}
