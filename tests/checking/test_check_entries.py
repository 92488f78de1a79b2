"""Who enters (T8 to T11)."""

import pytest
from journey_check import codes, findings, only, told

from parcours.checking.checked import DateTrigger, Enter, EventTrigger, Group, GroupTrigger, ScheduleTrigger
from parcours.checking.terms import Attribute, Captured, Compare, Constant, Events, Field, Window
from parcours.clock.calendar import Recurrence
from parcours.clock.span import Span

LIFECYCLE = "lifecycle customer\n    refresh every 1 day\n    new: no order\n    old: otherwise\n"
OTHER = "lifecycle member\n    new: no click\n    silver: otherwise\n"
SEGMENT = "segment vip\n    age > 9\n"
BIRTH_DATE = Attribute("birth_date", "date")


def enter(trigger: str, *clauses: str, others: str = "") -> Enter:
    lines = "".join(f"        {clause}\n" for clause in clauses)
    return only(f"journey j\n    enter {trigger}\n{lines}    exit\n{others}").enter


def told_of(trigger: str, *clauses: str, others: str = "") -> list[tuple[str, str, int, int, str]]:
    lines = "".join(f"        {clause}\n" for clause in clauses)
    return told(findings(f"journey j\n    enter {trigger}\n{lines}    exit\n{others}"))


def test_an_event_may_start_a_run_when_its_filter_holds() -> None:
    paid = Compare("=", Field("paid", "yes_no"), Constant(True, "yes_no"))
    assert enter("on order[paid = yes]").trigger == EventTrigger(Events("order", paid, Window("ever")))


def test_once_is_the_default_and_an_event_is_young_for_a_day() -> None:
    """T8, T9."""
    made = enter("on order")
    assert (made.again, made.after, made.key, made.max_age) == (False, None, None, Span(1, "day"))
    assert enter("on order", "once") == made


def test_again_per_key_and_within_are_kept() -> None:
    """T8, T9."""
    made = enter("on order", "again after 7 days", "per event.order_id", "within 2 hours")
    assert (made.again, made.after, made.max_age) == (True, Span(7, "day"), Span(2, "hour"))
    assert made.key == Captured("event", "order_id", "text", "VARCHAR")
    assert made.event_captures == (("order_id", "VARCHAR"),)


def test_if_and_per_speak_of_the_entering_event() -> None:
    made = enter("on order", "if event.amount > entry.amount", "per entry.order_id")
    assert made.entry_captures == (("amount", "DECIMAL(10,2)"), ("order_id", "VARCHAR"))
    assert made.event_captures == (("amount", "DECIMAL(10,2)"),)


def test_joining_and_leaving_watch_a_segment() -> None:
    """T10: every hour unless the segment says otherwise."""
    joined = enter("on joining vip, including members", others=SEGMENT).trigger
    assert isinstance(joined, GroupTrigger)
    assert (joined.group.name, joined.value, joined.including_members) == ("vip", "vip", True)
    assert (joined.group.refresh, joined.group.is_segment) == (Span(1, "hour"), True)
    left = enter("on leaving vip", others="segment vip\n    refresh every 2 days\n    age > 9\n").trigger
    assert isinstance(left, GroupTrigger)
    assert (left.value, left.including_members, left.group.refresh) == (None, False, Span(2, "day"))


def test_becoming_watches_the_lifecycle_that_has_the_stage() -> None:
    trigger = enter("on becoming old after new", others=LIFECYCLE).trigger
    assert isinstance(trigger, GroupTrigger)
    assert (trigger.value, trigger.after) == ("old", "new")
    group = trigger.group
    assert isinstance(group, Group)
    assert (group.name, [name for name, _ in group.stages], group.refresh) == (
        "customer",
        ["new", "old"],
        Span(1, "day"),
    )


@pytest.mark.parametrize(
    ("schedule", "recurrence"),
    [
        ("every day at 09:00", Recurrence("day", minutes=540)),
        ("every tuesday, friday at 09:30", Recurrence(None, (2, 5), minutes=570)),
        ("every month on 31 at 08:00", Recurrence("month", day_of_month=31, minutes=480)),
        ("every hour", Recurrence("hour")),
    ],
)
def test_a_schedule_is_kept(schedule: str, recurrence: Recurrence) -> None:
    """T11."""
    condition = Attribute("email_opt_in", "yes_no")
    assert enter(f"{schedule} for email_opt_in").trigger == ScheduleTrigger(recurrence, condition)
    assert enter(schedule).trigger == ScheduleTrigger(recurrence, None)


