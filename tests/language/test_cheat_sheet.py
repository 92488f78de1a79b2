"""grammar/cheat-sheet.md: twelve complete journeys that anybody can copy."""

import re
from pathlib import Path

import pytest
from test_reference import Block, checked

from parcours.language.formatting import converted, formatted
from parcours.model.example import Example
from parcours.model.journey import Journey
from parcours.simulator.examples import run_example

PAGE = (Path(__file__).resolve().parents[2] / "grammar" / "cheat-sheet.md").read_text(encoding="utf-8")
BLOCKS = [
    Block(PAGE[: found.start()].count("\n") + 1, found[1], "")
    for found in re.finditer(r"^```journey\n((?:.*\n)*?)```$", PAGE, re.MULTILINE)
]
EACH = pytest.mark.parametrize("block", BLOCKS, ids=[f"line {block.line}" for block in BLOCKS])


@EACH
def test_a_journey_has_nothing_wrong_with_it_and_can_run(block: Block) -> None:
    loaded, codes = checked(block)
    assert codes == []
    assert loaded.checked is not None


@EACH
def test_a_journey_is_written_as_fmt_writes_it(block: Block) -> None:
    assert formatted(block.text, "page.journey").text == block.text
    assert converted(block.text, "page.journey", "yaml").diagnostics == ()


def test_there_are_twelve_journeys() -> None:
    declared = [d for block in BLOCKS for d in checked(block)[0].project.declarations]  # type: ignore[union-attr]
    own = [d for d in declared if isinstance(d, Journey) and d.place.file == "page.journey"]
    assert len(own) == len({str(d.name) for d in own}) == 12


def test_the_example_comes_true() -> None:
    (block,) = (block for block in BLOCKS if "example " in block.text)
    loaded, _ = checked(block)
    assert loaded.project is not None
    (example,) = (d for d in loaded.project.declarations if isinstance(d, Example))
    assert run_example(loaded, example).differences == ()


def _conditions() -> list[str]:
    table = PAGE[PAGE.index("| conditions | |") : PAGE.index("## Twelve")]
    rows = re.findall(r"^\| (`.*`) \|", table, re.MULTILINE)
    said = [one for row in rows for one in re.findall(r"`([^`]*)`", row)]
    return [one for one in said if " " in one and "…" not in one and not one.startswith(("last ", "sum "))]


@pytest.mark.parametrize("condition", _conditions())
def test_a_condition_of_the_table_is_right(condition: str) -> None:
    text = f"segment asked\n    {condition}\n" if "since entry" not in condition else ""
    if not text:
        text = f"journey asked\n    enter on visit\n    if {condition}\n        exit\n"
    assert checked(Block(0, text, ""))[1] == []
