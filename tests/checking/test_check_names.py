"""E3: every name is found, or said to be missing with the nearest that is there."""

import pytest
from journey_check import codes, findings, journey, only, term, told, wrong

from parcours.checking.checked import If
from parcours.checking.terms import Attribute, Captured, Compare, Constant

LIFECYCLE = "lifecycle customer\n    new: no order\n    old: otherwise\n"
ANALYTICS = "rfm worth\n    of order.amount over 12 months\n"


@pytest.mark.parametrize(
    ("predicate", "code", "message", "said", "mark"),
    [
        ('contry = "FR"', "unknown-attribute", "`contry` is no attribute of a contact", "contry", "did you mean `country`?"),
        ('contact.contry = "FR"', "unknown-attribute", "`contry` is no attribute of a contact", "contact.contry", "did you mean `country`?"),
        ("has order[amout > 1]", "unknown-field", "`amout` is no field of `order`", "amout", "did you mean `amount`?"),
        ("sum of order.amout > 1", "unknown-field", "`amout` is no field of `order`", "amout", "did you mean `amount`?"),
        ("has order[zone = 1]", "unknown-field", "`zone` is no field of `order`", "zone", ""),
        ("shop.total > 1", "unknown-name", "`shop.total` is nothing that is declared", "shop.total", ""),
        ("event.x.y > 1", "unknown-name", "`event.x.y` is nothing that is declared", "event.x.y", "did you mean `event`?"),
        ("season.sumer", "unknown-season", "`sumer` is no season", "season.sumer", "did you mean `summer`?"),
        ("wakes_at is known", "wrong-column-type", "`wakes_at` has the type TIME, which predicates cannot read", "wakes_at", ""),
        ("tags is known", "wrong-column-type", "`tags` has the type VARCHAR[], which predicates cannot read", "tags", ""),
        ("customer", "not-a-condition", "`customer` is a lifecycle", "customer", "write `customer is …`"),
        ("vip", "not-a-condition", "`vip` is a segment", "vip", "write `in segment vip`"),
        ("entry.amount > 1", "no-event-here", "`entry.amount`: nobody has entered a journey here", "entry.amount", ""),
        ("event.amount > 1", "no-event-here", "`event.amount`: no event here", "event.amount", ""),
        ("has order[event.amount > 1]", "no-event-here", "`event.amount`: no event here", "event.amount", "between the brackets write `amount`"),
    ],
)  # fmt: skip
def test_a_name_that_is_not_there_is_said_with_the_nearest(
    predicate: str, code: str, message: str, said: str, mark: str
) -> None:
    others = (LIFECYCLE, "season summer\n    from 06-01 to 08-31\n", "segment vip\n    age > 9\n")
    assert wrong(predicate, *others) == (code, message, said, mark)


def test_when_no_name_is_near_the_few_that_exist_are_listed() -> None:
    (found,) = findings("segment s\n    has order[zzz = 1]\n")
    assert found.help == "there is: amount, at, order_id, paid, status"


def test_between_brackets_a_bare_name_is_a_field_even_when_a_lifecycle_has_its_name() -> None:
    text = (
        "lifecycle status\n    new: no order\n    old: otherwise\nsegment s\n    has order[status is paid]\n"
    )
    assert findings(text) == ()


def test_between_brackets_the_contact_can_be_reached() -> None:
    assert codes("segment s\n    has order[status = contact.country]\n") == []


# ---- what an event left behind


def body(lines: str, header: str = "    enter on order\n") -> list[tuple[str, str, int, int, str]]:
    return told(findings(journey(lines, header)))


def test_entry_and_event_are_read_in_a_run_that_an_event_started() -> None:
    found = only(journey("    if event.amount > entry.amount\n        wait 1 day\n"))
    branch = found.steps[0]
    assert isinstance(branch, If)
    left, right = (Captured(origin, "amount", "number", "DECIMAL(10,2)") for origin in ("event", "entry"))
    assert branch.branches[0][0] == Compare(">", left, right)


def test_without_an_event_only_the_time_of_the_entry_is_known() -> None:
    header = "    enter every day at 09:00\n"
    message = "`entry.amount`: no event starts this journey, only `entry.at` is known"
    assert body("    if entry.amount > 1\n        wait 1 day\n", header) == [
        ("no-event-here", message, 17, 8, "")
    ]
    assert body("    if entry.at > 2026-01-01\n        wait 1 day\n", header) == []


def test_event_is_what_woke_the_step_last() -> None:
    lines = (
        "    wait for cart up to 1 day\n        then\n            if event.total > 1\n                exit\n"
    )
    assert body(lines) == []
    lines = lines.replace("event.total", "event.amount")
    message = "`amount` is no field of `cart`"
    assert body(lines) == [("unknown-field", message, 19, 16, "")]


def test_after_branches_come_together_event_may_be_either_and_must_fit_both() -> None:
    wait = "    wait for cart up to 1 day\n"
    assert body(f"{wait}    if event.at > 2026-01-01\n        exit\n") == []
    assert body(f"{wait}    if event.total > 1\n        exit\n") == [
        ("unknown-field", "`total` is no field of `order`", 18, 8, "")
    ]
    message = "`order_id` is of another type in `cart` and `order`"
    assert body(f"{wait}    if event.order_id is known\n        exit\n") == [
        ("wrong-type", message, 18, 8, "")
    ]


def test_a_branch_that_leaves_does_not_count_where_the_others_come_together() -> None:
    lines = "    wait for cart up to 1 day\n        otherwise\n            exit\n    if event.total > 1\n        exit\n"
    assert body(lines) == []


def test_after_a_branch_that_no_event_woke_there_is_no_event() -> None:
    header = "    enter every day at 09:00\n"
    lines = "    wait for cart up to 1 day\n    if event.total > 1\n        exit\n"
    assert body(lines, header) == [("no-event-here", "`event.total`: no event woke this step", 18, 8, "")]


def test_an_event_that_does_not_exist_is_one_mistake_however_much_is_read_of_it() -> None:
    lines = "    if entry.amount > event.x\n        wait 1 day\n"
    assert body(lines, "    enter on ordr\n        per event.order_id\n") == [
        ("unknown-event", "`ordr` is no event of the datamart", 16, 14, "did you mean `order`?")
    ]
    lines = (
        "    wait for crt up to 1 day\n        then\n            if event.total > 1\n                exit\n"
    )
    assert body(lines) == [
        ("unknown-event", "`crt` is no event of the datamart", 17, 14, "did you mean `cart`?")
    ]


def test_an_attribute_is_an_attribute_with_its_kind() -> None:
    assert term("country = language") == Compare(
        "=", Attribute("country", "text"), Attribute("language", "text")
    )
    assert term("email_opt_in") == Attribute("email_opt_in", "yes_no")
    assert term("not email_opt_in = no").item.right == Constant(False, "yes_no")  # type: ignore[union-attr]
