"""What editors leave in files is made plain, and places stay those of the file."""

import pytest

from parcours.diagnostics import Place
from parcours.language.normalise import normalise
from parcours.language.parser import parse

PLAIN = "segment s\n    a\n"


def test_a_byte_order_mark_is_dropped() -> None:
    assert normalise("\ufeff" + PLAIN, "f").text == PLAIN


def test_lines_may_end_as_on_windows_or_as_on_an_old_mac() -> None:
    assert normalise(PLAIN.replace("\n", "\r\n"), "f").text == PLAIN
    assert normalise(PLAIN.replace("\n", "\r"), "f").text == PLAIN


def test_the_last_line_may_lack_its_end() -> None:
    assert normalise(PLAIN.rstrip("\n"), "f").text == PLAIN
    assert normalise("", "f").text == ""


def test_unbreakable_spaces_are_spaces_except_inside_quotes() -> None:
    text = 'segment\u00a0s\n\u00a0\u00a0\u202f\u00a0a = "b\u00a0c"\n'
    assert normalise(text, "f").text == 'segment s\n    a = "b\u00a0c"\n'


def test_a_tab_in_an_indentation_is_one_diagnostic_at_the_first_of_them() -> None:
    plain = normalise("segment s\n  \ta\n\n\tb\n", "f")
    (finding,) = plain.diagnostics
    assert (finding.code, finding.place) == ("tab", Place("f", 2, 3, 2, 4))
    assert "2 lines" in finding.message


def test_a_tab_elsewhere_or_before_a_comment_is_nothing() -> None:
    plain = normalise("segment s\n\t# here\n    a =\tb\n\t\n", "f")
    assert plain.diagnostics == ()


def test_a_file_indented_with_tabs_is_still_read_and_its_other_mistakes_stand_where_they_are() -> None:
    text = "journey j\n\tenter on signup\n\t\tagian\n\texit\n"
    declarations, diagnostics = parse(text, "f")
    assert [d.kind for d in declarations] == ["journey"]
    assert [(d.code, d.place.line, d.place.column, d.place.end_column) for d in diagnostics] == [
        ("tab", 2, 1, 2),
        ("syntax", 3, 3, 8),
    ]


def test_a_line_of_blanks_is_empty() -> None:
    assert normalise("segment s\n    a\n    \n", "f").text == "segment s\n    a\n\n"


@pytest.mark.parametrize(
    "sign", ["\x00", "\x1b", "\x0c", "\x7f", "\x85", "\u2028", "\ufeff", "\uffff", "\ud800"]
)
def test_a_character_that_nobody_sees_is_refused_at_its_place_and_a_blank_to_the_parser(sign: str) -> None:
    plain = normalise(f'message m\n    email "a{sign}b"\n', "f")
    assert plain.text == 'message m\n    email "a b"\n'
    (found,) = plain.diagnostics
    assert (found.code, found.place) == ("invisible-character", Place("f", 2, 13, 2, 14))
    assert found.message == f"an invisible character, U+{ord(sign):04X}"
