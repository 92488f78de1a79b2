"""Who enters, and why the others do not (T5 step 4, T8, T9)."""

from collections.abc import Sequence

from sqlglot import exp

from parcours.checking import checked
from parcours.clock.chance import threshold
from parcours.compiler.expressions import (
    NOW,
    among,
    any_of,
    case,
    cast_to,
    days,
    holds,
    insert,
    left,
    number,
    own,
    table,
    text,
)
from parcours.compiler.instants import ago, start_of
from parcours.compiler.layout import AWAKE, TRIGGERED
from parcours.compiler.routes import ENTER_ANCHOR, Routes, Share
from parcours.compiler.shares import share_below
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject
from parcours.compiler.zones import shifted

# why a trigger is refused
UNKNOWN_CONTACT = "unknown_contact"
TOO_OLD = "too_old"
NO_KEY = "no_key"
NOT_ELIGIBLE = "not_eligible"
ALREADY_RUNNING = "already_running"
ALREADY_RAN = "already_ran"
TOO_SOON = "too_soon"
SAME_TICK = "same_tick"
HELD_OUT = "held_out"
FULL = "full"
PAUSED = "paused"


def triggers(
    routes: Routes,
    version: int,
    project_zone: str,
    siblings: Sequence[tuple[int, Routes]],
    *,
    paused: bool = False,
) -> Statement:
    """`INSERT INTO triggered`: every candidate of a version, with the reason why it starts nobody. `siblings`: all
    versions of the journey, this one too."""
    enter, journey = routes.journey.enter, routes.journey.name
    subject = Subject("_candidate", project_zone)
    predicate = enter.trigger.predicate if isinstance(enter.trigger, checked.ScheduleTrigger) else None
    asked = own("asked", "s")
    chosen = exp.or_(asked, holds(subject.sql(predicate))) if predicate is not None else exp.true()
    eligible = holds(subject.sql(enter.condition)) if enter.condition is not None else exp.true()
    judged = subject.select(
        *(own(c, "s") for c in ("contact", "key", "entry_at", "entry", "event", "id", "stranger", "too_old")),
        exp.alias_(chosen, "chosen"),
        exp.alias_(eligible, "eligible"),
    )
    reasons: list[tuple[exp.Expr, exp.Expr]] = [
        (own("stranger", "j"), text(UNKNOWN_CONTACT)),
        (own("too_old", "j"), text(TOO_OLD)),
        (own("key", "j").is_(exp.null()), text(NO_KEY)),
        (exp.Not(this=own("eligible", "j")), text(NOT_ELIGIBLE)),
        *_held_out(enter, journey),
        *([(exp.true(), text(PAUSED))] if paused else []),
        (own("running_contact").is_(exp.null()).not_(), text(ALREADY_RUNNING)),
    ]
    if not enter.again:
        reasons.append((own("left_at").is_(exp.null()).not_(), text(ALREADY_RAN)))
    elif enter.after is not None:
        # T8: D after the last run left
        open_again = shifted(project_zone, own("left_at"), enter.after, 1)
        reasons.append((exp.GT(this=open_again, expression=NOW.copy()), text(TOO_SOON)))
    reasoned = (
        exp.select("j.*", exp.alias_(case(reasons), "reason"))
        .from_(table("judged", "j"), copy=False)
        .join(left(table("running", "r"), on=_same_key("r", "running_contact", "running_key")), copy=False)
        .where(own("chosen", "j"), copy=False)
    )
    # T8: what plain `again` has no need to know
    remembers = not enter.again or enter.after is not None
    if remembers:
        same = _same_key("x", "ended_contact", "ended_key")
        reasoned = reasoned.join(left(table("ended", "x"), on=same), copy=False)
    # T9: several triggers for one contact and key in one tick start one run: the earliest of those not refused
    earlier = exp.Window(
        this=exp.RowNumber(),
        partition_by=[own("contact"), own("key"), own("reason").is_(exp.null())],
        order=exp.Order(
            expressions=[exp.Ordered(this=own(n), nulls_first=False) for n in ("entry_at", "id")]
        ),
    )
    ranked = exp.select("*", exp.alias_(earlier, "place")).from_(table("reasoned"), copy=False)
    late = exp.and_(own("reason").is_(exp.null()), exp.GT(this=own("place"), expression=number(1)))
    if enter.cap is not None:
        ranked = exp.select("*", exp.alias_(_in_line(late), "line")).from_(
            ranked.subquery("l", copy=False), copy=False
        )
    full = [] if enter.cap is None else [(_is_full(enter.cap, journey), text(FULL))]
    final = {
        "version": exp.alias_(number(version), "version"),
        "key": exp.alias_(exp.Coalesce(this=own("key"), expressions=[text("")]), "key"),
        "reason": exp.alias_(case([(late, text(SAME_TICK)), *full], own("reason")), "reason"),
    }
    query = exp.select(*(final.get(name, own(name)) for name in TRIGGERED)).from_(table("ranked"), copy=False)
    tables = {"judged": judged, "running": _running(siblings)}
    if remembers:
        tables["ended"] = _ended(routes.journey, siblings)
    for name, made in {**tables, "reasoned": reasoned, "ranked": ranked}.items():
        query = query.with_(name, as_=made, copy=False)
    return Statement(
        f"triggers_{version}",
        f"{journey}: who enters, and why the others do not",
        insert("_triggered", TRIGGERED, query),
    )