def test_a_date_of_the_contact_is_kept() -> None:
    """T11."""
    assert enter("on anniversary of birth_date at 09:00").trigger == DateTrigger(BIRTH_DATE, 540, True)
    before = DateTrigger(BIRTH_DATE, 0, False, Span(7, "day"), -1)
    assert enter("7 days before birth_date").trigger == before
    assert enter("0 days after birth_date").trigger == DateTrigger(BIRTH_DATE, 0, False, Span(0, "day"), 1)


@pytest.mark.parametrize(
    ("trigger", "code", "message", "column", "mark"),
    [
        ("on ordr", "unknown-event", "`ordr` is no event of the datamart", 14, "did you mean `order`?"),
        ("on order[amout > 1]", "unknown-field", "`amout` is no field of `order`", 20, "did you mean `amount`?"),
        ("on order[entry.amount > 1]", "no-event-here", "`entry.amount`: nobody has entered a journey here", 20, ""),
        ("on joining vp", "unknown-segment", "`vp` is no segment", 22, "did you mean `vip`?"),
        ("on leaving vp", "unknown-segment", "`vp` is no segment", 22, "did you mean `vip`?"),
        ("on becoming odl", "unknown-stage", "`odl` is no stage of a lifecycle", 23, "did you mean `old`?"),
        ("on becoming old after nw", "unknown-stage", "`nw` is no stage of `customer`", 33, "did you mean `new`?"),
        ("on becoming old after silver", "unknown-stage", "`silver` is no stage of `customer`", 33, ""),
        ("on becoming new", "duplicate-name", "`new` is a stage of `customer` and `member`", 23, ""),
        ("every hour at 09:00", "bad-number", "`every hour` has no time of day", 25, ""),
        ("every day at 24:00", "impossible-time", "`24:00` is no time of day", 24, ""),
        ("every day at 09:00 for contry = 1", "unknown-attribute", "`contry` is no attribute of a contact", 34, "did you mean `country`?"),
        ("on anniversary of age", "wrong-type", "`age` is no date of the contact", 29, ""),
        ("on anniversary of signed_up", "wrong-type", "`signed_up` is no date of the contact", 29, ""),
        ("on anniversary of entry.at", "wrong-type", "`entry.at` is no date of the contact", 29, ""),
        ("3 hours before birth_date", "bad-number", "count days, weeks, months or years from a date", 11, ""),
    ],
)  # fmt: skip
def test_a_trigger_that_makes_no_sense_is_said_at_its_place(
    trigger: str, code: str, message: str, column: int, mark: str
) -> None:
    assert told_of(trigger, others=LIFECYCLE + OTHER + SEGMENT) == [(code, message, 2, column, mark)]


@pytest.mark.parametrize(
    ("trigger", "clause", "code", "message", "column", "mark"),
    [
        ("on order", "if ag > 1", "unknown-attribute", "`ag` is no attribute of a contact", 12, "did you mean `age`?"),
        ("on order", "per event.order", "unknown-field", "`order` is no field of `order`", 13, "did you mean `order_id`?"),
        ("on order", "per age", "no-event-here", "`per age`: a key is a field of the entering event", 13, "write `per event.…`"),
        ("every day", "per entry.at", "no-event-here", "`per entry.at`: no event starts this journey", 13, ""),
        ("every day", "within 2 days", "no-event-here", "`within 2 days`: no event starts this journey", 16, ""),
        ("every day", "if event.amount > 1", "no-event-here", "`event.amount`: no event woke this step", 12, ""),
        ("on order", "again after 0 days", "bad-number", "`0 days` is no time at all", 21, ""),
    ],
)  # fmt: skip
def test_a_clause_that_makes_no_sense_is_said_at_its_place(
    trigger: str, clause: str, code: str, message: str, column: int, mark: str
) -> None:
    assert told_of(trigger, clause) == [(code, message, 3, column, mark)]


def test_mistakes_in_trigger_and_clauses_are_said_together() -> None:
    text = "journey j\n    enter on ordr\n        if contry = 1\n        per age\n        hold out 5%\n    exit\n"
    assert codes(text) == ["unknown-event", "unknown-attribute", "no-event-here"]
