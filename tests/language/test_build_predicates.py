"""Predicates and the values in them as models (LANGUAGE.md section 3)."""

import pytest
from journey_text import declaration, findings, predicate, value, words


def test_and_binds_closer_than_or_and_not_closer_than_both() -> None:
    condition = predicate("a or not b and c")
    assert condition.kind == "or"
    assert [item.kind for item in condition.items] == ["truth", "and"]
    assert [item.kind for item in condition.items[1].items] == ["not", "truth"]


def test_brackets_change_what_belongs_together() -> None:
    condition = predicate("(a or b) and not (c and d)")
    assert [item.kind for item in condition.items] == ["or", "not"]
    assert condition.items[1].item.kind == "and"


def test_a_chain_of_and_is_one_condition_of_many_parts() -> None:
    assert len(predicate("a and b and c and d").items) == 4


def test_a_line_that_begins_with_and_or_or_goes_on_with_the_one_before() -> None:
    split = declaration("segment s\n    a # first\n        and b\n\n    # more\n    or c\n").predicate
    assert split == predicate("a and b or c")


def test_a_comment_that_holds_and_or_or_ends_nothing() -> None:
    text = "segment s\n    a\n# wait for or and more\n    # and band or\n    and b\n# this is for you\n"
    assert declaration(text).predicate == predicate("a and b")
    assert declaration("segment s\n    a\n# this is for you\n").predicate == predicate("a")


@pytest.mark.parametrize("operator", ["=", "!=", "<", "<=", ">", ">="])
def test_values_are_compared(operator: str) -> None:
    condition = predicate(f"a {operator} b")
    assert (condition.kind, condition.operator) == ("compare", operator)
    assert (str(condition.left), str(condition.right)) == ("a", "b")


def test_between_takes_its_own_and() -> None:
    condition = predicate("a between 1 and 2 + 3 and b")
    assert [item.kind for item in condition.items] == ["between", "truth"]
    assert condition.items[0].high.kind == "arithmetic"


@pytest.mark.parametrize(("text", "negated"), [("a in (1, -2, x)", False), ("a not in (1, -2, x)", True)])
def test_a_value_may_be_one_of_a_list(text: str, negated: bool) -> None:
    condition = predicate(text)
    assert (condition.kind, condition.negated) == ("in_list", negated)
    assert [item.kind for item in condition.items] == ["number", "number", "path"]


@pytest.mark.parametrize(("text", "negated"), [("a is known", False), ("a is unknown", True)])
def test_a_value_may_be_known_or_not(text: str, negated: bool) -> None:
    condition = predicate(text)
    assert (condition.kind, condition.negated) == ("is_known", negated)


@pytest.mark.parametrize("name", ["active", "no", "yes", "FR", "`not`"])
def test_is_takes_a_name(name: str) -> None:
    condition = predicate(f"customer is {name}")
    assert (condition.kind, str(condition.name)) == ("is_name", name.strip("`"))


def test_there_is_no_is_not() -> None:
    (finding,) = findings("segment s\n    customer is not active\n")
    assert (finding.code, finding.place.column, finding.place.end_column) == ("syntax", 14, 27)
    assert "`not customer is lost`" in finding.help


@pytest.mark.parametrize(
    ("text", "window", "negated"),
    [
        ("has order in last 90 days", "in_last", False),
        ("no order since entry", "since", True),
        ("has order ever", "ever", False),
        ("has order", "ever", False),
        ("no order", "ever", True),
    ],
)
def test_events_are_asked_for_in_a_window_which_is_ever_when_none_is_written(
    text: str, window: str, negated: bool
) -> None:
    condition = predicate(text)
    assert (condition.kind, condition.window.kind, condition.negated) == ("has", window, negated)


def test_an_event_has_a_name_a_message_and_a_filter() -> None:
    event = predicate('has open of welcome[month of at in (6, 7) and contact.country = "FR"]').event
    assert (str(event.name), str(event.of), event.filter.kind) == ("open", "welcome", "and")


@pytest.mark.parametrize("function", ["sum", "average", "smallest", "largest", "distinct"])
def test_a_field_is_aggregated_over_events(function: str) -> None:
    aggregate = value(f"{function} of order.amount[amount > 5] in last 90 days")
    assert (aggregate.kind, aggregate.function, str(aggregate.field)) == ("aggregate", function, "amount")
    assert (str(aggregate.event.name), aggregate.event.filter.kind) == ("order", "compare")
    assert str(aggregate.window.duration) == "90 days"


