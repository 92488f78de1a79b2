"""What might start a run of a journey: its trigger, and requests by name (T5 step 4, T9–T11)."""

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
    insert,
    interval,
    left,
    number,
    own,
    parameter,
    record,
    table,
    text,
    timestamp,
)
from parcours.compiler.fates import new_event
from parcours.compiler.layout import CANDIDATE
from parcours.compiler.statement import Statement
from parcours.compiler.subject import Subject
from parcours.compiler.terms import event_table


def firing(rows: Sequence[tuple[str, date, datetime]]) -> exp.Expr:
    """`CREATE … firing(zone, day, at)`: the zones in which a schedule or a date fires in this tick, with the local
    date and the instant of the occurrence."""
    nowhere = [("", date.min, datetime(1, 1, 1))]
    values = [
        exp.Tuple(expressions=[text(zone), exp.cast(text(day.isoformat()), "DATE"), timestamp(instant)])
        for zone, day, instant in rows or nowhere
    ]
    names = [exp.to_identifier(name) for name in ("zone", "day", "fired_at")]
    alias = exp.TableAlias(this=exp.to_identifier("f"), columns=names)
    listed = exp.Values(expressions=values, alias=alias)
    return create_temporary("_firing", exp.select("*").from_(listed, copy=False))


def candidates(enter: checked.Enter, journey: str, version: int, project_zone: str) -> Statement | None:
    """`INSERT INTO candidate`: what might start a run of a version, when its own trigger has fired; None when it has none,
    and people are only entered by name."""
    query: exp.Query
    match enter.trigger:
        case checked.EventTrigger():
            query = _of_events(enter, enter.trigger, version, project_zone)
        case checked.GroupTrigger():
            query = _of_changes(enter.trigger, version)
        case checked.ScheduleTrigger():
            query = _of_contacts(version, None)
        case checked.DateTrigger():
            query = _of_contacts(version, _date_matches(enter.trigger))
        case checked.HandTrigger():
            return None
    return Statement(
        f"candidates_{version}", f"{journey}: what might start a run", insert("_candidate", CANDIDATE, query)
    )


def requested() -> Statement:
    """`INSERT INTO candidate`: whom a `start` of the tick before, or somebody by hand, asks to enter. Without an event there
    is no key."""
    stranger = exp.or_(
        own("_contact", "c").is_(exp.null()), exp.GT(this=own("_visible_at", "c"), expression=NOW.copy())
    )
    made: dict[str, exp.Expr] = {
        "version": own("version", "n"),
        "contact": own("contact", "q"),
        "key": case([(exp.Not(this=own("keyed", "n")), text(""))]),
        "entry_at": own("asked_at", "q"),
        "entry": text(EMPTY_RECORD),
        "event": text(EMPTY_RECORD),
        "id": text(""),
        "stranger": stranger,
        "too_old": exp.false(),
        "asked": exp.true(),
    }
    query = (
        exp.select(*(exp.alias_(made[name], name) for name in CANDIDATE))
        .from_(table("state.request", "q"), copy=False)
        .join(
            table("_entering", "n"),
            on=exp.EQ(this=own("journey", "n"), expression=own("journey", "q")),
            copy=False,
        )
        .join(
            left(table("contact", "c"), on=exp.EQ(this=own("_contact", "c"), expression=own("contact", "q"))),
            copy=False,
        )
    )
    return Statement("requested", "who was asked to enter by name", insert("_candidate", CANDIDATE, query))


