"""Text in a drawing: cleaned, measured, broken into lines."""

import pytest

from parcours.graph.drawing.lettering import clean, measure, shorten, wrap


def test_short_text_stays_on_one_line() -> None:
    assert wrap("wait 3 days", 13, 200, 3) == ["wait 3 days"]


def test_no_text_has_no_line() -> None:
    assert wrap("", 13, 200, 3) == []


def test_long_text_breaks_between_words_and_loses_none() -> None:
    text = "not in segment zombies and has order in last 90 days"
    lines = wrap(text, 13, 120, 10)
    assert len(lines) > 1
    assert " ".join(lines) == text


def test_no_line_is_wider_than_allowed() -> None:
    for text in ("word " * 40, "x" * 200, "日本語" * 30, "a " + "W" * 99):
        assert all(measure(line, 13) <= 120 for line in wrap(text, 13, 120, 3))


def test_what_does_not_fit_ends_in_dots() -> None:
    lines = wrap("word " * 40, 13, 120, 3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")


def test_shortening_tears_no_joined_sign_apart() -> None:
    family = "👩\u200d👩\u200d👧"
    for widest in range(10, 120, 3):
        kept = shorten(family * 5, 12, widest).removesuffix("…")
        assert kept == family * (len(kept) // len(family))


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x9b", "\u202e", "\u2066", "\ud800", "\ufffe", "\uffff"])
def test_signs_that_cannot_be_shown_are_replaced(sign: str) -> None:
    assert clean(f"a{sign}b") == "a\ufffdb"


def test_line_ends_and_tabs_become_one_space() -> None:
    assert clean(" a\r\n\tb\u2028c ") == "a b c"
