"""The gate that stops a candidate on each of its channels, and when that lifts (LANGUAGE.md P1, P4, P7).

A channel has its columns by its position among those that are tried: `gate_0`, `gate_1`, … Which limits speak of a message on a
channel is known beforehand; they are the bits of a whole number (`_send_option`), as are the limits that are full for a
contact. The first limit that stops the message is the lowest bit that is set in both."""

from collections.abc import Iterable, Sequence

from sqlglot import exp

from parcours.compiler import granted
from parcours.compiler.arbitration import Arbitration
from parcours.compiler.calendars import until
from parcours.compiler.expressions import (
    call,
    case,
    case_of,
    column,
    greatest,
    interval,
    number,
    own,
    table,
)
from parcours.compiler.lifts import with_month_lifts
from parcours.compiler.limits import Limit, Word


class Closing:
    """Over candidates `t` on all their channels: `gate_0` and `quiet_gate_0` are the first gates that stop them there whatever
    is granted, before and after the preferences, `gate_lift_0` and `quiet_lift_0` when these lift; `for_0` whether a limit is for
    this contact. `with_now`: there is how much of this tick counts (`now_0`)."""

    def __init__(self, what: Arbitration, *, with_now: bool) -> None:
        self._what = what
        self._with_now = with_now
        self._words = what.words
        self._counted = [limit for limit in what.limits if limit.count]

    def columns(self) -> list[str]:
        """What has to be there of a candidate."""
        what = self._what
        names = ["candidate", *what.of_candidate]
        names += ["zone"] if what.units else []
        for p in what.positions:
            names += [f"option_{p}", f"gate_{p}", f"gate_lift_{p}", f"quiet_gate_{p}", f"quiet_lift_{p}"]
        return names + [f"for_{limit.number}" for limit in what.limits if limit.condition is not None]

    def selected(self, alias: str) -> list[exp.Expr]:
        """The columns."""
        shared = (column(granted.share(a), alias) for a in self._what.shares)
        return [*(own(name, alias) for name in self.columns()), *shared]

    def closed(self, query: exp.Select, source: str) -> exp.Select:
        """The query over its table `source`: for each position besides the gate that is `closed` there, and when it `opens`."""
        query = query.with_("filled", as_=self._filled(source), copy=False)
        query = query.with_("met", as_=self._met(), copy=False)
        query = query.with_("tested", as_=self._tested(), copy=False)
        query, last = self._with_months(query)
        opens = (exp.alias_(self._opens(p), f"opens_{p}") for p in self._what.positions)
        closed = (own(f"closed_{p}", "t") for p in self._what.positions)
        query = query.select(*self.selected("t"), *closed, *opens, copy=False)
        return query.from_(table(last, "t"), copy=False)

    def _filled(self, source: str) -> exp.Select:
        """The candidates with what fills each limit, and which limits speak of them on each channel."""
        what = self._what
        tallies = {limit: tally for tally in what.tallies for limit in tally.limits}
        full = [
            granted.filled_at(limit, tallies[limit], what, with_now=self._with_now) for limit in self._counted
        ]
        query = exp.select(
            "t.*",
            *(
                exp.alias_(made, f"full_{limit.number}")
                for limit, made in zip(self._counted, full, strict=True)
            ),
            *(
                exp.alias_(own(word.name, f"o{p}"), f"{word.name}_{p}")
                for word in self._words
                for p in what.positions
            ),
            *(exp.alias_(until(unit, "k"), f"until_{unit}") for unit in what.units),
        ).from_(table(source, "t"), copy=False)
        if self._words:
            query = with_options(query, "t", what.positions)
        query = granted.with_past(query, what, "t")
        if what.units:
            zone = exp.EQ(this=own("zone", "k"), expression=own("zone", "t"))
            query = query.join(table("_calendar", "k"), on=zone, join_type="left", copy=False)
        return query

    def _met(self) -> exp.Select:
        """Which limits are full for each candidate, as bits."""
        full = (exp.alias_(_bits(word), word.name) for word in self._words)
        return exp.select("t.*", *full).from_(table("filled", "t"), copy=False)

    def _tested(self) -> exp.Select:
        """The first gate of all that stops the candidates on each channel."""
        query = exp.select("t.*")
        for p in self._what.positions:
            gates: list[exp.Expr] = [own(f"gate_{p}", "t")]
            gates += [_first(word, p) for word in self._words if word.wished]
            gates += [own(f"quiet_gate_{p}", "t")]
            gates += [_first(word, p) for word in self._words if not word.wished]
            made = exp.Coalesce(this=gates[0], expressions=gates[1:])
            query = query.select(exp.alias_(made, f"closed_{p}"), copy=False)
        return query.from_(table("met", "t"), copy=False)

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
        closed = own(f"closed_{p}", "t")
        pairs: list[tuple[exp.Expr, exp.Expr]] = [
            (own(f"{name}_{p}", "t"), own(f"{lift}_{p}", "t"))
            for name, lift in (("gate", "gate_lift"), ("quiet_gate", "quiet_lift"))
        ]
        for gate, by in _by_gate(self._counted).items():
            unit, span = by[0].unit, by[0].period.span
            if unit is not None:
                lift: exp.Expr = own(f"until_{unit}", "t")
            elif span.is_calendar:
                lift = own(f"month_lift_{p}", "t")
            else:
                lift = exp.Add(this=self._full_at(by, p), expression=interval(span))
            pairs.append((number(gate), lift))
        return exp.cast(case_of(closed, pairs), "TIMESTAMP")

    def _full_at(self, limits: Sequence[Limit], p: int) -> exp.Expr:
        """What must fall out of the window before a rule is open: both ways, when it says both."""
        full = [own(f"full_{limit.number}", "t") for limit in limits]
        if len(limits) == 1:
            return full[0]
        return greatest(
            *(case([(self._speaks(limit, p), made)]) for limit, made in zip(limits, full, strict=True))
        )

    def _speaks(self, limit: Limit, p: int) -> exp.Expr:
        """Whether a limit speaks of the message on a channel."""
        for word in self._words:
            if limit in word.limits:
                bit = number(1 << word.limits.index(limit))
                found = exp.BitwiseAnd(this=own(f"{word.name}_{p}", "t"), expression=bit)
                return exp.NEQ(this=exp.paren(found, copy=False), expression=number(0))
        raise AssertionError(limit)


def with_options(query: exp.Select, alias: str, positions: Iterable[int]) -> exp.Select:
    """The query over candidates `alias` with their channels `o0`, `o1`, …"""
    for p in positions:
        on = exp.EQ(this=own("option", f"o{p}"), expression=own(f"option_{p}", alias))
        query = query.join(table("_send_option", f"o{p}"), on=on, join_type="left", copy=False)
    return query


def _bits(word: Word) -> exp.Expr:
    """P4: the limits that would be passed by one message more; a limit of 0 always is."""
    found: list[exp.Expr] = []
    for bit, limit in enumerate(word.limits):
        conditions: list[exp.Expr] = []
        if limit.condition is not None:
            conditions.append(own(f"for_{limit.number}", "t"))
        if limit.count:
            conditions.append(exp.Not(this=own(f"full_{limit.number}", "t").is_(exp.null())))
        value = number(1 << bit)
        found.append(case([(exp.and_(*conditions), value)], number(0)) if conditions else value)
    total = found[0]
    for one in found[1:]:
        total = exp.Add(this=total, expression=one)
    return exp.cast(total, "BIGINT")


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
