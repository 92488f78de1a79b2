"""Triggers of one journey, and why some start nobody (T5 step 4, T8–T11)."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlglot import exp

from parcours.checking import checked
from parcours.checking.terms import Field, Shift
from parcours.compiler.expressions import (
    EMPTY_RECORD,
    NOW,
    among,
    both,
    call,
    case,
    column,
    create_temporary,
    holds,
    insert,
    interval,
    number,
    own,
    parameter,
    record,
    table,
    text,
    timestamp,
)
from parcours.compiler.fates import new_event
from parcours.compiler.layout import AWAKE, TRIGGERED
from parcours.compiler.routes import ENTER_ANCHOR, Routes
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject
from parcours.compiler.terms import Terms, ago

# why a trigger is refused
UNKNOWN_CONTACT = "unknown_contact"
TOO_OLD = "too_old"
NO_KEY = "no_key"
NOT_ELIGIBLE = "not_eligible"
ALREADY_RUNNING = "already_running"
ALREADY_RAN = "already_ran"
TOO_SOON = "too_soon"
SAME_TICK = "same_tick"


def firing(rows: Sequence[tuple[str, date, datetime]]) -> exp.Expr:
    """`CREATE … firing(zone, day, at)`: the zones in which a schedule or a date fires in this tick, with the local
    date and the instant of the occurrence."""
    values = [
        exp.Tuple(expressions=[text(zone), exp.cast(text(day.isoformat()), "DATE"), timestamp(instant)])
        for zone, day, instant in rows
    ]
    names = [exp.to_identifier(name) for name in ("zone", "day", "fired_at")]
    alias = exp.TableAlias(this=exp.to_identifier("f"), columns=names)
    listed = exp.Values(expressions=values, alias=alias)
    return create_temporary("_firing", exp.select("*").from_(listed))


def candidates(enter: checked.Enter, journey: str, version: int, project_zone: str) -> Statement:
    """`candidate(contact, key, entry_at, entry, event, id, stranger, too_old)`: what might start a run."""
    match enter.trigger:
        case checked.EventTrigger():
            query: exp.Query = _of_events(enter, enter.trigger, project_zone)
        case checked.GroupTrigger():
            query = _of_changes(enter.trigger)
        case checked.ScheduleTrigger():
            query = _of_contacts(None)
        case checked.DateTrigger():
            query = _of_contacts(_date_matches(enter.trigger))
    return Statement(
        f"candidates_{version}", f"{journey}: what might start a run", create_temporary("_candidate", query)
    )


def _of_events(enter: checked.Enter, trigger: checked.EventTrigger, project_zone: str) -> exp.Select:
    terms = Terms(project_zone)
    condition = terms.event_condition(trigger.events)

    def kept(captures: tuple[tuple[str, str], ...]) -> exp.Expr:
        return record([(name, column(name, "e")) for name, _ in captures])

    key = exp.cast(column(enter.key.name, "e"), "VARCHAR") if enter.key else text("")
    stranger = exp.or_(
        own("_contact", "c").is_(exp.null()), exp.GT(this=own("_visible_at", "c"), expression=NOW.copy())
    )
    # T9: how old the event was when it became visible, whenever the tick runs
    age_limit = terms.sql(Shift(Field("at", "instant"), enter.max_age, 1, "instant"))
    query = exp.select(
        exp.alias_(own("_contact", "e"), "contact"),
        exp.alias_(key, "key"),
        exp.alias_(own("_at", "e"), "entry_at"),
        exp.alias_(kept(enter.entry_captures), "entry"),
        exp.alias_(kept(enter.event_captures), "event"),
        exp.alias_(own("_id", "e"), "id"),
        exp.alias_(stranger, "stranger"),
        exp.alias_(exp.GT(this=own("_visible_at", "e"), expression=age_limit), "too_old"),
    ).from_(table(f"event_{trigger.events.event}", "e"), copy=False)
    same = exp.EQ(this=own("_contact", "c"), expression=own("_contact", "e"))
    query = query.join(table("contact", "c"), on=same, join_type="left")
    clock = exp.EQ(this=own("zone", "z"), expression=terms.zone())
    query = query.join(table("_zone_now", "z"), on=clock, join_type="left")
    return query.where(both([new_event("e"), condition]))


def _plain_candidate(contact: exp.Expr, instant: exp.Expr) -> exp.Select:
    """A candidate without an event."""
    return exp.select(
        exp.alias_(contact, "contact"),
        exp.alias_(text(""), "key"),
        exp.alias_(instant, "entry_at"),
        exp.alias_(text(EMPTY_RECORD), "entry"),
        exp.alias_(text(EMPTY_RECORD), "event"),
        exp.alias_(text(""), "id"),
        exp.alias_(exp.false(), "stranger"),
        exp.alias_(exp.false(), "too_old"),
    )


def _of_changes(trigger: checked.GroupTrigger) -> exp.Query:
    """T10: the stored value of a group has changed since its last refresh."""
    query = _plain_candidate(own("contact", "g"), exp.cast(NOW.copy(), "TIMESTAMP")).from_(
        table("_change", "g")
    )
    query = query.where(_named(trigger.group, "g"))
    now_in = own("after_value", "g")
    query = query.where(
        now_in.is_(exp.null())
        if trigger.value is None
        else exp.EQ(this=now_in, expression=text(trigger.value))
    )
    if trigger.after is not None:
        query = query.where(exp.EQ(this=own("before_value", "g"), expression=text(trigger.after)))
    if not trigger.including_members:
        return query.where(exp.Not(this=own("base_line", "g")))
    return exp.union(query, _of_members(trigger), distinct=False)


def _of_members(trigger: checked.GroupTrigger) -> exp.Select:
    """Those who were in the group before the journey was there. The parameter `first` says that this is its first
    tick."""
    changed = exp.select("contact").from_("_change").where(_named(trigger.group, None))
    query = _plain_candidate(own("contact", "i"), exp.cast(NOW.copy(), "TIMESTAMP"))
    return query.from_(table("state.membership", "i"), copy=False).where(
        parameter("first"),
        _named(trigger.group, "i"),
        exp.EQ(this=own("value", "i"), expression=text(trigger.value or "")),
        exp.Not(this=exp.In(this=own("contact", "i"), query=changed.subquery())),
    )


def _named(group: checked.Group, alias: str | None) -> exp.Expr:
    return exp.EQ(this=own("name", alias), expression=text(group.name))


def _of_contacts(condition: exp.Expr | None) -> exp.Select:
    """T11: the contacts in whose zone the clock has come to the time."""
    query = _plain_candidate(own("_contact", "c"), exp.Max(this=own("fired_at", "f"))).from_(
        table("contact", "c")
    )
    here = exp.EQ(this=own("zone", "f"), expression=own("_zone", "c"))
    query = query.join(table("_firing", "f"), on=here)
    query = query.where(exp.LTE(this=own("_visible_at", "c"), expression=NOW.copy()))
    if condition is not None:
        query = query.where(condition)
    return query.group_by(own("_contact", "c"))


def _date_matches(trigger: checked.DateTrigger) -> exp.Expr:
    day, date_of = own("day", "f"), column(trigger.attribute.name, "c")
    if trigger.span is not None:
        made = exp.Add if trigger.sign > 0 else exp.Sub
        moved = exp.cast(made(this=date_of, expression=interval(trigger.span)), "DATE")
        return exp.EQ(this=moved, expression=day)
    same_month = exp.EQ(this=call("month", date_of), expression=call("month", day))
    same_day = exp.EQ(this=call("day", date_of.copy()), expression=call("day", day.copy()))
    # T11: 29 February is celebrated on the 28th in other years
    leap = exp.and_(
        among(call("month", date_of.copy()), [2]),
        among(call("day", date_of.copy()), [29]),
        exp.EQ(this=day.copy(), expression=call("last_day", day.copy())),
    )
    # the day itself, and no year before it
    later = exp.GT(this=day.copy(), expression=date_of.copy())
    return exp.and_(same_month, exp.or_(same_day, leap), later)


def triggers(routes: Routes, version: int, project_zone: str) -> Statement:
    """`INSERT INTO triggered`: every candidate of a version, with the reason why it starts nobody."""
    enter, journey = routes.journey.enter, routes.journey.name
    subject = Subject("_candidate", project_zone)
    predicate = enter.trigger.predicate if isinstance(enter.trigger, checked.ScheduleTrigger) else None
    chosen = holds(subject.sql(predicate)) if predicate is not None else exp.true()
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
        (own("running_contact").is_(exp.null()).not_(), text(ALREADY_RUNNING)),
    ]
    if not enter.again:
        reasons.append((own("left_at").is_(exp.null()).not_(), text(ALREADY_RAN)))
    elif enter.after is not None:
        # T8: D after the last run left
        reasons.append((exp.GT(this=own("left_at"), expression=ago(enter.after)), text(TOO_SOON)))
    reasoned = (
        exp.select("j.*", exp.alias_(case(reasons), "reason"))
        .from_(table("judged", "j"), copy=False)
        .join(table("running", "r"), on=_same_key("r", "running_contact", "running_key"), join_type="left")
        .where(own("chosen", "j"))
    )
    # T8: what plain `again` has no need to know
    remembers = not enter.again or enter.after is not None
    if remembers:
        same = _same_key("x", "ended_contact", "ended_key")
        reasoned = reasoned.join(table("ended", "x"), on=same, join_type="left", copy=False)
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
    final = {
        "version": exp.alias_(number(version), "version"),
        "key": exp.alias_(exp.Coalesce(this=own("key"), expressions=[text("")]), "key"),
        "reason": exp.alias_(case([(late, text(SAME_TICK))], own("reason")), "reason"),
    }
    query = exp.select(*(final.get(name, own(name)) for name in TRIGGERED)).from_(table("ranked"), copy=False)
    tables = {"judged": judged, "running": _running(routes, version)}
    if remembers:
        tables["ended"] = _ended(routes, version)
    for name, made in {**tables, "reasoned": reasoned, "ranked": ranked}.items():
        query = query.with_(name, as_=made, copy=False)
    return Statement(
        f"triggers_{version}",
        f"{journey}: who enters, and why the others do not",
        insert("_triggered", TRIGGERED, query),
    )


def _same_key(alias: str, contact: str, key: str) -> exp.Expr:
    return exp.and_(
        exp.EQ(this=own(contact, alias), expression=own("contact", "j")),
        exp.EQ(this=own(key, alias), expression=own("key", "j")),
    )


def _of_candidates(contact: exp.Expr) -> exp.Expr:
    return exp.In(this=contact, query=exp.select("contact").from_("_candidate").subquery())


def _leaving_now(routes: Routes, version: int) -> exp.Expr | None:
    """The awake instances that a goal or `leave when` ends in this tick, before anybody enters (T5)."""
    anchors = [anchor.number for anchor in routes.leaving()]
    if not anchors:
        return None
    return exp.and_(among(own("version", "a"), [version]), among(own("anchor", "a"), anchors))


def _running(routes: Routes, version: int) -> exp.Select:
    query = (
        exp.select(
            exp.alias_(own("contact", "i"), "running_contact"), exp.alias_(own("key", "i"), "running_key")
        )
        .distinct()
        .from_(table("state.instance", "i"), copy=False)
        .where(among(own("version", "i"), [version]), _of_candidates(own("contact", "i")))
    )
    leaving = _leaving_now(routes, version)
    if leaving is not None:
        gone = exp.select(own("row", "a")).from_(table("_awake", "a"), copy=False).where(leaving)
        query = query.where(exp.Not(this=exp.In(this=own("rowid", "i"), query=gone.subquery())))
    return query


def _ended(routes: Routes, version: int) -> exp.Select:
    """When the last run of each contact and key left; of `again after D`, those that left within D alone."""
    after = routes.journey.enter.after
    past: exp.Query = (
        exp.select(own("contact", "x"), own("key", "x"), own("left_at", "x"))
        .from_(table("state.ended", "x"), copy=False)
        .where(
            exp.EQ(this=own("journey", "x"), expression=text(routes.journey.name)),
            _of_candidates(own("contact", "x")),
        )
    )
    if after is not None:
        past = past.where(exp.GT(this=own("left_at", "x"), expression=ago(after)), copy=False)
    leaving = _leaving_now(routes, version)
    if leaving is not None:
        now_left = exp.select(
            own("contact", "a"), own("key", "a"), exp.alias_(exp.cast(NOW.copy(), "TIMESTAMP"), "left_at")
        )
        past = exp.union(
            past, now_left.from_(table("_awake", "a"), copy=False).where(leaving), distinct=False
        )
    return (
        exp.select(
            exp.alias_(own("contact", "u"), "ended_contact"),
            exp.alias_(own("key", "u"), "ended_key"),
            exp.alias_(exp.Max(this=own("left_at", "u")), "left_at"),
        )
        .from_(past.subquery("u"), copy=False)
        .group_by(own("contact", "u"), own("key", "u"))
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
        "anchor": number(ENTER_ANCHOR),
    }
    columns = [exp.alias_(fresh[name], name) if name in fresh else own(name) for name in AWAKE]
    query = exp.select(*columns).from_(table("_triggered"), copy=False).where(own("reason").is_(exp.null()))
    return Statement("starts", "the runs that begin in this tick", insert("_awake", AWAKE, query))
