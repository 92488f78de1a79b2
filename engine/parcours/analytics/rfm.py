"""`rfm`: recency, frequency and monetary value of each contact, as they were at an instant, raw and scored; and the trend.

Raw, of the events of the sources with T - over < at <= T that are visible at T:

    recency_days     whole days of 24 hours since the last of them
    frequency_count  how many they are
    monetary_sum     the sum of the numbers named, to 4 decimals; unknown when there is none, or none is known
    trend            (n - b) / (|n| + |b|), n of the last window of the trend and b of the one before it: sums where the
                     rfm has a number to add up, else counts. From -1 to 1; above 0 accelerating, below slowing;
                     unknown when both are 0

There is a row for each contact that is known at T and has such an event. Scores: `analytics.scores`."""

from collections.abc import Sequence
from typing import Any

from sqlglot import exp

from parcours.analytics import scores
from parcours.analytics.learner import Result, Run
from parcours.analytics.moment import Moment
from parcours.checking.checked import Rfm, Source
from parcours.clock.span import Span
from parcours.compiler.expressions import NOW, call, cast_to, column, least, number, own, table
from parcours.compiler.instants import ago
from parcours.compiler.terms import event_table
from parcours.diagnostics import Problem, problem

_RAW, _RFM = "_rfm_raw", "_rfm"
_MONEY = "DECIMAL(18, 4)"  # a sum of these is a DECIMAL(38, 4): exact, whatever the threads do (T3)
_DAY_IN_MICROSECONDS = 86_400_000_000
_SHORTEST_DAYS = {"minute": 0, "hour": 0, "day": 1, "week": 7, "month": 28, "year": 365}
_LONGEST_DAYS = {"minute": 1, "hour": 1, "day": 1, "week": 7, "month": 31, "year": 366}


def learn_rfm(rfm: Rfm, moment: Moment, earlier: Sequence[Run]) -> Result:
    """A run of an rfm. `Problem` when nobody has an event, or too few have one to be scored."""
    contacts, limits = _make_view(rfm, moment, earlier)
    report: dict[str, Any] = {"summary": "raw figures", "contacts": contacts}
    if rfm.scored is not None and limits is not None:
        report["summary"] = f"scored {rfm.scored.low} to {rfm.scored.high} by {rfm.scored.by}"
        report |= {"limits": limits.as_data(), "scores": scores.spread(rfm, _RFM, moment)}
    return Result(moment.columns_of("rfm"), _RFM, report)


def make_rfm(rfm: Rfm, moment: Moment, earlier: Sequence[Run], name: str) -> None:
    """Makes the table `name` with what a run as of that instant would have; without rows where there would be
    none."""
    try:
        _make_view(rfm, moment, earlier)
    except Problem:
        moment.make(name, unscored(_RAW).where(exp.false()))
        return
    moment.make(name, exp.select(exp.Star()).from_(table(_RFM)))


def _make_view(rfm: Rfm, moment: Moment, earlier: Sequence[Run]) -> tuple[int, scores.Limits | None]:
    """The view `_rfm` with the columns of a run; how many contacts it has, and the limits by which they are scored. `Problem`
    when there is nobody, or there are too few to be scored."""
    _make_raw(rfm, moment)
    contacts = moment.count(_RAW)
    if not contacts:
        raise _nothing(rfm, moment)
    if rfm.scored is None:
        moment.show(_RFM, unscored(_RAW))
        return contacts, None
    if contacts <= rfm.scored.high - rfm.scored.low:
        raise _too_few(rfm, contacts)
    limits = scores.frozen(rfm, earlier) or scores.limits(rfm, _RAW, moment)
    moment.show(_RFM, scores.scored(rfm, _RAW, limits))
    return contacts, limits


def _make_raw(rfm: Rfm, moment: Moment) -> None:
    """The table `_rfm_raw`, of contacts that are known. Those who are not go afterwards: there are few of them, and to join
    everybody's figures with the contacts costs more."""
    moment.make(_RAW, raw(rfm))
    same = exp.EQ(this=own("_contact", "c"), expression=own("contact", _RAW))
    known = exp.select(own("_contact", "c")).from_(table("contact", "c")).where(moment.visible("c"), same)
    stranger = exp.Not(this=exp.Exists(this=known))
    moment.engine.run_tree(exp.Delete(this=table(_RAW), where=exp.Where(this=stranger)))


def raw(rfm: Rfm) -> exp.Select:
    """A SELECT of (contact, recency_days, frequency_count, monetary_sum, trend) of everybody who has such an event; its
    parameters are `now` and those of the windows."""
    trend = _trend() if rfm.trend else exp.cast(exp.null(), "DOUBLE")
    query = exp.select(
        own("contact", "r"),
        exp.alias_(_days_since(own("last_at", "r")), "recency_days"),
        own("frequency_count", "r"),
        exp.alias_(cast_to(own("monetary_sum", "r"), "DECIMAL(38, 4)"), "monetary_sum"),
        exp.alias_(trend, "trend"),
    ).from_(_counted(rfm).subquery("r"), copy=False)
    return query.where(exp.GT(this=own("frequency_count", "r"), expression=number(0)), copy=False)


