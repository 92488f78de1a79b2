"""Conditions and values over events: filters, windows, aggregates."""

import pytest
from journey_check import findings, journey, only, term, told, wrong

from parcours.checking.checked import If
from parcours.checking.terms import (
    Aggregate,
    Attribute,
    Compare,
    Count,
    DaysSince,
    Events,
    Field,
    Nth,
    Window,
    number,
)
from parcours.clock.span import Span

AMOUNT = Field("amount", "number")
EVER = Window("ever")


def left(predicate: str) -> object:
    made = term(predicate)
    assert isinstance(made, Compare)
    return made.left


def test_an_aggregate_says_what_of_which_events() -> None:
    quarter = Window("in_last", Span(3, "month"))
    paid = Events("order", Field("paid", "yes_no"), quarter)
    assert left("sum of order.amount[paid] in last 3 months > 1") == Aggregate("sum", paid, AMOUNT, "number")
    assert left("count of order in last 3 months > 1") == Count(Events("order", None, quarter))


@pytest.mark.parametrize(
    ("function", "field", "kind", "against"),
    [
        ("average", AMOUNT, "number", "1"),
        ("smallest", Field("at", "instant"), "instant", "2026-01-01"),
        ("largest", Field("status", "text"), "text", '"a"'),
        ("distinct", Field("status", "text"), "number", "1"),
    ],
)
def test_the_kind_of_an_aggregate_follows_from_what_it_does(
    function: str, field: Field, kind: str, against: str
) -> None:
    made = left(f"{function} of order.{field.name} > {against}")
    assert made == Aggregate(function, Events("order", None, EVER), field, kind)  # type: ignore[arg-type]


def test_first_and_last_and_days_since() -> None:
    orders = Events("order", None, EVER)
    assert left("last order.amount > 5") == Nth("last", orders, AMOUNT, "number")
    assert left("first order.at < 2026-01-01") == Nth("first", orders, Field("at", "instant"), "instant")
    assert left("days since order > 5") == DaysSince(orders)


def test_between_brackets_bare_names_are_fields_and_contact_reaches_out() -> None:
    status = Compare("=", Field("status", "text"), Attribute("country", "text"))
    made = term("has order[status = contact.country]")
    assert made == Compare(">", Count(Events("order", status, EVER)), number(0))


def test_since_entry_is_said_in_a_journey() -> None:
    (step,) = only(journey("    if has click since entry\n        wait 1 day\n")).steps
    assert isinstance(step, If)
    clicks = Events("click", None, Window("since_entry"))
    assert step.branches[0][0] == Compare(">", Count(clicks), number(0))


@pytest.mark.parametrize(
    ("predicate", "code", "message", "said", "mark"),
    [
        ("has ordr", "unknown-event", "`ordr` is no event of the datamart", "ordr", "did you mean `order`?"),
        ("count of ordr > 1", "unknown-event", "`ordr` is no event of the datamart", "ordr", "did you mean `order`?"),
        ("sum of ordr.amount > 1", "unknown-event", "`ordr` is no event of the datamart", "ordr", "did you mean `order`?"),
        ("last ordr.amount > 1", "unknown-event", "`ordr` is no event of the datamart", "ordr", "did you mean `order`?"),
        ("days since ordr > 1", "unknown-event", "`ordr` is no event of the datamart", "ordr", "did you mean `order`?"),
        ("has ordr[amount > 1]", "unknown-event", "`ordr` is no event of the datamart", "ordr", "did you mean `order`?"),
        ("sum of order.status > 1", "wrong-type", "`sum` needs a number: `status` is text", "status", ""),
        ("average of order.at > 1", "wrong-type", "`average` needs a number: `at` is an instant", "at", ""),
        ("no order since entry", "no-event-here", "`since entry`: nobody has entered a journey here", "since entry", ""),
        ("no order since lunch", "unknown-name", "`since lunch` says nothing", "lunch", "write `since entry`"),
        ("has order[paid > no]", "wrong-type", "yes and no have no order: `>` says nothing", "no", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_with_events_is_said_once_at_its_place(
    predicate: str, code: str, message: str, said: str, mark: str
) -> None:
    assert wrong(predicate) == (code, message, said, mark)


def test_filter_and_field_are_both_looked_at() -> None:
    found = told(findings("segment s\n    sum of order.amoun[amout > 1] in last 0 days > 1\n"))
    assert [(code, column) for code, _, _, column, _ in found] == [
        ("unknown-field", 18),
        ("unknown-field", 24),
        ("bad-number", 43),
    ]