def _held_out(enter: checked.Enter, journey: str) -> list[tuple[exp.Expr, exp.Expr]]:
    """T17: a share of the contacts never enters."""
    if enter.hold_out is None:
        return []
    share = Share(f"{journey}/hold out", threshold(enter.hold_out))
    return [(share_below(share, "j"), text(HELD_OUT))]


def _in_line(late: exp.Expr) -> exp.Expr:
    """The place of those who would start a run, in the order in which a cap on entries takes them."""
    order = [exp.Ordered(this=own(n), nulls_first=False) for n in ("entry_at", "contact", "key")]
    starts = exp.and_(own("reason").is_(exp.null()), exp.Not(this=exp.paren(late.copy())))
    return exp.Window(this=exp.RowNumber(), partition_by=[starts], order=exp.Order(expressions=order))


def _is_full(cap: tuple[int, checked.Period], journey: str) -> exp.Expr:
    """Whether the window takes no more: of the runs that began in it, and those that are before in line."""
    count, period = cap
    since = exp.GT if period.kind == "rolling" else exp.GTE
    begun = (
        exp.select(exp.Coalesce(this=exp.Sum(this=own("entered", "n")), expressions=[number(0)]))
        .from_(table("state.entries", "n"), copy=False)
        .where(
            exp.EQ(this=own("journey", "n"), expression=text(journey)),
            since(this=own("entered_at", "n"), expression=start_of(period)),
            copy=False,
        )
    )
    place = exp.Add(this=begun.subquery(copy=False), expression=own("line"))
    return exp.and_(own("reason").is_(exp.null()), exp.GT(this=place, expression=number(count)))


def _same_key(alias: str, contact: str, key: str) -> exp.Expr:
    return exp.and_(
        exp.EQ(this=own(contact, alias), expression=own("contact", "j")),
        exp.EQ(this=own(key, alias), expression=own("key", "j")),
    )


def _of_candidates(contact: exp.Expr) -> exp.Expr:
    return exp.In(
        this=contact, query=exp.select("contact").from_("_candidate", copy=False).subquery(copy=False)
    )


def _leaving_now(siblings: Sequence[tuple[int, Routes]]) -> exp.Expr | None:
    """The awake instances that a goal or `leave when` ends in this tick, before anybody enters (T5)."""
    anchors = [
        exp.and_(among(own("version", "a"), [version]), among(own("anchor", "a"), leaving))
        for version, routes in siblings
        if (leaving := [anchor.number for anchor in routes.leaving()])
    ]
    return any_of(anchors) if anchors else None


