"""Where a journey file is cut, so that a mistake in one declaration cannot reach another."""

import pytest

from parcours.language.build_declaration import KINDS
from parcours.language.pieces import LINE_WORDS, first_word, pieces
from parcours.language.stored_parser import journey_parser
from parcours.language.syntax_message import is_keyword, keyword


def cut(text: str) -> list[tuple[int, int, int]]:
    """First line, number of lines and depth of each piece."""
    return [(piece.first_line, len(piece.lines), piece.depth) for piece in pieces(text.split("\n"))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("# a remark\n\n", []),
        ("segment a\n    b\nsegment c\n    d", [(1, 2, 0), (3, 2, 0)]),
        ("\nsegment a\n    b\n# of c\nsegment c\n    d", [(2, 3, 0), (5, 2, 0)]),
        ("  segment a\n    b\n    segment c\n    d", [(1, 2, 2), (3, 2, 4)]),
        ("segmnt a\n    b\nmessge c\n    d", [(1, 2, 0), (3, 2, 0)]),
        ("journey a\n    enter on b\nexit", [(1, 3, 0)]),
        ('message a\n    topic b\nemail "c"', [(1, 3, 0)]),
        ("lifecycle a\n    new: b\nold: c", [(1, 3, 0)]),
        ("journey a\n    enter on b\n// c\n    exit", [(1, 4, 0)]),
        ('exmple "a"\n    journey b\n    given c = 1', [(1, 3, 0)]),
        ('"a"\n    journey b\n    given c = 1', [(1, 3, 0)]),
        ('example "a"\n    journey b\n    given c = 1\n    journey d\n    exit', [(1, 3, 0), (4, 2, 4)]),
        ('example "a"\njourney b\n    given c = 1', [(1, 3, 0)]),
        ('example "a"\njourney b\n    enter on c', [(1, 1, 0), (2, 2, 0)]),
    ],
)
def test_a_text_is_cut_where_a_declaration_begins(text: str, found: list[tuple[int, int, int]]) -> None:
    assert cut(text) == found


def test_the_first_line_of_a_piece_is_without_the_spaces_before_it() -> None:
    (piece,) = pieces(["    segment a", "        b"])
    assert piece.lines == ["segment a", "        b"]


def test_a_file_that_begins_in_the_middle_of_a_declaration_is_one_piece() -> None:
    assert cut("    wait 1 day\n    exit") == [(1, 2, 0)]


def test_the_first_word_of_a_line_is_what_it_begins_with() -> None:
    assert [first_word(line) for line in ("  wait 1 day", '  "a"', "50% b", "x: y")] == ["wait", "", "", "x"]


def test_the_words_that_begin_a_line_are_those_of_the_grammar() -> None:
    """All keywords that can stand first in a rule with the end of a line in it, but for those of predicates."""
    rules = journey_parser().rules
    expansions = {rule.origin.name: [r.expansion for r in rules if r.origin == rule.origin] for rule in rules}

    def first(symbols: list, seen: frozenset[str]) -> set[str]:
        if not symbols:
            return set()
        head, rest = symbols[0], symbols[1:]
        if head.is_term:
            return {head.name}
        inner = [e for e in expansions[head.name] if head.name not in seen]
        found = {name for e in inner for name in first(e, seen | {head.name})}
        return found | (first(rest, seen) if any(e == [] for e in inner) else set())

    lines = [(name, e) for name, all_ in expansions.items() for e in all_ if any(s.name == "_NL" for s in e)]
    begin = {terminal for name, e in lines for terminal in first(e, frozenset({name}))}
    predicates = {
        terminal for e in expansions["predicate"] for terminal in first(e, frozenset({"predicate"}))
    }
    begin = {keyword(terminal) for terminal in begin - predicates if is_keyword(terminal)}
    assert begin - set(KINDS) - {"else if"} == LINE_WORDS - {"no", "then", "otherwise"}
