"""A slip of the pen that many make is told once, with what to write instead."""

import pytest
from journey_text import findings

JOURNEY = "journey j\n    enter on order\n{}\n    exit\n"
SEGMENT = "segment s\n    {}\n"
PRESSURE = "pressure\n    {}\n"
CHANNEL = "channel email\n    address email\n    consent yes\n    {}\n"

IN_A_JOURNEY = [
    ("    if a == 1\n        exit", "write `=`"),
    ("    if a = 1 && b = 2\n        exit", "write `and`"),
    ("    if a = 1 || b = 2\n        exit", "write `or`"),
    ("    if a <> 1\n        exit", "write `!=`"),
    ("    if a =< 1\n        exit", "write `<=`"),
    ("    if a >= 0,7\n        exit", "write `0.7`"),
    ("    if a = 'FR'\n        exit", 'write `"FR"`'),
    ("    if a = “FR”\n        exit", 'write `"FR"`'),
    ("    if a = 1 then\n        exit", "leave it out"),
    ("    if a = 1:\n        exit", "leave it out"),
    ("    if !a\n        exit", "write `not`"),
    ("    if customer is not lost\n        exit", "write `not` before the condition"),
    ("    if a is not null\n        exit", "write `is known`"),
    ("    if a equals 1\n        exit", "write `=`"),
    ("    if a is greater than 1\n        exit", "write `>` or `>=`"),
    ("    if has order within last 3 days\n        exit", "write `in last`"),
    ("    if sum(order.amount) > 3\n        exit", "write `sum of order.amount`"),
    ('    if a in "FR"\n        exit', 'write `("FR")`'),
    ('    if a in ["FR", "BE"]\n        exit', 'write `("FR", "BE")`'),
    ("    send hello email", "write `by email`"),
    ("    wait for 3 days", "write `wait`"),
    ("    wait 3 dyas", "write `3 days`"),
    ("    wait 3 jours", "write `3 days`"),
    ("    wait 3", "write `days` or another unit"),
    ("    wait 1.5 days", "write `36 hours`"),
    ("    wait days 3", "write `3 days`"),
    ("    wait until 9am", "write `09:00`"),
    ("    wait until 9.30", "write `09:30`"),
    ("    wait 3 days; exit", None),
    ("    // a comment", "write `#`"),
    ("    - wait 3 days", "leave it out"),
    ("    set a = 3", "write `to`"),
    ("    goal order within 3 days", None),
    ("    Wait 3 days", "write `wait`"),
    ("    wait for order", "write `up to 7 days`"),
    ("    leave if a = 1", "write `when`"),
    ("    split s\n        50 a\n            exit\n        50% b", "write `50%`"),
    ("    split s\n        50%: a\n            exit\n        50% b", "leave it out"),
]


@pytest.mark.parametrize(
    ("lines", "mark"), IN_A_JOURNEY, ids=[lines.strip()[:40] for lines, _ in IN_A_JOURNEY]
)
def test_a_slip_in_a_journey(lines, mark) -> None:
    (found,) = findings(JOURNEY.format(lines))
    assert (found.code, found.place.line >= 3) == ("syntax", True), found
    assert mark is None or found.mark == mark, found
    assert found.help


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        (PRESSURE.format("max 3 messages per 7 days"), "write `at most`"),
        (PRESSURE.format("at most 3 messages in 7 days"), "write `per`"),
        (CHANNEL.format("cost 0,05 EUR"), "write `0.05`"),
        (CHANNEL.format("cost €5"), "write `5 EUR`"),
        (CHANNEL.format("quiet from 9pm to 8am"), "write `21:00`"),
        (SEGMENT.format("if a = 1"), "leave it out"),
        ("segment s: a = 1\n", "write it on a line of its own"),
        ('segment "vip"\n    a = 1\n', "write `vip`"),
        ("segment My Segment\n    a = 1\n", "write `my_segment`"),
        ("season summer\n    from june 1 to 08-31\n", "write `06-01`"),
        ("journey j\n    enter when order\n    exit\n", "write `on`"),
        ("journey j\n    enter order\n    exit\n", "write `on order`"),
        ("journey j\n    enter daily\n    exit\n", "write `every` and a day"),
        ("example a title\n    journey j\n", 'write `"a title"`'),
        (SEGMENT.format("days since last order > 60"), "leave it out"),
        ("season x from 06-20 to 07-15\n", "write it on a line of its own"),
        ("segment vip has order in last 3 days\n", "write it on a line of its own"),
        ("journey j enter on order\n    exit\n", "write it on a line of its own"),
    ],
)
def test_a_slip_elsewhere(text, mark) -> None:
    (found,) = findings(text)
    assert (found.code, found.mark) == ("syntax", mark), found
    assert found.help


def test_an_else_without_an_if_and_quotes_that_are_not_closed_are_told_too() -> None:
    (found,) = findings(JOURNEY.format("    else if a = 1\n        wait 1 day"))
    assert found.code == "syntax"
    (found,) = findings('message m\n    email "Hello\n')
    assert "not closed on this line" in found.message


def test_back_quotes_that_are_closed_are_not_told_to_be_open() -> None:
    (found,) = findings("segment s\n    days since `a` > days since last `a`.`b`\n")
    assert "not closed" not in found.message


def test_shares_that_do_not_add_up_are_the_checkers_business() -> None:
    assert findings(JOURNEY.format("    split s\n        50% a\n            exit\n        30% b")) == ()
