"""`budget AMOUNT per PERIOD` of a journey: the last gate, for all contacts together (LANGUAGE.md P1, P3)."""

from collections.abc import Sequence

from sqlglot import exp

from parcours.checking import checked
from parcours.compiler.arbitration import Arbitration
from parcours.compiler.choosing import columns
from parcours.compiler.expressions import (
    NOW,
    among,
    call,
    case,
    case_of,
    interval,
    least,
    left,
    number,
    own,
    parameter,
    table,
    text,
)
from parcours.compiler.gates import Gates, SendStep
from parcours.compiler.instants import end_of, start_of
from parcours.compiler.layout import GRANTED
from parcours.compiler.lifts import with_month_lifts
from parcours.compiler.money import money
from parcours.compiler.stops import stopped_too


def budgeted(sends: Sequence[SendStep]) -> dict[int, SendStep]:
    """By version: one of its sends, of those whose journey has a budget."""
    return {s.version: s for s in sends if s.journey.budget is not None}


def costs_matter(policy: checked.Policy, sends: Sequence[SendStep]) -> bool:
    """Whether the outbox is to say what messages cost: for a budget, also for one that somebody writes later."""
    used = {channel for send in sends for channel in send.step.channels}
    return bool(budgeted(sends)) or any(c.cost and c.name in used for c in policy.channels)


def with_budget(query: exp.Select, source: str, what: Arbitration) -> tuple[exp.Select, str]:
    """Adds tables to the query that has `source`, the channel that all other gates leave to each candidate; the name of
    the last one: as `source`, but those whom the budget stops have no free channel."""
    found = budgeted(what.sends)
    if not found:
        return query, source
    query = query.with_("costs", as_=_costs(found), copy=False)
    query = query.with_("spent", as_=_spent(found, what.gates), copy=False)
    query = query.with_("priced", as_=_priced(source), copy=False).with_("line", as_=_line(), copy=False)
    query = query.with_("stopped", as_=_stopped(), copy=False)
    query, last = query.with_("since", as_=_since(found), copy=False), "since"
    if any(_by_month(send) for send in found.values()):
        query, last = with_month_lifts(query, "since", what.zone)
    return query.with_("afforded", as_=_afforded(found, last, what), copy=False), "afforded"


def _costs(found: dict[int, SendStep]) -> exp.Query:
    """What messages of the journeys have cost that were granted within the longest window, this tick included: of all
    versions, by the journey's name."""
    journeys = sorted({s.journey.name for s in found.values()})
    starts = {str(start.this): start for s in found.values() for start in [_start(s)]}
    past = (
        exp.select(*(own(c, "b") for c in ("journey", "sent_at", "cost")))
        .from_(table("state.outbox", "b"), copy=False)
        .where(
            exp.GTE(this=own("sent_at", "b"), expression=least(*(s for _, s in sorted(starts.items())))),
            among(own("journey", "b"), journeys),
            copy=False,
        )
    )
    option = exp.EQ(this=own("option", "o"), expression=own("option", "v"))
    now = (
        exp.select(
            own("journey", "o"),
            exp.alias_(exp.cast(NOW.copy(), "TIMESTAMP"), "sent_at"),
            own("cost", "o"),
        )
        .from_(table("_verdict", "v"), copy=False)
        .join(table("_send_option", "o"), on=option, copy=False)
        .where(
            exp.EQ(this=own("decision", "v"), expression=text(GRANTED)),
            among(own("journey", "o"), journeys),
            copy=False,
        )
    )
    return exp.union(past, now, distinct=False)


def _start(send: SendStep) -> exp.Expr:
    assert send.journey.budget is not None
    return start_of(send.journey.budget[1])


def _by_month(send: SendStep) -> bool:
    assert send.journey.budget is not None
    period = send.journey.budget[1]
    return period.kind == "rolling" and period.span.is_calendar


def _spent(found: dict[int, SendStep], gates: Gates) -> exp.Query:
    """For each version with a budget: what has been spent in its window, and when the oldest of it was."""
    rows: list[exp.Query] = []
    for version, send in sorted(found.items()):
        assert send.journey.budget is not None
        amount, period = send.journey.budget
        since = exp.GT if period.kind == "rolling" else exp.GTE
        cost = own("cost", "l")
        rows.append(
            exp.select(
                exp.alias_(number(version), "version"),
                exp.alias_(money(amount), "amount"),
                exp.alias_(number(gates.number("budget", version)), "budget_gate"),
                exp.alias_(exp.Coalesce(this=exp.Sum(this=cost), expressions=[number(0)]), "spent"),
                exp.alias_(exp.Min(this=own("sent_at", "l")), "oldest"),
            )
            .from_(table("costs", "l"), copy=False)
            .where(
                exp.EQ(this=own("journey", "l"), expression=text(send.journey.name)),
                since(this=own("sent_at", "l"), expression=_start(send)),
                exp.GT(this=cost.copy(), expression=number(0)),
                copy=False,
            )
        )
    return rows[0] if len(rows) == 1 else exp.union(*rows, distinct=False)


