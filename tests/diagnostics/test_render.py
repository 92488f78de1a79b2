"""How findings are shown: STYLE.md, "Messages to people"."""

import json

import pytest

from parcours.diagnostics.diagnostic import Diagnostic
from parcours.diagnostics.place import Place
from parcours.diagnostics.render import render_json, render_text, width

FILE = "journeys/welcome.journey"


def unknown(place: Place, mark: str = "", message: str = "`x` is no attribute") -> Diagnostic:
    return Diagnostic("unknown-attribute", message, place, mark=mark, help="name a column")


def on_one_line(line: str, column: int, end_column: int, mark: str = "") -> list[str]:
    """The excerpt (source line and mark line) of a finding on the only line of a file."""
    shown = render_text([unknown(Place("f", 1, column, 1, end_column), mark)], {"f": line}, colour=False)
    return shown.split("\n")[2:4]


def test_a_finding_looks_as_the_style_guide_shows_it() -> None:
    text = "\n" * 6 + '        if contry = "FR" and email_opt_in\n'
    finding = Diagnostic(
        "unknown-attribute",
        "`contry` is no attribute of a contact",
        Place(FILE, 7, 12, 7, 18),
        mark="did you mean `country`?",
    )
    assert render_text([finding], {FILE: text}, colour=False) == (
        "error[unknown-attribute]: `contry` is no attribute of a contact\n"
        "  journeys/welcome.journey:7:12\n"
        '    7 |         if contry = "FR" and email_opt_in\n'
        "      |            ^^^^^^ did you mean `country`?\n"
        "  help: name a column of the contacts table\n"
        "\n"
        "1 error"
    )


def test_nothing_found_says_nothing() -> None:
    assert render_text([], {}, colour=True) == ""


def test_findings_stand_in_the_order_of_their_places() -> None:
    places = [Place("b", 1, 1, 1, 2), Place("a", 10, 1, 10, 2), Place("a", 9, 5, 9, 6), Place("a")]
    shown = render_text([unknown(place) for place in places], {}, colour=False)
    assert [line for line in shown.split("\n") if line in {"  a", "  a:9:5", "  a:10:1", "  b:1:1"}] == [
        "  a",
        "  a:9:5",
        "  a:10:1",
        "  b:1:1",
    ]


def test_over_the_limit_the_rest_is_counted_and_the_totals_are_of_all() -> None:
    found = [unknown(Place("a", n, 1, n, 2)) for n in range(1, 8)]
    shown = render_text(found, {}, colour=False, limit=2)
    assert shown.count("error[") == 2
    assert shown.endswith("\n\n… and 5 more\n\n7 errors")


def test_at_the_limit_nothing_is_left_out() -> None:
    found = [unknown(Place("a", n, 1, n, 2)) for n in range(1, 3)]
    assert "more" not in render_text(found, {}, colour=False, limit=2)


def test_errors_and_warnings_are_counted_apart() -> None:
    warning = Diagnostic("different-keys", "a word", Place("a"), help="do nothing")
    error = unknown(Place("a"))
    assert render_text([error, warning, error], {}, colour=False).endswith("\n2 errors, 1 warning")
    assert (
        render_text([warning], {}, colour=False)
        == "warning[different-keys]: a word\n  a\n  help: do nothing\n\n1 warning"
    )


def test_a_place_over_several_lines_marks_only_the_rest_of_the_first() -> None:
    shown = render_text([unknown(Place("f", 1, 3, 2, 4))], {"f": "  if a  \n  and b"}, colour=False)
    assert shown.split("\n")[2:4] == ["    1 |   if a", "      |   ^^^^"]


def test_tabs_do_not_shift_the_mark() -> None:
    line, mark = on_one_line("\tif\tcontry", 5, 11)
    assert line == "    1 |     if    contry"
    assert mark.index("^") == line.index("contry")
    assert mark.count("^") == len("contry")


def test_wide_and_combining_characters_do_not_shift_the_mark() -> None:
    text = '日本 e\u0301 "x" contry'
    column = text.index("contry") + 1
    line, mark = on_one_line(text, column, column + 6)
    assert width(line[: line.index("contry")]) == width(mark[: mark.index("^")])


def test_a_marked_wide_character_gets_a_mark_of_its_width() -> None:
    assert on_one_line("日本 x", 1, 3)[1] == "      | ^^^^"


