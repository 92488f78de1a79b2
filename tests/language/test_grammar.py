"""The grammar: found inside or outside a wheel, without conflicts, and true to its own conventions."""

import logging
import re

import pytest
from lark import Lark
from lark import logger as lark_logger
from lark.grammar import Terminal

from parcours.language.build_declaration import KINDS
from parcours.language.grammar import grammar_text, library_folder
from parcours.language.stored_parser import journey_parser
from parcours.language.syntax_message import is_keyword, keyword, named


def test_the_parser_never_has_to_guess(caplog: pytest.LogCaptureFixture) -> None:
    lark_logger.setLevel(logging.DEBUG)
    lark_logger.addHandler(caplog.handler)
    try:
        Lark(grammar_text(), parser="lalr", lexer="contextual", debug=True)
    finally:
        lark_logger.removeHandler(caplog.handler)
        lark_logger.setLevel(logging.CRITICAL)
    assert [record.message for record in caplog.records if "onflict" in record.message] == []


def test_a_keyword_is_a_terminal_of_its_own_name_and_never_a_part_of_a_longer_word() -> None:
    keywords = [t for t in journey_parser().terminals if is_keyword(t.name)]
    assert len(keywords) > 100
    for terminal in keywords:
        said, pattern = keyword(terminal.name), re.compile(terminal.pattern.to_regexp())
        assert pattern.fullmatch(said), terminal.name
        assert not pattern.match(said + "s")
        assert not pattern.match(said + "-x")
        assert not pattern.match(said + "_x")


def test_every_terminal_has_a_name_of_ours() -> None:
    assert [t.name for t in journey_parser().terminals if "ANON" in t.name] == []


def test_every_terminal_that_may_be_expected_is_called_something() -> None:
    for rule in journey_parser().rules:
        for symbol in rule.expansion:
            if isinstance(symbol, Terminal):
                assert named([symbol.name])


def test_each_kind_of_declaration_has_a_builder() -> None:
    texts = {str(t.data) for t in journey_parser().parse("season s\n    from 06-01 to 08-31\n").children}
    assert texts == {"season"}
    assert set(
        re.findall(r"^\??declaration: (.*(?:\n +\|.*)*)", grammar_text(), re.M)[0].replace("|", " ").split()
    ) == set(KINDS)


def test_the_journey_library_is_a_folder() -> None:
    assert library_folder().is_dir()
