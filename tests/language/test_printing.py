"""The canonical text form: what is printed says the same, and nothing is lost, in texts drawn from the whole grammar.

PARCOURS_LAWS says how many texts each law is tried on."""

import os
import re
from itertools import pairwise

import pytest
from dice import Dice
from generated_text import TextByChance, grammar_rules

from parcours.language.formatting import formatted
from parcours.language.parser import parse
from parcours.language.source_lines import source_lines

TEXTS = int(os.environ.get("PARCOURS_LAWS", "200"))
MOST_DRAWN = 60_000  # declarations, until every rule of the grammar has come up in one without a mistake
# fmt: off
LIKELY = (
    1, 2, 3, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 20, 21, 24, 25, 29, 31, 33, 34, 36, 37, 38, 39, 46, 57, 58, 59,
    61, 62, 63, 64, 65, 66, 69, 70, 80, 82, 88, 90, 92, 96, 98, 99, 104, 105, 109, 112, 115, 119, 120, 125, 126,
    129, 141, 146, 157, 170, 180, 188, 199, 206, 208, 242, 264, 271, 317, 330, 349, 367, 394, 404, 449, 452, 463,
    464, 480, 493, 497, 506, 510, 522, 541, 571, 582, 616, 643, 688, 737, 973, 977, 1041, 1369, 1463, 1664, 2251,
    2871, 2885, 2950, 2972, 3000, 3030, 3081, 3200, 3221, 3657, 4068, 4106, 4121, 4156, 4375, 4879, 4920, 5312,
    6371, 6759, 7140, 8081, 8662, 8798, 9102, 10112, 10902, 11012, 12242, 13473, 13716, 13840, 14075, 14237,
    26188, 32333, 45015,
)
# fmt: on
"""The drawings that brought a rule up when this was written: they come first, to save time."""


def _right_texts() -> list[str]:
    return [TextByChance(Dice(f"text {seed}"), comments=True).right_text() for seed in range(TEXTS)]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return _right_texts()


def _formatted(text: str) -> str:
    result = formatted(text, "a.journey")
    assert result.text is not None, result.diagnostics
    return result.text


def test_what_is_printed_is_read_as_the_same_declarations(texts) -> None:
    for text in texts:
        assert parse(_formatted(text), "a.journey") == (parse(text, "a.journey")[0], ())


def test_a_formatted_text_is_formatted_to_itself(texts) -> None:
    for text in texts:
        once = _formatted(text)
        assert _formatted(once) == once


def test_every_comment_is_kept_once(texts) -> None:
    for text in texts:
        assert _comments(_formatted(text)) == _comments(text)


def test_no_line_has_blanks_at_its_end_and_no_two_blank_lines_follow_each_other(texts) -> None:
    for text in texts:
        lines = _formatted(text).split("\n")
        assert [line for line in lines if line != line.rstrip()] == []
        assert lines.pop() == ""
        assert lines[0] != ""
        assert lines[-1] != ""
        assert ("", "") not in pairwise(lines)


def test_every_rule_of_the_grammar_comes_up_in_a_text_without_a_mistake() -> None:
    missing = {at for at, rule in grammar_rules().items() if not _says_refresh_twice(rule)}
    for drawing in (*LIKELY, *range(MOST_DRAWN)):
        if not missing:
            break
        drawn = TextByChance(Dice(f"rule {drawing}"), preferred=missing)
        text = drawn.declaration()
        if not missing.isdisjoint(drawn.rules) and not parse(text, "a.journey")[1]:
            assert parse(_formatted(text), "a.journey") == (parse(text, "a.journey")[0], ())
            missing.difference_update(drawn.rules)
    assert sorted(grammar_rules()[rule] for rule in missing) == []


def _says_refresh_twice(rule: str) -> bool:
    return bool(re.search(r"__segment_star_\d+ (refresh|condition __segment_star)", rule))


def _comments(text: str) -> list[str]:
    return sorted(line.comment for line in source_lines(text) if line.comment)


def test_the_clauses_of_a_journey_have_one_order() -> None:
    text = (
        "journey j\n"
        "    goal bought: order within 3 days\n"
        "    enter on order\n"
        "        again\n"
        "        if total > 1\n"
        "    priority 3\n"
        "    exit\n"
    )
    assert _formatted(text) == (
        "journey j\n"
        "    priority 3\n"
        "    enter on order\n"
        "        if total > 1\n"
        "        again\n"
        "    goal bought: order within 3 days\n"
        "\n"
        "    exit\n"
    )


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("x  in ( 1,2 )", "x in (1, 2)"),
        ("(a = 1) and ((b = 2))", "a = 1 and b = 2"),
        ("(a = 1 or b = 2) and c = 3", "(a = 1 or b = 2) and c = 3"),
        ("not (a = 1)", "not a = 1"),
        ("no order ever", "no order ever"),
        ("count of order ever > 1", "count of order > 1"),
        ("a = 007", "a = 7"),
        ("`plain` = 1", "plain = 1"),
        ("`Not Plain` = 1", "`Not Plain` = 1"),
        ("has order in last 1 days", "has order in last 1 day"),
        ("not has order ever", "not has order ever"),
    ],
)
def test_a_condition_has_one_way_to_be_written(written, canonical) -> None:
    assert _formatted(f"segment s\n    {written}\n") == f"segment s\n    {canonical}\n"


def test_a_long_condition_is_broken_before_and_and_or() -> None:
    long = " and ".join(f"attribute_number_{n} = {n}" for n in range(8))
    text = _formatted(f"segment s\n    {long}\n")
    assert all(len(line) <= 100 for line in text.split("\n"))
    assert " ".join(text.split()) == f"segment s {long}"
    assert all(line.lstrip().startswith("and ") for line in text.split("\n")[2:-1])


def test_what_editors_leave_in_a_file_is_gone() -> None:
    assert _formatted("\ufeffjourney\u00a0j\r\n  enter by hand\r\n  exit") == (
        "journey j\n    enter by hand\n\n    exit\n"
    )


def test_a_text_with_a_mistake_is_not_formatted() -> None:
    result = formatted("journey j\n    sned hello by email\n", "a.journey")
    assert result.text is None
    assert [found.code for found in result.diagnostics] == ["syntax"]
