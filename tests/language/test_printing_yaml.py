"""The YAML form says what the text form says: every text there and back again, in both forms, with its comments.

PARCOURS_LAWS says how many texts each law is tried on."""

import os
from pathlib import Path

import pytest
from dice import Dice
from generated_text import TextByChance

from parcours.language.formatting import converted, formatted
from parcours.language.parser import parse, parse_yaml

TEXTS = int(os.environ.get("PARCOURS_LAWS", "200"))
TOP = Path(__file__).parents[2]
WRITTEN = sorted([*TOP.glob("journeys/*/*.journey"), *TOP.glob("examples/*/*.journey")])


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [TextByChance(Dice(f"yaml {seed}"), comments=True).right_text() for seed in range(TEXTS)]


def _text(content: str, file: str) -> str:
    result = converted(content, file, "text")
    assert result.text is not None, result.diagnostics
    return result.text


def _yaml(content: str, file: str) -> str:
    result = converted(content, file, "yaml")
    assert result.text is not None, result.diagnostics
    return result.text


def test_the_yaml_form_is_read_as_the_same_declarations(texts) -> None:
    for text in texts:
        assert parse_yaml(_yaml(text, "a.journey"), "a.journey.yaml") == (parse(text, "a.journey")[0], ())


def test_there_and_back_again_is_the_formatted_text(texts) -> None:
    for text in texts:
        there = _yaml(text, "a.journey")
        assert _text(there, "a.journey.yaml") == formatted(text, "a.journey").text


def test_a_formatted_yaml_file_is_formatted_to_itself(texts) -> None:
    for text in texts:
        once = _yaml(text, "a.journey")
        assert formatted(once, "a.journey.yaml").text == once


@pytest.mark.parametrize("file", WRITTEN, ids=lambda file: file.stem)
def test_every_journey_of_ours_goes_there_and_back_again(file) -> None:
    text = file.read_text(encoding="utf-8")
    assert _text(_yaml(text, "a.journey"), "a.journey.yaml") == text
