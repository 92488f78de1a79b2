"""Who may be written to: all sends of a round, arbitrated together (LANGUAGE.md section 6)."""

from collections.abc import Sequence

from sqlglot import exp

from parcours.checking import checked
from parcours.checking.moments import EVERY_DAY
from parcours.compiler.expressions import (
    NOW,
    among,
    call,
    case,
    case_of,
    create_temporary,
    days,
    holds,
    insert,
    interval,
    minutes,
    number,
    own,
    parameter,
    table,
    text,
)
from parcours.compiler.gates import Gates, SendStep
from parcours.compiler.layout import SEND, VERDICT, WAKING
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject
from parcours.compiler.terms import ago
from parcours.compiler.waits import inside_window
from parcours.compiler.zones import period_join, utc_in_period

GRANTED, HELD, NOT_SENT = "granted", "held", "not_sent"
_LOG = ("channel", "purpose", "topic", "journey", "message", "exempt")


def candidates() -> Statement:
    """`to_send`: the sends of a round, ranked for each contact: by priority, then journey and key (P2)."""
    rank = exp.Window(
        this=exp.RowNumber(),
        partition_by=[own("contact", "m")],
        order=exp.Order(
            expressions=[
                exp.Ordered(this=own("priority", "t"), desc=True, nulls_first=False),
                *(exp.Ordered(this=own(n, a), nulls_first=False) for n, a in _TIES),
            ]
        ),
    )
    on_step = exp.and_(
        exp.EQ(this=own("version", "t"), expression=own("version", "m")),
        exp.EQ(this=own("node", "t"), expression=own("node", "m")),
    )
    query = (
        exp.select(
            *(own(c, "m") for c in WAKING),
            own("unless", "m"),
            exp.alias_(rank, "rank"),
            own("sent", "t"),
            own("not_sent", "t"),
        )
        .from_(table("_moved", "m"))
        .join(table("_send_step", "t"), on=on_step)
        .where(
            exp.EQ(this=own("round", "m"), expression=parameter("round")),
            exp.EQ(this=own("kind", "m"), expression=text(SEND)),
        )
    )
    return Statement(
        "to_send", "the sends of this round, ranked for each contact", create_temporary("_to_send", query)
    )


_TIES = (("journey", "t"), ("version", "m"), ("key", "m"), ("entry_at", "m"), ("node", "m"))


def verdicts(policy: checked.Policy, sends: Sequence[SendStep], gates: Gates, project_zone: str) -> Statement:
    """`INSERT INTO verdict`: the candidates of one rank, each granted, held or not sent, and by which gate.

    P3: every contact's best candidate goes first, then every contact's second, each seeing what was granted
    before."""
    subject = Subject("_to_send", project_zone, exp.EQ(this=own("rank", "s"), expression=parameter("rank")))
    facts, tests, lifts = _Tests(policy, sends, gates, subject).all()
    known = subject.select(
        exp.alias_(own("rowid", "s"), "candidate"),
        *(own(c, "s") for c in (*WAKING, "unless")),
        exp.alias_(subject.terms.zone(), "zone"),
        *facts,
    )
    caps = policy.caps
    gate = exp.alias_(case(tests), "gate")
    on_option = exp.and_(
        exp.EQ(this=own("version", "o"), expression=own("version", "f")),
        exp.EQ(this=own("node", "o"), expression=own("node", "f")),
    )
    tried = exp.select(
        own("candidate", "f"), own("zone", "f"), own("position", "o"), own("channel", "o"), gate
    ).from_(table("facts", "f"))
    tried = tried.join(table("_send_option", "o"), on=on_option)
    local_lifts = [(number(n), own(name, "f")) for n, name in lifts]
    tried = tried.select(exp.alias_(exp.cast(case_of(case(tests), local_lifts), "TIMESTAMP"), "local_lift"))
    if caps:
        same = exp.EQ(this=own("contact", "u"), expression=own("contact", "f"))
        tried = tried.join(table("used", "u"), on=same, join_type="left")
        cap_lifts = [
            (
                number(gates.number("cap", n)),
                exp.Add(this=own(f"last_{n}", "u"), expression=interval(cap.span)),
            )
            for n, cap in enumerate(caps)
            if cap.count > 0
        ]
        tried = tried.select(exp.alias_(exp.cast(case_of(case(tests), cap_lifts), "TIMESTAMP"), "cap_lift"))
    query = _decided(gates).with_("facts", as_=known)
    if caps:
        query = query.with_("log", as_=_log(caps)).with_("used", as_=_used(caps))
    query = (
        query.with_("tried", as_=tried)
        .with_("lifted", as_=_lifted(with_caps=bool(caps)))
        .with_("chosen", as_=_chosen())
    )
    return Statement(
        "verdicts",
        "the gates of P1 for the candidates of one rank: granted, held or not sent",
        insert("_verdict", VERDICT, query),
    )