def _in_line(value: exp.Expr, aggregate: str, *, before: bool = False) -> exp.Window:
    """Over those of the same journey who come before in this step and, unless `before`, the candidate itself."""
    last = {"end": number(1), "end_side": "PRECEDING"} if before else {"end": "CURRENT ROW"}
    return exp.Window(
        this=call(aggregate, value),
        partition_by=[own("journey")],
        order=exp.Order(expressions=[exp.Ordered(this=own("place"), nulls_first=False)]),
        spec=exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", **last),
    )


def _priced(source: str) -> exp.Select:
    """The candidates with the budget of their version, and what each costs if it is granted: one that comes too late
    is not."""
    late = exp.GT(this=NOW.copy(), expression=own("keep_until", "c"))
    price = case([(late, money(0))], exp.Coalesce(this=own("cost", "o"), expressions=[money(0)]))
    option = exp.EQ(this=own("option", "o"), expression=own("free_option", "c"))
    send = exp.EQ(this=own("send", "t"), expression=own("send", "c"))
    version = exp.EQ(this=own("version", "b"), expression=own("version", "t"))
    query = exp.select(
        "c.*",
        *(own(name, "t") for name in ("version", "journey")),
        exp.alias_(price, "price"),
        exp.alias_(own("cost", "o"), "free_cost"),
        *(own(n, "b") for n in ("amount", "spent", "budget_gate", "oldest")),
    ).from_(table(source, "c"), copy=False)
    query = query.join(table("_send_step", "t"), on=send, copy=False)
    query = query.join(left(table("_send_option", "o"), on=option), copy=False)
    return query.join(left(table("spent", "b"), on=version), copy=False)


def _line() -> exp.Select:
    """Whether the budget has too little for a candidate when all who come before get what they want."""
    before = exp.Coalesce(this=_in_line(own("price"), "sum", before=True), expressions=[money(0)])
    total = exp.Add(this=exp.Add(this=own("spent"), expression=before), expression=own("free_cost"))
    too_much = exp.GT(this=exp.paren(total), expression=own("amount"))
    made = exp.Coalesce(this=too_much, expressions=[exp.false()])
    return exp.select("*", exp.alias_(made, "is_too_much")).from_(table("priced"), copy=False)


def _stopped() -> exp.Select:
    """Nobody overtakes one of the same journey and step for whom there is too little."""
    here = [exp.EQ(this=own(n, "v"), expression=parameter(n)) for n in ("round", "step")]
    same = exp.EQ(this=own("gate", "v"), expression=own("budget_gate", "l"))
    before = exp.select(number(1)).from_(table("_verdict", "v"), copy=False).where(*here, same, copy=False)
    stopped = exp.and_(
        exp.Not(this=own("free_option", "l").is_(exp.null())),
        exp.Not(this=own("budget_gate", "l").is_(exp.null())),
        exp.or_(_in_line(own("is_too_much", "l"), "bool_or"), exp.Exists(this=before)),
    )
    return exp.select("l.*", exp.alias_(stopped, "is_stopped")).from_(table("line", "l"), copy=False)


def _since(found: dict[int, SendStep]) -> exp.Select:
    """Since when there are costs in the window: those whom this statement grants count for those behind."""
    granted = case([(own("is_stopped"), money(0))], own("price"))
    now = case([(exp.GT(this=_in_line(granted, "sum"), expression=number(0)), NOW.copy())])
    since = exp.cast(exp.Coalesce(this=own("oldest"), expressions=[now]), "TIMESTAMP")
    query = exp.select("*", exp.alias_(since, "full_at")).from_(table("stopped"), copy=False)
    spans: list[tuple[exp.Expr, exp.Expr]] = [
        (number(version), interval(send.journey.budget[1].span))
        for version, send in sorted(found.items())
        if send.journey.budget is not None and _by_month(send)
    ]
    return (
        query.select(exp.alias_(case_of(own("version"), spans), "full_span"), copy=False) if spans else query
    )


def _afforded(found: dict[int, SendStep], source: str, what: Arbitration) -> exp.Select:
    """As `chosen`, with the budget as the last gate."""
    lifts: list[tuple[exp.Expr, exp.Expr]] = []
    for version, send in sorted(found.items()):
        assert send.journey.budget is not None
        period = send.journey.budget[1]
        if period.kind == "calendar":
            # one that costs more than the whole budget fits into no period
            spent = own("full_at", "s").is_(exp.null()).not_()
            lift = case([(spent, end_of(period))])
        elif _by_month(send):
            lift = own("month_lift", "s")
        else:
            lift = exp.Add(this=own("full_at", "s"), expression=interval(period.span))
        lifts.append((number(version), lift))
    stopped = own("is_stopped", "s")
    by_budget: dict[str, exp.Expr] = {
        "free_option": exp.null(),
        "temporary_gate": own("budget_gate", "s"),
        "temporary_option": own("free_option", "s"),
        "lift": case_of(own("version", "s"), lifts),
        # P9: the budget is asked last, of the channel that all the others have left
        "stops": stopped_too("s", own("free_option", "s"), own("budget_gate", "s")),
    }
    afforded = [
        exp.alias_(case([(stopped.copy(), by_budget[n])], own(n, "s")), n) if n in by_budget else own(n, "s")
        for n in columns(what)
    ]
    return exp.select(*afforded).from_(table(source, "s"), copy=False)
