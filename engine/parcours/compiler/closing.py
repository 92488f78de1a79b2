"""The gate that stops a candidate on each of its channels, and when that lifts (LANGUAGE.md P1, P4, P7).

A channel has its columns by its position among those that are tried: `closed_0`, `closed_1`, … Gates are numbered in the order of
P1, so of those that are closed the least is the first. Which limits speak of a message on a channel is known beforehand: they are
the bits of a whole number (`_send_option`), as are the limits that are full for a contact. The first limit that stops the message
is the lowest bit that is set in both."""

from collections.abc import Callable, Iterable, Sequence

from sqlglot import exp

from parcours.compiler.arbitration import Arbitration
from parcours.compiler.calendars import until
from parcours.compiler.expressions import (
    call,
    case,
    case_of,
    greatest,
    interval,
    least,
    number,
    own,
    table,
)
from parcours.compiler.granted import full_at, is_full, nth_newest
from parcours.compiler.lifts import with_month_lifts
from parcours.compiler.limits import Limit, Word


class Closing:
    """Over candidates `t` on all their channels: `closed_0` is the first gate that stops them there, and `opens_0` when it lifts.
    `with_now`: by what was granted in this tick too. `is_for`: whether a limit is for the contact of a candidate `f`; None when it
    is for all."""

    def __init__(
        self, what: Arbitration, is_for: Callable[[Limit], exp.Expr | None], *, with_now: bool
    ) -> None:
        self._what = what
        self._is_for = is_for
        self._with_now = with_now
        self._counted = [limit for limit in what.limits if limit.count]

    def closed(self, query: exp.Select, source: str, names: Sequence[str]) -> exp.Select:
        """The query over its table `source` with these columns, `closed_0`, `opens_0` … by what limits find out too. There,
        `gate_0` is the gate that is closed as far as that is known."""
        positions = self._what.positions
        made: dict[str, exp.Expr] = {f"closed_{p}": own(f"gate_{p}", "t") for p in positions}
        last = source
        if self._what.limits:
            query = query.with_("filled", as_=self._filled(source), copy=False)
            query = query.with_("met", as_=self._met(), copy=False)
            query = query.with_("tested", as_=self._tested(), copy=False)
            query, last = self._with_months(query)
            made = {f"opens_{p}": self._opens(p) for p in positions}
        found = (exp.alias_(made[name], name) if name in made else own(name, "t") for name in names)
        return query.select(*found, copy=False).from_(table(last, "t"), copy=False)

    def _filled(self, source: str) -> exp.Select:
        """The candidates with what may fill each limit."""
        found = (nth_newest(one, self._what, "f", with_now=self._with_now) for one in self._counted)
        columns = dict(column for column in found if column is not None)
        more = (exp.alias_(made, name) for name, made in columns.items())
        return exp.select("f.*", *more).from_(table(source, "f"), copy=False)

    def _met(self) -> exp.Select:
        """Which limits are full for each candidate, as bits."""
        full = (exp.alias_(self._bits(word), word.name) for word in self._what.words)
        return exp.select("f.*", *full).from_(table("filled", "f"), copy=False)

    def _bits(self, word: Word) -> exp.Expr:
        """P4: the limits that would be passed by one message more; a limit of 0 always is."""
        found: list[exp.Expr] = []
        for bit, limit in enumerate(word.limits):
            is_for = self._is_for(limit)
            conditions = [] if is_for is None else [is_for.copy()]
            if limit.count:
                conditions.append(is_full(limit, self._what, "f", with_now=self._with_now))
            value = number(1 << bit)
            found.append(case([(exp.and_(*conditions), value)], number(0)) if conditions else value)
        total = found[0]
        for one in found[1:]:
            total = exp.Add(this=total, expression=one)
        return exp.cast(total, "BIGINT")

    def _tested(self) -> exp.Select:
        """The first gate of all that stops the candidates on each channel."""
        query = exp.select("t.*").from_(table("met", "t"), copy=False)
        for p in self._what.positions:
            closed = least(own(f"gate_{p}", "t"), *(_first(word, p) for word in self._what.words))
            query = query.select(exp.alias_(closed, f"closed_{p}"), copy=False)
        return query

    def _with_months(self, query: exp.Select) -> tuple[exp.Select, str]:
        """Adds when a window ends that rolls by months, to a query that has `tested`; the name of the last table."""
        rolling = _by_gate(limit for limit in self._counted if limit.by_month)
        last = "tested"
        for p in self._what.positions if rolling else ():
            closed = own(f"closed_{p}", "t")
            full = case_of(closed, [(number(gate), self._full_at(by, p)) for gate, by in rolling.items()])
            spans = [(number(gate), interval(by[0].period.span)) for gate, by in rolling.items()]
            dated = exp.select(
                "t.*",
                exp.alias_(exp.cast(full, "TIMESTAMP"), f"full_at_{p}"),
                exp.alias_(case_of(closed.copy(), spans), f"full_span_{p}"),
            ).from_(table(last, "t"), copy=False)
            query = query.with_(f"dated_{p}", as_=dated, copy=False)
            query, last = with_month_lifts(query, f"dated_{p}", self._what.zone, of=f"_{p}")
        return query, last

    def _opens(self, p: int) -> exp.Expr:
        """P7: the earliest instant at which the gate that is closed on a channel can open."""
        pairs: list[tuple[exp.Expr, exp.Expr]] = []
        for gate, by in _by_gate(self._counted).items():
            unit, span = by[0].unit, by[0].period.span
            if unit is not None:
                lift: exp.Expr = until(unit, "t")
            elif span.is_calendar:
                lift = own(f"month_lift_{p}", "t")
            else:
                lift = exp.Add(this=self._full_at(by, p), expression=interval(span))
            pairs.append((number(gate), lift))
        return exp.cast(case_of(own(f"closed_{p}", "t"), pairs, own(f"opens_{p}", "t")), "TIMESTAMP")

    def _full_at(self, limits: Sequence[Limit], p: int) -> exp.Expr:
        """What must fall out of the window before a rule is open: both ways, when it says both."""
        full = [full_at(limit, self._what, "t", with_now=self._with_now) for limit in limits]
        if len(limits) > 1:
            full = [case([(self._stops(one, p), made)]) for one, made in zip(limits, full, strict=True)]
        return greatest(*full)

    def _stops(self, limit: Limit, p: int) -> exp.Expr:
        """Whether a limit is full that speaks of the message on a channel."""
        word = next(word for word in self._what.words if limit in word.limits)
        bit = number(1 << word.limits.index(limit))
        both = exp.BitwiseAnd(this=own(word.name, "t"), expression=own(f"{word.name}_{p}", "t"))
        found = exp.BitwiseAnd(this=both, expression=bit)
        return exp.NEQ(this=exp.paren(found, copy=False), expression=number(0))


def with_options(query: exp.Select, alias: str, positions: Iterable[int]) -> exp.Select:
    """The query over candidates `alias` with their channels `o0`, `o1`, …"""
    for p in positions:
        on = exp.EQ(this=own("option", f"o{p}"), expression=own(f"option_{p}", alias))
        query = query.join(table("_send_option", f"o{p}"), on=on, join_type="left", copy=False)
    return query


def _first(word: Word, p: int) -> exp.Expr:
    """The gate of the first limit of a word that stops the message; NULL when none does: of 0 that is a place that the list
    does not have."""
    both = exp.paren(exp.BitwiseAnd(this=own(word.name, "t"), expression=own(f"{word.name}_{p}", "t")))
    less = exp.Sub(this=both.copy(), expression=number(1))
    # up to the lowest bit that is set, all are different from those of one less
    place = call("bit_count", call("xor", both, less))
    gates = call("list_value", *(number(limit.gate) for limit in word.limits))
    return call("list_extract", gates, place)


def _by_gate(limits: Iterable[Limit]) -> dict[int, list[Limit]]:
    """A rule that says both ways is two limits, over the same time."""
    found: dict[int, list[Limit]] = {}
    for limit in limits:
        found.setdefault(limit.gate, []).append(limit)
    return found