def _of_events(
    enter: checked.Enter, trigger: checked.EventTrigger, version: int, project_zone: str
) -> exp.Select:
    # the contacts concerned are few, and what the brackets of the trigger ask is found out for them
    subject = Subject("_arrival", project_zone, row="contact")
    condition = subject.terms.event_condition(trigger.events)

    def kept(captures: tuple[tuple[str, str], ...]) -> exp.Expr:
        return record([(name, column(name, "e")) for name, _ in captures])

    key = exp.cast(column(enter.key.name, "e"), "VARCHAR") if enter.key else text("")
    stranger = exp.or_(
        own("_contact", "c").is_(exp.null()), exp.GT(this=own("_visible_at", "c"), expression=NOW.copy())
    )
    # T9: how old the event was when it became visible, whenever the tick runs
    age_limit = subject.sql(Shift(Field("at", "instant"), enter.max_age, 1, "instant"))
    query = subject.select(
        exp.alias_(number(version), "version"),
        exp.alias_(own("_contact", "e"), "contact"),
        exp.alias_(key, "key"),
        exp.alias_(own("_at", "e"), "entry_at"),
        exp.alias_(kept(enter.entry_captures), "entry"),
        exp.alias_(kept(enter.event_captures), "event"),
        exp.alias_(own("_id", "e"), "id"),
        exp.alias_(stranger, "stranger"),
        exp.alias_(exp.GT(this=own("_visible_at", "e"), expression=age_limit), "too_old"),
        exp.alias_(exp.false(), "asked"),
        reads=[condition] if condition is not None else [],
    )
    same = exp.EQ(this=own("_contact", "e"), expression=own("contact", "s"))
    query = query.join(event_table(trigger.events.event), on=same, copy=False)
    return query.where(both([new_event("e"), condition]), copy=False)


def _plain_candidate(version: int, contact: exp.Expr, instant: exp.Expr) -> exp.Select:
    """A candidate without an event."""
    return exp.select(
        exp.alias_(number(version), "version"),
        exp.alias_(contact, "contact"),
        exp.alias_(text(""), "key"),
        exp.alias_(instant, "entry_at"),
        exp.alias_(text(EMPTY_RECORD), "entry"),
        exp.alias_(text(EMPTY_RECORD), "event"),
        exp.alias_(text(""), "id"),
        exp.alias_(exp.false(), "stranger"),
        exp.alias_(exp.false(), "too_old"),
        exp.alias_(exp.false(), "asked"),
    )


def _of_changes(trigger: checked.GroupTrigger, version: int) -> exp.Query:
    """T10: the stored value of a group has changed since its last refresh."""
    query = _plain_candidate(version, own("contact", "g"), exp.cast(NOW.copy(), "TIMESTAMP")).from_(
        table("_change", "g")
    )
    query = query.where(_named(trigger.group, "g"))
    now_in = own("after_value", "g")
    query = query.where(
        now_in.is_(exp.null())
        if trigger.value is None
        else exp.EQ(this=now_in, expression=text(trigger.value)),
        copy=False,
    )
    if trigger.after is not None:
        query = query.where(exp.EQ(this=own("before_value", "g"), expression=text(trigger.after)), copy=False)
    told = exp.Not(this=own("base_line", "g"))
    if not trigger.including_members:
        return query.where(told, copy=False)
    # the members come along in the journey's first tick, and not with a new base line later
    query = query.where(exp.or_(told, parameter("first")))
    return exp.union(query, _of_members(trigger, version), distinct=False, copy=False)


def _of_members(trigger: checked.GroupTrigger, version: int) -> exp.Select:
    """Those who were in the group before the journey was there. The parameter `first` says that this is its first
    tick."""
    changed = exp.select("contact").from_("_change").where(_named(trigger.group, None))
    query = _plain_candidate(version, own("contact", "i"), exp.cast(NOW.copy(), "TIMESTAMP"))
    return query.from_(table("state.membership", "i"), copy=False).where(
        parameter("first"),
        _named(trigger.group, "i"),
        exp.EQ(this=own("value", "i"), expression=text(trigger.value or "")),
        exp.Not(this=exp.In(this=own("contact", "i"), query=changed.subquery(copy=False))),
        copy=False,
    )


def _named(group: checked.Group, alias: str | None) -> exp.Expr:
    return exp.EQ(this=own("name", alias), expression=text(group.name))


def _of_contacts(version: int, condition: exp.Expr | None) -> exp.Select:
    """T11: the contacts in whose zone the clock has come to the time."""
    query = _plain_candidate(version, own("_contact", "c"), exp.Max(this=own("fired_at", "f"))).from_(
        table("contact", "c")
    )
    here = exp.EQ(this=own("zone", "f"), expression=own("_zone", "c"))
    query = query.join(table("_firing", "f"), on=here, copy=False)
    query = query.where(exp.LTE(this=own("_visible_at", "c"), expression=NOW.copy()))
    if condition is not None:
        query = query.where(condition, copy=False)
    return query.group_by(own("_contact", "c"), copy=False)


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
