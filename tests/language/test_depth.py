"""Lines at the wrong depth: which are moved, and how far."""

from parcours.language.depth import LAST_LINE, Shift, shift_of
from parcours.language.parser import parse


def fits(*depths: int):
    """The line of the first mistake in a text that is right when its lines have these depths."""

    def error_line(lines: list[str]) -> int | None:
        wrong = [n for n, line in enumerate(lines, 1) if len(line) - len(line.lstrip(" ")) != depths[n - 1]]
        return wrong[0] if wrong else None

    return error_line


def test_the_line_itself_is_moved() -> None:
    assert shift_of(["a", "    b", "  c"], 3, fits(0, 4, 4)) == Shift(3, 3, 2)


def test_or_the_line_before_it() -> None:
    assert shift_of(["a", "        b", "    c"], 3, fits(0, 4, 4)) == Shift(2, 2, -4)


def test_what_is_below_a_line_moves_with_it_when_it_must() -> None:
    assert shift_of(["a", "        b", "            c", "    d"], 2, fits(0, 4, 8, 4)) == Shift(2, 3, -4)


def test_nothing_is_moved_when_that_does_not_help() -> None:
    assert shift_of(["a", "    b", "    c"], 3, lambda lines: 3) is None
    assert shift_of(["a", "    b"], 3, fits(0, 4)) is None


def test_far_down_in_a_declaration_nothing_is_tried() -> None:
    """Each try reads all that is before the mistake."""
    lines = ["a"] * (LAST_LINE + 1)
    assert shift_of(lines, LAST_LINE + 1, lambda lines: None) is None


def test_a_shift_moves_blank_lines_not_at_all_and_no_line_beyond_the_margin() -> None:
    assert Shift(1, 3, 2).applied(["a", "", " b", "c"]) == ["  a", "", "   b", "c"]
    assert Shift(1, 2, -3).applied(["    a", " b"]) == [" a", "b"]


def test_a_moved_line_keeps_its_place_in_the_file() -> None:
    text = "journey j\n    enter on a\n  wait 1 day\n    exit\n"
    ((journey,), (found,)) = parse(text, "f")
    assert found.message == "this line has 2 spaces before it, where 4 are wanted"
    assert (found.place.line, found.place.column, found.place.end_column) == (3, 3, 13)
    assert (journey.steps[0].place.line, journey.steps[0].place.column) == (3, 3)


def test_a_declaration_that_is_indented_is_read_and_told_once_for_all() -> None:
    text = "    segment a\n        b > 1\n\n    segment c\n        d > 1\n"
    (declarations, (found,)) = parse(text, "f")
    assert found.message == "a declaration is not indented (in 2 lines of this file)"
    assert (found.place.line, found.place.column, found.place.end_column) == (1, 1, 5)
    assert [(d.place.line, d.place.column) for d in declarations] == [(1, 5), (4, 5)]
