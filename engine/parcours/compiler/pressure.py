"""Who may be written to: all sends of a round, arbitrated together (LANGUAGE.md section 6)."""

from collections.abc import Mapping, Sequence

from sqlglot import exp

from parcours.checking import checked
from parcours.compiler import budgets, freshness, several
from parcours.compiler.expressions import (
    NOW,
    among,
    call,
    case,
    case_of,
    greatest,
    holds,
    insert,
    least,
    number,
    own,
    parameter,
    table,
    text,
)
from parcours.compiler.gates import STALE_DATA, Gates, SendStep
from parcours.compiler.instants import ago
from parcours.compiler.layout import GRANTED, HELD, NOT_SENT, VERDICT
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject
from parcours.compiler.zones import out_of_window

_LOG = ("channel", "purpose", "topic", "journey", "message", "exempt")


def verdicts(
    policy: checked.Policy,
    sends: Sequence[SendStep],
    gates: Gates,
    project_zone: str,
    settable: Mapping[str, str],
    *,
    skipping: bool = False,
) -> Statement:
    """`INSERT INTO _verdict`: the candidates of one rank, each granted, held or not sent, and by which gate.

    P3: every contact's best candidate goes first, then every contact's second, each seeing what was granted
    before."""
    with_several = any(map(several.is_several, sends))
    with_budgets = bool(budgets.budgeted(sends))
    with_needs = bool(freshness.needing(sends))
    used_channels = {channel for send in sends for channel in send.step.channels}
    ranked = exp.EQ(this=own("rank", "s"), expression=parameter("rank"))
    subject = Subject("_to_send", project_zone, ranked, settable)
    tests = _Tests(policy, used_channels, gates, subject)
    gate = tests.gate(skipping=skipping, with_needs=with_needs)
    caps = policy.caps
    read = ["version", "node", "contact", "unless_gate", "expired_gate"]
    read += ["only_channel"] if with_several else []
    read += ["stale_gate", "stale_lift"] if with_needs else []
    facts = subject.select(
        exp.alias_(own("rowid", "s"), "candidate"),
        *(own(c, "s") for c in read),
        exp.alias_(subject.terms.zone(), "zone"),
        *tests.facts,
    )
    on_option = exp.and_(*(exp.EQ(this=own(c, "o"), expression=own(c, "f")) for c in ("version", "node")))
    if with_several:
        only = own("only_channel", "f")
        chosen = exp.EQ(this=own("channel", "o"), expression=only)
        on_option = exp.and_(on_option, exp.or_(only.copy().is_(exp.null()), chosen))
    quiet = exp.and_(
        exp.EQ(this=own("zone", "q"), expression=own("zone", "f")),
        exp.EQ(this=own("channel", "q"), expression=own("channel", "o")),
    )
    tried = (
        exp.select(
            own("candidate", "f"),
            own("position", "o"),
            own("channel", "o"),
            exp.alias_(gate, "gate"),
            exp.alias_(own("lift", "q"), "quiet_lift"),
            *(own(f"last_{n}", "u") for n, cap in enumerate(caps) if cap.count),
            *([own("stale_lift", "f")] if with_needs else []),
            *([own("cost", "o")] if with_budgets else []),
        )
        .from_(table("facts", "f"), copy=False)
        .join(table("_send_option", "o"), on=on_option)
        .join(table("_quiet", "q"), on=quiet, join_type="left")
    )
    if caps:
        same = exp.EQ(this=own("contact", "u"), expression=own("contact", "f"))
        tried = tried.join(table("used", "u"), on=same, join_type="left")
    query = exp.select().with_("facts", as_=facts, copy=False)
    if caps:
        query = query.with_("log", as_=_log(caps), copy=False).with_("used", as_=_used(caps), copy=False)
    query = query.with_("tried", as_=tried, copy=False).with_(
        "chosen", as_=_chosen(policy, gates, project_zone, with_budgets=with_budgets), copy=False
    )
    query, last = budgets.with_budget(query, sends, gates, project_zone)
    query = _decided(query, last, with_several=with_several)
    return Statement(
        "verdicts",
        "the gates of P1 for the candidates of one rank: granted, held or not sent",
        insert("_verdict", VERDICT, query),
    )


class _Tests:
    """The gates as conditions over a candidate `f`, one of its channels `o`, quiet hours `q` and what was used of
    the caps `u`, in the order of P1. `facts` are what must be known of a candidate for them."""

    def __init__(
        self, policy: checked.Policy, used_channels: set[str], gates: Gates, subject: Subject
    ) -> None:
        self._policy = policy
        self._channels = [channel for channel in policy.channels if channel.name in used_channels]
        self._gates = gates
        self._subject = subject
        self.facts: list[exp.Expr] = []

    def gate(self, *, skipping: bool, with_needs: bool) -> exp.Expr:
        """The number of the first gate that stops the message on this channel; NULL when none does."""
        skipped = [self._fact("skipped_gate", self._skipped())] if skipping else []
        by_channel = [
            (text(c.name), self._fact(f"channel_{n}", self._closed(c))) for n, c in enumerate(self._channels)
        ]
        stops = [*self._gone(), *skipped, case_of(own("channel", "o"), by_channel)]
        stops += [own("unless_gate", "f"), own("expired_gate", "f")]
        if with_needs:
            stops.append(own("stale_gate", "f"))
        for n, never in enumerate(self._policy.never):
            fact = self._fact(f"never_{n}", holds(self._subject.sql(never.condition)))
            stops.append(self._stop(("never", n), self._pressed(never.selector), fact))
        stops.append(own("gate", "q"))
        for n, cap in enumerate(self._policy.caps):
            conditions = [self._pressed(cap.selector)]
            if cap.condition is not None:
                conditions.append(self._fact(f"cap_{n}", holds(self._subject.sql(cap.condition))))
            used = exp.Coalesce(this=own(f"used_{n}", "u"), expressions=[number(0)])
            # P4: with this one the limit would be passed
            conditions.append(exp.GTE(this=used, expression=number(cap.count)))
            stops.append(self._stop(("cap", n), *conditions))
        return exp.Coalesce(this=stops[0], expressions=stops[1:])

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

    def _stop(self, key: tuple[object, ...], *conditions: exp.Expr) -> exp.Expr:
        return case([(exp.and_(*conditions), number(self._gates.number(*key)))])

    def _fact(self, name: str, value: exp.Expr) -> exp.Expr:
        self.facts.append(exp.alias_(value, name))
        return own(name, "f")

    def _pressed(self, selector: checked.Selector) -> exp.Expr:
        """The rule speaks of this message, and the message is not exempt from rules of pressure."""
        chosen = selected(selector, "o")
        free = exp.Not(this=own("exempt", "o"))
        return exp.and_(free, chosen) if chosen is not None else free

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
        "topic": send.topic,
        "journey": send.journey.name,
        "message": send.step.message,
    }
    return any(facts[selector.kind] == selector.name for selector in policy.exempt)


