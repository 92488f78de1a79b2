"""Every candidate on each of its channels, as if nothing were granted now (LANGUAGE.md P1).

That is found out once for all candidates of an arbitration; only those to whom or to whose like something is granted in this
tick are looked at once more (pressure.py)."""

from sqlglot import exp

from parcours.compiler import best_hours, preferences
from parcours.compiler.arbitration import Arbitration
from parcours.compiler.calendars import since, until
from parcours.compiler.closing import Closing, with_options
from parcours.compiler.expressions import (
    among,
    case,
    case_of,
    column,
    create_temporary,
    holds,
    number,
    own,
    table,
    text,
)
from parcours.compiler.granted import share
from parcours.compiler.limits import presses, selected
from parcours.compiler.moving import MOVING
from parcours.compiler.reach import closed
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject


def tried(what: Arbitration) -> Statement:
    """`_tried`: every candidate, with each channel that it may take: the first gate that stops it there, and when that lifts;
    and what it takes to find that out anew (closing.py)."""
    return _Tried(what).statement()


class _Tried:
    """The gates as conditions over a candidate `f`, its channels `o0`, `o1` … and their quiet hours `q0`, `q1` …, in the
    order of P1. `facts` are what must be known of a candidate for them."""

    def __init__(self, what: Arbitration) -> None:
        used = {channel for send in what.sends for channel in send.step.channels}
        self._what = what
        self._channels = [channel for channel in what.policy.channels if channel.name in used]
        # what a run has set itself is its own; all else is the same for all candidates of a contact
        source, self._row = ("_to_send", "rowid") if what.settable else ("people", "contact")
        self._subject = Subject(source, what.zone, settable=what.settable, contacts=MOVING, row=self._row)
        self._facts: list[exp.Expr] = []
        self._by_channel = [
            (text(c.name), self._fact(f"channel_{n}", closed(c, what.gates, self._subject)))
            for n, c in enumerate(self._channels)
        ]
        self._nevers = [
            self._fact(f"never_{n}", holds(self._subject.sql(never.condition)))
            for n, never in enumerate(what.policy.never)
        ]
        self._wishes = [
            (wish, self._fact(f"wish_{wish.gate}", wish.closed))
            for wish in preferences.wishes(what.policy, what.gates, self._subject)
        ]
        for wish, _ in self._wishes:
            if wish.lift is not None:
                self._fact(f"wish_{wish.gate}_lift", wish.lift)
        if what.with_hours:
            self._fact("best_hour", best_hours.best_hour(self._subject))

    def statement(self) -> Statement:
        what = self._what
        closing = Closing(what, with_now=False)
        made = self._conditions()
        for p in what.positions:
            made |= self._channel(p)
        for unit in what.units:
            made |= {f"{unit}_since": since(unit, "k"), f"{unit}_until": until(unit, "k")}
        names = [*closing.columns(), *closing.found()]
        columns = [exp.alias_(made[n], n) if n in made else column(n, "f") for n in names]
        query = exp.Select()
        if not what.settable:
            people = exp.select(own("contact")).from_(table("_to_send")).where(own("is_first"))
            query = query.with_("people", as_=people, copy=False)
        query = query.with_("facts", as_=self._of_contacts(), copy=False)
        query = query.with_("chosen", as_=self._chosen(), copy=False)
        query = query.with_("gated", as_=self._gated(columns), copy=False)
        return Statement(
            "tried",
            "the gates of P1 for every candidate on every channel, by what was granted before this tick",
            create_temporary("_tried", closing.closed(query, "gated")),
        )

    def _of_contacts(self) -> exp.Select:
        """All facts about those to whom there is something to send."""
        zone = exp.alias_(self._subject.terms.zone(), "zone")
        return self._subject.select(exp.alias_(own(self._row, "s"), "subject"), zone, *self._facts)

    def _chosen(self) -> exp.Select:
        """The candidates with the facts, and their channels in the order in which they are tried: as written, or of `best of`
        as they are answered."""
        what = self._what
        read = [*what.of_candidate]
        read += ["stale_gate", "stale_lift"] if what.with_needs else []
        read += ["best_gate", "best_until"] if what.with_hours else []
        read += ["unless_gate"] if what.with_unless else []
        read += ["expired_gate"] if what.with_expiry else []
        facts = ["zone", *(fact.alias for fact in self._facts)]
        query = exp.select(
            *(own(name, "s") for name in read),
            *(column(share(a), "s") for a in what.shares),
            *([own("priority", "t")] if what.with_keeping else []),
            *(own(name, "f") for name in facts),
            *([exp.alias_(self._skipped(), "skipped_gate")] if what.skipping else []),
        ).from_(table("_to_send", "s"), copy=False)
        subject = exp.EQ(this=own("subject", "f"), expression=own(self._row, "s"))
        query = query.join(table("facts", "f"), on=subject, copy=False)
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
        return query

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

    def _gated(self, columns: list[exp.Expr]) -> exp.Select:
        query = exp.select(*columns).from_(table("chosen", "f"), copy=False)
        query = with_options(query, "f", self._what.positions)
        for p in self._what.positions:
            zone = exp.EQ(this=own("zone", f"q{p}"), expression=own("zone", "f"))
            channel = exp.EQ(this=own("channel", f"q{p}"), expression=own("channel", f"o{p}"))
            on = exp.and_(zone, channel)
            query = query.join(table("_quiet", f"q{p}"), on=on, join_type="left", copy=False)
        if self._what.units:
            same = exp.EQ(this=own("zone", "k"), expression=own("zone", "f"))
            query = query.join(table("_calendar", "k"), on=same, join_type="left", copy=False)
        return best_hours.with_hour(query) if self._what.with_hours else query

    def _channel(self, p: int) -> dict[str, exp.Expr]:
        """The columns of the channel at a position."""
        gate, lift = self._gate(f"o{p}")
        shut, opens = self._hours(f"q{p}")
        closed: exp.Expr = exp.Coalesce(this=gate, expressions=[shut])
        if p:  # what closes all channels closes none that is not there
            closed = case([(exp.Not(this=own(f"option_{p}", "f").is_(exp.null())), closed)])
        opens = case([(gate.copy().is_(exp.null()), opens)], lift)
        return {f"closed_{p}": closed, f"opens_{p}": opens}

    def _hours(self, quiet: str) -> tuple[exp.Expr, exp.Expr]:
        """The gate that is closed by the clock, and when it opens: of the channel, else of the contact's best hour."""
        shut, opens = own("gate", quiet), own("lift", quiet)
        if not self._what.with_hours:
            return shut, opens
        is_quiet = exp.Not(this=shut.copy().is_(exp.null()))
        return exp.Coalesce(this=shut, expressions=[best_hours.closed()]), case(
            [(is_quiet, opens)], own("next", "w")
        )

    def _gate(self, option: str) -> tuple[exp.Expr, exp.Expr]:
        """The number of the first gate that stops the message on a channel, NULL when none does; and when it lifts."""
        what = self._what
        stops = self._gone(option)
        stops += [own("skipped_gate", "f")] if what.skipping else []
        stops += [case_of(own("channel", option), self._by_channel)] if self._by_channel else []
        stops += [own("unless_gate", "f")] if what.with_unless else []
        stops += [own("expired_gate", "f")] if what.with_expiry else []
        lifts: list[tuple[exp.Expr, exp.Expr]] = []
        if what.with_needs:
            stops.append(own("stale_gate", "f"))
            lifts.append((own("stale_gate", "f"), own("stale_lift", "f")))
        for n, (never, is_so) in enumerate(zip(what.policy.never, self._nevers, strict=True)):
            condition = exp.and_(presses(never.selector, option), is_so)
            stops.append(case([(condition, number(what.gates.number("never", n)))]))
        for wish, is_so in self._wishes:
            topic = selected(wish.selector, option)
            is_meant = [exp.Not(this=own("exempt", option)), *([] if topic is None else [topic])]
            stops.append(case([(exp.and_(*is_meant, is_so), number(wish.gate))]))
            if wish.lift is not None:
                lifts.append((number(wish.gate), own(f"wish_{wish.gate}_lift", "f")))
        gate = exp.Coalesce(this=stops[0], expressions=stops[1:]) if stops else exp.null()
        # which of the gates it was that closed, is asked once more: an alias cannot be read beside where it is made
        lift = case_of(gate.copy(), lifts, exp.null())
        return exp.cast(gate, "INTEGER"), exp.cast(lift, "TIMESTAMP")

    def _conditions(self) -> dict[str, exp.Expr]:
        """Of limits for some contacts only: whether they are for this one."""
        return {
            name: self._fact(name, holds(self._subject.sql(limit.condition)))
            for limit in self._what.limits
            if limit.condition is not None
            for name in [f"for_{limit.number}"]
        }

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
        named = exp.Tuple(expressions=[own(name, "s") for name in run])
        late = exp.select(*(own(name, "k") for name in run)).from_(table("state.look", "k"))
        late = late.where(own("skip", "k"))
        gate = number(self._what.gates.number("skipped"))
        return case([(exp.In(this=named, query=late.subquery()), gate)])

    def _fact(self, name: str, value: exp.Expr) -> exp.Expr:
        self._facts.append(exp.alias_(value, name))
        return own(name, "f")
