"""The code table: what each row says, and that its examples give exactly what they stand for."""

import re
from pathlib import Path

import pytest
from little_shop import LittleShop

from parcours.diagnostics import CODES
from parcours.diagnostics.render import render_text
from parcours.diagnostics.table.entry import Example

ENGINE = Path(__file__).resolve().parents[2] / "engine" / "parcours"
EXAMPLES = [
    pytest.param(code, example, id=f"{code} {number}")
    for code, entry in CODES.items()
    for number, example in enumerate(entry.examples, 1)
]


@pytest.mark.parametrize(("code", "example"), EXAMPLES)
def test_a_bad_example_gives_its_code_and_nothing_else(shop: LittleShop, code: str, example: Example) -> None:
    files = {**example.beside, example.file: example.bad}
    found = shop.findings(files)
    assert [d.code for d in found] == [code], render_text(found, files, colour=False)


@pytest.mark.parametrize(("code", "example"), EXAMPLES)
def test_repaired_it_gives_nothing(shop: LittleShop, code: str, example: Example) -> None:
    files = {**example.beside, example.file: example.good}
    found = shop.findings(files)
    assert found == (), f"{code}:\n{render_text(found, files, colour=False)}"


@pytest.mark.parametrize("code", CODES)
def test_a_row_says_what_the_code_means_and_what_to_do(code: str) -> None:
    entry = CODES[code]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
    assert re.fullmatch(r"[A-Z`][^\n]*\.", entry.title), "a sentence"
    assert re.fullmatch(r"[a-z`][^\n]*[^.\n]", entry.help), "what to do, in lower case"


def test_the_engine_uses_every_code() -> None:
    words = {
        word
        for path in ENGINE.rglob("*.py")
        if path.parent != ENGINE / "diagnostics" / "table"
        for word in re.findall(r'"([a-z]+(?:-[a-z]+)*)"', path.read_text(encoding="utf-8"))
    }
    assert CODES.keys() - words == set()


def test_a_code_that_no_text_can_give_is_shown_by_another_test() -> None:
    tests = Path(__file__).resolve().parents[1]
    said = "".join(path.read_text(encoding="utf-8") for path in tests.rglob("*.py") if path != Path(__file__))
    silent = [code for code, entry in CODES.items() if not entry.examples]
    assert [code for code in silent if f'"{code}"' not in said and f"[{code}]" not in said] == []
    assert len(silent) < 40, "a text can give most codes: add examples"