def _log(caps: Sequence[checked.Cap]) -> exp.Query:
    """What was granted to the contacts at hand within the longest window, this tick included (P4, P5)."""
    bounds = [ago(span) for span in sorted({cap.period.span for cap in caps})]
    since = least(*bounds)
    ranked = exp.EQ(this=own("rank"), expression=parameter("rank"))
    theirs = exp.select("contact").from_("_to_send").where(ranked)
    past = (
        exp.select(own("contact", "b"), own("sent_at", "b"), *(own(c, "b") for c in _LOG))
        .from_(table("state.outbox", "b"), copy=False)
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
        .from_(table("_verdict", "v"), copy=False)
        .join(table("_send_option", "o"), on=option)
        .where(exp.EQ(this=own("decision", "v"), expression=text(GRANTED)))
    )
    return exp.union(past, now, distinct=False)


def _used(caps: Sequence[checked.Cap]) -> exp.Select:
    """For each contact and cap: how many counted sends are in the window, and the one that must fall out of it."""
    columns: list[exp.Expr] = [own("contact", "l")]
    for n, cap in enumerate(caps):
        conditions: list[exp.Expr] = [
            exp.GT(this=own("sent_at", "l"), expression=ago(cap.period.span)),
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
    return exp.select(*columns).from_(table("log", "l"), copy=False).group_by(own("contact", "l"))


def _chosen(policy: checked.Policy, gates: Gates, project_zone: str, *, with_budgets: bool) -> exp.Select:
    """For each candidate: the first channel that is free, else the gates that stop it."""
    free = own("gate", "t").is_(exp.null())
    lifting = [g.number for g in gates.gates if not g.final]
    temporary = among(own("gate", "t"), lifting)
    pairs: list[tuple[exp.Expr, exp.Expr]] = [
        (
            number(gates.number("cap", n)),
            out_of_window(project_zone, own(f"last_{n}", "t"), cap.period.span),
        )
        for n, cap in enumerate(policy.caps)
        if cap.count
    ]
    pairs += [(number(stale), own("stale_lift", "t")) for stale in gates.lifting(STALE_DATA)]
    lifts = case_of(own("gate", "t"), pairs, own("quiet_lift", "t"))

    def first(item: str, condition: exp.Expr | None) -> exp.Expr:
        made = exp.ArgMin(this=own(item, "t"), expression=own("position", "t"))
        return (
            made if condition is None else exp.Filter(this=made, expression=exp.Where(this=condition.copy()))
        )

    lift = exp.Filter(this=exp.Min(this=lifts), expression=exp.Where(this=temporary.copy()))
    return (
        exp.select(
            own("candidate", "t"),
            exp.alias_(first("channel", free), "free_channel"),
            exp.alias_(first("gate", temporary), "temporary_gate"),
            exp.alias_(first("gate", None), "first_gate"),
            exp.alias_(first("channel", temporary), "temporary_channel"),
            exp.alias_(first("channel", None), "first_channel"),
            exp.alias_(lift, "lift"),
            *([exp.alias_(first("cost", free), "free_cost")] if with_budgets else []),
        )
        .from_(table("tried", "t"), copy=False)
        .group_by(own("candidate", "t"))
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
    granted = exp.and_(exp.Not(this=late.copy()), free.copy())
    made: dict[str, exp.Expr] = {
        "due_at": greatest(least(own("lift", "c"), keep_until.copy()), soonest),
        "round": parameter("round"),
        "decision": decision,
        # of one that is not granted: the channel of the reason
        "channel": exp.Coalesce(
            this=own("free_channel", "c"),
            expressions=[own("temporary_channel", "c"), own("first_channel", "c")],
        ),
        "gate": gate,
        "anchor": case([(granted.copy(), own("sent", "s"))], own("not_sent", "s")),
    }
    if with_several:
        alone = own("only_channel", "s").is_(exp.null())
        made["anchor"] = case([(alone, made["anchor"])])
    columns = [exp.alias_(made[n], n) if n in made else own(n, "s") for n in VERDICT]
    same = exp.EQ(this=own("candidate", "c"), expression=own("rowid", "s"))
    query = query.select(*columns, copy=False).from_(table("_to_send", "s"), copy=False)
    return query.join(table(chosen, "c"), on=same, copy=False)
