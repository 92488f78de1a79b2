"""The candidates of one step on each of their channels (LANGUAGE.md P1): by what is known of their contacts, and by what was
granted in the steps before."""

from sqlglot import exp

from parcours.compiler import best_hours, granted
from parcours.compiler.arbitration import Arbitration
from parcours.compiler.closing import Closing, with_options
from parcours.compiler.expressions import (
    among,
    case,
    case_of,
    number,
    own,
    parameter,
    table,
    text,
)
from parcours.compiler.known import Known
from parcours.compiler.limits import presses, selected


class Tried:
    """The gates as conditions over a candidate `f` and its channels `o0`, `o1` …, in the order of P1."""

    def __init__(self, what: Arbitration, known: Known) -> None:
        self._what = what
        self._known = known

    def columns(self) -> list[str]:
        """The columns of a candidate that was tried: for each position its channel, the first gate that is `closed` there, and
        when it `opens`."""
        places = [f"{name}_{p}" for p in self._what.positions for name in ("option", "closed", "opens")]
        return [*self._what.of_candidate, *places]

    def of_step(self, *, with_now: bool) -> exp.Select:
        """A query for the candidates of `$step`, each with every channel that it may take: the first gate that stops it there,
        and when that lifts. `with_now`: something may have been granted in this tick."""
        query = exp.Select()
        if with_now:
            query = granted.with_now(query, self._what)
        query = query.with_("facing", as_=self._facing(with_now=with_now), copy=False)
        query = query.with_("gated", as_=self._gated(), copy=False)
        query = query.with_("timed", as_=self._timed(), copy=False)
        return Closing(self._what, self._known.is_for, with_now=with_now).closed(
            query, "timed", self.columns()
        )

    def _facing(self, *, with_now: bool) -> exp.Select:
        """The candidates with what is known of their contacts, and their channels in the order in which they are tried: as
        written, or of `best of` as they are answered."""
        what, known = self._what, self._known
        query = exp.select(
            *(own(name, "s") for name in (*what.of_candidate, *self._own_gates())),
            *(own(name, "f") for name in known.columns()),
            *([exp.alias_(self._skipped(), "skipped_gate")] if what.skipping else []),
        ).from_(table("_to_send", "s"), copy=False)
        subject = exp.EQ(this=own("subject", "f"), expression=own(known.row, "s"))
        query = query.join(table("_known", "f"), on=subject, copy=False)
        send = exp.EQ(this=own("send", "t"), expression=own("send", "s"))
        query = query.join(table("_send_step", "t"), on=send, copy=False)
        for p in what.positions:
            option = self._option(p)
            if what.with_best:
                on = [exp.EQ(this=own(n, f"b{p}"), expression=own(n, "t")) for n in ("version", "node")]
                on.append(exp.EQ(this=own("segment", f"b{p}"), expression=own("segment", "s")))
                on.append(exp.EQ(this=own("position", f"b{p}"), expression=number(p)))
                query = query.join(table("_best", f"b{p}"), on=exp.and_(*on), join_type="left", copy=False)
                option = exp.Coalesce(this=own("option", f"b{p}"), expressions=[option])
            query = query.select(exp.alias_(option, f"option_{p}"), copy=False)
        if with_now:
            query = granted.join_now(query, what, "s")
        return query.where(exp.EQ(this=own("step", "s"), expression=parameter("step")), copy=False)

    def _own_gates(self) -> list[str]:
        """The columns with the gates that are a candidate's own."""
        what = self._what
        names = ["unless_gate"] if what.with_unless else []
        names += ["expired_gate"] if what.with_expiry else []
        names += ["stale_gate", "stale_lift"] if what.with_needs else []
        return names + (["best_gate", "best_until"] if what.with_hours else [])

    def _option(self, p: int) -> exp.Expr:
        """The channel at a position as written: those of a send are numbered one after the other."""
        first = own("first_option", "t")
        if p:
            there = exp.GT(this=own("tries", "t"), expression=number(p))
            return case([(there, exp.Add(this=first, expression=number(p)))])
        if not self._what.with_several:
            return first
        nth = exp.Coalesce(this=own("position", "s"), expressions=[number(0)])
        return exp.Add(this=first, expression=nth)

    def _gated(self) -> exp.Select:
        """The candidates on each channel with the first gate that stops them there whatever the hour, and which rules speak of
        them."""
        what = self._what
        query = exp.select("f.*").from_(table("facing", "f"), copy=False)
        query = with_options(query, "f", what.positions)
        for p in what.positions:
            found = [exp.alias_(own("channel", f"o{p}"), f"via_{p}")]
            found += [exp.alias_(own(word.name, f"o{p}"), f"{word.name}_{p}") for word in what.words]
            query = query.select(exp.alias_(self._gate(f"o{p}"), f"stop_{p}"), *found, copy=False)
        return query

    def _timed(self) -> exp.Select:
        """The candidates with the first gate that stops them on each channel but for the limits, and when it lifts."""
        query = exp.select("f.*").from_(table("gated", "f"), copy=False)
        for p in self._what.positions:
            stop: exp.Expr = own(f"stop_{p}", "f")
            shut, opens = self._hours(p)
            if p:  # what closes all channels closes none that is not there
                there = exp.Not(this=own(f"option_{p}", "f").is_(exp.null()))
                shut, stop = case([(there, shut)]), case([(there.copy(), stop)])
            closed = exp.Coalesce(this=stop, expressions=[shut])
            lift = case([(own(f"stop_{p}", "f").is_(exp.null()), opens)], self._lift(p))
            query = query.select(exp.alias_(closed, f"gate_{p}"), exp.alias_(lift, f"opens_{p}"), copy=False)
        return best_hours.with_hour(query) if self._what.with_hours else query

    def _hours(self, p: int) -> tuple[exp.Expr, exp.Expr]:
        """The gate that is closed by the clock, and when it opens: of the channel, else of the contact's best hour."""
        gates = [(text(channel), gate) for channel, (gate, _) in self._known.quiet.items()]
        lifts = [(text(channel), lift) for channel, (_, lift) in self._known.quiet.items()]
        shut, opens = (case_of(own(f"via_{p}", "f"), pairs) for pairs in (gates, lifts))
        if not self._what.with_hours:
            return shut, opens
        is_quiet = exp.Not(this=shut.copy().is_(exp.null()))
        later = exp.Coalesce(this=shut, expressions=[best_hours.closed()])
        return later, case([(is_quiet, opens)], own("next", "w"))

    def _gate(self, option: str) -> exp.Expr:
        """The number of the first gate that stops the message on a channel, NULL when none does."""
        what, known = self._what, self._known
        stops = self._gone(option)
        stops += [own("skipped_gate", "f")] if what.skipping else []
        stops += [case_of(own("channel", option), known.by_channel)] if known.by_channel else []
        stops += [own("unless_gate", "f")] if what.with_unless else []
        stops += [own("expired_gate", "f")] if what.with_expiry else []
        stops += [own("stale_gate", "f")] if what.with_needs else []
        for n, (never, is_so) in enumerate(known.nevers):
            condition = exp.and_(presses(never.selector, option), is_so)
            stops.append(case([(condition, number(what.gates.number("never", n)))]))
        for wish, is_so, _ in known.wishes:
            topic = selected(wish.selector, option)
            is_meant = [exp.Not(this=own("exempt", option)), *([] if topic is None else [topic])]
            stops.append(case([(exp.and_(*is_meant, is_so), number(wish.gate))]))
        gate = exp.Coalesce(this=stops[0], expressions=stops[1:]) if stops else exp.null()
        return exp.cast(gate, "INTEGER")

    def _lift(self, p: int) -> exp.Expr:
        """When the gate lifts that stops the message on a channel whatever the hour."""
        lifts: list[tuple[exp.Expr, exp.Expr]] = []
        if self._what.with_needs:
            lifts.append((own("stale_gate", "f"), own("stale_lift", "f")))
        lifts += [(number(wish.gate), lift) for wish, _, lift in self._known.wishes if lift is not None]
        return exp.cast(case_of(own(f"stop_{p}", "f"), lifts, exp.null()), "TIMESTAMP")

    def _gone(self, option: str) -> list[exp.Expr]:
        """T18: the gates of what older versions would send that is gone from the files; none when nothing is."""
        gates = self._what.gates
        pairs: list[tuple[exp.Expr, exp.Expr]] = [
            (
                exp.and_(
                    among(own("version", option), [send.version]),
                    among(own("node", option), [send.node]),
                    among(own("channel", option), [channel]),
                ),
                number(gates.number("gone", send.version, send.node, channel)),
            )
            for send, channel in gates.gone
        ]
        return [case(pairs)] if pairs else []

    def _skipped(self) -> exp.Expr:
        """T19: the gate of runs that fell due in a pause, and whose messages of this tick are skipped."""
        run = ("version", "contact", "key", "entry_at")
        named = exp.Tuple(expressions=[own(run[0], "t"), *(own(name, "s") for name in run[1:])])
        late = exp.select(*(own(name, "k") for name in run)).from_(table("state.look", "k"))
        late = late.where(own("skip", "k"))
        gate = number(self._what.gates.number("skipped"))
        return case([(exp.In(this=named, query=late.subquery()), gate)])
