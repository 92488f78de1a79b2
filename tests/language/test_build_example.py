"""`example` blocks as models."""

import pytest
from journey_text import declaration, findings, words


def test_an_example_says_what_is_given_what_happens_and_what_is_expected() -> None:
    example = declaration(
        'example "a buyer leaves"\n    journey cart\n    given email_opt_in = yes, country = "FR"\n'
        "    given age = 40\n"
        '    at 2026-03-02 10:00 cart_updated with cart_id = "c1", total = 80\n    at 2026-03-02 11:00 order\n'
        "    expect exit recovered at 2026-03-02 11:00\n    expect reminder by push\n"
        "    expect no message\n    expect no other message\n    expect no entry\n"
    )
    assert (example.title, str(example.journey)) == ("a buyer leaves", "cart")
    assert [(str(g.name), g.value.kind) for g in example.given] == [
        ("email_opt_in", "yes_no"),
        ("country", "text"),
        ("age", "number"),
    ]
    assert [(str(o.event), str(o.at.time), len(o.bindings)) for o in example.occurs] == [
        ("cart_updated", "10:00", 2),
        ("order", "11:00", 0),
    ]
    assert [e.kind for e in example.expects] == ["exit", "message", "no_message", "no_message", "no_entry"]
    leaves, message, none, no_other, _ = example.expects
    assert (str(leaves.outcome), leaves.at.date.text) == ("recovered", "2026-03-02")
    assert (str(message.message), str(message.channel), message.at) == ("reminder", "push", None)
    assert (none.other, no_other.other) == (False, True)


def test_an_example_is_placed_at_its_title() -> None:
    source = 'example "x # y" # z\n    journey j\n    expect no message  # none\n'
    example = declaration(source)
    assert words(example.place, source) == 'example "x # y"'
    assert words(example.expects[0].place, source) == "expect no message"


@pytest.mark.parametrize(
    ("lines", "column"),
    [
        ("    given a = 1, a = 2\n", 18),
        ("    given a = 1\n    given a = 2\n", 11),
        ("    at 2026-01-01 10:00 order with a = 1, a = 2\n", 43),
    ],
)
def test_a_name_that_has_a_value_already_is_reported(lines, column) -> None:
    (found,) = findings(f'example "e"\n    journey j\n{lines}    expect no message\n')
    assert (found.code, found.message) == ("duplicate-name", "`a` is given twice")
    assert found.place.column == column
