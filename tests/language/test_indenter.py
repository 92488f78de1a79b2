"""Indentation as tokens, with places."""

import pytest
from lark import Token

from parcours.language.indenter import BetweenLevels, JourneyIndenter


def newline(spaces: int, line: int) -> Token:
    return Token("_NL", "\n" + " " * spaces, 0, line, 1, line + 1, spaces + 1, 0)


def word(line: int) -> Token:
    return Token("WORD", "w", 0, line, 1, line, 2, 0)


def kinds(stream: list[Token]) -> list[str]:
    return [t.type for t in JourneyIndenter().process(iter(stream))]


def test_a_deeper_line_opens_a_block_and_a_less_deep_one_ends_it() -> None:
    stream = [word(1), newline(4, 1), word(2), newline(0, 2)]
    assert kinds(stream) == ["WORD", "_NL", "_INDENT", "WORD", "_NL", "_DEDENT"]


def test_one_line_may_end_several_blocks() -> None:
    stream = [word(1), newline(4, 1), word(2), newline(8, 2), word(3), newline(0, 3)]
    assert kinds(stream)[-2:] == ["_DEDENT", "_DEDENT"]


def test_the_end_of_a_block_knows_the_line_that_heads_it() -> None:
    stream = [word(1), newline(4, 1), word(2), newline(8, 2), word(3), newline(0, 3)]
    ends = [str(t) for t in JourneyIndenter().process(iter(stream)) if t.type == "_DEDENT"]
    assert ends == ["2", "1"]


def test_a_block_begins_at_the_first_word_of_its_first_line() -> None:
    (begin,) = [
        t for t in JourneyIndenter().process(iter([word(1), newline(4, 1), word(2)])) if t.type == "_INDENT"
    ]
    assert (begin.line, begin.column) == (2, 5)


def test_a_line_between_two_levels_is_told_with_its_place() -> None:
    stream = [word(1), newline(4, 1), word(2), newline(8, 2), word(3), newline(6, 3), word(4)]
    with pytest.raises(BetweenLevels) as caught:
        kinds(stream)
    assert (caught.value.line, caught.value.width, caught.value.levels) == (4, 6, (0, 4, 8))


def test_one_indenter_serves_one_text_after_the_other() -> None:
    indenter = JourneyIndenter()
    list(indenter.process(iter([word(1), newline(4, 1), word(2)])))  # left inside a block
    again = list(indenter.process(iter([word(1), newline(0, 1)])))
    assert [t.type for t in again] == ["WORD", "_NL"]