class _Tests:
    """The gates as conditions over a candidate `f` and one of its channels `o`, in the order of P1."""

    def __init__(
        self, policy: checked.Policy, sends: Sequence[SendStep], gates: Gates, subject: Subject
    ) -> None:
        self._policy = policy
        self._sends = sends
        self._gates = gates
        self._subject = subject
        self._facts: list[exp.Expr] = []
        self._tests: list[tuple[exp.Expr, exp.Expr]] = []
        self._lifts: list[tuple[int, str]] = []

    def all(
        self,
    ) -> tuple[list[exp.Expr], list[tuple[exp.Expr, exp.Expr]], list[tuple[int, str]]]:
        """What must be known of a candidate; (condition, gate) pairs; and (gate, fact with the local time at which
        it lifts)."""
        self._reach()
        self._content()
        for n, never in enumerate(self._policy.never):
            fact = self._fact(f"never_{n}", holds(self._subject.sql(never.condition)))
            self._test(self._pressed(never.selector), fact, key=("never", n))
        self._quiet()
        for n, cap in enumerate(self._policy.caps):
            conditions = [self._pressed(cap.selector)]
            if cap.condition is not None:
                conditions.append(self._fact(f"cap_{n}", holds(self._subject.sql(cap.condition))))
            used = exp.Coalesce(this=own(f"used_{n}", "u"), expressions=[number(0)])
            full = exp.GTE(this=used, expression=number(cap.count))
            self._test(*conditions, full, key=("cap", n))
        return self._facts, self._tests, self._lifts

    def _fact(self, name: str, value: exp.Expr) -> exp.Expr:
        self._facts.append(exp.alias_(value, name))
        return own(name, "f")

    def _test(self, *conditions: exp.Expr, key: tuple[object, ...]) -> None:
        self._tests.append((exp.and_(*conditions), number(self._gates.number(*key))))

    def _by(self, channel: checked.Channel) -> exp.Expr:
        return exp.EQ(this=own("channel", "o"), expression=text(channel.name))

    def _pressed(self, selector: checked.Selector) -> exp.Expr:
        """The rule speaks of this message, and the message is not exempt from rules of pressure."""
        chosen = selected(selector, "o")
        free = exp.Not(this=own("exempt", "o"))
        return exp.and_(free, chosen) if chosen is not None else free

    def _reach(self) -> None:
        channels = list(enumerate(self._policy.channels))
        for n, channel in channels:
            address = self._subject.sql(channel.address)
            there = exp.NEQ(this=exp.cast(address, "VARCHAR"), expression=text(""))
            fact = self._fact(f"address_{n}", holds(there))
            self._test(self._by(channel), exp.Not(this=fact), key=("address", channel.name))
        for n, channel in channels:
            fact = self._fact(f"consent_{n}", holds(self._subject.sql(channel.consent)))
            self._test(self._by(channel), exp.Not(this=fact), key=("consent", channel.name))
        for n, channel in channels:
            for k, (event, term) in enumerate(channel.suppressed):
                fact = self._fact(f"closed_{n}_{k}", holds(self._subject.sql(term)))
                self._test(self._by(channel), fact, key=("closed", channel.name, event))

    def _content(self) -> None:
        for send in self._sends:
            if send.step.unless is not None:
                here = exp.and_(
                    among(own("version", "f"), [send.version]), among(own("node", "f"), [send.node])
                )
                self._test(here, own("unless", "f"), key=("unless", send.version, send.node))
        for name, expires in sorted(
            {(s.message.name, s.message.expires) for s in self._sends if s.message.expires}
        ):
            assert expires is not None
            end = exp.Add(this=own("arrived_at", "f"), expression=interval(expires))
            over = exp.GT(this=NOW.copy(), expression=end)
            about = exp.EQ(this=own("message", "o"), expression=text(name))
            self._test(about, over, key=("expired", name))

    def _quiet(self) -> None:
        for n, channel in enumerate(self._policy.channels):
            for k, quiet in enumerate(channel.quiet):
                fact = self._fact(f"quiet_{n}_{k}", quiet_until(quiet))
                key = ("quiet", channel.name, k)
                self._test(self._by(channel), fact.is_(exp.null()).not_(), key=key)
                self._lifts.append((self._gates.number(*key), f"quiet_{n}_{k}"))


