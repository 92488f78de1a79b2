"""A mistake gives one diagnostic, at its place, and the rest survives."""

import pytest

from parcours.language.parser import parse

J = "journey j\n    enter on signup\n"

# text, what is found as (code, line, column), the kinds of what survives
BROKEN: list[tuple[str, list[tuple[str, int, int]], list[str]]] = [
    # words that begin no line
    ("jurney j\n    exit\n", [("syntax", 1, 1)], []),
    (J + "    wiat 4 hours\n    exit\n", [("syntax", 3, 5)], ["journey"]),
    (J + "    exit\n    goal g: order\n", [("syntax", 4, 5)], ["journey"]),
    ("message m\n    topc news\n    sms \"a\"\n", [("syntax", 2, 5)], ["message"]),
    ("channel c\n    adress email\n    cost 1 EUR\n", [("syntax", 2, 5)], ["channel"]),
    ("pressure\n    honor preferences\n    exempt purpose service\n", [("syntax", 2, 5)], ["pressure"]),
    # words in the wrong place
    ("journey Welcome\n    exit\n", [("syntax", 1, 9)], []),
    ("journey my-journey\n    exit\n", [("syntax", 1, 9)], []),
    (J + "    wait 4 hour s\n    exit\n", [("syntax", 3, 17)], ["journey"]),
    (J + "    wait 4\n    exit\n", [("syntax", 3, 11)], ["journey"]),
    (J + "    wait until\n    exit\n", [("syntax", 3, 15)], ["journey"]),
    (J + "    send m by email els sms\n    exit\n", [("syntax", 3, 21)], ["journey"]),
    (J + "    send m  # nowhere\n    exit\n", [("syntax", 3, 11)], ["journey"]),
    (J + "    if a == 3\n        exit\n    exit\n", [("syntax", 3, 10)], ["journey"]),
    (J + "    if a >\n        exit\n    exit\n", [("syntax", 3, 11)], ["journey"]),
    (J + "    if (a or b\n        exit\n    exit\n", [("syntax", 3, 15)], ["journey"]),
    (J + '    if a = "x\n        exit\n    exit\n', [("syntax", 3, 12)], ["journey"]),
    (J + "    if a = `x\n        exit\n    exit\n", [("syntax", 3, 12)], ["journey"]),
    (J + "    if has order[amount > 5\n        exit\n    exit\n", [("syntax", 3, 28)], ["journey"]),
    (J + "    set a = 3\n    exit\n", [("syntax", 3, 11)], ["journey"]),
    (J + "    exit é\n    exit\n", [("syntax", 3, 10)], ["journey"]),
    ("segment s\n    a < b < c\nsegment t\n    a\n", [("syntax", 2, 11)], ["segment"]),
    ("segment s\n    a and\nsegment t\n    a\n", [("syntax", 2, 7)], ["segment"]),
    ("season s\n    from 06-01 until 08-31\n", [("syntax", 2, 16)], []),
    ("example x\n    journey j\n", [("syntax", 1, 9)], []),
    ('example "x"\n    journey j\n    at 2026-03-02 signup\n', [("syntax", 3, 19)], ["example"]),
    # indentation
    ("  journey j\n    exit\nsegment s\n    a\n", [("indentation", 1, 1)], ["journey", "segment"]),
    ("journey j\nenter on signup\n    exit\n", [("indentation", 2, 1)], ["journey"]),
    (J + "    if a\n    exit\n", [("indentation", 3, 5)], ["journey"]),
    (J + "    wait 1 day\n        exit\n        exit\n    exit\n", [("indentation", 4, 9)], ["journey"]),
    (J + "        once\n      hold out 5%\n      within 1 day\n    exit\n", [("indentation", 4, 7)], ["journey"]),
    (J, [("syntax", 1, 1)], []),
    # follow-ups are not told
    (J + "    if a b\n        exit x\n    else if c\n        exit\n    else\n        exit y\n    exit\n", [("syntax", 3, 10)], ["journey"]),
    (J + "    wait for a up two 1 day\n        then\n            exit\n    exit\n", [("syntax", 3, 19)], ["journey"]),
    (J + "    if a\n        wiat 1 day\n    exit\n", [("syntax", 4, 9)], ["journey"]),
    (J + "    if a\n        wiat 1 day\n    else\n        exit\n", [("syntax", 4, 9)], []),
    (J + "    split x\n        45 a\n        55 b\n    exit\n", [("syntax", 4, 9), ("syntax", 5, 9)], ["journey"]),
    ("segment s\n    has\nsegment t\n    a\n", [("syntax", 2, 8)], ["segment"]),
    ("segment s\n    (((a\n", [("syntax", 2, 9)], []),
    ("segment s\n    a\n    and b c\n    or d\nsegment t\n    a\n", [("syntax", 3, 11)], ["segment"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "found", "survivors"), BROKEN, ids=[text for text, _, _ in BROKEN])
def test_a_mistake_is_told_once_and_where_it_is(
    text: str, found: list[tuple[str, int, int]], survivors: list[str]
) -> None:
    declarations, diagnostics = parse(text, "f.journey")
    assert [(d.code, d.place.line, d.place.column) for d in diagnostics] == found
    assert [d.kind for d in declarations] == survivors


@pytest.mark.parametrize("text", [text for text, _, _ in BROKEN])
def test_a_message_is_one_line_without_the_names_of_terminals(text: str) -> None:
    for finding in parse(text, "f.journey")[1]:
        assert "\n" not in finding.message
        assert not any(word.isupper() and len(word) > 3 for word in finding.message.replace("_", " ").split())


def test_a_damaged_line_takes_the_block_that_it_heads_with_it_and_nothing_else() -> None:
    text = J + "    send a by email\n    send b on email\n        unless c\n    send d by email\n"
    ((journey,), diagnostics) = parse(text, "f")
    assert [str(step.message) for step in journey.steps] == ["a", "d"]  # type: ignore[union-attr]
    assert len(diagnostics) == 1


def test_the_other_declarations_of_a_file_keep_their_places() -> None:
    text = "segment a\n    has\n\n# here\nsegment b\n    c > 3\n"
    ((segment,), _) = parse(text, "f")
    assert segment.place.line == 5
    assert segment.predicate.place.line == 6  # type: ignore[union-attr]
