"""The runs that there are, or were, of the contacts and keys of the candidates (T8, T9)."""

from collections.abc import Sequence

from sqlglot import exp

from parcours.clock.span import Span
from parcours.compiler.expressions import NOW, among, create_temporary, days, least, own, table
from parcours.compiler.instants import ago
from parcours.compiler.statement import Statement


def _of_candidates(contact: exp.Expr, versions: Sequence[int]) -> exp.Expr:
    query = exp.select("contact").from_("_candidate").where(among(own("version"), versions), copy=False)
    return exp.In(this=contact, query=query.subquery())


def _leaving_now(*names: str) -> exp.Select:
    """The awake instances that a goal or `leave when` ends in this tick, before anybody enters (T5)."""
    same = exp.and_(
        *(exp.EQ(this=own(n, "g"), expression=own(n, "a")) for n in ("version", "anchor")), copy=False
    )
    query = exp.select(*(own(name, "a") for name in names)).from_(table("_awake", "a"), copy=False)
    return query.join(table("_leaving", "g"), on=same, copy=False)


def _just_left(*names: str) -> exp.Select:
    """Those of them, by the version that takes people in."""
    sibling = exp.EQ(this=own("sibling", "b"), expression=own("version", "a"))
    query = _leaving_now(*names).join(table("_sibling", "b"), on=sibling, copy=False)
    query.set("expressions", [own("version", "b"), *query.expressions])
    return query


def running(versions: Sequence[int]) -> exp.Select:
    """Who is inside a journey, by the version of it that takes people in."""
    sibling = exp.EQ(this=own("sibling", "b"), expression=own("version", "i"))
    gone = exp.In(this=own("rowid", "i"), query=_leaving_now("row").subquery())
    return (
        exp.select(
            exp.alias_(own("version", "b"), "running_version"),
            exp.alias_(own("contact", "i"), "running_contact"),
            exp.alias_(own("key", "i"), "running_key"),
        )
        .distinct()
        .from_(table("state.instance", "i"), copy=False)
        .join(table("_sibling", "b"), on=sibling, copy=False)
        .where(
            among(own("version", "b"), versions),
            _of_candidates(own("contact", "i"), versions),
            exp.Not(this=gone),
            copy=False,
        )
    )


def _long_over(*names: str) -> exp.Select:
    """The runs that ended in ticks before, by the version that takes people in."""
    same_journey = exp.EQ(this=own("journey", "n"), expression=own("journey", "x"))
    return (
        exp.select(own("version", "n"), *(own(name, "x") for name in names))
        .from_(table("state.ended", "x"), copy=False)
        .join(table("_entering", "n"), on=same_journey, copy=False)
    )


def over() -> Statement:
    """`_over(version, contact, key, entry_at)`: the candidates at whose instant a run began of the same contact and key
    that is over (T9)."""
    run = ("contact", "key", "entry_at")
    past = _long_over(*run)
    same = exp.and_(
        *(exp.EQ(this=own(name, "u"), expression=own(name, "c")) for name in ("version", *run)), copy=False
    )
    query = (
        exp.select(*(own(name, "c") for name in ("version", *run)))
        .distinct()
        .from_(table("_candidate", "c"), copy=False)
        .join(
            exp.union(past, _just_left(*run), distinct=False, copy=False).subquery("u", copy=False),
            on=same,
            copy=False,
        )
    )
    return Statement(
        "over", "runs that are over of whoever might start one", create_temporary("_over", query)
    )


def ended(versions: Sequence[int], spans: Sequence[Span | None]) -> exp.Select:
    """When the last run of each contact and key left, of journeys that ask for it; of `again after D`, those that left within D
    alone, or a little longer ago."""
    past = _long_over("contact", "key", "left_at").where(
        among(own("version", "n"), versions), _of_candidates(own("contact", "x"), versions), copy=False
    )
    bounds = [_begun_since(span) for span in spans if span is not None]
    if len(bounds) == len(spans):
        distinct = {bound.sql(): bound for bound in bounds}
        since = least(*(bound for _, bound in sorted(distinct.items())))
        past = past.where(exp.GT(this=own("left_at", "x"), expression=since), copy=False)
    now_left = _just_left("contact", "key").select(
        exp.alias_(exp.cast(NOW.copy(), "TIMESTAMP"), "left_at"), copy=False
    )
    both_of_them = exp.union(past, now_left, distinct=False, copy=False)
    return (
        exp.select(
            *(exp.alias_(own(name, "u"), f"ended_{name}") for name in ("version", "contact", "key")),
            exp.alias_(exp.Max(this=own("left_at", "u")), "left_at"),
        )
        .from_(both_of_them.subquery("u"), copy=False)
        .group_by(*(own(name, "u") for name in ("version", "contact", "key")))
    )


def _begun_since(span: Span) -> exp.Expr:
    since: exp.Expr = ago(span)
    # a step forward may end later than the same step backward began, where a local time does not exist
    return exp.paren(exp.Sub(this=since, expression=days(2)), copy=False) if span.is_calendar else since
