"""Whole files: cut into declarations, never raising."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parcours.language import parser as module
from parcours.language.effort import MOST_AGAIN, MOST_IN_FILE, MOST_MISTAKES
from parcours.language.parser import DEEPEST, parse

FILE = """# a comment

segment vip   # the best

    a > 3

# between
    # and indented

journey j
    enter on signup
        if a
    wait 1 day
    send m by email
        unless b

    if c
        exit x
    else
        exit y
example "e"
    journey j
    expect no entry"""


def test_a_file_is_its_declarations_in_their_order() -> None:
    declarations, diagnostics = parse(FILE, "a.journey")
    assert diagnostics == ()
    assert [(d.kind, d.place.line) for d in declarations] == [
        ("segment", 3),
        ("journey", 10),
        ("example", 20 + 1),
    ]
    assert {d.place.file for d in declarations} == {"a.journey"}


@pytest.mark.parametrize("text", ["", "\n", "   ", "# only a comment", "\ufeff"])
def test_a_file_may_say_nothing(text: str) -> None:
    assert parse(text, "f") == ((), ())


def test_the_same_text_means_the_same_wherever_it_stands() -> None:
    moved = "\n\n# higher\n" + FILE.replace("    ", "  ")
    assert parse(moved, "b")[0] == parse(FILE, "a")[0]


def test_something_else_than_a_journey_ends_after_some_mistakes() -> None:
    text = "journey j\n" + "".join(f"    line {n} of a letter\n" for n in range(200))
    declarations, diagnostics = parse(text, "f")
    assert declarations == ()
    assert len(diagnostics) == MOST_MISTAKES


@pytest.mark.parametrize(
    "condition",
    [
        "(" * 2000 + "a" + ")" * 2000,
        "not " * 2000 + "a",
        " + ".join(["a"] * 2000) + " > 3",
        "(" * 2000,
        "-" * 2000,
    ],
)
def test_a_monster_is_refused_with_one_diagnostic(condition: str) -> None:
    declarations, diagnostics = parse(f"segment s\n    {condition}\nsegment t\n    a\n", "f")
    assert [d.code for d in diagnostics] == ["syntax"]
    assert [str(d.name) for d in declarations] == ["t"]  # type: ignore[union-attr]


def test_blocks_in_blocks_have_an_end_too() -> None:
    depth = DEEPEST
    text = "journey j\n" + "".join("    " * n + "if a\n" for n in range(1, depth)) + "    " * depth + "exit\n"
    assert [d.code for d in parse(text, "f")[1]] == ["syntax"]


def test_what_is_deep_but_not_too_deep_can_be_used() -> None:
    depth = 30
    text = "journey j\n" + "".join("    " * n + "if a\n" for n in range(1, depth)) + "    " * depth + "exit\n"
    ((journey,), diagnostics) = parse(text, "f")
    assert diagnostics == ()
    assert journey == journey.model_copy()  # equality walks down all of it


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text(alphabet=st.sampled_from('aé0 \n\t"`()[],:.#-+=<>%'), max_size=60))
def test_no_text_makes_it_raise(text: str) -> None:
    assert parse(text, "f") == parse(text, "f")


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.data())
def test_no_damage_to_a_good_file_makes_it_raise_or_goes_untold(data: st.DataObject) -> None:
    lines = FILE.split("\n")
    at = data.draw(st.sampled_from([n for n, line in enumerate(lines) if line.strip() and "#" not in line]))
    words = lines[at].split(" ")
    spot = data.draw(st.integers(0, len(words)))
    words.insert(
        spot, data.draw(st.sampled_from(["?", "then", "é", '"', "`", "(", "\x00", "and", "12:00:00"]))
    )
    lines[at] = " ".join(words)
    declarations, diagnostics = parse("\n".join(lines), "f")
    assert diagnostics or len(declarations) == 3
    assert all(1 <= d.place.line <= len(lines) and d.place.column >= 1 for d in diagnostics)


def test_after_hundreds_of_mistakes_the_rest_of_a_file_is_not_read() -> None:
    text = "journey j\n    no step at all\n" * 500
    declarations, diagnostics = parse(text, "f")
    assert diagnostics[-1].code == "too-many-mistakes"
    assert [d.code for d in diagnostics].count("syntax") == len(diagnostics) - 1
    assert MOST_IN_FILE <= len(diagnostics) <= MOST_IN_FILE + MOST_MISTAKES
    assert len(declarations) < 500


def test_a_file_that_is_hard_to_read_is_read_no_more_often_than_it_may(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[int] = []
    plain = module._parsed

    def counted(lines: list[str]) -> object:
        tried.append(sum(map(len, lines)))
        return plain(lines)

    monkeypatch.setattr(module, "_parsed", counted)
    steps = "    wait 2 days\n   wait 1 day\n" * 900
    text = "\n".join(f"journey j{number}\n    enter on order\n{steps}" for number in range(6))
    _, diagnostics = parse(text, "f")
    assert diagnostics
    assert sum(tried) <= MOST_AGAIN + 3 * len(text)
