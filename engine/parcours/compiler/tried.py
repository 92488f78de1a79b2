"""The gates that nothing granted now can close or open: for every candidate on every channel (LANGUAGE.md P1).

They are found out once for all candidates of an arbitration; what depends on what else is granted is asked step by step
(pressure.py)."""

from collections.abc import Iterator, Mapping, Sequence

from sqlglot import exp

from parcours.checking import checked
from parcours.compiler import best_hours, capacity, freshness, preferences, several
from parcours.compiler.expressions import (
    among,
    case,
    case_of,
    create_temporary,
    holds,
    number,
    own,
    table,
    text,
)
from parcours.compiler.gates import Gates, SendStep
from parcours.compiler.limits import Limit, presses, selected
from parcours.compiler.moving import MOVING
from parcours.compiler.reach import closed
from parcours.compiler.responses import best_of
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject


def tried(
    policy: checked.Policy,
    sends: Sequence[SendStep],
    gates: Gates,
    limits: Sequence[Limit],
    project_zone: str,
    settable: Mapping[str, str],
    *,
    skipping: bool = False,
) -> Statement:
    """`_tried`: every candidate on every channel that it may take: the first gate that stops it there whatever else is
    granted, before and after the preferences (P1), when that lifts, and which limits it meets."""
    return _Tried(policy, sends, gates, limits, project_zone, settable).statement(skipping=skipping)


