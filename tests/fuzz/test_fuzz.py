"""Whatever is in a journey file: an error with its place or the right reading, never a stack trace.

PARCOURS_FUZZ is the number of files, 5,000 if it is not set. A file that failed once is kept in `kept/` for ever."""

import os
from functools import cache
from pathlib import Path

import pytest
from everything import put_through
from mangled import Dice, babble, good_texts, mangled, noise

from parcours.language.formatting import converted, name_in_form

FILES = int(os.environ.get("PARCOURS_FUZZ", "1000"))
HEAP = 250
HEAPS = range(0, FILES, HEAP)
KEPT = sorted((Path(__file__).parent / "kept").glob("*.journey*"))
TEXT, YAML = "a.journey", "a.journey.yaml"


@cache
def good() -> dict[str, tuple[str, ...]]:
    """Good texts of both forms, by the name of a file of that form."""
    texts = good_texts()
    written = [
        converted(text, name, "yaml").text for name, text in texts.items() if name.endswith(".journey")
    ]
    assert None not in written
    return {TEXT: tuple(texts.values()), YAML: tuple(text for text in written if text is not None)}


def drawn(number: int) -> tuple[str, str]:
    """The file of a number: its name and text. Most are good ones with something gone wrong."""
    dice = Dice(f"fuzz/{number}")
    name = YAML if number % 3 == 0 else TEXT
    kind = dice.below(10)
    if kind == 0:
        return name, noise(dice).decode("utf-8", "surrogateescape" if dice.percent(50) else "replace")
    if kind == 1:
        return name, babble(dice)
    texts = good()[name]
    return name, mangled(dice.one(texts), texts, dice)


@pytest.mark.parametrize("heap", HEAPS)
def test_any_file_is_read_checked_shown_and_rewritten(heap: int) -> None:
    for number in range(heap, min(heap + HEAP, FILES)):
        name, text = drawn(number)
        try:
            put_through(text, name)
        except Exception as error:
            error.add_note(f"file {number}, to be kept in tests/fuzz/kept as {name}:\n{text!r}")
            raise


@pytest.mark.parametrize("file", KEPT, ids=[file.name for file in KEPT])
def test_a_file_that_failed_once_fails_no_more(file: Path) -> None:
    put_through(file.read_bytes().decode("utf-8", "surrogateescape"), file.name)


@pytest.mark.parametrize("name", [TEXT, YAML])
def test_the_files_that_are_mangled_are_good_to_begin_with(name: str) -> None:
    for text in good()[name]:
        assert converted(text, name, "text").diagnostics == ()
        assert name_in_form(name, "text") == TEXT


def test_the_files_drawn_are_of_all_kinds() -> None:
    found = [put_through(text, name) for name, text in map(drawn, range(200))]
    assert any(not any(d.severity == "error" and d.code == "syntax" for d in one) for one in found)
    assert {d.code for one in found for d in one} >= {
        "syntax",
        "yaml",
        "indentation",
        "unreadable-file",
        "unknown-event",
    }
