"""Who may be written to: all sends of a round, arbitrated together (LANGUAGE.md section 6).

What does not depend on what else is granted is found out once for all candidates (`tried`). Then they are decided step by
step (`verdicts`), each step seeing what was granted in those before."""

from collections.abc import Iterable, Mapping, Sequence

from sqlglot import exp

from parcours.checking import checked
from parcours.compiler import budgets, capacity, freshness, granted, preferences, several
from parcours.compiler.calendars import until
from parcours.compiler.expressions import (
    NOW,
    among,
    case,
    case_of,
    create_temporary,
    greatest,
    holds,
    insert,
    interval,
    least,
    number,
    own,
    parameter,
    table,
    text,
)
from parcours.compiler.gates import Gates, SendStep
from parcours.compiler.layout import GRANTED, HELD, NOT_SENT, VERDICT
from parcours.compiler.lifts import with_month_lifts
from parcours.compiler.limits import Limit, selected, units
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
        self._subject = Subject("_to_send", project_zone, settable=settable)
        self._facts: list[exp.Expr] = []

    def statement(self, *, skipping: bool) -> Statement:
        with_needs = bool(freshness.needing(self._sends))
        read = ["step", "version", "node", "contact", "unless_gate", "expired_gate"]
        read += ["only_channel"] if any(map(several.is_several, self._sends)) else []
        read += ["stale_gate", "stale_lift"] if with_needs else []
        read += ["place"] if capacity.limited(self._policy) else []
        read += ["priority"] if any(limit.keep for limit in self._limits) else []
        gate, lift = self._gate(skipping=skipping, with_needs=with_needs)
        columns = [
            *(own(name, "f") for name in ("candidate", "step", "contact", "zone")),
            *(own(name, "f") for name in read if name in ("place", "priority")),
            own("position", "o"),
            own("channel", "o"),
            exp.alias_(gate, "gate"),
            exp.alias_(lift, "lift"),
            exp.alias_(own("gate", "q"), "quiet_gate"),
            exp.alias_(own("lift", "q"), "quiet_lift"),
            *(exp.alias_(self._meets(limit), f"meets_{limit.number}") for limit in self._limits),
            *([own("cost", "o")] if budgets.budgeted(self._sends) else []),
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
        return Statement(
            "tried",
            "the gates of P1 for every candidate on every channel: those that nothing granted now can close",
            create_temporary("_tried", query),
        )

    def _gate(self, *, skipping: bool, with_needs: bool) -> tuple[exp.Expr, exp.Expr]:
        """The number of the first gate that stops the message on this channel, NULL when none does; and when it lifts."""
        skipped = [self._fact("skipped_gate", self._skipped())] if skipping else []
        by_channel = [
            (text(c.name), self._fact(f"channel_{n}", self._closed(c))) for n, c in enumerate(self._channels)
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
            closed = self._fact(f"wish_{wish.gate}", wish.closed)
            topic = selected(wish.selector, "o")
            condition = exp.and_(
                exp.Not(this=own("exempt", "o")), closed, *([] if topic is None else [topic])
            )
            stops.append(case([(condition, number(wish.gate))]))
            if wish.lift is not None:
                lifts.append((number(wish.gate), self._fact(f"wish_{wish.gate}_lift", wish.lift)))
        gate = exp.Coalesce(this=stops[0], expressions=stops[1:])
        # which of the gates it was that closed, is asked once more: an alias cannot be read beside where it is made
        lift = case_of(gate.copy(), lifts, exp.cast(exp.null(), "TIMESTAMP"))
        return exp.cast(gate, "INTEGER"), exp.cast(lift, "TIMESTAMP")

    def _meets(self, limit: Limit) -> exp.Expr:
        """Whether the limit speaks of this message to this contact."""
        meets = self._presses(limit.pressed)
        if limit.condition is not None:
            fact = self._fact(f"limit_{limit.number}", holds(self._subject.sql(limit.condition)))
            meets = exp.and_(meets, fact)
        return meets

    def _presses(self, selector: checked.Selector) -> exp.Expr:
        """The rule speaks of this message, and the message is not exempt from rules of pressure."""
        chosen = selected(selector, "o")
        free = exp.Not(this=own("exempt", "o"))
        return free if chosen is None else exp.and_(free, chosen)

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

    def _closed(self, channel: checked.Channel) -> exp.Expr:
        """The gate that closes a channel for the contact: no address, no consent, suppressed."""
        gates = self._gates
        address = exp.NEQ(this=exp.cast(self._subject.sql(channel.address), "VARCHAR"), expression=text(""))
        pairs: list[tuple[exp.Expr, exp.Expr]] = [
            (exp.Not(this=holds(address)), number(gates.number("address", channel.name))),
            (
                exp.Not(this=holds(self._subject.sql(channel.consent))),
                number(gates.number("consent", channel.name)),
            ),
        ]
        for event, term in channel.suppressed:
            pairs.append((self._subject.sql(term), number(gates.number("closed", channel.name, event))))
        return exp.cast(case(pairs), "INTEGER")


def verdicts(
    policy: checked.Policy,
    sends: Sequence[SendStep],
    gates: Gates,
    limits: Sequence[Limit],
    project_zone: str,
) -> Statement:
    """`INSERT INTO _verdict`: the candidates of one step, each granted, held or not sent, and by which gate.

    P3: every contact's best candidate goes first, then every contact's second, each seeing what was granted before."""
    query = exp.Select()
    if granted.counting(limits):
        query = granted.with_now(query, limits)
    queued = capacity.limited(policy)
    if queued:
        query = capacity.with_rooms(query, queued, gates)
    query, last = _tested(query, policy, limits, gates, project_zone, with_cost=bool(budgets.budgeted(sends)))
    chosen = _chosen(gates, last, with_cost=bool(budgets.budgeted(sends)), with_place=bool(queued))
    query, last = query.with_("chosen", as_=chosen, copy=False), "chosen"
    if queued:
        query, last = capacity.in_line(query, last)
    query, last = budgets.with_budget(query, last, sends, gates, project_zone)
    query = _decided(query, last, with_several=any(map(several.is_several, sends)))
    return Statement(
        "verdicts",
        "the candidates of one step: granted, held or not sent",
        insert("_verdict", VERDICT, query),
    )


def _tested(
    query: exp.Select,
    policy: checked.Policy,
    limits: Sequence[Limit],
    gates: Gates,
    project_zone: str,
    *,
    with_cost: bool,
) -> tuple[exp.Select, str]:
    """The candidates of the step on each channel, with the first gate of all that stops them, and when that lifts."""
    queued = capacity.limited(policy)
    counted = granted.counting(limits)
    here: list[exp.Expr] = [exp.EQ(this=own("step", "t"), expression=parameter("step"))]
    if queued:
        here.append(exp.GT(this=own("place", "t"), expression=parameter("decided")))
    filled = exp.select(
        "t.*", *(exp.alias_(granted.filled_at(limit), f"full_{limit.number}") for limit in counted)
    )
    filled = filled.from_(table("_tried", "t"), copy=False).where(*here, copy=False)
    if counted:
        before, now = (
            exp.EQ(this=own("holder", alias), expression=own("contact", "t")) for alias in ("p", "n")
        )
        filled = filled.join(table("_past", "p"), on=before, join_type="left", copy=False)
        filled = filled.join(table("now", "n"), on=now, join_type="left", copy=False)
    preferred = {gate.number for gate in gates.gates if gate.reason == "preference"}

    def stops(chosen: Sequence[Limit]) -> list[exp.Expr]:
        return [case([(_is_full(limit), number(limit.gate))]) for limit in chosen]

    wished = [limit for limit in limits if limit.gate in preferred]
    ruled = [limit for limit in limits if limit.gate not in preferred]
    closing: list[exp.Expr] = [own("gate", "f"), *stops(wished), own("quiet_gate", "f"), *stops(ruled)]
    if queued:
        closing.append(own("gate", "r"))
    tested = exp.select(
        "f.*",
        exp.alias_(exp.Coalesce(this=closing[0], expressions=closing[1:]), "closed"),
        *([exp.alias_(own("lift", "r"), "room_lift")] if queued else []),
    ).from_(table("filled", "f"), copy=False)
    if queued:
        room = exp.EQ(this=own("channel", "r"), expression=own("channel", "f"))
        tested = tested.join(table("room", "r"), on=room, join_type="left", copy=False)
    query = query.with_("filled", as_=filled, copy=False).with_("tested", as_=tested, copy=False)
    rolling = _by_gate(limit for limit in counted if limit.by_month)
    source = "tested"
    if rolling:
        closed = own("closed", "t")
        full_at = case_of(closed, [(number(gate), _full_at(by)) for gate, by in rolling.items()])
        spans = case_of(
            closed.copy(), [(number(gate), interval(by[0].period.span)) for gate, by in rolling.items()]
        )
        dated = exp.select(
            "t.*",
            exp.alias_(exp.cast(full_at, "TIMESTAMP"), "full_at"),
            exp.alias_(spans, "full_span"),
        ).from_(table("tested", "t"), copy=False)
        query = query.with_("dated", as_=dated, copy=False)
        query, source = with_month_lifts(query, "dated", project_zone)
    lifted = exp.select(
        own("candidate", "t"),
        own("position", "t"),
        own("channel", "t"),
        exp.alias_(own("closed", "t"), "gate"),
        exp.alias_(_lift(counted, gates, with_rooms=bool(queued)), "lift"),
        *([own("cost", "t")] if with_cost else []),
        *([own("place", "t")] if queued else []),
    ).from_(table(source, "t"), copy=False)
    if units(limits):
        zone = exp.EQ(this=own("zone", "k"), expression=own("zone", "t"))
        lifted = lifted.join(table("_calendar", "k"), on=zone, join_type="left", copy=False)
    return query.with_("lifted", as_=lifted, copy=False), "lifted"


def _is_full(limit: Limit) -> exp.Expr:
    """P4: with this message the limit would be passed; a limit of 0 always is."""
    meets = own(f"meets_{limit.number}", "f")
    if not limit.count:
        return meets
    return exp.and_(meets, exp.Not(this=own(f"full_{limit.number}", "f").is_(exp.null())))


def _by_gate(limits: Iterable[Limit]) -> dict[int, list[Limit]]:
    """A rule that says both ways is two limits, over the same time."""
    found: dict[int, list[Limit]] = {}
    for limit in limits:
        found.setdefault(limit.gate, []).append(limit)
    return found


def _full_at(limits: Sequence[Limit]) -> exp.Expr:
    """What must fall out of the window before a rule is open to a candidate `t`: both ways, when it says both."""
    if len(limits) == 1:
        return own(f"full_{limits[0].number}", "t")
    return greatest(
        *(case([(own(f"meets_{limit.number}", "t"), own(f"full_{limit.number}", "t"))]) for limit in limits)
    )


def _lift(counted: Sequence[Limit], gates: Gates, *, with_rooms: bool) -> exp.Expr:
    """P7: the earliest instant at which the gate that is closed can open."""
    closed = own("closed", "t")
    pairs: list[tuple[exp.Expr, exp.Expr]] = [
        (exp.EQ(this=closed, expression=own("gate", "t")), own("lift", "t")),
        (exp.EQ(this=closed.copy(), expression=own("quiet_gate", "t")), own("quiet_lift", "t")),
    ]
    for gate, by in _by_gate(counted).items():
        unit, span = by[0].unit, by[0].period.span
        lift: exp.Expr = exp.Add(this=_full_at(by), expression=interval(span))
        if unit is not None:
            lift = until(unit, "k")
        elif span.is_calendar:
            lift = own("month_lift", "t")
        pairs.append((exp.EQ(this=closed.copy(), expression=number(gate)), lift))
    if with_rooms:
        rooms = among(closed.copy(), [gate.number for gate in gates.gates if gate.reason == "capacity"])
        pairs.append((rooms, own("room_lift", "t")))
    return exp.cast(case(pairs), "TIMESTAMP")


def _chosen(gates: Gates, source: str, *, with_cost: bool, with_place: bool) -> exp.Select:
    """For each candidate: the first channel that is free, else the gates that stop it."""
    free = own("gate", "t").is_(exp.null())
    temporary = among(own("gate", "t"), [g.number for g in gates.gates if not g.final])

    def first(item: str, condition: exp.Expr | None) -> exp.Expr:
        made = exp.ArgMin(this=own(item, "t"), expression=own("position", "t"))
        return (
            made if condition is None else exp.Filter(this=made, expression=exp.Where(this=condition.copy()))
        )

    lift = exp.Filter(this=exp.Min(this=own("lift", "t")), expression=exp.Where(this=temporary.copy()))
    return (
        exp.select(
            own("candidate", "t"),
            exp.alias_(first("channel", free), "free_channel"),
            exp.alias_(first("gate", temporary), "temporary_gate"),
            exp.alias_(first("gate", None), "first_gate"),
            exp.alias_(first("channel", temporary), "temporary_channel"),
            exp.alias_(first("channel", None), "first_channel"),
            exp.alias_(lift, "lift"),
            *([exp.alias_(first("cost", free), "free_cost")] if with_cost else []),
            *([exp.alias_(exp.Min(this=own("place", "t")), "place")] if with_place else []),
        )
        .from_(table(source, "t"), copy=False)
        .group_by(own("candidate", "t"), copy=False)
    )


def _decided(query: exp.Select, chosen: str, *, with_several: bool) -> exp.Select:
    """The decision, by the table `chosen` of the query. P7: a temporary gate holds the message until it can lift, no longer than it is kept.

    P1: the reason is the first gate that fails now; that a message was kept too long is one when nothing else is.
    Where one of several channels is decided on its own, no anchor says where the run goes on."""
    keep_until = own("keep_until", "s")
    late = exp.GT(this=NOW.copy(), expression=keep_until)
    free = own("free_channel", "c").is_(exp.null()).not_()
    can_wait = exp.and_(
        own("temporary_gate", "c").is_(exp.null()).not_(),
        exp.LT(this=NOW.copy(), expression=keep_until.copy()),
    )
    decision = case([(late, text(NOT_SENT)), (free, text(GRANTED)), (can_wait, text(HELD))], text(NOT_SENT))
    gate = case(
        [(free.copy(), case([(late.copy(), own("kept_gate", "s"))]))],
        exp.Coalesce(this=own("temporary_gate", "c"), expressions=[own("first_gate", "c")]),
    )
    # never before the next instant there is, so that a message held twice over is looked at again, not spun
    soonest = exp.Add(this=NOW.copy(), expression=exp.Interval(this=text("1"), unit=exp.var("MICROSECOND")))
    granted_now = exp.and_(exp.Not(this=late.copy()), free.copy())
    made: dict[str, exp.Expr] = {
        "due_at": greatest(least(own("lift", "c"), keep_until.copy()), soonest),
        "round": parameter("round"),
        "step": parameter("step"),
        "decision": decision,
        # of one that is not granted: the channel of the reason
        "channel": exp.Coalesce(
            this=own("free_channel", "c"),
            expressions=[own("temporary_channel", "c"), own("first_channel", "c")],
        ),
        "gate": gate,
        "anchor": case([(granted_now.copy(), own("sent", "s"))], own("not_sent", "s")),
    }
    if with_several:
        alone = own("only_channel", "s").is_(exp.null())
        made["anchor"] = case([(alone, made["anchor"])])
    columns = [exp.alias_(made[n], n) if n in made else own(n, "s") for n in VERDICT]
    same = exp.EQ(this=own("candidate", "c"), expression=own("rowid", "s"))
    query = query.select(*columns, copy=False).from_(table("_to_send", "s"), copy=False)
    return query.join(table(chosen, "c"), on=same, copy=False)
