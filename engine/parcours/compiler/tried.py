"""Every candidate on each of its channels, as if nothing were granted now (LANGUAGE.md P1).

That is found out once for all candidates of an arbitration; only those to whom or to whose like something is granted in this
tick are looked at once more (pressure.py)."""

from sqlglot import exp

from parcours.compiler import best_hours, preferences
from parcours.compiler.arbitration import Arbitration
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
from parcours.compiler.granted import filled_at, share, with_past
from parcours.compiler.limits import Limit, presses, selected
from parcours.compiler.moving import MOVING
from parcours.compiler.reach import closed
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject


def tried(what: Arbitration) -> Statement:
    """`_tried`: every candidate, with each channel that it may take: the first gate that stops it there, and when that lifts;
    and what it takes to find that out anew (closing.py)."""
    return _Tried(what).statement()


class _Tried:
    """The gates as conditions over a candidate `f` and its channels `o0`, `o1` …, in the order of P1. `facts` are what must be
    known of its contact for them."""

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
        self._quiet = {
            c.name: (own(f"quiet_{n}", "f"), own(f"quiet_lift_{n}", "f"))
            for n, c in enumerate(self._channels)
            if c.quiet or c.quiet_holidays is not None or c.opening
        }
        for limit in what.limits:
            if limit.condition is not None:
                self._fact(f"for_{limit.number}", holds(self._subject.sql(limit.condition)))

    def statement(self) -> Statement:
        what = self._what
        closing = Closing(what)
        query = exp.Select()
        if not what.settable:
            shares = (column(share(a)) for a in what.shares)
            people = exp.select(own("contact"), *shares).from_(table("_to_send")).where(own("is_first"))
            query = query.with_("people", as_=people, copy=False)
        query = query.with_("facts", as_=self._of_contacts(), copy=False)
        query = query.with_("clocks", as_=self._clocks(), copy=False)
        query = query.with_("filled", as_=self._filled(), copy=False)
        query = query.with_("chosen", as_=self._chosen(), copy=False)
        query = query.with_("gated", as_=self._gated(closing), copy=False)
        return Statement(
            "tried",
            "the gates of P1 for every candidate on every channel, by what was granted before this tick",
            create_temporary("_tried", closing.closed(query, "gated")),
        )

    def _of_contacts(self) -> exp.Select:
        """All facts about those to whom there is something to send."""
        return self._subject.select(
            exp.alias_(own(self._row, "s"), "subject"),
            own("contact", "s"),
            *(column(share(a), "s") for a in self._what.shares),
            exp.alias_(self._subject.terms.zone(), "zone"),
            *self._facts,
        )

    def _clocks(self) -> exp.Select:
        """The facts with what their clocks say: where it is quiet, and since when the periods of the calendar go on."""
        query = exp.select("t.*").from_(table("facts", "t"), copy=False)
        for channel, (gate, lift) in self._quiet.items():
            alias = f"q_{gate.name}"
            zone = exp.EQ(this=own("zone", alias), expression=own("zone", "t"))
            on = exp.and_(zone, exp.EQ(this=own("channel", alias), expression=text(channel)))
            query = query.join(table("_quiet", alias), on=on, join_type="left", copy=False)
            found = ((own("gate", alias), gate), (own("lift", alias), lift))
            query = query.select(*(exp.alias_(made, name.name) for made, name in found), copy=False)
        if self._what.units:
            same = exp.EQ(this=own("zone", "k"), expression=own("zone", "t"))
            query = query.join(table("_calendar", "k"), on=same, join_type="left", copy=False)
            query = query.select(*(own(name, "k") for name in self._what.bounds), copy=False)
        return query

    def _filled(self) -> exp.Select:
        """The facts with what fills each limit, by what was granted before: for messages that are less important too, where some
        places are kept (P6)."""
        query = exp.select("t.*").from_(table("clocks", "t"), copy=False)
        for limit in self._what.limits:
            important = 0 if limit.keep is None else limit.keep[1]
            priorities = [("full", important)] if limit.count else []
            priorities += [("less", important - 1)] if limit.keep else []
            for name, priority in priorities:
                full = filled_at(limit, self._what, number(priority), with_now=False)
                query = query.select(exp.alias_(full, f"{name}_{limit.number}"), copy=False)
        return with_past(query, self._what, "t")

    def _chosen(self) -> exp.Select:
        """The candidates with all that, and their channels in the order in which they are tried: as written, or of `best of`
        as they are answered."""
        what = self._what
        facts = [*(fact.alias for fact in self._facts), *what.bounds]
        facts += [name.name for both in self._quiet.values() for name in both]
        facts += ["zone"] if what.with_hours else []
        query = exp.select(
            *(own(name, "s") for name in (*what.of_candidate, *self._own_gates())),
            *(column(share(a), "s") for a in what.shares),
            *([own("priority", "t")] if what.with_keeping else []),
            *(own(name, "f") for name in facts),
            *([exp.alias_(self._skipped(), "skipped_gate")] if what.skipping else []),
            *(_full(limit) for limit in what.limits if limit.count),
        ).from_(table("_to_send", "s"), copy=False)
        subject = exp.EQ(this=own("subject", "f"), expression=own(self._row, "s"))
        query = query.join(table("filled", "f"), on=subject, copy=False)
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

    def _gated(self, closing: Closing) -> exp.Select:
        """The candidates with the first gate that stops them on each channel, but for the limits."""
        what = self._what
        speaking = {
            f"{word.name}_{p}": own(word.name, f"o{p}") for word in what.words for p in what.positions
        }
        query = exp.select(
            *(
                exp.alias_(speaking[name], name) if name in speaking else column(name, "f")
                for name in (*closing.columns(), *closing.filled())
            )
        )
        query = with_options(query.from_(table("chosen", "f"), copy=False), "f", what.positions)
        for p in self._what.positions:
            gate, lift = self._gate(f"o{p}")
            shut, opens = self._hours(f"o{p}")
            closed: exp.Expr = exp.Coalesce(this=gate, expressions=[shut])
            if p:  # what closes all channels closes none that is not there
                closed = case([(exp.Not(this=own(f"option_{p}", "f").is_(exp.null())), closed)])
            opens = case([(gate.copy().is_(exp.null()), opens)], lift)
            found = ((closed, f"closed_{p}"), (opens, f"opens_{p}"))
            query = query.select(*(exp.alias_(made, name) for made, name in found), copy=False)
        return best_hours.with_hour(query) if self._what.with_hours else query

    def _hours(self, option: str) -> tuple[exp.Expr, exp.Expr]:
        """The gate that is closed by the clock, and when it opens: of the channel, else of the contact's best hour."""
        gates = [(text(channel), gate) for channel, (gate, _) in self._quiet.items()]
        lifts = [(text(channel), lift) for channel, (_, lift) in self._quiet.items()]
        shut, opens = (case_of(own("channel", option), pairs) for pairs in (gates, lifts))
        if not self._what.with_hours:
            return shut, opens
        is_quiet = exp.Not(this=shut.copy().is_(exp.null()))
        later = exp.Coalesce(this=shut, expressions=[best_hours.closed()])
        return later, case([(is_quiet, opens)], own("next", "w"))

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

    def _fact(self, name: str, value: exp.Expr) -> exp.Expr:
        self._facts.append(exp.alias_(value, name))
        return own(name, "f")


def _full(limit: Limit) -> exp.Expr:
    """What fills a limit for a candidate of the send `t`."""
    name = f"full_{limit.number}"
    full = own(name, "f")
    if limit.keep is None:
        return full
    less = exp.LT(this=own("priority", "t"), expression=number(limit.keep[1]))
    return exp.alias_(case([(less, own(f"less_{limit.number}", "f"))], full), name)