def _running(siblings: Sequence[tuple[int, Routes]]) -> exp.Select:
    versions = [version for version, _ in siblings]
    query = (
        exp.select(
            exp.alias_(own("contact", "i"), "running_contact"), exp.alias_(own("key", "i"), "running_key")
        )
        .distinct()
        .from_(table("state.instance", "i"), copy=False)
        .where(among(own("version", "i"), versions), _of_candidates(own("contact", "i")), copy=False)
    )
    leaving = _leaving_now(siblings)
    if leaving is not None:
        gone = exp.select(own("row", "a")).from_(table("_awake", "a"), copy=False).where(leaving, copy=False)
        query = query.where(
            exp.Not(this=exp.In(this=own("rowid", "i"), query=gone.subquery(copy=False))), copy=False
        )
    return query


def _ended(journey: checked.Journey, siblings: Sequence[tuple[int, Routes]]) -> exp.Select:
    """When the last run of each contact and key left; of `again after D`, those that left within D alone, or a little
    longer ago."""
    after = journey.enter.after
    past: exp.Query = (
        exp.select(own("contact", "x"), own("key", "x"), own("left_at", "x"))
        .from_(table("state.ended", "x"), copy=False)
        .where(
            exp.EQ(this=own("journey", "x"), expression=text(journey.name)),
            _of_candidates(own("contact", "x")),
            copy=False,
        )
    )
    if after is not None:
        since: exp.Expr = ago(after)
        if after.is_calendar:
            # a step forward may end later than the same step backward began, where a local time does not exist
            since = exp.Sub(this=since, expression=days(2))
        past = past.where(exp.GT(this=own("left_at", "x"), expression=since), copy=False)
    leaving = _leaving_now(siblings)
    if leaving is not None:
        now_left = exp.select(
            own("contact", "a"), own("key", "a"), exp.alias_(exp.cast(NOW.copy(), "TIMESTAMP"), "left_at")
        )
        past = exp.union(
            past,
            now_left.from_(table("_awake", "a"), copy=False).where(leaving, copy=False),
            distinct=False,
            copy=False,
        )
    return (
        exp.select(
            exp.alias_(own("contact", "u"), "ended_contact"),
            exp.alias_(own("key", "u"), "ended_key"),
            exp.alias_(exp.Max(this=own("left_at", "u")), "left_at"),
        )
        .from_(past.subquery("u", copy=False), copy=False)
        .group_by(own("contact", "u"), own("key", "u"), copy=False)
    )


def starts() -> Statement:
    """`INSERT INTO awake`: the runs that begin in this tick; they move in it (T7)."""
    fresh: dict[str, exp.Expr] = {
        "row": exp.cast(exp.null(), "BIGINT"),
        "entered_at": exp.cast(NOW.copy(), "TIMESTAMP"),
        "node": number(0),
        "arrived_at": exp.cast(NOW.copy(), "TIMESTAMP"),
        "due_at": exp.cast(exp.null(), "TIMESTAMP"),
        "keep_until": exp.cast(exp.null(), "TIMESTAMP"),
        "laps": cast_to(exp.null(), "INTEGER[]"),
        "tried": exp.cast(exp.null(), "VARCHAR"),
        "sets": exp.cast(exp.null(), "VARCHAR"),
        "anchor": number(ENTER_ANCHOR),
    }
    columns = [exp.alias_(fresh[name], name) if name in fresh else own(name) for name in AWAKE]
    query = (
        exp.select(*columns)
        .from_(table("_triggered"), copy=False)
        .where(own("reason").is_(exp.null()), copy=False)
    )
    return Statement("starts", "the runs that begin in this tick", insert("_awake", AWAKE, query))