class _Tried:
    """The gates as conditions over a candidate `f`, one of its channels `o` and quiet hours `q`, in the order of P1.
    `facts` are what must be known of a candidate for them."""

    def __init__(
        self,
        policy: checked.Policy,
        sends: Sequence[SendStep],
        gates: Gates,
        limits: Sequence[Limit],
        project_zone: str,
        settable: Mapping[str, str],
    ) -> None:
        used = {channel for send in sends for channel in send.step.channels}
        self._policy = policy
        self._sends = sends
        self._channels = [channel for channel in policy.channels if channel.name in used]
        self._gates = gates
        self._limits = limits
        self._subject = Subject("_to_send", project_zone, settable=settable, contacts=MOVING)
        self._facts: list[exp.Expr] = []

    def statement(self, *, skipping: bool) -> Statement:
        with_needs = bool(freshness.needing(self._sends))
        by_hours = bool(best_hours.at_best_hour(self._sends))
        read = ["step", "version", "node", "contact", "unless_gate", "expired_gate"]
        read += ["only_channel"] if any(map(several.is_several, self._sends)) else []
        read += ["stale_gate", "stale_lift"] if with_needs else []
        read += ["best_gate", "best_until"] if by_hours else []
        read += ["segment"] if best_of(self._sends) else []
        read += ["place"] if capacity.limited(self._policy) else []
        read += ["priority"] if any(limit.keep for limit in self._limits) else []
        gate, lift = self._gate(skipping=skipping, with_needs=with_needs)
        shut, opens = self._hours(by_best=by_hours)
        columns = [
            *(own(name, "f") for name in ("candidate", "step", "contact", "zone")),
            *(own(name, "f") for name in read if name in ("place", "priority", "segment")),
            own("option", "o"),
            exp.alias_(gate, "gate"),
            exp.alias_(lift, "lift"),
            exp.alias_(shut, "quiet_gate"),
            exp.alias_(opens, "quiet_lift"),
            *self._conditions(),
        ]
        facts = self._subject.select(
            exp.alias_(own("rowid", "s"), "candidate"),
            *(own(name, "s") for name in read),
            exp.alias_(self._subject.terms.zone(), "zone"),
            *self._facts,
        )
        option = exp.and_(*(exp.EQ(this=own(c, "o"), expression=own(c, "f")) for c in ("version", "node")))
        if "only_channel" in read:
            only = own("only_channel", "f")
            chosen = exp.EQ(this=own("channel", "o"), expression=only)
            option = exp.and_(option, exp.or_(only.copy().is_(exp.null()), chosen))
        quiet = exp.and_(
            *(exp.EQ(this=own(n, "q"), expression=own(n, a)) for n, a in (("zone", "f"), ("channel", "o")))
        )
        query = (
            exp.select(*columns)
            .with_("facts", as_=facts, copy=False)
            .from_(table("facts", "f"), copy=False)
            .join(table("_send_option", "o"), on=option, copy=False)
            .join(table("_quiet", "q"), on=quiet, join_type="left", copy=False)
        )
        if by_hours:
            query = best_hours.with_hour(query)
        return Statement(
            "tried",
            "the gates of P1 for every candidate on every channel: those that nothing granted now can close",
            create_temporary("_tried", query),
        )

    def _hours(self, *, by_best: bool) -> tuple[exp.Expr, exp.Expr]:
        """The gate that is closed by the clock, and when it opens: of the channel, else of the contact's best hour."""
        shut, opens = own("gate", "q"), own("lift", "q")
        if not by_best:
            return shut, opens
        self._fact("best_hour", best_hours.best_hour(self._subject))
        quiet = exp.Not(this=shut.copy().is_(exp.null()))
        return exp.Coalesce(this=shut, expressions=[best_hours.closed()]), case(
            [(quiet, opens)], own("next", "w")
        )

    def _gate(self, *, skipping: bool, with_needs: bool) -> tuple[exp.Expr, exp.Expr]:
        """The number of the first gate that stops the message on this channel, NULL when none does; and when it lifts."""
        skipped = [self._fact("skipped_gate", self._skipped())] if skipping else []
        gates = self._gates
        by_channel = [
            (text(c.name), self._fact(f"channel_{n}", closed(c, gates, self._subject)))
            for n, c in enumerate(self._channels)
        ]
        stops = [*self._gone(), *skipped, case_of(own("channel", "o"), by_channel)]
        stops += [own("unless_gate", "f"), own("expired_gate", "f")]
        lifts: list[tuple[exp.Expr, exp.Expr]] = []
        if with_needs:
            stops.append(own("stale_gate", "f"))
            lifts.append((own("stale_gate", "f"), own("stale_lift", "f")))
        for n, never in enumerate(self._policy.never):
            fact = self._fact(f"never_{n}", holds(self._subject.sql(never.condition)))
            condition = exp.and_(self._presses(never.selector), fact)
            stops.append(case([(condition, number(self._gates.number("never", n)))]))
        for wish in preferences.wishes(self._policy, self._gates, self._subject):
            wished = self._fact(f"wish_{wish.gate}", wish.closed)
            topic = selected(wish.selector, "o")
            condition = exp.and_(
                exp.Not(this=own("exempt", "o")), wished, *([] if topic is None else [topic])
            )
            stops.append(case([(condition, number(wish.gate))]))
            if wish.lift is not None:
                lifts.append((number(wish.gate), self._fact(f"wish_{wish.gate}_lift", wish.lift)))
        gate = exp.Coalesce(this=stops[0], expressions=stops[1:])
        # which of the gates it was that closed, is asked once more: an alias cannot be read beside where it is made
        lift = case_of(gate.copy(), lifts, exp.cast(exp.null(), "TIMESTAMP"))
        return exp.cast(gate, "INTEGER"), exp.cast(lift, "TIMESTAMP")

    def _conditions(self) -> Iterator[exp.Expr]:
        """Of limits for some contacts only: whether they are for this one."""
        for limit in self._limits:
            if limit.condition is not None:
                yield self._fact(f"for_{limit.number}", holds(self._subject.sql(limit.condition)))

    def _presses(self, selector: checked.Selector) -> exp.Expr:
        """The rule speaks of this message, and the message is not exempt from rules of pressure."""
        return presses(selector, "o")

    def _gone(self) -> list[exp.Expr]:
        """T18: the gates of what older versions would send that is gone from the files; none when nothing is."""
        pairs: list[tuple[exp.Expr, exp.Expr]] = [
            (
                exp.and_(
                    among(own("version", "o"), [send.version]),
                    among(own("node", "o"), [send.node]),
                    among(own("channel", "o"), [channel]),
                ),
                number(self._gates.number("gone", send.version, send.node, channel)),
            )
            for send, channel in self._gates.gone
        ]
        return [case(pairs)] if pairs else []

    def _skipped(self) -> exp.Expr:
        """T19: the gate of runs that fell due in a pause, and whose messages of this tick are skipped."""
        run = ("version", "contact", "key", "entry_at")
        named = exp.Tuple(expressions=[own(name, "s") for name in run])
        late = exp.select(*(own(name, "k") for name in run)).from_(table("state.look", "k"))
        late = late.where(own("skip", "k"))
        return case([(exp.In(this=named, query=late.subquery()), number(self._gates.number("skipped")))])

    def _fact(self, name: str, value: exp.Expr) -> exp.Expr:
        self._facts.append(exp.alias_(value, name))
        return own(name, "f")