def test_a_place_behind_the_end_of_the_line_is_marked_there() -> None:
    assert on_one_line("wait", 5, 5) == ["    1 | wait", "      |     ^"]
    assert on_one_line("wait", 400, 410) == ["    1 | wait", "      |     ^"]


def test_an_empty_line_can_be_marked() -> None:
    assert on_one_line("", 1, 1, "a step is missing") == ["    1 |", "      | ^ a step is missing"]


def test_line_ends_and_a_byte_order_mark_do_not_count_as_characters() -> None:
    shown = render_text([unknown(Place("f", 2, 1, 2, 2))], {"f": "\ufeffa\r\nb\r\n"}, colour=False)
    assert "    2 | b\n      | ^\n" in shown


def test_a_form_feed_is_no_line_end() -> None:
    shown = render_text([unknown(Place("f", 2, 1, 2, 2))], {"f": "a\x0c\u2028a\nb"}, colour=False)
    assert "    2 | b\n" in shown


def test_a_very_long_line_is_cut_around_its_mark() -> None:
    line, mark = on_one_line("a" * 500 + " contry " + "b" * 500, 502, 508)
    assert width(line) <= 130
    assert line.startswith("    1 | …a")
    assert line.endswith("b…")
    assert mark.index("^") == line.index("contry")


def test_a_very_long_mark_is_cut_too() -> None:
    line, mark = on_one_line("a" * 5000, 1, 5001)
    assert width(line) == width(mark) <= 130


def test_without_the_source_the_mark_still_speaks() -> None:
    shown = render_text([unknown(Place("f", 3, 1, 3, 2), "did you mean `y`?")], {}, colour=False)
    assert "  f:3:1\n  did you mean `y`?\n  help: name a column" in shown


@pytest.mark.parametrize("line", [0, 99])
def test_a_place_that_is_no_line_of_the_file_shows_no_line(line: int) -> None:
    shown = render_text([unknown(Place("f", line, 1, line, 2))], {"f": "only one"}, colour=False)
    assert "only one" not in shown


@pytest.mark.parametrize(
    "evil", ["\x1b[2J", "\x07", "\x00", "\x7f", "\x9b", "\u202e", "\ud800", "\n", "\r", "\u2029"]
)
def test_control_characters_are_shown_harmlessly_wherever_they_stand(evil: str) -> None:
    finding = Diagnostic(
        "unknown-attribute", f"a{evil}", Place(f"f{evil}", 1, 1, 1, 2), mark=f"m{evil}", help=f"h{evil}"
    )
    shown = render_text([finding], {f"f{evil}": f"s{evil}t"}, colour=False)
    assert len(shown.split("\n")) == 7
    assert not set(shown) & set("\x1b\x07\x00\x7f\x9b\u202e\ud800\r\u2029")
    shown.encode("utf-8")


def test_colour_changes_nothing_but_the_colour() -> None:
    import re

    found = [unknown(Place("f", 1, 4, 1, 5), "did you mean `y`?"), unknown(Place("g"))]
    plain = render_text(found, {"f": "if x"}, colour=False)
    coloured = render_text(found, {"f": "if x"}, colour=True)
    assert "\x1b[" in coloured
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_json_holds_every_finding_in_the_same_order() -> None:
    found = [unknown(Place("b", 1, 2, 3, 4), "did you mean `y`?"), Diagnostic("tab", "a tab", Place("a"))]
    report = json.loads(render_json(found))
    assert report["errors"] == 2
    assert report["warnings"] == 0
    assert [d["file"] for d in report["diagnostics"]] == ["a", "b"]
    assert report["diagnostics"][0]["help"] == "indent with spaces, four for each level"
    assert report["diagnostics"][1] == {
        "code": "unknown-attribute",
        "severity": "error",
        "message": "`x` is no attribute",
        "file": "b",
        "line": 1,
        "column": 2,
        "end_line": 3,
        "end_column": 4,
        "mark": "did you mean `y`?",
        "help": "name a column",
    }


def test_json_of_nothing_is_an_empty_report() -> None:
    assert json.loads(render_json([])) == {"diagnostics": [], "errors": 0, "warnings": 0}


def test_json_can_be_printed_on_any_terminal() -> None:
    assert render_json([unknown(Place("f"), message="\x1b \u202e \ud800 é")]).isascii()
