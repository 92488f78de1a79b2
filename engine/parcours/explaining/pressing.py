"""What rules of pressure had counted when they stopped a message (LANGUAGE.md P4-P6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from parcours.checking import checked
from parcours.explaining.context import Context
from parcours.explaining.records import Decision
from parcours.explaining.story import Fact
from parcours.oracle.gates import Grant, begins, lift_of, selects

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted; `free_at`: when enough of it falls out of the window, else `change` says what it takes."""

    fact: Fact
    change: str = ""
    free_at: datetime | None = None


class Pressing:
    """Counts from the outbox as it was at an instant."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def of_cap(self, cap: checked.Cap, stopped: Decision, priority: int) -> Counted:
        """The messages that used it up, and when one of them falls out of the window."""
        if cap.per is None:
            grants = self._context.records.grants()
        else:
            grants = self._context.records.grants_of(self._context.world.sharers(cap.per.name))
        counted = self._counted(cap.selector, cap.period, grants, stopped.at, exempt_too=cap.counting_exempt)
        kept = cap.keep[0] if cap.keep is not None and priority < cap.keep[1] else 0
        limit = cap.count - kept
        words = f"{len(counted)} of {limit} allowed {_within(cap.period)}"
        if kept and cap.keep is not None:
            words += f" ({kept} of {cap.count} kept for priority from {cap.keep[1]}, this one has {priority})"
        if limit <= 0:
            return Counted(Fact(words), "the rule would have to allow one")
        return self._lifting(words, counted, limit, cap.period, stopped.at)

    def of_wish(self, wish: checked.Wish, stopped: Decision) -> Counted:
        """P10: the one message that a contact wants in so long a time has gone."""
        assert wish.period is not None
        counted = self._counted(wish.selector, wish.period, self._context.records.grants(), stopped.at)
        words = f"{len(counted)} of 1 wanted {_within(wish.period)}"
        return self._lifting(words, counted, 1, wish.period, stopped.at)

    def of_spacing(self, rule: checked.Spacing, stopped: Decision) -> Counted:
        """The messages that it came too soon after."""
        period, mine = checked.Period("rolling", rule.span), _as_grant(self._context.contact, stopped)
        grants = self._context.records.grants()
        ways = [(rule.first, rule.second), *([] if rule.one_way else [(rule.second, rule.first)])]
        near: list[Grant] = []
        for before, after in ways:
            if selects(after, mine):
                near += self._counted(before, period, grants, stopped.at)
        near = sorted(set(near), key=lambda grant: grant.at)
        words = f"{_messages(len(near))} {_within(period)}"
        return self._lifting(words, near, 1, period, stopped.at)

    def of_capacity(self, rule: checked.Capacity, channel: str, stopped: Decision) -> Counted:
        """What the channel had taken of everybody; its calendar is the project's."""
        begin = begins(rule.period, self._context.scene(stopped.at), self._context.world.zone)
        taken = self._context.records.sent_by(channel, begin, stopped.at)
        room = f" of {rule.count}" if rule.doubling is None else ""
        words = f"{taken}{room} messages by {channel} to all contacts {_within(rule.period)}"
        return Counted(Fact(words), "the channel would have to take more, or the next period to begin")

    def of_budget(self, amount: Decimal, period: checked.Period, stopped: Decision) -> Counted:
        """What the journey had spent."""
        begin = begins(period, self._context.scene(stopped.at), self._context.world.zone)
        spent = self._context.records.spent_by(stopped.journey, begin, stopped.at)
        words = f"{_number(spent)} of {_number(amount)} spent {_within(period)}"
        return Counted(Fact(words), "the budget would have to be larger, or the next period to begin")

    def _counted(
        self,
        selector: checked.Selector,
        period: checked.Period,
        grants: Sequence[Grant],
        at: datetime,
        *,
        exempt_too: bool = False,
    ) -> list[Grant]:
        begin = begins(period, self._context.scene(at), self._context.zone)
        return [
            grant
            for grant in grants
            if begin <= grant.at <= at and selects(selector, grant) and (exempt_too or not grant.exempt)
        ]

    def _lifting(
        self, words: str, counted: Sequence[Grant], limit: int, period: checked.Period, at: datetime
    ) -> Counted:
        newest = [
            Fact(f"{grant.message} by {grant.channel}", self._context.local(grant.at))
            for grant in counted[-_SHOWN:]
        ]
        if len(counted) > _SHOWN:
            newest.insert(0, Fact(f"{len(counted) - _SHOWN} before them"))
        fact = Fact(words, parts=tuple(newest))
        if len(counted) < limit:
            return Counted(fact, "the rule as it reads today would let it through")
        scene, zone = self._context.scene(at), self._context.zone
        return Counted(fact, free_at=lift_of(counted[-limit].at, period, scene, zone))


def _as_grant(contact: Any, one: Decision) -> Grant:
    return Grant(
        one.at, contact, one.channel, one.purpose, one.topic, one.journey, one.message, one.cost, False, None
    )


def _within(period: checked.Period) -> str:
    if period.kind == "calendar":
        return f"this {period.span.unit}"
    return f"in the {str(period.span).removeprefix('1 ')} before"


def _messages(count: int) -> str:
    return "1 message" if count == 1 else f"{count} messages"


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"