def quiet_until(quiet: checked.Quiet) -> exp.Expr:
    """The local time at which a quiet stretch ends; NULL when it is not quiet now."""
    wall = own("wall", "z")
    today = call("date_trunc", text("day"), wall)
    if quiet.days:
        pairs = []
        for day in quiet.days:
            ahead = next(k for k in range(1, 9) if (day - 1 + k) % 7 + 1 not in quiet.days or k == 8)
            pairs.append((number(day), exp.Add(this=today.copy(), expression=days(ahead))))
        return case_of(call("isodow", wall.copy()), pairs)
    end: exp.Expr = exp.Add(this=today, expression=minutes(quiet.end))
    if quiet.end <= quiet.start:
        opened = exp.GTE(
            this=wall.copy(), expression=exp.Add(this=today.copy(), expression=minutes(quiet.start))
        )
        end = case([(opened, exp.Add(this=end.copy(), expression=days(1)))], end)
    return case([(inside_window(quiet.start, quiet.end, EVERY_DAY), end)])


def selected(selector: checked.Selector, alias: str) -> exp.Expr | None:
    """Whether a message (or a logged send) is what a rule speaks of; None when the rule speaks of all."""
    if selector.kind == "all":
        return None
    return exp.EQ(this=own(selector.kind, alias), expression=text(selector.name))


def is_exempt(policy: checked.Policy, send: SendStep, channel: str) -> bool:
    """Whether the policy exempts this message on this channel."""
    facts = {
        "all": "",
        "channel": channel,
        "purpose": send.journey.purpose,
        "topic": send.message.topic,
        "journey": send.journey.name,
        "message": send.message.name,
    }
    return any(facts[selector.kind] == selector.name for selector in policy.exempt)


def _log(caps: Sequence[checked.Cap]) -> exp.Query:
    """What was granted to the contacts at hand within the longest window, this tick included (P4, P5)."""
    bounds = [ago(span) for span in sorted({cap.span for cap in caps})]
    since = bounds[0] if len(bounds) == 1 else exp.Least(this=bounds[0], expressions=bounds[1:])
    ranked = exp.EQ(this=own("rank"), expression=parameter("rank"))
    theirs = exp.select("contact").from_("_to_send").where(ranked)
    past = (
        exp.select(own("contact", "b"), own("sent_at", "b"), *(own(c, "b") for c in _LOG))
        .from_(table("state.outbox", "b"))
        .where(
            exp.GT(this=own("sent_at", "b"), expression=since),
            exp.In(this=own("contact", "b"), query=theirs.subquery()),
        )
    )
    option = exp.and_(
        *(exp.EQ(this=own(n, "o"), expression=own(n, "v")) for n in ("version", "node", "channel"))
    )
    now = (
        exp.select(
            own("contact", "v"),
            exp.alias_(exp.cast(NOW.copy(), "TIMESTAMP"), "sent_at"),
            *(own(c, "o") for c in _LOG),
        )
        .from_(table("_verdict", "v"))
        .join(table("_send_option", "o"), on=option)
        .where(exp.EQ(this=own("decision", "v"), expression=text(GRANTED)))
    )
    return exp.union(past, now, distinct=False)


