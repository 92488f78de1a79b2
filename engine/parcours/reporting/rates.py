"""The figures of messages and the rates of the trade, and what each of them is exactly (docs/reporting.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from typing import Any

from parcours.reporting.reactions import BOUNCE, CLICK, COMPLAINT, OPEN, OPT_OUT, Measured

_NORMAL_95 = 1.959963984540054
"""The normal quantile of 97.5%."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`part` of `whole`, at least 0. `low` and `high` are Wilson's interval of 95%, in which the true rate is if messages are
    answered independently of one another; None for what is no share of a whole."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Messages of a span. None: not told by the datamart, so not known; `cost` in the project's currency, None where no
    channel costs anything.

    `contacts`: to how many contacts they were granted. granted = waiting + stopped + sent; sent = bounced + delivered. All
    others are of those delivered: how many were opened, clicked and so on at least once, so an opener is distinct by message
    sent and not by event."""

    granted: int
    contacts: int
    waiting: int
    sent: int
    bounced: int | None
    delivered: int
    opened: int | None
    clicked: int | None
    clicked_unopened: int | None
    unsubscribed: int | None
    complained: int | None
    cost: Decimal | None

    @property
    def stopped(self) -> int:
        """Granted, and never handed over: an opt-out came first, a text was wrong, the channel would not, it was too late."""
        return self.granted - self.waiting - self.sent

    def rates(self) -> dict[str, Rate | None]:
        """By name; None where the whole is 0, or something is not known."""
        return {
            "bounce_rate": _share(self.bounced, self.sent),
            "open_rate": _share(self.opened, self.delivered),
            "click_rate": _share(self.clicked, self.delivered),
            "reactivity": self._reactivity(),
            "unsubscribe_rate": _share(self.unsubscribed, self.delivered),
            "complaint_rate": _share(self.complained, self.delivered),
        }

    def _reactivity(self) -> Rate | None:
        # clicks without an open make it no share: it may be above 1
        if self.clicked is None or not self.opened:
            return None
        return Rate(self.clicked / self.opened, None, None)


RATES = ("bounce_rate", "open_rate", "click_rate", "reactivity", "unsubscribe_rate", "complaint_rate")

COUNTED = """count(*), count(DISTINCT f.contact), count(*) FILTER (f.waiting), count(*) FILTER (f.sent),
    count(*) FILTER (f.bounced), count(*) FILTER (f.delivered), count(*) FILTER (f.opened), count(*) FILTER (f.clicked),
    count(*) FILTER (f.clicked AND NOT f.opened), count(*) FILTER (f.opted_out), count(*) FILTER (f.complained), sum(f.cost)"""
"""What `figures` reads, over `FACTS AS f`."""


def figures(row: Sequence[Any], measured: Measured, *, receipts: bool) -> Figures:
    """From a row of `COUNTED`; `receipts`: the relay tells what was turned back."""
    (
        granted,
        contacts,
        waiting,
        sent,
        bounced,
        delivered,
        opened,
        clicked,
        unopened,
        left,
        complained,
        cost,
    ) = row
    opens, clicks = measured.has(OPEN), measured.has(CLICK)
    return Figures(
        granted=granted,
        contacts=contacts,
        waiting=waiting,
        sent=sent,
        bounced=bounced if receipts or measured.has(BOUNCE) else None,
        delivered=delivered,
        opened=opened if opens else None,
        clicked=clicked if clicks else None,
        clicked_unopened=unopened if opens and clicks else None,
        unsubscribed=left if measured.has(OPT_OUT) else None,
        complained=complained if measured.has(COMPLAINT) else None,
        cost=cost,
    )


def _share(part: int | None, whole: int) -> Rate | None:
    return None if part is None or not whole else share(part, whole)


def share(part: int, whole: int) -> Rate:
    """A share of a whole that is not 0, with Wilson's interval (Wilson 1927)."""
    rate, square = part / whole, _NORMAL_95 * _NORMAL_95
    middle = (rate + square / (2 * whole)) / (1 + square / whole)
    reach = _NORMAL_95 * sqrt(rate * (1 - rate) / whole + square / (4 * whole * whole)) / (1 + square / whole)
    return Rate(rate, 0.0 if not part else middle - reach, 1.0 if part == whole else middle + reach)
