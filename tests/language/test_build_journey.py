"""Header and entry of a journey as models (LANGUAGE.md section 4)."""

from decimal import Decimal

import pytest
from journey_text import declaration, enter, findings, journey, words


def test_a_header_says_it_all() -> None:
    read = journey(
        '    "What for"\n'
        '    purpose loyalty\n    priority 80\n    owner "crm team"\n'
        "    enter on signup\n"
        "    goal bought: order[amount > 5] within 5 days worth 2.50 EUR\n    goal came: visit\n"
        "    leave when a is no as gone\n    leave when b\n"
        "    needs order fresh within 2 hours, else wait up to 6 hours\n    needs visit fresh within 1 day\n"
        "    budget 5000 EUR per month\n"
        "    exit\n"
    )
    assert (read.doc, str(read.purpose), read.priority, read.owner) == ("What for", "loyalty", 80, "crm team")
    assert [(str(g.name), str(g.event.name), g.within and str(g.within)) for g in read.goals] == [
        ("bought", "order", "5 days"),
        ("came", "visit", None),
    ]
    assert [g.worth and f"{g.worth.amount} {g.worth.currency}" for g in read.goals] == ["2.50 EUR", None]
    assert [leave.outcome and str(leave.outcome) for leave in read.leave_when] == ["gone", None]
    assert [(str(n.event), str(n.within), n.wait and str(n.wait)) for n in read.needs] == [
        ("order", "2 hours", "6 hours"),
        ("visit", "1 day", None),
    ]
    assert read.budget is not None
    assert (read.budget.amount.amount, str(read.budget.period.duration)) == (Decimal(5000), "1 month")


def test_a_journey_may_say_nothing_but_its_steps() -> None:
    read = journey("    exit\n")
    assert (read.doc, read.purpose, read.priority, read.owner, read.enter) == ("", None, None, None, None)
    assert (read.goals, read.leave_when, read.needs, read.budget) == ((), (), (), None)


def test_the_clauses_of_a_header_may_stand_in_any_order() -> None:
    clauses = [
        "    purpose loyalty\n",
        "    goal g: order\n",
        "    enter on signup\n        once\n",
        "    priority 5\n",
    ]
    assert journey("".join(clauses) + "    exit\n") == journey("".join(reversed(clauses)) + "    exit\n")


@pytest.mark.parametrize(
    "clause", ["purpose loyalty", "priority 5", "owner me", "enter on signup", "budget 5 EUR per day"]
)
def test_a_clause_that_can_be_said_once_is_told_when_said_twice(clause: str) -> None:
    (finding,) = findings(f"journey j\n    {clause}\n    goal g: order\n    {clause}  # again\n    exit\n")
    assert (finding.code, finding.mark) == ("repeated-clause", "first said in line 2")
    assert (finding.place.line, finding.place.column, finding.place.end_column) == (4, 5, 5 + len(clause))


def test_once_and_again_are_one_clause() -> None:
    (finding,) = findings("journey j\n    enter on a\n        once\n        again\n    exit\n")
    assert (finding.code, finding.place.line, finding.message) == (
        "repeated-clause",
        4,
        "`again` is said twice",
    )


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("on cart_updated[total > 20]", "on_event"),
        ("on joining vip", "on_joining"),
        ("on leaving vip", "on_leaving"),
        ("on becoming fading", "on_becoming"),
        ("on anniversary of birth_date", "on_anniversary"),
        ("7 days before contract_end at 09:00", "on_date"),
        ("every tuesday at 09:00", "on_schedule"),
        ("by hand", "by_hand"),
    ],
)
def test_there_are_eight_ways_to_start(line: str, kind: str) -> None:
    assert enter(line).trigger.kind == kind


def test_joining_may_include_those_who_are_members_already() -> None:
    """T10"""
    assert enter("on joining vip, including members").trigger.including_members is True
    assert enter("on joining vip").trigger.including_members is False


def test_becoming_may_say_what_was_before() -> None:
    trigger = enter("on becoming fading after active").trigger
    assert (str(trigger.stage), str(trigger.after)) == ("fading", "active")


def test_a_date_of_the_contact_starts_before_or_after_it() -> None:
    before, after = (
        enter("7 days before contract.end at 09:00").trigger,
        enter("1 month after signed").trigger,
    )
    assert (str(before.duration), before.direction, str(before.path), str(before.time)) == (
        "7 days",
        "before",
        "contract.end",
        "09:00",
    )
    assert (after.direction, after.time) == ("after", None)


def test_a_schedule_takes_those_for_whom_a_condition_holds() -> None:
    trigger = enter("every day at 08:00 for in segment vip and a").trigger
    assert (trigger.schedule.unit, trigger.predicate.kind) == ("day", "and")


def test_the_clauses_of_an_entry() -> None:
    entry = enter(
        "on cart_updated",
        "        per event.cart_id\n        if a\n        again after 7 days\n        within 2 hours\n"
        "        hold out 2.5%\n        at most 20000 per day\n",
    )
    assert (str(entry.per), entry.condition.kind, entry.reentry.again) == ("event.cart_id", "truth", True)
    assert (str(entry.reentry.after), str(entry.within)) == ("7 days", "2 hours")  # T8, T9
    assert (entry.hold_out.percent, entry.cap.count, str(entry.cap.period.duration)) == (
        Decimal("2.5"),
        20000,
        "1 day",
    )


def test_what_is_not_said_about_an_entry_is_not_known() -> None:
    entry = enter("on a")
    assert (entry.reentry, entry.condition, entry.per, entry.within, entry.cap) == (None,) * 5
    assert enter("on a", "        once\n").reentry.again is False


def test_lines_and_names_know_their_words() -> None:
    source = (
        "journey `go`  # the first\n"
        "    enter on signup # who\n"
        "        hold out 5%   # few\n"
        "    goal g: order within 3 days\n"
        "    exit\n"
    )
    read = declaration(source)
    assert words(read.place, source) == "journey `go`"
    assert words(read.name.place, source) == "`go`"
    assert str(read.name) == "go"
    assert words(read.enter.place, source) == "enter on signup"
    assert words(read.enter.trigger.place, source) == "on signup"
    assert words(read.enter.hold_out.place, source) == "hold out 5%"
    assert words(read.goals[0].within.place, source) == "3 days"