def _used(caps: Sequence[checked.Cap]) -> exp.Select:
    """For each contact and cap: how many counted sends are in the window, and the one that must fall out of it."""
    columns: list[exp.Expr] = [own("contact", "l")]
    for n, cap in enumerate(caps):
        conditions: list[exp.Expr] = [
            exp.GT(this=own("sent_at", "l"), expression=ago(cap.span)),
            # P5: exempt messages are not counted
            exp.Not(this=own("exempt", "l")),
        ]
        chosen = selected(cap.selector, "l")
        if chosen is not None:
            conditions.append(chosen)
        counted = exp.Where(this=exp.and_(*conditions))
        columns.append(
            exp.alias_(exp.Filter(this=exp.Count(this=exp.Star()), expression=counted), f"used_{n}")
        )
        if cap.count > 0:
            newest_first = exp.Order(
                this=own("sent_at", "l"),
                expressions=[exp.Ordered(this=own("sent_at", "l"), desc=True, nulls_first=False)],
            )
            listed = exp.Filter(this=exp.ArrayAgg(this=newest_first), expression=counted.copy())
            columns.append(exp.alias_(call("list_extract", listed, number(cap.count)), f"last_{n}"))
    return exp.select(*columns).from_(table("log", "l")).group_by(own("contact", "l"))


def _lifted(*, with_caps: bool) -> exp.Select:
    """Each channel tried, with the instant at which what stops it can lift."""
    lift: exp.Expr = utc_in_period(own("local_lift", "t"))
    if with_caps:
        lift = exp.Coalesce(this=own("cap_lift", "t"), expressions=[lift])
    return (
        exp.select(
            own("candidate", "t"),
            own("position", "t"),
            own("channel", "t"),
            own("gate", "t"),
            own("final", "g"),
            exp.alias_(lift, "lift"),
        )
        .from_(table("tried", "t"))
        .join(
            table("_gate", "g"),
            on=exp.EQ(this=own("gate", "g"), expression=own("gate", "t")),
            join_type="left",
        )
        .join(
            table("zone_period", "p"),
            on=period_join(own("zone", "t"), own("local_lift", "t")),
            join_type="left",
        )
    )


def _chosen() -> exp.Select:
    """For each candidate: the first channel that is free, else the gates that stop it."""
    free = own("gate", "t").is_(exp.null())
    temporary = exp.and_(own("gate", "t").is_(exp.null()).not_(), exp.Not(this=own("final", "t")))

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
            exp.alias_(lift, "lift"),
        )
        .from_(table("lifted", "t"))
        .group_by(own("candidate", "t"))
    )


def _decided(gates: Gates) -> exp.Select:
    """The decision. P7: a temporary gate holds the message until it can lift, no longer than it is kept."""
    keep_until = own("keep_until", "f")
    late = exp.GT(this=NOW.copy(), expression=keep_until)
    free = own("free_channel", "c").is_(exp.null()).not_()
    can_wait = exp.and_(
        own("temporary_gate", "c").is_(exp.null()).not_(),
        exp.LT(this=NOW.copy(), expression=keep_until.copy()),
    )
    decision = case([(late, text(NOT_SENT)), (free, text(GRANTED)), (can_wait, text(HELD))], text(NOT_SENT))
    gate = case(
        [(late.copy(), number(gates.kept_too_long)), (free.copy(), exp.null())],
        exp.Coalesce(this=own("temporary_gate", "c"), expressions=[own("first_gate", "c")]),
    )
    # never before the next instant there is, so that a message held twice over is looked at again, not spun
    soonest = exp.Add(this=NOW.copy(), expression=exp.Interval(this=text("1"), unit=exp.var("MICROSECOND")))
    retry = exp.Greatest(
        this=exp.Least(this=own("lift", "c"), expressions=[keep_until.copy()]), expressions=[soonest]
    )
    granted = exp.and_(exp.Not(this=late.copy()), free.copy())
    made: dict[str, exp.Expr] = {
        "due_at": retry,
        "round": parameter("round"),
        "decision": decision,
        "channel": case([(granted, own("free_channel", "c"))]),
        "gate": gate,
    }
    columns = [exp.alias_(made[n], n) if n in made else own(n, "f") for n in VERDICT]
    same = exp.EQ(this=own("candidate", "c"), expression=own("candidate", "f"))
    return exp.select(*columns).from_(table("facts", "f")).join(table("chosen", "c"), on=same)
