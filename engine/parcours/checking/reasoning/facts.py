"""Facts about quantities, and whether all of them can be true at once."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from parcours.checking.reasoning.lengths import is_never_longer, longest, shortest
from parcours.checking.reasoning.quantities import (
    AT_LEAST_ONE,
    NONE,
    Quantity,
    counted,
    domain,
    is_always_known,
    is_known_with_events,
    is_whole,
    needs_known,
    recent_events,
)
from parcours.checking.reasoning.ranges import Ranges, meet
from parcours.checking.terms import Count, DaysSince, Events, InLast, Term, Window

_EVER = Window("ever")
_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class IsKnown:
    """The term has a value, or has none."""

    term: Term
    known: bool


@dataclass(frozen=True, slots=True)
class Lies:
    """The value of the quantity, where it has one, is in the set."""

    quantity: Quantity
    ranges: Ranges


Fact = IsKnown | Lies


@dataclass
class Facts:
    """What has been taken for true so far. `implies` says whether a filter that is yes makes another one yes."""

    implies: Callable[[Term, Term], bool]
    _known: dict[Term, bool] = field(default_factory=dict)
    _ranges: dict[Quantity, Ranges] = field(default_factory=dict)

    def copy(self) -> "Facts":
        return Facts(self.implies, dict(self._known), dict(self._ranges))

    def add(self, fact: Fact) -> bool:
        """False when it contradicts what is there already, or follows from it to be false."""
        if isinstance(fact, Lies):
            return self._add_ranges(fact.quantity, fact.ranges)
        return self._add_known(fact.term) if fact.known else self._add_unknown(fact.term)

    @property
    def pairs(self) -> int:
        """About how many pairs of quantities `are_possible` compares."""
        count = sum(isinstance(q, Count | DaysSince | InLast) for q in self._ranges)
        return count * (count - 1)

    def are_possible(self) -> bool:
        """Whether what different quantities say can be true together."""
        counts = [q for q in self._ranges if isinstance(q, Count)]
        days = [q for q in self._ranges if isinstance(q, DaysSince)]
        young = [q for q in self._ranges if isinstance(q, InLast)]
        return not (
            any(self._is_too_many(few, many) for few in counts for many in counts if few is not many)
            or any(self._is_other_day(last, count) for last in days for count in counts)
            or any(self._is_too_old(one, other) for one in young for other in young if one is not other)
        )

    # ---- one quantity

    def _add_ranges(self, quantity: Quantity, ranges: Ranges) -> bool:
        before = self._ranges.get(quantity) or domain(quantity)
        self._ranges[quantity] = met = meet(before, ranges, whole=is_whole(quantity))
        if not met:
            return False
        if isinstance(quantity, InLast) and met[0].low == 1:
            count = recent_events(quantity)
            return count is None or self._add_ranges(count, AT_LEAST_ONE)
        return True

    def _add_known(self, term: Term) -> bool:
        if is_always_known(term):
            return True
        if term in self._known:
            return self._known[term]
        self._known[term] = True
        count = counted(term)
        if count is not None and not self._add_ranges(count, AT_LEAST_ONE):
            return False
        return all(self._add_known(part) for part in needs_known(term))

    def _add_unknown(self, term: Term) -> bool:
        if is_always_known(term) or self._known.get(term):
            return False
        self._known[term] = False
        count = counted(term)
        if count is not None and is_known_with_events(term):
            return self._add_ranges(count, NONE)
        return True

    # ---- two quantities

    def _is_too_many(self, few: Count, many: Count) -> bool:
        """More events than there are in a window, or among events, that hold them all."""
        least, most = self._ranges[few][0].low, self._ranges[many][-1].high
        if least is None or most is None or not least > most:  # type: ignore[operator]
            return False
        return self._are_among(few.events, many.events)

    def _is_other_day(self, last: DaysSince, count: Count) -> bool:
        """Days since the last event that speak against the events of the last days."""
        window, days, counts = count.events.window, self._ranges[last], self._ranges[count]
        if window.kind != "in_last" or window.span is None:
            return False
        since, ever = last.events, replace(count.events, window=_EVER)
        if counts[0].low != 0 and self._are_among(ever, since):
            # the last of them is less than the window ago
            return int(days[0].low or 0) > (longest(window.span) - _INSTANT) // _DAY
        high = days[-1].high
        if (
            counts[-1].high == 0
            and high is not None
            and self._known.get(last)
            and self._are_among(since, ever)
        ):
            return (int(high) + 1) * _DAY <= shortest(window.span)
        return False

    def _is_too_old(self, one: InLast, other: InLast) -> bool:
        """In the last 30 days, but not in the last 90."""
        if one.item != other.item or self._ranges[one][0].low != 1 or self._ranges[other][-1].high != 0:
            return False
        return is_never_longer(one.span, other.span)

    def _are_among(self, few: Events, many: Events) -> bool:
        """Whether all of the ones are certainly among the others."""
        if few.event != many.event or many.of not in (None, few.of):
            return False
        if not _is_within(few.window, many.window):
            return False
        if many.filter is None or few.filter == many.filter:
            return True
        return few.filter is not None and self.implies(few.filter, many.filter)


def _is_within(inner: Window, outer: Window) -> bool:
    if inner == outer or outer.kind == "ever":
        return True
    if inner.kind != "in_last" or outer.kind != "in_last" or inner.span is None or outer.span is None:
        return False
    return is_never_longer(inner.span, outer.span)
