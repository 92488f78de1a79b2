"""What conditions mean (LANGUAGE.md section 3)."""

from decimal import Decimal

import pytest
from journey_check import findings, term, wrong

from parcours.checking.terms import (
    Among,
    And,
    Attribute,
    Compare,
    Constant,
    Count,
    Events,
    Holds,
    InLast,
    Known,
    Not,
    Or,
    Window,
)
from parcours.clock.span import Span

LIFECYCLE = (
    "lifecycle customer\n    new: no order\n    active: has order in last 90 days\n    lost: otherwise\n"
)
COUNTRY = Attribute("country", "text")
OPTED_IN = Attribute("email_opt_in", "yes_no")
AGE = Attribute("age", "number")
ORDERS = Count(Events("order", None, Window("ever")))


def text(value: str) -> Constant:
    return Constant(value, "text")


def number(value: int) -> Constant:
    return Constant(Decimal(value), "number")


def test_and_binds_before_or_and_not_before_both() -> None:
    assert term("not email_opt_in and age = 1 or age = 2") == Or(
        (And((Not(OPTED_IN), Compare("=", AGE, number(1)))), Compare("=", AGE, number(2)))
    )


def test_between_takes_both_ends() -> None:
    low, high = Compare(">=", AGE, number(18)), Compare("<=", AGE, number(30))
    assert term("age between 18 and 30") == And((low, high))


def test_known_and_unknown_are_each_other_turned_round() -> None:
    assert term("country is known") == Known(COUNTRY)
    assert term("country is unknown") == Not(Known(COUNTRY))


def test_has_and_no_count_events() -> None:
    assert term("has order") == Compare(">", ORDERS, number(0))
    assert term("no order ever") == Compare("=", ORDERS, number(0))


def test_in_last_asks_whether_an_instant_is_young() -> None:
    assert term("signed_up in last 2 weeks") == InLast(Attribute("signed_up", "instant"), Span(2, "week"))


def test_is_compares_with_a_word() -> None:
    assert term("country is FR") == Compare("=", COUNTRY, text("FR"))
    assert term("email_opt_in is no") == Compare("=", OPTED_IN, Constant(False, "yes_no"))


def test_a_list_holds_values_or_bare_names() -> None:
    assert term('country in ("FR", "DE")') == Among(COUNTRY, (text("FR"), text("DE")))
    assert term("country in (`FR`, be)") == Among(COUNTRY, (text("FR"), text("be")))
    assert term("age not in (1, 2)") == Not(Among(AGE, (number(1), number(2))))
    either = (Constant(True, "yes_no"), Constant(False, "yes_no"))
    assert term("email_opt_in in (yes, no)") == Among(OPTED_IN, either)


def test_a_stage_is_asked_for_by_name_and_a_list_of_stages_means_any_of_them() -> None:
    active, lost = term("customer is active", LIFECYCLE), term("customer is lost", LIFECYCLE)
    assert active == And((Not(Holds(Compare("=", ORDERS, number(0)))), active.items[1]))  # type: ignore[union-attr]
    assert term("customer in (active, lost)", LIFECYCLE) == Or((active, lost))
    assert term("customer not in (active, lost)", LIFECYCLE) == Not(Or((active, lost)))
    assert term("contact.customer is active", LIFECYCLE) == active


@pytest.mark.parametrize(
    ("predicate", "code", "message", "said", "mark"),
    [
        ("country", "not-a-condition", "`country` is text, not a condition", "country", "compare it with something"),
        ("age + 1", "not-a-condition", "`age + 1` is a number, not a condition", "age + 1", "compare it with something"),
        ("not age", "not-a-condition", "`age` is a number, not a condition", "age", "compare it with something"),
        ("age in last 3 days", "wrong-type", "`in last` needs an instant: `age` is a number", "age", ""),
        ('age in (1, "x")', "wrong-type", '`age` is a number, `"x"` is text', '"x"', "write it without quotes"),
        ("age in (1, x)", "wrong-type", "`age` is a number: it cannot be `x`", "x", ""),
        ('country in ("x", contact.language)', "wrong-type", "a list holds plain values only", "contact.language", ""),
        ("customer is activ", "unknown-stage", "`activ` is no stage of `customer`", "activ", "did you mean `active`?"),
        ("customer in (activ, lost)", "unknown-stage", "`activ` is no stage of `customer`", "activ", "did you mean `active`?"),
        ('customer in ("active", lost)', "unknown-stage", '`"active"` is no stage of `customer`', '"active"', ""),
        ("in segment nope", "unknown-segment", "`nope` is no segment", "nope", ""),
        ("has order[customer is lost]", "unknown-field", "`customer` is no field of `order`", "customer", ""),
    ],
)  # fmt: skip
def test_a_condition_that_makes_no_sense_is_said_at_its_place(
    predicate: str, code: str, message: str, said: str, mark: str
) -> None:
    assert wrong(predicate, LIFECYCLE) == (code, message, said, mark)


def test_a_segment_of_attributes_alone_may_be_asked_between_brackets() -> None:
    assert findings("segment s\n    has order[in segment adults]\nsegment adults\n    age > 17\n") == ()


def test_every_mistake_of_a_condition_is_said_at_once() -> None:
    found = findings('segment s\n    contry = 1 and (age = "x" or not has ordr) and age\n')
    assert [d.code for d in found] == ["unknown-attribute", "wrong-type", "unknown-event", "not-a-condition"]