def test_events_are_counted() -> None:
    aggregate = value("count of order[amount > 5]")
    assert (aggregate.function, aggregate.field, aggregate.window.kind) == ("count", None, "ever")


def test_each_aggregate_of_a_sum_has_its_own_window() -> None:
    total = value("count of order in last 30 days - count of order in last 60 days")
    assert (str(total.left.window.duration), str(total.right.window.duration)) == ("30 days", "60 days")


def test_last_and_first_name_one_event_by_its_field() -> None:
    nth = value("last order.amount[amount > 5]")
    assert (nth.kind, nth.which, str(nth.event.name), str(nth.field)) == ("nth", "last", "order", "amount")
    assert nth.window.kind == "ever"


def test_a_moment_in_last_is_a_question_about_that_moment() -> None:
    condition = predicate("first order.at in last 30 days")
    assert (condition.kind, str(condition.duration)) == ("recent", "30 days")
    assert (condition.value.kind, condition.value.window.kind) == ("nth", "ever")
    assert predicate("birth_date in last 30 days").value.kind == "path"
    assert predicate("(birth_date + 3 days) in last 30 days").value.kind == "arithmetic"


def test_a_last_event_that_is_compared_has_the_window_itself() -> None:
    condition = predicate("last order.amount in last 30 days > 5")
    assert (condition.kind, condition.left.window.kind) == ("compare", "in_last")


def test_days_since_an_event_is_a_number() -> None:
    condition = predicate("days since order[amount > 5] > 30")
    assert (condition.left.kind, str(condition.left.event.name)) == ("days_since", "order")


def test_parts_of_a_moment_are_values() -> None:
    part = value("month of last order.at since entry")
    assert (part.kind, part.part, part.value.kind, part.value.window.kind) == (
        "part",
        "month",
        "nth",
        "since",
    )


def test_words_of_the_language_are_names_where_nothing_else_is_meant() -> None:
    condition = predicate("count > 3 and year = 2026 and average < priority and at = day")
    assert [str(item.left) for item in condition.items] == ["count", "year", "average", "at"]


def test_times_and_division_come_before_plus_and_minus_and_each_from_left_to_right() -> None:
    total = value("a - b - c * d / e")
    assert (total.operator, total.left.operator, total.right.operator) == ("-", "-", "/")
    assert total.right.left.operator == "*"


def test_values_may_stand_in_brackets() -> None:
    condition = predicate("(a + b) / 2 >= (c)")
    assert (condition.left.operator, condition.left.left.operator) == ("/", "+")
    assert str(condition.right) == "c"


def test_a_segment_is_asked_for_by_name() -> None:
    condition = predicate("not in segment vip and in segment fans")
    assert [item.kind for item in condition.items] == ["not", "in_segment"]


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("sum of order > 3", "syntax", "order"),
        ("last order > 3", "syntax", "order"),
        ("count of order.amount > 3", "syntax", "order.amount"),
        ("last order.a.b > 3", "syntax", "order.a.b"),
        ("has order.amount", "syntax", "order.amount"),
        ("a + b in last 3 days > c", "syntax", "in last 3 days"),
        ("(has order) + 1 > 2", "wrong-type", "has order"),
        ("a = (b = c)", "wrong-type", "b = c"),
    ],
)
def test_what_makes_no_sense_is_told_with_its_words(text: str, code: str, said: str) -> None:
    source = f"segment s\n    {text}\n"
    (finding,) = findings(source)
    assert (finding.code, words(finding.place, source)) == (code, said)


def test_each_part_of_a_condition_knows_its_words() -> None:
    source = "segment s\n    a > 3 and has open of m[b = 1] in last 2 days  # why\n"
    condition = declaration(source).predicate
    compare, has = condition.items
    assert words(condition.place, source) == "a > 3 and has open of m[b = 1] in last 2 days"
    assert words(compare.right.place, source) == "3"
    assert words(has.event.place, source) == "open of m[b = 1]"
    assert words(has.event.of.place, source) == "m"
    assert words(has.window.duration.place, source) == "2 days"
