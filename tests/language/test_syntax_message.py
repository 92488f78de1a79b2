"""What was expected, in words of the language."""

import pytest
from journey_text import findings

from parcours.language.syntax_message import keyword, meant, named, word_at

J = "journey j\n    enter on signup\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("jurney j\n", "`jurney` cannot stand here: expected a declaration"),
        (J + "    wiat 1 day\n", "`wiat` cannot stand here: expected a clause or a step"),
        (J + "    exit\n    bye\n", "`bye` cannot stand here: expected a step"),
        (J + "    set a to\n", "the line ends too early: expected a value"),
        (J + "    if\n", "the line ends too early: expected a condition"),
        (J + "    exit a b\n", "`b` cannot stand here: expected the end of the line"),
        (
            J + "    send m by email els sms\n",
            "`els` cannot stand here: expected `and`, `else` or the end of the line",
        ),
    ],
)
def test_a_message_names_what_was_expected(text: str, message: str) -> None:
    assert findings(text)[0].message == message


def test_a_keyword_is_called_by_its_word() -> None:
    assert keyword("_WAIT") == "wait"
    assert keyword("_IN_LAST") == "in last"


def test_a_long_list_is_cut() -> None:
    assert named({"_AT", "_BY", "_FOR", "_ON", "_PER", "_TO", "_UP", "_NL"}) == (
        "`at`, `by`, `for`, `on`, `per`, `to`, … or the end of the line"
    )


def test_the_nearest_keyword_is_offered_but_no_word_for_itself() -> None:
    assert meant("wihtin", {"_WITHIN", "_OF", "NAME"}) == "within"
    assert meant("banana", {"_WITHIN", "_OF"}) is None
    assert meant("within", {"_WITHIN"}) is None


def test_a_clause_below_the_steps_is_sent_up() -> None:
    (finding,) = findings(J + "    exit\n    priority 5\n")
    assert "above its steps" in finding.help


@pytest.mark.parametrize(
    ("line", "column", "word"),
    [
        ("a 45% b", 3, "45%"),
        ('a "b c" d', 3, '"b c"'),
        ('a "b', 3, '"'),
        ("a é", 3, "é"),
        ("a", 2, ""),
        ("a ] b", 3, "]"),
    ],
)
def test_a_word_of_the_user_is_found(line: str, column: int, word: str) -> None:
    assert word_at(line, column) == word