def unscored(of: str) -> exp.Select:
    """What is stored of an rfm that is not scored, from a table made by `raw`: the raw figures twice."""
    doubles = {"recency": "recency_days", "frequency": "frequency_count", "monetary": "monetary_sum"}
    return exp.select(
        own("contact"),
        *(exp.alias_(exp.cast(own(figure), "DOUBLE"), name) for name, figure in doubles.items()),
        own("trend"),
        *scores.figures(),
    ).from_(table(of), copy=False)


# ---- the aggregate


def _counted(rfm: Rfm) -> exp.Select:
    at, amount = own("_at", "e"), own("amount", "e")
    over = exp.GT(this=at, expression=ago(rfm.over))
    is_all = rfm.trend is None or _is_within(_twice(rfm.trend), rfm.over)
    inside = None if is_all else over
    columns: list[exp.Expr] = [
        exp.alias_(_only(exp.Max(this=at.copy()), inside), "last_at"),
        exp.alias_(_only(exp.Count(this=exp.Star()), inside), "frequency_count"),
        exp.alias_(_only(exp.Sum(this=amount), inside), "monetary_sum"),
    ]
    if rfm.trend is not None:
        counted = exp.Sum(this=amount.copy()) if _has_money(rfm) else exp.Count(this=exp.Star())
        latest = exp.GT(this=at.copy(), expression=ago(rfm.trend))
        before = exp.and_(
            exp.GT(this=at.copy(), expression=ago(_twice(rfm.trend))),
            exp.LTE(this=at.copy(), expression=ago(rfm.trend)),
        )
        columns += [
            exp.alias_(exp.Coalesce(this=_only(counted, latest), expressions=[number(0)]), "latest"),
            exp.alias_(exp.Coalesce(this=_only(counted, before), expressions=[number(0)]), "before"),
        ]
    start = ago(rfm.over) if is_all or rfm.trend is None else least(ago(rfm.over), ago(_twice(rfm.trend)))
    events = _events(rfm.sources, start)
    query = exp.select(exp.alias_(own("_contact", "e"), "contact"), *columns)
    return query.from_(events.subquery("e"), copy=False).group_by(own("_contact", "e"), copy=False)


def _events(sources: Sequence[Source], start: exp.Expr) -> exp.Query:
    """The events of all sources since an instant, with what is added up of each."""
    selects = []
    for source in sources:
        amount: exp.Expr = exp.cast(exp.null(), _MONEY)
        if source.field is not None:
            # what is no finite number, or has more than 14 digits, counts as unknown
            amount = exp.TryCast(this=column(source.field.name, "e"), to=exp.DataType.build(_MONEY))
        select = exp.select(own("_contact", "e"), own("_at", "e"), exp.alias_(amount, "amount"))
        select = select.from_(event_table(source.event), copy=False).where(
            _visible("e"), exp.GT(this=own("_at", "e"), expression=start.copy()), copy=False
        )
        selects.append(select)
    return selects[0] if len(selects) == 1 else exp.union(*selects, distinct=False)


def _only(aggregate: exp.Expr, condition: exp.Expr | None) -> exp.Expr:
    if condition is None:
        return aggregate
    return exp.Filter(this=aggregate.copy(), expression=exp.Where(this=condition.copy()))


def _visible(alias: str) -> exp.Expr:
    return exp.LTE(this=own("_visible_at", alias), expression=NOW.copy())  # E2


def _days_since(at: exp.Expr) -> exp.Expr:
    elapsed = exp.Sub(this=call("epoch_us", NOW.copy()), expression=call("epoch_us", at))
    return exp.IntDiv(this=exp.paren(elapsed), expression=number(_DAY_IN_MICROSECONDS))


def _trend() -> exp.Expr:
    latest, before = own("latest", "r"), own("before", "r")
    size = exp.Add(this=call("abs", latest), expression=call("abs", before))
    return exp.Div(
        this=exp.cast(exp.paren(exp.Sub(this=latest.copy(), expression=before.copy())), "DOUBLE"),
        expression=exp.Nullif(this=exp.cast(exp.paren(size), "DOUBLE"), expression=number(0)),
        typed=False,
        safe=False,
    )


def _has_money(rfm: Rfm) -> bool:
    return any(source.field is not None for source in rfm.sources)


def _twice(span: Span) -> Span:
    return Span(2 * span.count, span.unit)


def _is_within(inner: Span, outer: Span) -> bool:
    """Whether a length of time is certainly no longer than another."""
    return inner.count * _LONGEST_DAYS[inner.unit] <= outer.count * _SHORTEST_DAYS[outer.unit]


# ---- what is missing


def _nothing(rfm: Rfm, moment: Moment) -> Problem:
    events = " or ".join(f"`{source.event}`" for source in rfm.sources)
    return problem(
        "cannot-learn",
        f"the rfm `{rfm.name}` cannot be learned: no contact has {events} in the {rfm.over} before {moment.local}",
        rfm.place,
    )


def _too_few(rfm: Rfm, contacts: int) -> Problem:
    assert rfm.scored is not None
    events = " or ".join(f"`{source.event}`" for source in rfm.sources)
    who = "1 contact has" if contacts == 1 else f"{contacts} contacts have"
    return problem(
        "cannot-learn",
        f"the rfm `{rfm.name}` cannot be scored {rfm.scored.low} to {rfm.scored.high}: only {who} {events}",
        rfm.place,
        help="learn when more have, give fewer scores, or leave out `scored`",
    )
